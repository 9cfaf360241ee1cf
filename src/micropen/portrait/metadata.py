"""The little that is read of a photograph's metadata: orientation, date, camera model.

Location and every other private field are never looked at and never kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from PIL import Image

_MODEL: Final = 0x0110
_ORIENTATION: Final = 0x0112
_DATE_TIME: Final = 0x0132
_EXIF_FOLDER: Final = 0x8769
_DATE_TIME_ORIGINAL: Final = 0x9003
_CLASSIC_TIFF: Final = 42
_EXIF_DATE: Final = "%Y:%m:%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is kept, in memory only.

    Parameters
    ----------
    orientation
        EXIF orientation tag, 1-8; 1 where absent or senseless.
    taken_at
        Local time of the exposure, or None.
    camera
        Camera model, or None.
    """

    orientation: int
    taken_at: datetime | None
    camera: str | None


def read_metadata(image: Image.Image) -> Metadata:
    """Read the three fields of an opened picture; damaged metadata counts as absent."""
    try:
        exif = image.getexif()
        folder = exif.get_ifd(_EXIF_FOLDER)
        tag = exif.get(_ORIENTATION, 1)
        when = folder.get(_DATE_TIME_ORIGINAL) or exif.get(_DATE_TIME)
        model = exif.get(_MODEL)
    except Exception:  # Pillow raises many kinds on damaged EXIF
        return Metadata(1, None, None)
    orientation = tag if isinstance(tag, int) and 1 <= tag <= 8 else 1
    return Metadata(orientation, _date(when), _text(model))


def upright_tiff(data: bytes) -> bytes:
    """Return a TIFF file whose orientation tag says 1; anything odd is left as it is."""
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    changed = bytearray(data)

    def number(start: int, size: int) -> int:
        return int.from_bytes(data[start : start + size], order)

    if number(2, 2) != _CLASSIC_TIFF:
        return data
    folder = number(4, 4)
    for entry in range(folder + 2, folder + 2 + 12 * number(folder, 2), 12):
        if number(entry, 2) == _ORIENTATION:
            changed[entry + 8 : entry + 10] = (1).to_bytes(2, order)
    return bytes(changed)


def _date(value: object) -> datetime | None:
    try:
        return datetime.strptime(str(value).strip("\0 "), _EXIF_DATE)
    except ValueError:
        return None


def _text(value: object) -> str | None:
    text = str(value).strip("\0 ") if isinstance(value, str) else ""
    return text or None
