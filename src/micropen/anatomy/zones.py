"""The facial zones, in the subject's own left and right."""

from __future__ import annotations

from typing import Final

ZONES: Final[tuple[str, ...]] = (
    "forehead",
    "glabella",
    "temple_left",
    "temple_right",
    "periorbital_left",
    "periorbital_right",
    "nose",
    "cheek_left",
    "cheek_right",
    "upper_lip",
    "chin",
    "jaw_left",
    "jaw_right",
)
