"""A fit in plain rows: what moved, by what, how sure, and what would tell more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from micropen.calibration.design import Gain
from micropen.calibration.fit import Fit
from micropen.calibration.free import FreeNumber, FreeSpace
from micropen.calibration.posterior import Influence, influences, partners
from micropen.calibration.target import Target
from micropen.evidence import Quantity

# Studies and partners that a row names.
_NAMED = 3

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One free number before and after.

    Parameters
    ----------
    free
        What it is.
    unit
        Of its value; ``"sd of ln"`` or the unit for a between-person sd.
    value, sd
        After the fit; `sd` on the prior's scale (of ln where that is).
    moved_by
        Studies that moved or sharpened it, strongest first.
    partners
        Labels of numbers it is correlated with, and how much.
    gain
        The observation, of those that were tried, that would sharpen it most.
    """

    free: FreeNumber
    unit: str
    value: float
    sd: float
    moved_by: tuple[Influence, ...]
    partners: tuple[tuple[str, float], ...]
    gain: Gain | None

    @property
    def shrinkage(self) -> float:
        """Share of the prior sd that the studies took away: 0 nothing, 1 everything."""
        return 1.0 - self.sd / self.free.prior_sd

    def record(self) -> Row:
        """The row for JSON and CSV."""
        return {
            "parameter": self.free.parameter,
            "quantity": self.free.quantity.value,
            "unit": self.unit,
            "prior": self.free.prior_value,
            "prior_sd": self.free.prior_sd,
            "sd_of_ln": self.free.on_log,
            "value": self.value,
            "sd": self.sd,
            "shrinkage": self.shrinkage,
            "basis": "fitted" if self.moved_by else "prior",
            "moved_by": {i.study: i.shift for i in self.moved_by},
            "correlated_with": dict(self.partners),
            "better_identified_by": self.gain.what if self.gain else None,
            "sd_then": self.gain.sd if self.gain else None,
            "why_free": self.free.why,
            "identified_by": self.free.rows,
        }


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding, with the residual before and after."""

    target: Target
    prior_predicted: float
    predicted: float
    prior_residual: float
    residual: float

    def record(self) -> Row:
        """The row for JSON and CSV."""
        t = self.target
        return {
            "finding": t.key,
            "study": t.study,
            "compared_on": t.transform.value,
            "low": _finite(t.low),
            "high": _finite(t.high),
            "error": t.sd,
            "discrepancy": t.discrepancy_sd,
            "weight": t.weight,
            "prior_predicted": _finite(self.prior_predicted),
            "predicted": _finite(self.predicted),
            "prior_residual": self.prior_residual,
            "residual": self.residual,
        }


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def number_rows(
    space: FreeSpace, fit: Fit, targets: Sequence[Target], gains: Sequence[Gain | None]
) -> list[NumberRow]:
    """Return one row a free number, in the order of the space."""
    moved = influences(fit, [target.study for target in targets])
    together = partners(fit.covariance)
    sds = fit.standard_deviations
    labels = [number.label for number in space.numbers]
    rows = []
    for index, free in enumerate(space.numbers):
        gain = gains[index]
        rows.append(
            NumberRow(
                free=free,
                unit=_unit(free, space),
                value=free.number(float(fit.point[index])),
                sd=free.prior_sd * float(sds[index]),
                moved_by=tuple(i for i in moved[index] if i.counts),
                partners=tuple((labels[j], r) for j, r in together[index][:_NAMED]),
                gain=gain if gain is None else replace(gain, sd=free.prior_sd * gain.sd),
            )
        )
    return rows


def _unit(free: FreeNumber, space: FreeSpace) -> str:
    member = space.prior[free.parameter]
    if free.quantity is Quantity.BETWEEN_PERSON_SD and member.log_normal:
        return "sd of ln"
    return member.unit


def finding_rows(fit: Fit, targets: Sequence[Target]) -> list[FindingRow]:
    """Return one row a finding, in the order of the fit."""
    return [
        FindingRow(target, float(before), float(after), float(early), float(late))
        for target, before, after, early, late in zip(
            targets,
            fit.prior_predicted,
            fit.predicted,
            fit.prior_residuals,
            fit.residuals,
            strict=True,
        )
    ]


def misfit(residuals: Sequence[float]) -> float:
    """Root mean square of weighted residuals: about 1 or less where errors are what they claim."""
    return float(np.sqrt(np.mean(np.square(residuals)))) if len(residuals) else 0.0
