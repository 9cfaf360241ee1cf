"""A quick look at a file: its date, its hash and a thumbnail, without keeping its pixels."""

from __future__ import annotations

import hashlib
import io
import stat
import warnings
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from micropen.errors import PhotoError
from micropen.portrait.decoding import MAX_PIXELS, decode
from micropen.portrait.metadata import Metadata, read_metadata
from micropen.portrait.orientation import apply_tag

_THUMBNAIL_PX: Final = 64
_DRAFT_PX: Final = 256  # JPEG decodes at an eighth of the size much faster
_MOST_BYTES: Final = 512 * 1024 * 1024
_QUICK_FORMATS: Final = ("JPEG", "MPO", "PNG", "WEBP", "HEIF")


@dataclass(frozen=True, eq=False)
class Look:
    """What is kept of a file while the series is put in order.

    Parameters
    ----------
    sha256
        Of the bytes.
    taken_at
        From EXIF, or None.
    thumbnail
        ``(64, 64, 3)`` float32 codes 0-255, upright, stretched to a square.
    aspect
        Width over height, upright.
    """

    sha256: str
    taken_at: datetime | None
    thumbnail: NDArray[np.float32] = field(repr=False)
    aspect: float


def look_at(path: Path) -> Look:
    """Look at one file.

    Raises
    ------
    PhotoError
        It cannot be read as a photograph; the same sentence as `micropen.portrait.read_photo`.
    """
    data = _bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    quick = _quick(data)
    if quick is None:
        decoded = decode(data, path.name)
        codes = decoded.codes if decoded.codes.dtype == np.uint8 else decoded.codes >> 8
        small, metadata = codes.astype(np.uint8), decoded.metadata
    else:
        small, metadata = quick
    upright = apply_tag(small, metadata.orientation)
    size = (_THUMBNAIL_PX, _THUMBNAIL_PX)
    thumbnail = cv2.resize(upright.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return Look(digest, metadata.taken_at, thumbnail, upright.shape[1] / upright.shape[0])


def _quick(data: bytes) -> tuple[NDArray[np.uint8], Metadata] | None:
    """Decode small where that is safe; None where the full decoder must have its say."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
            if image.format not in _QUICK_FORMATS or image.width * image.height > MAX_PIXELS:
                return None
            metadata = read_metadata(image)
            if image.format == "HEIF" or image.mode not in ("RGB", "L"):
                return None
            image.draft("RGB", (_DRAFT_PX, _DRAFT_PX))
            return np.asarray(image.convert("RGB"), np.uint8), metadata
    except Exception:  # decoders raise many kinds; the full decoder finds the sentence
        return None


def _bytes(path: Path) -> bytes:
    try:
        found = path.stat()
        # A named pipe or a device would be waited for, or read, without end.
        if not stat.S_ISREG(found.st_mode):
            raise PhotoError(
                f"{path.name} is no regular file (a named pipe or a device); copy the photograph "
                "itself into the folder."
            )
        if found.st_size > _MOST_BYTES:
            raise PhotoError(f"{path.name} is larger than 512 MB; save it smaller.")
        return path.read_bytes()
    except OSError as error:
        raise PhotoError(
            f"{path.name} cannot be read ({error.strerror}); check its permissions."
        ) from None
