"""A published number as the fit sees it: on a scale where its error is about normal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot, isfinite, log, pi, sqrt
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.evidence import Grade, ParameterSet
from micropen.observation import Kind, Scale
from micropen.studies import Finding, Statistic
from micropen.studies.prediction import is_share


class Transform(StrEnum):
    """Scale on which a finding and its prediction are compared."""

    PLAIN = "plain"
    LOG = "log"  # ratios and spreads
    LOG_DAYS = "log days"  # times: ln(days + offset)
    ANGLE = "angle"  # shares: Anscombe's 2 asin sqrt((x + 3/8) / (n + 3/4))


# Six hours: an event an hour or two after a session is not many times earlier than one at three.
OFFSET_DAYS: Final = 0.25
_NEVER_DAYS: Final = 365.0
_LEAST: Final = 1e-3
_ALLOWANCES: Final = (
    "angle",
    "complication",
    "log",
    "of_value",
    "of_range",
    "of_change",
    "grade_b",
    "grade_c",
    "grade_d",
)
_MEDIAN_ERROR: Final = sqrt(pi / 2.0)  # sd of a normal sample's median over that of its mean


def transform_of(finding: Finding, scale: Scale) -> Transform:
    """Return the scale on which a finding is compared."""
    if is_share(finding, scale):
        return Transform.ANGLE
    if finding.statistic in {Statistic.SD, Statistic.RATIO}:
        return Transform.LOG
    if scale.kind is Kind.EVENT and finding.statistic in {Statistic.MEAN, Statistic.MEDIAN}:
        return Transform.LOG_DAYS
    return Transform.PLAIN


@dataclass(frozen=True, slots=True)
class Target:
    """One finding of the fit.

    Parameters
    ----------
    study, key
        Of the study and of the finding.
    transform
        Scale of everything below.
    low, high
        What was found: equal for a number, infinite ends for a bound.
    n
        People behind it.
    sampling_sd
        Error of the statistic at `n`: people, raters, what the fit does not move, simulation.
    discrepancy_sd
        What a study may differ from the model for reasons of its own: raters, mapping, care.
    weight
        0-1: the rows of one study on one scale do not count as independent.
    published_sd
        Error that the study itself states; 0 if none.
    """

    study: str
    key: str
    transform: Transform
    low: float
    high: float
    n: int
    sampling_sd: float
    discrepancy_sd: float
    weight: float
    published_sd: float = 0.0

    @property
    def sd(self) -> float:
        """Total error on the transformed scale."""
        return hypot(self.sampling_sd, self.discrepancy_sd)

    def residual(self, predicted: float) -> float:
        """Return how far a prediction lies outside, in weighted sds; 0 inside a bound.

        Parameters
        ----------
        predicted
            The statistic, untransformed.
        """
        z = transformed(self.transform, predicted, self.n)
        gap = max(z - self.high, 0.0) - max(self.low - z, 0.0)
        return sqrt(self.weight) * gap / self.sd

    def scaled(self, predicted: float) -> float:
        """Return a prediction itself in weighted sds: what a new study of this kind would see."""
        return sqrt(self.weight) * transformed(self.transform, predicted, self.n) / self.sd


def anscombe_angle(share: ArrayLike, n: int) -> NDArray[np.float64]:
    """Anscombe's angle of a share of `n` people, radians: its chance error hardly depends on it."""
    counted = (np.asarray(share, dtype=np.float64) * n + 0.375) / (n + 0.75)
    return np.asarray(2.0 * np.arcsin(np.sqrt(counted)))


def share_of_angle(angle: ArrayLike, n: int) -> NDArray[np.float64]:
    """The share, in whole people, that has an Anscombe angle: inverse of `anscombe_angle`."""
    counted = np.sin(0.5 * np.clip(angle, 0.0, pi)) ** 2
    return np.asarray(np.clip(np.round(counted * (n + 0.75) - 0.375) / n, 0.0, 1.0))


def transformed(transform: Transform, value: float, n: int) -> float:
    """Return a statistic on its scale of comparison; an event that never comes is a year away."""
    if transform is Transform.ANGLE:
        return float(anscombe_angle(min(max(value, 0.0), 1.0), n))
    if transform is Transform.LOG_DAYS:
        return log(min(max(value, 0.0), _NEVER_DAYS) + OFFSET_DAYS)
    return log(max(value, _LEAST)) if transform is Transform.LOG else value


def _bound(transform: Transform, value: float, n: int) -> float:
    # A bound that says nothing stays so, also on the bounded scale of shares.
    return value if not isfinite(value) else transformed(transform, value, n)


def discrepancy(
    transform: Transform, grade: Grade, scale: Scale, value: float, parameters: ParameterSet
) -> float:
    """Return the discrepancy that is allowed to a study, on the transformed scale.

    Parameters
    ----------
    transform, scale, value
        Of the finding; `value` untransformed.
    grade
        Weaker evidence may differ more.
    parameters
        Group ``calibration.discrepancy``: all assumed, and stated there.
    """
    allowed = {name: parameters.value(f"calibration.discrepancy.{name}") for name in _ALLOWANCES}
    factor = 1.0 if grade is Grade.A else allowed[f"grade_{grade.value.lower()}"]
    if transform is Transform.ANGLE:
        return factor * allowed["complication" if scale.kind is Kind.OUTCOME else "angle"]
    if transform is not Transform.PLAIN:
        return factor * allowed["log"]
    width = scale.upper - scale.lower
    relative = allowed["of_value"] * abs(value)
    absolute = (
        allowed["of_range"] * width if isfinite(width) and width > 1.0 else (allowed["of_change"])
    )
    return factor * hypot(relative, absolute)


def _published_error(finding: Finding, transform: Transform, value: float) -> float:
    """Standard error that the study itself states, on the scale of comparison; 0 if none."""
    if isfinite(finding.standard_error):
        error = finding.standard_error
    elif isfinite(finding.sd) and finding.statistic in {Statistic.MEAN, Statistic.MEDIAN}:
        error = finding.sd / sqrt(max(finding.n, 1))
        error *= _MEDIAN_ERROR if finding.statistic is Statistic.MEDIAN else 1.0
    else:
        return 0.0
    if transform is Transform.ANGLE:
        return error / sqrt(max(value * (1.0 - value), 1.0 / (finding.n + 1.0)))
    if transform is Transform.LOG_DAYS:
        return error / (abs(value) + OFFSET_DAYS)
    return error / max(abs(value), _LEAST) if transform is Transform.LOG else error


def target_of(
    finding: Finding,
    study: str,
    scale: Scale,
    trials: NDArray[np.float64],
    weight: float,
    parameters: ParameterSet,
) -> Target:
    """Build the target of one finding.

    Parameters
    ----------
    finding, study, scale
        What was found, where, on which scale.
    trials
        The statistic in virtual trials by the prior, shape ``(trial,)``, with what is not free as
        uncertain as it is: their spread is the error that goes with chance, raters and all that
        the fit does not move. Fixed, so that the fit cannot gain by widening it.
    weight
        See `vote_weights`.
    parameters
        Parameter set.
    """
    transform, n = transform_of(finding, scale), max(finding.n, 1)
    ends = [end for end in (finding.low, finding.high) if isfinite(end)]
    value = float(np.mean(ends)) if ends else float(np.median(trials))
    stated = _published_error(finding, transform, value)
    spread = spread_of(finding, scale, trials)
    simulation = spread / sqrt(len(trials))
    return Target(
        study=study,
        key=finding.key,
        transform=transform,
        low=_bound(transform, finding.low, n),
        high=_bound(transform, finding.high, n),
        n=n,
        sampling_sd=hypot(max(spread, stated), simulation),
        discrepancy_sd=discrepancy(transform, finding.grade, scale, value, parameters),
        weight=weight,
        published_sd=stated,
    )


def vote_weights(scales: Sequence[str], spreads: Sequence[float], votes: float) -> list[float]:
    """Return weights so that rows of one study on one scale count as `votes` rows at most.

    Parameters
    ----------
    scales
        Scale of each row of one study.
    spreads
        Sd of each row's prediction before the fit, on its scale of comparison: a row that says
        the same whatever the parameters (redness after two weeks) does not use up a vote.
    votes
        How many independent rows a scale of one study may count as.
    """
    weights = []
    for own in scales:
        alike = [s for other, s in zip(scales, spreads, strict=True) if other == own]
        most = max(alike)
        voters = sum(alike) / most if most > 0.0 else float(len(alike))
        weights.append(min(1.0, votes / voters))
    return weights


def spread_of(finding: Finding, scale: Scale, trials: NDArray[np.float64]) -> float:
    """Sd of a finding's prediction over virtual trials, on its scale of comparison."""
    transform, n = transform_of(finding, scale), max(finding.n, 1)
    return float(np.std([transformed(transform, float(value), n) for value in trials]))
