"""What may be said of a change: increased, decreased, no change, or that nobody can tell."""

from __future__ import annotations

import math
from typing import Final

from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.method import ZoneReading
from micropen.measurement.result import Verdict

# Two-sided 95 % of a normal: the usual "smallest real difference" (Bland and Altman 1986; Weir
# 2005) with the error of the difference itself, which `no_change_sd` already is.
REAL_AT: Final = 1.96
# One-sided 95 %, twice: the 90 % interval of an equivalence test (Schuirmann 1987).
EQUAL_AT: Final = 1.645


def smallest_real_change(reading: ZoneReading) -> float:
    """Return the |change| above which two photographs differ by more than their error (95 %)."""
    return REAL_AT * reading.no_change_sd


def change_that_matters(sign: str, parameters: ParameterSet | None = None) -> float:
    """Return the smallest change of a sign that anyone would act on, in the sign's unit.

    Parameters
    ----------
    sign
        Name of the sign.
    parameters
        Supplies ``measurement.change.matters.<sign>``.

    Returns
    -------
    float
        NaN where no number is stated for the sign: then "no change" is never said of it.
    """
    chosen = parameters or load_parameters()
    name = f"measurement.change.matters.{sign}"
    return chosen.value(name) if name in chosen.members else math.nan


def verdict(reading: ZoneReading, matters: float) -> Verdict:
    """Say what may be said of one reading's change.

    Parameters
    ----------
    reading
        The reading.
    matters
        Smallest change that anyone would act on, in the reading's unit; NaN where unknown.

    Returns
    -------
    Verdict
        Increased or decreased where the change is beyond the error that two photographs of
        unchanged skin have. No change only where the 90 % interval of the change lies within
        ``±matters``: an uncertain reading is not a sign that nothing happened. Else cannot tell.
    """
    change, sd = reading.change, reading.no_change_sd
    if reading.reason or not (math.isfinite(change) and math.isfinite(sd)):
        return Verdict.CANNOT_TELL
    if abs(change) > smallest_real_change(reading):
        return Verdict.INCREASED if change > 0.0 else Verdict.DECREASED
    if abs(change) + EQUAL_AT * max(sd, reading.change_sd) < matters:
        return Verdict.NO_CHANGE
    return Verdict.CANNOT_TELL
