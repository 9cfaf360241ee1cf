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


class Basis(StrEnum):
    """Where a number comes from."""

    CITED = "cited"  # a source states it
    FITTED = "fitted"  # the calibration found it, from a prior that was cited or assumed
    ASSUMED = "assumed"  # ours: guessed, derived, or carried over from something else


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
    fitted_to
        Keys of the studies that a calibration fitted it to; empty where it was not fitted.
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
    fitted_to: tuple[str, ...] = ()

    @property
    def basis(self) -> Basis:
        """Cited, fitted or assumed: a number of grade D is ours, whatever guided it."""
        if self.fitted_to:
            return Basis.FITTED
        return Basis.ASSUMED if self.grade is Grade.D else Basis.CITED
