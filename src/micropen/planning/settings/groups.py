"""Zones that a plan sets alike: skin of about the same thickness over about the same ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from micropen.anatomy import unpaired
from micropen.errors import unknown_name


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


def zone_group(zone: str) -> ZoneGroup:
    """Return the group of a zone, with or without its side.

    Raises
    ------
    UnknownNameError
        With the nearest zones.
    """
    for group in ZONE_GROUPS:
        if unpaired(zone) in group.zones:
            return group
    raise unknown_name("zone", zone, [z for group in ZONE_GROUPS for z in group.zones])
