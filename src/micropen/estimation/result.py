"""What following a case gives: bands, readings, what was learned, dates, alerts, the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FACE = "face"
"""Zone name of the treated face as a whole: the mean over treated zones by area, counts summed."""


class Axis(StrEnum):
    """What a band or a reading is measured on."""

    SIGN = "sign"  # in the unit of the sign, as photographs measure it
    DIARY = "diary"  # a person's own 0-10
    COUNT = "count"  # spots


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """5, 50 and 95 % of a forecast over time.

    Parameters
    ----------
    key
        Sign (`Axis.SIGN`, `Axis.COUNT`) or question (`Axis.DIARY`).
    axis
        What the values are.
    zone
        A zone, or `FACE`.
    days
        Since the first session, shape ``(day,)``.
    low, median, high
        Shape ``(day,)``.
    """

    key: str
    axis: Axis
    zone: str
    days: Array
    low: Array
    median: Array
    high: Array


@dataclass(frozen=True, slots=True)
class ReadPoint:
    """One reading or answer, as it is drawn on a band.

    Parameters
    ----------
    key, axis, zone
        As in `Band`.
    day
        Since the first session.
    value
        In the unit of the axis.
    sd
        Its standard deviation; half the range of a word.
    source
        Photograph's name, or ``"check-in"``.
    doubt
        Posterior probability that it is mistaken, 0-1: it then counts for little.
    when
        Local date and time where known.
    """

    key: str
    axis: Axis
    zone: str
    day: float
    value: float
    sd: float
    source: str
    doubt: float = 0.0
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing learned about the person.

    Parameters
    ----------
    key
        Short name of the trait.
    sentence
        Such as "Your redness fades about 30 % faster than is typical (80 % sure)."
    probability
        That the direction stated is true, under the model.
    ratio
        Person's median over the typical value: ratio, with its 5 and 95 % in `low`, `high`.
    low, high
        Of the ratio.
    learned
        Share by which the data narrowed the spread of the trait, 0-1.
    """

    key: str
    sentence: str
    probability: float
    ratio: float
    low: float
    high: float
    learned: float


@dataclass(frozen=True, slots=True)
class DateLine:
    """One date that a person plans with.

    Parameters
    ----------
    key, title
        Such as ``"redness"``, "Redness others can see".
    typical, personal
        Answers for the population and for this person, in words with the date.
    day_low, day, day_high
        5, 50 and 95 % of the day since the first session, for this person; NaN where never.
    probability
        Share of the person's forecasts for which `personal` holds.
    detail
        One sentence more.
    """

    key: str
    title: str
    typical: str
    personal: str
    day_low: float
    day: float
    day_high: float
    probability: float
    detail: str = ""


class Level(StrEnum):
    """How much an alert asks for."""

    WATCH = "watch"  # unusual for this person: look again tomorrow
    ASK = "ask"  # ask the practitioner
    CLINICIAN = "see a clinician"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that this person's own forecast did not expect.

    Parameters
    ----------
    key
        Name of the rule.
    level
        What it asks for.
    title
        Few words.
    sentence
        What was seen and what was expected, with the probability.
    probability
        Of something at least so far off under this person's forecast; NaN for a red flag, which
        needs none.
    evidence
        The readings it rests on, as sentences.
    harmless
        What is common and harmless and looks alike; empty where nothing is.
    advice
        What to do, and which signs mean: see a clinician now.
    day
        Since the first session.
    """

    key: str
    level: Level
    title: str
    sentence: str
    probability: float
    evidence: tuple[str, ...]
    harmless: str
    advice: str
    day: float


@dataclass(frozen=True, slots=True)
class Score:
    """How one earlier forecast did against what came after it.

    Parameters
    ----------
    made_at
        When it was made.
    data_until_day
        Last day of the data that it knew.
    readings
        How many later readings judge it.
    coverage
        Share of them inside the 90 % band of a reading.
    interval_score
        Mean interval score of that band, each over the sign's typical spread; smaller is better.
    population_interval_score
        The same for the population's forecast.
    """

    made_at: datetime
    data_until_day: float
    readings: int
    coverage: float
    interval_score: float
    population_interval_score: float


@dataclass(frozen=True, slots=True)
class Record:
    """The program's own record for this person.

    Parameters
    ----------
    scores
        One per earlier forecast that could be judged, oldest first.
    sentence
        The record in words.
    """

    scores: tuple[Score, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class FitSummary:
    """How the posterior was found and whether it may be trusted.

    Parameters
    ----------
    method
        ``"importance sampling"``, ``"tempered Monte Carlo"``, or ``"prior"`` where there was
        nothing to learn from.
    converged
        Whether its checks passed.
    sentence
        The same for a person; says what it means where it did not converge.
    diagnostics
        Names as ArviZ has them (``ess_bulk``, ``pareto_k``, ``r_hat``), and counts.
    seconds
        Computing time by part.
    """

    method: str
    converged: bool
    sentence: str
    diagnostics: Mapping[str, float] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class PredictedPicture:
    """The latest photograph as it is expected to look on a later day.

    Parameters
    ----------
    day
        Since the first session.
    label
        "Thursday 11 June, day 4".
    image
        JPEG, marked as simulated.
    """

    day: float
    label: str
    image: bytes


@dataclass(frozen=True, eq=False)
class Followed:
    """Everything that following a case gives.

    Parameters
    ----------
    title
        Of the case.
    today_day
        Day of the latest photograph or check-in since the first session.
    session_days
        Of every session.
    first_session
        Local time of the first session; None where the treatment file has no date.
    population, personal
        Bands of the population and of the person, same keys.
    readings
        What was measured and answered.
    findings, dates, alerts
        Most important first.
    record
        How earlier forecasts did.
    fit
        How the posterior was found.
    pictures
        Predicted pictures on the latest photograph; may be empty.
    picture_of_today
        JPEG of the latest photograph that they were drawn on; empty without one.
    picture_note
        What the pictures are drawn on and what they cannot show.
    notes
        Sentences on the data: what was left out and why.
    """

    title: str
    today_day: float
    session_days: tuple[float, ...]
    first_session: datetime | None
    population: tuple[Band, ...]
    personal: tuple[Band, ...]
    readings: tuple[ReadPoint, ...]
    findings: tuple[Finding, ...]
    dates: tuple[DateLine, ...]
    alerts: tuple[Alert, ...]
    record: Record
    fit: FitSummary
    pictures: tuple[PredictedPicture, ...] = ()
    picture_of_today: bytes = b""
    picture_note: str = ""
    notes: tuple[str, ...] = ()
