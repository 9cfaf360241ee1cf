"""States of the skin that a person can tell about a photograph."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """What lay on the skin, or had just been done to it, when the photograph was taken."""

    CLEAN = "clean"
    WASHED = "washed"
    CREAM = "cream"
    SUNSCREEN = "sunscreen"
    NUMBED = "numbed"
    FLUSHED = "flushed"
    MAKEUP = "makeup"

    @property
    def covers_colour(self) -> bool:
        """Whether the skin's own colour cannot be read through or after it."""
        return self in (State.MAKEUP, State.SUNSCREEN, State.NUMBED)
