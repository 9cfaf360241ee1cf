"""How well predictions meet what was published: row by row, and as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from micropen.evidence import stream
from micropen.observation import Kind, Scale
from micropen.studies.prediction import HIGH, LOW, Prediction, is_share
from micropen.studies.study import Claim, Finding, Role, Statistic

Array = NDArray[np.float64]

NOMINAL: Final = HIGH - LOW
# A bound is compatible unless the model gives it less than this.
LEAST_PROBABILITY: Final = 0.05
_ALPHA: Final = 1.0 - NOMINAL
_RESAMPLES: Final = 2000
_ROUNDING: Final = 1e-9
# A time is scored against itself, but never finer than half a day.
_SHORTEST_DAYS: Final = 0.5
_SMALLEST: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Score:
    """One row's agreement.

    Parameters
    ----------
    inside
        A number: inside the 90 % predictive band. A bound: the model gives it at least 5 %.
    inside_half
        A number: inside the 50 % band; a bound: None.
    pit
        Randomised probability integral transform: share of the predictive sample below the
        published number, ties split at random; NaN for a bound.
    interval
        Interval score of the 90 % band over `unit`; NaN for a bound. Lower is better.
    width
        Width of the 90 % band over `unit`; NaN for a bound.
    unit
        What interval and width are measured in, see `scoring_unit`.
    """

    inside: bool
    inside_half: bool | None
    pit: float
    interval: float
    width: float
    unit: float


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """A finding with its role, the study it counts with, and its score.

    Parameters
    ----------
    study
        Rows of one study are not independent: it resamples as one.
    role, claim
        Of the finding.
    score
        See `score`.
    """

    study: str
    role: Role
    claim: Claim
    score: Score


@dataclass(frozen=True, slots=True)
class Overall:
    """Agreement of many rows.

    Parameters
    ----------
    rows, studies
        How many, and from how many studies.
    inside, share, share_low, share_high
        Rows inside, their share, and its exact 90 % interval as if rows were independent
        (Clopper and Pearson 1934).
    by_study, by_study_low, by_study_high
        Mean over studies of each study's share, and its 90 % interval from resampling studies;
        NaN below two studies.
    half_share
        Share of numbers inside the 50 % band; NaN without numbers.
    numbers
        Rows that are numbers, not bounds.
    numbers_inside
        Of these, inside the 90 % band.
    interval
        Mean interval score of the numbers; NaN without any.
    width
        Median width of the numbers' 90 % bands; NaN without any.
    """

    rows: int
    studies: int
    inside: int
    share: float
    share_low: float
    share_high: float
    by_study: float
    by_study_low: float
    by_study_high: float
    half_share: float
    numbers: int
    numbers_inside: int
    interval: float
    width: float


def scoring_unit(finding: Finding, scale: Scale) -> float:
    """Return what a row's interval score is measured in, so that rows can be averaged.

    Shares and relative changes: 1 (that is 100 per cent). A scale with a finite range: the
    range. Anything else (days, counts, ratios): the published number itself, at least half a
    day for a time.
    """
    relative = finding.statistic is Statistic.RELATIVE_CHANGE or scale.name.endswith("_change")
    ratio = finding.statistic is Statistic.RATIO
    if is_share(finding, scale) or (relative and not ratio):
        return 1.0
    width = scale.upper - scale.lower
    if np.isfinite(width) and width > 0.0 and not ratio and scale.kind is not Kind.EVENT:
        return float(width)
    own = max((abs(x) for x in (finding.low, finding.high) if np.isfinite(x)), default=1.0)
    return max(own, _SHORTEST_DAYS if scale.kind is Kind.EVENT else _SMALLEST)


def interval_score(low: float, high: float, value: float, alpha: float = _ALPHA) -> float:
    """Return the interval score of a central 1 - alpha band.

    ``(high - low) + 2/alpha * max(low - value, 0) + 2/alpha * max(value - high, 0)``: it rewards
    narrow bands and punishes misses, and is best in expectation for the true quantiles.

    References
    ----------
    Gneiting T, Raftery AE (2007). J Am Stat Assoc 102:359, equation 43.
    """
    below, above = max(low - value, 0.0), max(value - high, 0.0)
    return (high - low) + 2.0 / alpha * (below + above)


def _pit(sample: Array, value: float, key: str, seed: int) -> float:
    tolerance = _ROUNDING * max(1.0, abs(value))
    below = float(np.mean(sample < value - tolerance))
    ties = float(np.mean(np.abs(sample - value) <= tolerance))
    return below + float(stream(seed, f"studies.pit.{key}").random()) * ties


def score(finding: Finding, scale: Scale, prediction: Prediction, seed: int = 0) -> Score:
    """Score one prediction.

    Parameters
    ----------
    finding, scale
        What was published, on which scale.
    prediction
        What was expected at the study's n.
    seed
        For ties of the probability integral transform.
    """
    unit = scoring_unit(finding, scale)
    nothing = float("nan")
    if finding.claim is not Claim.EQUALS:
        inside = prediction.probability >= LEAST_PROBABILITY
        return Score(inside, None, nothing, nothing, nothing, unit)
    low, high = prediction.low, prediction.high
    inner_low, inner_high = prediction.inner
    value, tolerance = finding.low, _ROUNDING * max(1.0, abs(finding.low))
    return Score(
        inside=low - tolerance <= value <= high + tolerance,
        inside_half=inner_low - tolerance <= value <= inner_high + tolerance,
        pit=_pit(prediction.sample, value, finding.key, seed),
        interval=interval_score(low, high, value) / unit,
        width=(high - low) / unit,
        unit=unit,
    )


def binomial_interval(inside: int, rows: int, level: float = 0.9) -> tuple[float, float]:
    """Return the exact (Clopper-Pearson) interval of a share; 0 to 1 without rows."""
    tail = 0.5 * (1.0 - level)
    low = float(beta.ppf(tail, inside, rows - inside + 1)) if inside > 0 else 0.0
    high = float(beta.ppf(1.0 - tail, inside + 1, rows - inside)) if inside < rows else 1.0
    return low, high


def _by_study(rows: Sequence[ScoredRow], seed: int) -> tuple[float, float, float]:
    studies = sorted({row.study for row in rows})
    shares = np.array(
        [np.mean([row.score.inside for row in rows if row.study == study]) for study in studies]
    )
    if shares.size < 2:
        return (float(shares[0]) if shares.size else float("nan")), float("nan"), float("nan")
    random = stream(seed, "studies.score.resampling")
    chosen = random.integers(shares.size, size=(_RESAMPLES, shares.size))
    low, high = np.quantile(shares[chosen].mean(axis=1), [LOW, HIGH])
    return float(shares.mean()), float(low), float(high)


def _finite_mean(values: Sequence[float]) -> float:
    finite = [value for value in values if np.isfinite(value)]
    return float(np.mean(finite)) if finite else float("nan")


def overall(rows: Sequence[ScoredRow], seed: int = 0) -> Overall:
    """Sum up rows; see `Overall`."""
    inside = sum(row.score.inside for row in rows)
    numbers = [row for row in rows if row.claim is Claim.EQUALS]
    low, high = binomial_interval(inside, len(rows))
    by_study, by_low, by_high = _by_study(rows, seed)
    widths = [row.score.width for row in numbers if np.isfinite(row.score.width)]
    return Overall(
        rows=len(rows),
        studies=len({row.study for row in rows}),
        inside=inside,
        share=inside / len(rows) if rows else float("nan"),
        share_low=low,
        share_high=high,
        by_study=by_study,
        by_study_low=by_low,
        by_study_high=by_high,
        half_share=_finite_mean([float(bool(row.score.inside_half)) for row in numbers]),
        numbers=len(numbers),
        numbers_inside=sum(row.score.inside for row in numbers),
        interval=_finite_mean([row.score.interval for row in numbers]),
        width=float(np.median(widths)) if widths else float("nan"),
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same rows under two parameter sets.

    Parameters
    ----------
    rows
        Numbers that both could predict.
    model, baseline
        Mean interval score of each; lower is better.
    better
        Rows in which the model's score is the lower one.
    ratio_low, ratio_high
        90 % interval of model / baseline from resampling studies; NaN below two studies.
    """

    rows: int
    model: float
    baseline: float
    better: int
    ratio_low: float
    ratio_high: float

    @property
    def ratio(self) -> float:
        """Model over baseline: below 1 the model is better."""
        return self.model / self.baseline if self.baseline > 0.0 else float("nan")


def compare(model: Sequence[ScoredRow], baseline: Sequence[ScoredRow], seed: int = 0) -> Comparison:
    """Compare two models on the same rows, in the same order."""
    pairs = [
        (one.study, one.score.interval, other.score.interval)
        for one, other in zip(model, baseline, strict=True)
        if np.isfinite(one.score.interval) and np.isfinite(other.score.interval)
    ]
    nothing = float("nan")
    if not pairs:
        return Comparison(0, nothing, nothing, 0, nothing, nothing)
    studies = sorted({study for study, _, _ in pairs})
    sums = np.array(
        [
            [sum(p[1] for p in pairs if p[0] == s), sum(p[2] for p in pairs if p[0] == s)]
            for s in studies
        ]
    )
    low = high = nothing
    if len(studies) > 1:
        random = stream(seed, "studies.score.comparison")
        chosen = random.integers(len(studies), size=(_RESAMPLES, len(studies)))
        drawn = sums[chosen].sum(axis=1)
        low, high = (float(x) for x in np.quantile(drawn[:, 0] / drawn[:, 1], [LOW, HIGH]))
    return Comparison(
        rows=len(pairs),
        model=float(np.mean([p[1] for p in pairs])),
        baseline=float(np.mean([p[2] for p in pairs])),
        better=sum(p[1] < p[2] for p in pairs),
        ratio_low=low,
        ratio_high=high,
    )
