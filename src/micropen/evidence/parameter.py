"""A number of the model, with everything needed to defend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """Evidence grade: how far a number can be trusted."""

    A = "A"  # peer-reviewed or regulator
    B = "B"  # manufacturer
    C = "C"  # clinic or vendor
    D = "D"  # assumed by us, derived, or from memory

    @property
    def meaning(self) -> str:
        """The grade in words."""
        return {
            "A": "peer-reviewed or regulator",
            "B": "manufacturer",
            "C": "clinic or vendor",
            "D": "assumed or derived by us",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number with unit, spread, source and grade.

    Parameters
    ----------
    name
        Dotted: room, then process, then quantity (``"healing.scaling.transit_rate_per_day"``).
    value
        Typical value, in `unit`.
    unit
        Unit as text; ``"1"`` for a ratio.
    uncertainty_sd
        What we do not know of the typical value: sd of ln(value) where `log_normal`, else sd.
    between_person_sd
        How people differ: sd of ln(value) where `log_normal`, else sd.
    log_normal
        Whether both spreads are on the log scale (only for positive values).
    source
        Key in the bibliography.
    grade
        Evidence grade of the typical value.
    note
        What was measured, what was guessed, how the number was derived.
    """

    name: str
    value: float
    unit: str
    uncertainty_sd: float
    between_person_sd: float
    log_normal: bool
    source: str
    grade: Grade
    note: str
