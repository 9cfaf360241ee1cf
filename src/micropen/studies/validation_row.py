"""One row of a validation: what was published beside what was expected."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import beta

from micropen.observation import Kind, Scale
from micropen.studies.prediction import Prediction, is_share
from micropen.studies.score import Score, ScoredRow
from micropen.studies.study import Arm, Claim, Finding, Statistic, Study

# Half width of a 90 % interval of a normal, over its sd.
_Z_90 = 1.6449
_HOURS_UNTIL_DAYS = 1.5


@dataclass(frozen=True)
class Row:
    """A finding, its prediction and its score.

    Parameters
    ----------
    study, finding, scale
        What was found, where, on which scale.
    given
        Whether the study stands in a folder that was named, not among the program's own.
    prediction, score
        By the parameter set that is validated.
    baseline, baseline_score
        By the parameters before calibration; None where they are the same or it was not asked.
    """

    study: Study
    finding: Finding
    scale: Scale
    given: bool
    prediction: Prediction
    score: Score
    baseline: Prediction | None = None
    baseline_score: Score | None = None

    @property
    def arm(self) -> Arm:
        """The arm that the finding is about."""
        return self.study.arms[self.finding.arm]

    @property
    def scored(self) -> ScoredRow:
        """What `score.overall` sums up."""
        return ScoredRow(self.study.key, self.finding.role, self.finding.claim, self.score)

    @property
    def baseline_scored(self) -> ScoredRow | None:
        """The same for the baseline."""
        if self.baseline_score is None:
            return None
        return ScoredRow(self.study.key, self.finding.role, self.finding.claim, self.baseline_score)

    @property
    def as_fraction(self) -> bool:
        """Whether the number is a share or a relative change, shown in per cent."""
        return (
            is_share(self.finding, self.scale)
            or self.finding.statistic is Statistic.RELATIVE_CHANGE
            or (self.as_change and self.finding.statistic is not Statistic.RATIO)
        )

    @property
    def published_error(self) -> tuple[float, float]:
        """The published number's own 90 % interval, from its error, its sd or its n; else NaN."""
        return published_error(self.finding, self.scale)

    @property
    def spread(self) -> str:
        """The published spread in words; empty where none was reported."""
        parts = []
        if math.isfinite(self.finding.sd):
            parts.append(f"SD {self.number(self.finding.sd)}")
        if math.isfinite(self.finding.standard_error):
            parts.append(f"SE {self.number(self.finding.standard_error)}")
        return ", ".join(parts)

    @property
    def moment(self) -> str:
        """The day in words; empty for an event, whose time is the number itself."""
        day = self.finding.day
        if day is None:
            return ""
        if day == 0.0:
            return "right after"
        return _hours(day) if day < _HOURS_UNTIL_DAYS and day != 1.0 else f"day {day:.4g}"

    @property
    def what(self) -> str:
        """The statistic and the scale in words: ``mean erythema clinician, day 3``."""
        finding, name = self.finding, self.scale.name.replace("_", " ")
        words = f"{finding.statistic.value.replace('_', ' ')} {name}"
        if is_share(finding, self.scale):
            words = f"share {self._threshold} {name}"
        arm = finding.arm.replace("_", " ") if len(self.study.arms) > 1 else ""
        if finding.versus:
            arm += f" against {finding.versus.replace('_', ' ')}"
        return ", ".join(part for part in (words, self.moment, arm) if part)

    @property
    def _threshold(self) -> str:
        """What a share is a share of."""
        threshold = self.finding.threshold
        if self.scale.kind is Kind.EVENT:
            return f"within {_hours(threshold)} of"
        if math.isnan(threshold) or (self.scale.lower, self.scale.upper) == (0.0, 1.0):
            return "with"
        return f"at or beyond {self.number(threshold, plain=not self.as_change)} of"

    @property
    def as_change(self) -> bool:
        """Whether the scale is a relative change."""
        return self.scale.name.endswith("_change")

    def number(self, value: float, plain: bool = False) -> str:
        """Write a number of this row: fractions in per cent, short times in hours."""
        if math.isnan(value):
            return "-"
        if math.isinf(value):
            return "never" if value > 0 else "-inf"
        if self.as_fraction and not plain:
            digits = 0 if abs(value) >= 0.0995 or abs(value) < 5e-4 else 1
            return f"{100.0 * value:.{digits}f} %".replace("-0 %", "0 %")
        timed = self.scale.kind is Kind.EVENT and self.finding.statistic is not Statistic.RATIO
        if timed and not plain:
            return _hours(value)
        return "0" if abs(value) < 5e-3 else f"{value:.3g}"

    @property
    def published(self) -> str:
        """What was published, in words."""
        finding = self.finding
        match finding.claim:
            case Claim.EQUALS:
                return self.number(finding.low)
            case Claim.AT_MOST:
                return f"at most {self.number(finding.high)}"
            case Claim.AT_LEAST:
                return f"at least {self.number(finding.low)}"
        return f"{self.number(finding.low)} to {self.number(finding.high)}"

    @property
    def verdict(self) -> str:
        """``inside`` or ``outside``; a bound ``compatible`` or ``contradicted``."""
        if self.finding.claim is Claim.EQUALS:
            return "inside" if self.score.inside else "outside"
        return "compatible" if self.score.inside else "contradicted"


def _hours(days: float) -> str:
    """Write a time: minutes, hours or days, whichever is short."""
    minutes = round(days * 1440.0)
    if minutes == 0:
        return "0"
    if minutes < 60:
        return f"{minutes} min"
    return f"{days * 24.0:.2g} h" if days < 1.0 else f"{days:.3g} d"


def published_error(finding: Finding, scale: Scale) -> tuple[float, float]:
    """Return the 90 % interval of a published number by its own sampling.

    From the standard error where it was reported, else from sd and n (means), else from n alone
    (shares, exact). It is for the eye only: the predictive band already holds the sampling at
    the study's n.
    """
    nothing = (math.nan, math.nan)
    if finding.claim is not Claim.EQUALS:
        return nothing
    value, n = finding.low, max(finding.n, 1)
    if math.isfinite(finding.standard_error):
        half = _Z_90 * finding.standard_error
        return value - half, value + half
    if is_share(finding, scale):
        count = round(value * n)
        low = float(beta.ppf(0.05, count, n - count + 1)) if count > 0 else 0.0
        high = float(beta.ppf(0.95, count + 1, n - count)) if count < n else 1.0
        return low, high
    averages = {Statistic.MEAN, Statistic.MEAN_CHANGE, Statistic.MEDIAN}
    if math.isfinite(finding.sd) and finding.statistic in averages:
        half = _Z_90 * finding.sd / math.sqrt(n)
        return value - half, value + half
    return nothing
