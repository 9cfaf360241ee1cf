"""A published study as data: who was treated how, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from micropen.evidence import Grade
from micropen.observation import Baseline
from micropen.treatment import Session


class Role(StrEnum):
    """What a study is for."""

    FIT = "fit"  # the calibration may use it
    HELD_OUT = "held_out"  # only validation looks at it
    CHECK = "check"  # a single account: looked at, never fitted


class Statistic(StrEnum):
    """How a finding sums up a group."""

    MEAN = "mean"
    MEDIAN = "median"
    SD = "sd"
    MEAN_CHANGE = "mean_change"  # mean of (value - value before)
    RELATIVE_CHANGE = "relative_change"  # mean change over the mean before
    SHARE = "share"  # share of people with the scale at or beyond `threshold`
    DIFFERENCE = "difference"  # mean change of this arm minus that of `versus`
    RATIO = "ratio"  # mean of this arm over that of `versus`


class Claim(StrEnum):
    """What a finding says about its statistic."""

    EQUALS = "equals"  # a number was reported
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    BETWEEN = "between"  # from `low` to `high`


@dataclass(frozen=True, slots=True)
class Spread:
    """A covariate of a group: mean, sd and the range that was admitted."""

    mean: float
    sd: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Group:
    """Who was studied.

    Parameters
    ----------
    n
        People analysed.
    age_years
        At the first session.
    phototypes
        Phototype (1-6) to share; the shares sum to 1.
    female
        Share of women.
    acne_proneness, sensitivity, sun_exposure
        0-1 each, 0.5 average, the same for all; people differ by the model's own spread.
    melasma, herpes
        Share of people with it.
    active_acne
        0 none to 3 severe.
    """

    n: int
    age_years: Spread
    phototypes: Mapping[int, float]
    female: float
    acne_proneness: float
    sensitivity: float
    sun_exposure: float
    melasma: float
    herpes: float
    active_acne: float


@dataclass(frozen=True, slots=True)
class Arm:
    """One group and what was done to it.

    Parameters
    ----------
    key
        Name within the study.
    group
        Who.
    protocols
        What was done: sessions in order of time, the first on day 0. More than one where the
        study does not say (depth, passes): equally likely ways of doing it.
    read_zones
        Zones that were looked at.
    baselines
        Scale name to its value before treatment.
    controlled
        True where findings are net of an untreated or sham side.
    co_treatment
        What else was done (a cream, PRP), which the model does not know; empty for nothing.
    assumed
        Fields of the arm that the study does not state and that we filled in.
    """

    key: str
    group: Group
    protocols: tuple[tuple[Session, ...], ...]
    read_zones: tuple[str, ...]
    baselines: Mapping[str, Baseline]
    controlled: bool
    co_treatment: str
    assumed: tuple[str, ...]

    def __str__(self) -> str:
        first = self.protocols[0]
        sessions = "1 session" if len(first) == 1 else f"{len(first)} sessions"
        lengths = sorted(session.deepest_mm for way in self.protocols for session in way)
        depth = f"{lengths[0]:g}" + (f" to {lengths[-1]:g}" if lengths[-1] > lengths[0] else "")
        return f"{self.key}: n = {self.group.n}, {first[0].device.label}, {depth} mm, {sessions}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One row: a number, or a bound, that a study reports.

    Parameters
    ----------
    key
        Unique over all studies: ``<study>.<row>``.
    arm, versus
        Names of arms; `versus` empty except for a difference or ratio.
    scale
        Name of the observation model.
    statistic, threshold
        How the group is summed up; `threshold` for a share, in the scale's unit.
    day
        Days since the first session (an event: None).
    claim, low, high
        What is said; ``low == high`` for a number, an infinite end for a bound.
    sd, standard_error
        Published spread between people, and of the statistic itself; NaN where not reported.
    n
        People behind this number.
    grade
        Evidence grade of this number.
    role
        The study's, unless the row has its own.
    facts
        Identifiers of the collected facts that this row carries.
    note
        What was seen and what was not.
    """

    key: str
    arm: str
    versus: str
    scale: str
    statistic: Statistic
    threshold: float
    day: float | None
    claim: Claim
    low: float
    high: float
    sd: float
    standard_error: float
    n: int
    grade: Grade
    role: Role
    facts: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Study:
    """One published study.

    Parameters
    ----------
    key
        Short name, also the name of its file.
    title, citation
        What it is, and where it was published (authors, year, journal, DOI).
    role
        Fit, held out or check.
    seen, not_seen
        What of it was read, and what was not.
    arms
        By key.
    findings
        In the order of the file.
    path
        Where it was read.
    """

    key: str
    title: str
    citation: str
    role: Role
    seen: str
    not_seen: str
    arms: Mapping[str, Arm]
    findings: tuple[Finding, ...]
    path: Path

    def __str__(self) -> str:
        arms = "; ".join(str(arm) for arm in self.arms.values())
        return f"{self.key} ({self.role}): {arms}; {len(self.findings)} findings"
