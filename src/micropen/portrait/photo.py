"""A photograph in memory: upright, sRGB, with its bit depth remembered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.errors import PhotoError
from micropen.portrait.colour_encoding import linear_from_codes
from micropen.portrait.decoding import Codes, decode
from micropen.portrait.orientation import apply_tag, best_turn, turned_tag

_MAX_BYTES: Final = 512 * 1024 * 1024
_DEGREES: Final = {1: "90° to the left", 2: "by 180°", 3: "90° to the right"}


@dataclass(frozen=True, eq=False)
class Photo:
    """One photograph.

    Parameters
    ----------
    encoded
        ``(height, width, 3)`` uint8 or uint16, upright, RGB, sRGB-encoded.
    bit_depth
        8 or 16.
    profile
        Name of the colour profile the file came with.
    path_name
        File name without folders.
    sha256
        Of the file's bytes.
    format
        ``"JPEG"``, ``"PNG"``, ``"TIFF"``, ``"WEBP"`` or ``"HEIF"``.
    orientation_applied
        EXIF orientation (1-8) that was really applied, after the face detector's check.
    taken_at, camera
        From the metadata; kept in memory only. Location is never read.
    notes
        Sentences on what was converted or turned.
    """

    encoded: Codes = field(repr=False)
    bit_depth: int
    profile: str
    path_name: str
    sha256: str
    format: str
    orientation_applied: int
    taken_at: datetime | None = None
    camera: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width, px."""
        return self.encoded.shape[0], self.encoded.shape[1]

    @cached_property
    def linear(self) -> NDArray[np.float32]:
        """``(height, width, 3)`` linear sRGB, 0-1."""
        return linear_from_codes(self.encoded)

    @cached_property
    def eight_bit(self) -> NDArray[np.uint8]:
        """The picture at 8 bits (itself where it has 8)."""
        return _at_eight_bits(self.encoded)


def read_photo(path: str | PathLike[str]) -> Photo:
    """Read a photograph: JPEG, PNG, TIFF, WebP or HEIC, 8 or 16 bit.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Photo
        Upright and in sRGB.

    Raises
    ------
    PhotoError
        Missing, empty, unreadable, damaged, too large or not a photograph.
    """
    file = Path(path)
    data = _bytes(file)
    decoded = decode(data, file.name)
    tag = decoded.metadata.orientation
    proposed = apply_tag(decoded.codes, tag)
    turns, _ = best_turn(_at_eight_bits(proposed))
    notes = decoded.notes
    if turns:
        proposed = np.ascontiguousarray(np.rot90(proposed, turns))
        notes = (*notes, _turn_note(tag, turns))
    return Photo(
        encoded=proposed,
        bit_depth=8 * proposed.dtype.itemsize,
        profile=decoded.profile,
        path_name=file.name,
        sha256=hashlib.sha256(data).hexdigest(),
        format=decoded.file_format,
        orientation_applied=turned_tag(tag, turns),
        taken_at=decoded.metadata.taken_at,
        camera=decoded.metadata.camera,
        notes=notes,
    )


def _at_eight_bits(codes: Codes) -> NDArray[np.uint8]:
    if codes.dtype == np.uint8:
        return np.asarray(codes, dtype=np.uint8)
    return np.asarray((codes.astype(np.uint32) + 128) // 257, dtype=np.uint8)


def _turn_note(tag: int, turns: int) -> str:
    against = f", against its orientation tag ({tag})," if tag != 1 else ""
    return (
        f"The photograph was turned {_DEGREES[turns]}{against} because the face detector sees the "
        "face upright that way."
    )


def _bytes(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if file.is_dir():
            raise PhotoError(f"{file} is a folder; give the path of one photograph.")
        if size > _MAX_BYTES:
            raise PhotoError(
                f"{file.name} has {size / 2**20:.0f} MB, more than the {_MAX_BYTES // 2**20} MB "
                "that micropen opens; save it smaller."
            )
        return file.read_bytes()
    except FileNotFoundError:
        raise PhotoError(f"There is no file {str(file)!r}; check the path.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "invalid path"
        raise PhotoError(f"{str(file)!r} cannot be read ({why}); check its permissions.") from error
