"""Zones that a plan sets alike: skin of about the same thickness over about the same ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ZoneGroup:
    """Zones that share a needle length and a number of passes.

    Parameters
    ----------
    key
        ``"cheeks"``.
    title
        As a page prints it.
    zones
        Names without a side.
    """

    key: str
    title: str
    zones: tuple[str, ...]


ZONE_GROUPS: Final = (
    ZoneGroup("cheeks", "cheeks, chin and jaw line", ("cheek", "chin", "jaw")),
    ZoneGroup("brow", "forehead, glabella and temples", ("forehead", "glabella", "temple")),
    ZoneGroup("nose_lip", "nose and upper lip", ("nose", "upper_lip")),
    ZoneGroup("eyes", "around the eyes", ("periorbital",)),
)
