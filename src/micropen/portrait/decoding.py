"""From the bytes of a file to RGB codes: JPEG, PNG, TIFF, WebP, HEIC; 8 and 16 bit."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import pi_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms

from micropen.errors import PhotoError
from micropen.portrait import icc
from micropen.portrait.metadata import Metadata, read_metadata, upright_tiff

FORMATS: Final = ("JPEG", "PNG", "TIFF", "WEBP", "HEIF", "MPO")
# Larger than any phone's or studio camera's file, small enough for a small machine's memory.
MAX_PIXELS: Final = 80_000_000
_MIN_SIDE: Final = 16
_TIFF_BITS: Final = 258

Codes = NDArray[Any]  # uint8 or uint16

pi_heif.register_heif_opener()


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture as stored: not yet turned upright.

    Parameters
    ----------
    codes
        ``(height, width, 3)`` uint8 or uint16, sRGB.
    file_format
        ``"JPEG"``, ``"PNG"``, ...
    profile
        Name of the embedded colour profile, ``"sRGB (assumed)"`` where there is none.
    metadata
        Orientation, date and camera.
    notes
        What was converted, as sentences.
    """

    codes: Codes
    file_format: str
    profile: str
    metadata: Metadata
    notes: tuple[str, ...]


def decode(data: bytes, label: str) -> Decoded:
    """Decode a file.

    Parameters
    ----------
    data
        Whole content of the file.
    label
        Name of the file for messages.

    Raises
    ------
    PhotoError
        Not a picture, damaged, too large, or of an unknown kind.
    """
    image = _opened(data, label)
    try:
        return _decoded(image, data)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, cv2.error) as error:
        raise PhotoError(
            f"{label} is damaged or cut short and cannot be read ({_reason(error)}); copy the "
            "file again from the camera or phone."
        ) from error


def _opened(data: bytes, label: str) -> Image.Image:
    if not data:
        raise PhotoError(f"{label} is empty (0 bytes); choose a photograph.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # sizes are checked just below
            image = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError:
        raise _too_large(label, "far more than") from None
    except Exception as error:  # decoders raise many kinds on hostile files
        raise PhotoError(
            f"{label} is not a photograph that micropen can read; use JPEG, PNG, TIFF, WebP or "
            "HEIC."
        ) from error
    if image.format not in FORMATS:
        raise PhotoError(f"{label} is a {image.format} file; use JPEG, PNG, TIFF, WebP or HEIC.")
    if image.width * image.height > MAX_PIXELS:
        raise _too_large(label, f"{image.width} × {image.height} px, more than")
    if min(image.size) < _MIN_SIDE:
        raise PhotoError(
            f"{label} is only {image.width} × {image.height} px; use a photograph whose face is "
            "at least a few hundred px wide."
        )
    return image


def _too_large(label: str, size: str) -> PhotoError:
    return PhotoError(
        f"{label} has {size} the {MAX_PIXELS // 1_000_000} million px that micropen opens; "
        "save it smaller."
    )


def _decoded(image: Image.Image, data: bytes) -> Decoded:
    file_format = "JPEG" if image.format == "MPO" else str(image.format)
    profile = image.info.get("icc_profile") or b""
    name = icc.profile_name(profile) if profile else "sRGB (assumed)"
    metadata = read_metadata(image)
    if file_format == "TIFF" and metadata.orientation != 1:
        # The decoders turn TIFF themselves, each in its own way: let none of them.
        data = upright_tiff(data)
        image = Image.open(io.BytesIO(data))
    if file_format == "HEIF":
        metadata = Metadata(1, metadata.taken_at, metadata.camera)  # libheif has turned it already
    if _bits(image, data) == 16:
        codes, notes = _sixteen_bit(image, data, profile, name)
    else:
        codes, notes = _eight_bit(image, profile, name)
    return Decoded(np.ascontiguousarray(codes), file_format, name, metadata, notes)


def _bits(image: Image.Image, data: bytes) -> int:
    if image.format == "PNG":
        return data[24]
    if image.format == "TIFF":
        bits = getattr(image, "tag_v2", {}).get(_TIFF_BITS, (8,))
        return int(max(bits)) if isinstance(bits, tuple) else int(bits)
    return 8


def _eight_bit(
    image: Image.Image, profile: bytes, name: str
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    notes: list[str] = []
    image.load()
    flat, note = _without_alpha(image)
    notes += note
    if flat.mode not in ("RGB", "L", "CMYK"):
        flat = flat.convert("RGB")
    if flat.mode != "RGB":
        notes.append(f"The photograph is stored as {_MODES[flat.mode]} and was converted to RGB.")
    if profile and not (flat.mode == "RGB" and icc.is_srgb(name)):
        try:
            flat = icc.image_to_srgb(flat, profile)
            notes.append(f"Colours were converted from the profile {name!r} to sRGB.")
        except (ImageCms.PyCMSError, OSError, ValueError):
            notes.append(f"The colour profile {name!r} does not fit the picture; sRGB assumed.")
    return np.asarray(flat.convert("RGB"), dtype=np.uint8), tuple(notes)


_MODES: Final = {"L": "grey", "CMYK": "CMYK"}


def _without_alpha(image: Image.Image) -> tuple[Image.Image, list[str]]:
    """Lay transparent pictures on white."""
    if image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode not in ("RGBA", "LA", "PA", "RGBa", "La"):
        return image, []
    coloured = image.convert("RGBA")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    opaque = coloured.getchannel("A").getextrema()[0] == 255
    note = [] if opaque else ["Transparent parts were laid on white."]
    return Image.alpha_composite(white, coloured).convert("RGB"), note


def _sixteen_bit(
    image: Image.Image, data: bytes, profile: bytes, name: str
) -> tuple[Codes, tuple[str, ...]]:
    image.load()  # stricter than OpenCV: a file cut short raises here
    with _quiet_opencv():
        raw = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if raw is None or raw.dtype != np.uint16:
        codes, notes = _eight_bit(image, profile, name)
        return codes, (*notes, "The 16-bit file was read at 8 bits.")
    codes16, notes16 = _three_channels(raw)
    if not profile or icc.is_srgb(name):
        return codes16, notes16
    matrix = icc.read_matrix_profile(profile)
    if matrix is None:
        codes, notes = _eight_bit(image, profile, name)
        return codes, (*notes, "Its colour profile needs 8 bits, so the 16-bit file was read at 8.")
    converted = _by_rows(codes16, matrix)
    return converted, (*notes16, f"Colours were converted from the profile {name!r} to sRGB.")


@contextmanager
def _quiet_opencv() -> Iterator[None]:
    """Keep OpenCV from writing its own lines about damaged files to the terminal."""
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(level)


def _three_channels(raw: NDArray[np.uint16]) -> tuple[NDArray[np.uint16], tuple[str, ...]]:
    if raw.ndim == 2:
        note = "The photograph is stored as grey and was converted to RGB."
        return np.repeat(raw[..., None], 3, axis=2), (note,)
    rgb = raw[..., 2::-1]
    if raw.shape[2] == 4 and raw[..., 3].min() < 65535:
        alpha = raw[..., 3:].astype(np.float64) / 65535.0
        rgb = np.rint(rgb * alpha + 65535.0 * (1.0 - alpha)).astype(np.uint16)
        return rgb, ("Transparent parts were laid on white.",)
    return rgb, ()


def _by_rows(codes: NDArray[np.uint16], matrix: icc.MatrixProfile) -> NDArray[np.uint16]:
    """Convert in bands of rows: float64 copies of a whole 16-bit photograph would not fit."""
    out = np.empty(codes.shape, np.uint16)
    for start in range(0, len(codes), 256):
        band = codes[start : start + 256].astype(np.float64) / 65535.0
        out[start : start + 256] = np.rint(matrix.to_srgb(band) * 65535.0).astype(np.uint16)
    return out


def _reason(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return text[0][:80] if text and not isinstance(error, cv2.error) else type(error).__name__
