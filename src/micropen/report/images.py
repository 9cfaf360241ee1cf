"""Pictures as files: eight bits, cropped around the face, without any metadata of the source."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from micropen.report.content import Picture

FRAME_QUALITY: Final = 91
# A little more room than the face, so that hair, ears and neck frame it.
_ROOM: Final = 1.36
_ASPECT: Final = 4 / 5
# WebP's second effort level: a third of the time of the default for 4 % more bytes.
_WEBP_EFFORT: Final = 2
_QUALITIES: Final = (86, 82, 78, 72, 66, 58)
# As wide as the page shows the face on a large screen.
_LEAST_WIDTH: Final = 720
_WIDTHS: Final = (1080, 960, 840, 720, 600, 480)


@dataclass(frozen=True, slots=True)
class Crop:
    """A window of a picture and the size it is shown at, in px."""

    left: int
    top: int
    right: int
    bottom: int
    width: int
    height: int

    def of(self, picture: Picture) -> NDArray[np.uint8]:
        """Cut, reduce to eight bits and scale."""
        part = eight_bit(picture[self.top : self.bottom, self.left : self.right])
        return _resized(part, (self.width, self.height))

    def at_width(self, width: int) -> Crop:
        """Return the same window at another width, with even sides for the film's codec.

        A large window is never enlarged. A small one is, to `_LEAST_WIDTH`: a browser would
        enlarge it anyway, less smoothly, and the mark with it.
        """
        full = self.right - self.left
        width = min(width, max(full, _LEAST_WIDTH)) // 2 * 2
        height = round((self.bottom - self.top) * width / full) // 2 * 2
        return Crop(self.left, self.top, self.right, self.bottom, max(width, 2), max(height, 2))


@dataclass(frozen=True, slots=True)
class PageEncoding:
    """Width and quality that keep all pictures of the page within a budget."""

    crop: Crop
    quality: int


def face_crop(shape: tuple[int, ...], face: tuple[float, float, float, float] | None) -> Crop:
    """Choose the window that the page shows.

    Parameters
    ----------
    shape
        Of the picture, ``(height, width, ...)``.
    face
        ``(left, top, right, bottom)`` in px; None takes the middle of the whole picture.

    Returns
    -------
    Crop
        Four by five where the picture has room for it; a small window is shown enlarged.
    """
    height, width = int(shape[0]), int(shape[1])
    left, top, right, bottom = face if face is not None else (0.0, 0.0, width, height)
    room = _ROOM if face is not None else 1.0
    side_y = min(max((bottom - top) * room, (right - left) * room / _ASPECT), float(height))
    side_x = min(side_y * _ASPECT, float(width))
    # Foreheads matter: a mesh's box ends below the hairline, so look a little upwards.
    lift = 0.11 * (bottom - top) if face is not None else 0.0
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2 - lift
    x = int(np.clip(middle_x - side_x / 2, 0, width - side_x))
    y = int(np.clip(middle_y - side_y / 2, 0, height - side_y))
    window = Crop(x, y, x + int(side_x), y + int(side_y), int(side_x), int(side_y))
    return window.at_width(int(side_x))


def eight_bit(picture: Picture) -> NDArray[np.uint8]:
    """Return 8-bit values of an 8- or 16-bit picture, rounded."""
    if picture.dtype == np.uint8:
        return np.ascontiguousarray(picture, dtype=np.uint8)
    return np.asarray((picture.astype(np.uint32) + 128) // 257, dtype=np.uint8)


def capped(picture: Picture, longest_side: int) -> NDArray[np.uint8]:
    """Return the picture in 8 bits, no side longer than `longest_side` px."""
    height, width = picture.shape[:2]
    scale = min(longest_side / max(height, width), 1.0)
    return _resized(eight_bit(picture), (round(width * scale), round(height * scale)))


def choose_encoding(crop: Crop, before: Picture, pictures: int, budget: int) -> PageEncoding:
    """Find the largest width, then the best quality, at which all pictures fit the page.

    Parameters
    ----------
    crop
        Window of the page.
    before
        The photograph; it stands for all pictures, which differ little from it.
    pictures
        How many will be embedded.
    budget
        Bytes for all of them, in base64.

    Returns
    -------
    PageEncoding
        The smallest of the ladder if nothing fits.
    """
    # Simulated flakes and pores compress a little worse than the photograph.
    allowance = budget * 3 / 4 / max(pictures, 1) / 1.12
    for width in _WIDTHS:
        smaller = crop.at_width(width)
        shown = smaller.of(before)
        for quality in _QUALITIES[: 3 if width > _WIDTHS[-1] else None]:
            if len(webp(shown, quality, b"")) <= allowance:
                return PageEncoding(smaller, quality)
    return PageEncoding(crop.at_width(_WIDTHS[-1]), _QUALITIES[-1])


def webp(picture: NDArray[np.uint8], quality: int, xmp: bytes) -> bytes:
    """Encode as WebP with this XMP packet and nothing else."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(
        buffer, "WEBP", quality=quality, method=_WEBP_EFFORT, exif=b"", icc_profile=b"", xmp=xmp
    )
    return buffer.getvalue()


def jpeg(picture: NDArray[np.uint8], xmp: bytes) -> bytes:
    """Encode as JPEG, full colour resolution, with this XMP packet and nothing else."""
    buffer = io.BytesIO()
    # Redness is colour: chroma subsampling would smear its fine structure.
    Image.fromarray(picture).save(
        buffer, "JPEG", quality=FRAME_QUALITY, subsampling=0, exif=b"", xmp=xmp
    )
    return buffer.getvalue()


def data_uri(encoded: bytes, kind: str) -> str:
    """Return a ``data:`` address of an encoded picture."""
    return f"data:image/{kind};base64,{base64.b64encode(encoded).decode('ascii')}"


def _resized(picture: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    if (picture.shape[1], picture.shape[0]) == size:
        return picture
    larger = size[0] > picture.shape[1]
    kernel = cv2.INTER_CUBIC if larger else cv2.INTER_AREA
    scaled = cv2.resize(picture, size, interpolation=kernel)
    return np.asarray(scaled, dtype=np.uint8)
