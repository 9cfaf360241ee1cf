"""From virtual trials to a prediction: a finding's statistic in every trial, at the study's n."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.errors import MicropenError
from micropen.evidence import stream
from micropen.observation import Kind, Scale
from micropen.studies.study import Claim, Finding, Statistic
from micropen.studies.trial import ArmTrials, Look, look_of, needs_baseline

Array = NDArray[np.float64]
Widen = Callable[[Array, Finding, Scale, int], Array]
"""``widen(sample, finding, scale, seed)``: what a study may differ for reasons of its own."""

LOW: Final = 0.05
HIGH: Final = 0.95
_QUARTER: Final = 0.25
# A yes-or-no answer counts as yes from here.
_HALF: Final = 0.5
# Trials in which the statistic does not exist (nobody had the event) are left out, up to half.
_FEWEST_DEFINED: Final = 0.5
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model expects a study to report.

    Parameters
    ----------
    sample
        The statistic in each virtual trial, shape ``(trial,)``; may hold infinities (an event
        that had not come), never NaN.
    probability
        Share of trials in which the finding's claim holds; for a number NaN.
    """

    sample: Array
    probability: float

    def quantile(self, q: float) -> float:
        """Quantile of the sample; infinite where trials without an end reach that far.

        Interpolated at ``q * (trials + 1)``, which is calibrated: of a new trial like these, a
        share `q` lies below it.
        """
        ordered = np.sort(self.sample)
        place = np.clip(q * (ordered.size + 1) - 1.0, 0.0, ordered.size - 1.0)
        below = int(place)
        above = min(below + 1, ordered.size - 1)
        if ordered[below] == ordered[above] or place == below:
            return float(ordered[below])
        return float(ordered[below] + (place - below) * (ordered[above] - ordered[below]))

    @property
    def median(self) -> float:
        """Half of the trials lie below."""
        return self.quantile(0.5)

    @property
    def low(self) -> float:
        """Lower end of the 90 % predictive band."""
        return self.quantile(LOW)

    @property
    def high(self) -> float:
        """Upper end of the 90 % predictive band."""
        return self.quantile(HIGH)

    @property
    def inner(self) -> tuple[float, float]:
        """The 50 % predictive band."""
        return self.quantile(_QUARTER), self.quantile(1.0 - _QUARTER)


def is_share(finding: Finding, scale: Scale) -> bool:
    """Whether the statistic is a share of people."""
    yes_or_no = scale.kind is Kind.OUTCOME or (scale.lower, scale.upper) == (0.0, 1.0)
    return finding.statistic is Statistic.SHARE or (
        yes_or_no and finding.statistic is Statistic.MEAN
    )


def _counted(values: Array, finding: Finding, scale: Scale) -> Array:
    """1 for people at or beyond the threshold, else 0."""
    threshold = finding.threshold
    if scale.kind is Kind.EVENT:
        return (values <= threshold).astype(np.float64)
    if np.isnan(threshold) or (scale.lower, scale.upper) == (0.0, 1.0):
        threshold = _HALF
    if threshold < 0.0:  # a change for the better on a scale that falls: beyond means below
        return (values <= threshold + _ROUNDING).astype(np.float64)
    return (values >= threshold - _ROUNDING).astype(np.float64)


def _mean(values: Array) -> Array:
    """Mean over the people of a trial; over those whose event came, NaN where none did."""
    came = np.isfinite(values)
    counts = came.sum(axis=1)
    total = np.where(came, values, 0.0).sum(axis=1)
    return np.where(counts > 0, total / np.maximum(counts, 1), np.nan)


def _median(values: Array) -> Array:
    """Median over the people of a trial; infinite where half of them had no event."""
    ordered = np.sort(values, axis=1)
    people = ordered.shape[1]
    low, high = ordered[:, (people - 1) // 2], ordered[:, people // 2]
    return np.where(low == high, low, 0.5 * (low + high))


def _sd(values: Array) -> Array:
    """Standard deviation over the people whose value is finite."""
    came = np.isfinite(values)
    counts = came.sum(axis=1)
    mean = _mean(values)
    square = np.where(came, (np.where(came, values, 0.0) - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return np.where(counts > 1, np.sqrt(square / np.maximum(counts - 1, 1)), np.nan)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Values of one arm after and, where the finding needs it, before treatment."""

    after: Array
    before: Array | None

    def change(self) -> Array:
        return self.after if self.before is None else self.after - self.before

    def some(self, people: slice) -> _Seen:
        before = None if self.before is None else self.before[:, people]
        return _Seen(self.after[:, people], before)


def _ratio(upper: Array, lower: Array) -> Array:
    usable = np.isfinite(lower) & (np.abs(lower) > _ROUNDING)
    return np.where(usable, upper / np.where(usable, lower, 1.0), np.nan)


def _statistic(finding: Finding, scale: Scale, arm: _Seen, versus: _Seen | None) -> Array:
    """The finding's statistic in each trial, shape ``(trial,)``; NaN where it does not exist."""
    if is_share(finding, scale):
        return _counted(arm.after, finding, scale).mean(axis=1)
    if finding.statistic in _OF_ONE_ARM:
        return _OF_ONE_ARM[finding.statistic](arm)
    if versus is None:
        raise MicropenError(f"{finding.key} compares with no arm; state `versus`.")
    if finding.statistic is Statistic.DIFFERENCE:
        return _mean(arm.change()) - _mean(versus.change())
    return _ratio(_mean(arm.after), _mean(versus.after))


def _relative(arm: _Seen) -> Array:
    """Mean change over the mean before; a scale that is itself a change as it is."""
    return (
        _mean(arm.after) if arm.before is None else _ratio(_mean(arm.change()), _mean(arm.before))
    )


_OF_ONE_ARM: Final[Mapping[Statistic, Callable[[_Seen], Array]]] = {
    Statistic.MEAN: lambda arm: _mean(arm.after),
    Statistic.MEDIAN: lambda arm: _median(arm.after),
    Statistic.SD: lambda arm: _sd(arm.after),
    Statistic.MEAN_CHANGE: lambda arm: _mean(arm.change()),
    Statistic.RELATIVE_CHANGE: _relative,
}


def _seen(trials: ArmTrials, finding: Finding, scale: Scale) -> _Seen:
    before = needs_baseline(finding, scale.kind)
    return _Seen(
        trials.at(look_of(finding, scale.kind)),
        trials.at(Look(finding.scale, None)) if before else None,
    )


def statistic(finding: Finding, scale: Scale, trials: Mapping[str, ArmTrials]) -> Array:
    """Return a finding's statistic over all people of each trial, whatever the study's n.

    Parameters
    ----------
    finding, scale
        What was reported, and the observation model it names.
    trials
        By arm, as `simulate` returns them.

    Returns
    -------
    numpy.ndarray
        Shape ``(trial,)``; NaN where it does not exist.
    """
    versus = _seen(trials[finding.versus], finding, scale) if finding.versus else None
    return _statistic(finding, scale, _seen(trials[finding.arm], finding, scale), versus)


def to_size(sample: Array, halves: tuple[Array, Array], simulated: int, wanted: int) -> Array:
    """Take the sampling part of a statistic from the simulated number of people to another.

    The two halves of each trial differ by sampling alone, so a quarter of their mean squared
    difference is the sampling variance at the full number; it goes with 1 / n. Deviations from
    the mean over the trials are stretched so that the total variance is that at the wanted n.
    This keeps the shape, and holds for any statistic that is about normal.

    Parameters
    ----------
    sample, halves
        The statistic of whole trials and of their halves, each of shape ``(trial,)``.
    simulated, wanted
        People per trial.
    """
    finite = np.isfinite(sample) & np.isfinite(halves[0]) & np.isfinite(halves[1])
    if simulated == wanted or finite.sum() < 2:
        return sample
    total = float(sample[finite].var())
    sampling = min(0.25 * float(np.mean((halves[0] - halves[1])[finite] ** 2)), total)
    if total <= 0.0:
        return sample
    stretch = np.sqrt((total - sampling + sampling * simulated / wanted) / total)
    mean = sample[finite].mean()
    return np.where(np.isfinite(sample), mean + stretch * (sample - mean), sample)


def shares_at(counts: Array, simulated: int, wanted: int, seed: int, purpose: str) -> Array:
    """Shares that trials of another size would find, given counts in the simulated ones.

    Between trials the true share is taken as beta-distributed (moments of the counts); each
    trial's own share is drawn given its count, then people of the wanted number.

    Parameters
    ----------
    counts
        People with the outcome in each trial, shape ``(trial,)``.
    simulated, wanted
        People per trial.
    seed, purpose
        Of the drawing.
    """
    share = float(np.clip(counts.mean() / simulated, 1e-4, 1.0 - 1e-4))
    binomial = share * (1.0 - share) / simulated
    surplus = max(float((counts / simulated).var()) - binomial, 0.0) / (1.0 - 1.0 / simulated)
    between = float(np.clip(surplus, 1e-5 * share * (1.0 - share), 0.95 * share * (1.0 - share)))
    weight = share * (1.0 - share) / between - 1.0
    random = stream(seed, purpose)
    own = random.beta(share * weight + counts, (1.0 - share) * weight + simulated - counts)
    return np.asarray(random.binomial(wanted, own) / wanted, dtype=np.float64)


def _limits(finding: Finding, scale: Scale) -> tuple[float, float]:
    """Range that the statistic cannot leave, whatever is stretched."""
    if is_share(finding, scale):
        return 0.0, 1.0
    if finding.statistic in {Statistic.SD, Statistic.RATIO}:
        return (0.0 if scale.lower >= 0.0 else -np.inf), np.inf
    if finding.statistic in {Statistic.MEAN, Statistic.MEDIAN}:
        return scale.lower, scale.upper
    return -np.inf, np.inf


def _sample(finding: Finding, scale: Scale, trials: Mapping[str, ArmTrials], seed: int) -> Array:
    """The statistic in each trial at the study's own number of people."""
    arm = _seen(trials[finding.arm], finding, scale)
    versus = _seen(trials[finding.versus], finding, scale) if finding.versus else None
    people = min(seen.after.shape[1] for seen in (arm, versus) if seen is not None)
    used = min(people, max(finding.n, 1))
    if used < finding.n or people < 2:
        used = people
    whole = slice(0, used)

    def over(chosen: slice) -> Array:
        other = None if versus is None else versus.some(chosen)
        return _statistic(finding, scale, arm.some(chosen), other)

    sample = over(whole)
    if used == finding.n:
        return sample
    if is_share(finding, scale):
        counts = np.round(sample * used)
        return shares_at(counts, used, finding.n, seed, f"studies.share.{finding.key}")
    half = used // 2
    return to_size(sample, (over(slice(0, half)), over(slice(half, 2 * half))), used, finding.n)


def predict(
    finding: Finding,
    scale: Scale,
    trials: Mapping[str, ArmTrials],
    *,
    seed: int = 0,
    widen: Widen | None = None,
) -> Prediction:
    """Predict one finding.

    Parameters
    ----------
    finding, scale
        What was reported, and the observation model it names.
    trials
        By arm, as `simulate` returns them.
    seed
        For what is drawn anew (shares at another n, `widen`).
    widen
        Adds what a study may differ by for reasons that the model does not know.

    Returns
    -------
    Prediction

    Raises
    ------
    MicropenError
        When the statistic does not exist in half of the trials or more.
    """
    sample = _sample(finding, scale, trials, seed)
    defined = sample[~np.isnan(sample)]
    if defined.size <= _FEWEST_DEFINED * sample.size:
        raise MicropenError(
            f"{finding.key}: the {finding.statistic.value} of {scale.name} does not exist in "
            f"{sample.size - defined.size} of {sample.size} virtual trials."
        )
    if widen is not None:
        defined = widen(defined, finding, scale, seed)
    defined = np.clip(defined, *_limits(finding, scale))
    return Prediction(defined, _probability(finding, defined))


def _probability(finding: Finding, sample: Array) -> float:
    if finding.claim is Claim.EQUALS:
        return float("nan")
    tolerance = _ROUNDING * max(
        1.0, *(abs(x) for x in (finding.low, finding.high) if np.isfinite(x))
    )
    holds = (sample >= finding.low - tolerance) & (sample <= finding.high + tolerance)
    return float(holds.mean())
