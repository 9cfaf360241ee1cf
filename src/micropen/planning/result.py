"""What a plan says: suitability, settings, dates, gains, chances, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import Grade
from micropen.planning.intake.client import Client, Event
from micropen.planning.suitability.verdict import Suitability
from micropen.treatment import Treatment

Array = NDArray[np.float64]

LOW: Final = 0.05
HIGH: Final = 0.95


@dataclass(frozen=True, slots=True)
class Spread:
    """5, 50 and 95 % over people like this one (or this one's forecasts), and the mean."""

    low: float
    median: float
    high: float
    mean: float

    @classmethod
    def of(cls, values: Array) -> Spread:
        """Summarise one value per draw; infinite values are allowed, NaN is not."""
        low, median, high = np.quantile(values, (LOW, 0.5, HIGH), method="nearest")
        return cls(float(low), float(median), float(high), float(values.mean()))


@dataclass(frozen=True, slots=True)
class Price:
    """What another setting would bring and cost, against the one that was chosen.

    Parameters
    ----------
    words
        The other setting: ``"cheeks at 0.75 mm"``.
    gain
        Added expected gain as a share of the fault, negative where it loses.
    downtime_days
        Added days on which others notice something, the mean of a session.
    pigment_risk
        Added probability of dark marks over the series.
    breaks
        The limit that it would break, in words; empty where none.
    """

    words: str
    gain: float
    downtime_days: float
    pigment_risk: float
    breaks: str = ""


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """Settings of one zone (both sides), and why these.

    Parameters
    ----------
    zone
        Name without a side: ``"cheek"``.
    needle_length_mm, passes
        As set on the device.
    deepest_mm
        Longest needle length that limits allow here.
    limit
        What sets it, in words, with source and grade.
    why
        Why this and not deeper, in one or two sentences.
    source, grade
        Of the limit.
    """

    zone: str
    needle_length_mm: float
    passes: float
    deepest_mm: float
    limit: str
    why: str
    source: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session of a plan.

    Parameters
    ----------
    number
        From 1.
    on
        When.
    downtime_days
        Days on which others notice something (redness, swelling, dots, flakes).
    spots
        Probability that at least one spot breaks out.
    clear_from
        First day on which nothing is noticed with the program's own probability.
    makeup_from, sport_from, sun_from
        Earliest days, by label and forecast.
    """

    number: int
    on: date
    downtime_days: Spread
    spots: float
    clear_from: date
    makeup_from: date
    sport_from: date
    sun_from: date


@dataclass(frozen=True, slots=True)
class GainAfter:
    """What a number of sessions brings if one stops there.

    Parameters
    ----------
    sessions
        How many.
    gain
        Share of the fault taken away, 0-1, at the day on which the goal is read.
    added
        Mean gain over one session fewer.
    pays
        Whether this session brings at least what a session has to.
    """

    sessions: int
    gain: Spread
    added: float
    pays: bool


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long the result lasts, and what keeps it.

    Parameters
    ----------
    half_life_days
        Days until half of the gain is gone, without another session.
    maintenance_days
        Days between single sessions that keep the gain where the series left it; infinite where
        nothing has to.
    sentence
        Both in words.
    grade
        Weakest evidence grade behind it.
    """

    half_life_days: Spread
    maintenance_days: float
    sentence: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class LagChance:
    """Chances some whole days after a session: nothing noticed; a glow and nothing noticed."""

    days: int
    clear: float
    glow: float


@dataclass(frozen=True, slots=True)
class EventChance:
    """What a plan does for an event.

    Parameters
    ----------
    event
        The day.
    wanted
        Probability that nothing is noticed, as wanted.
    session
        Latest session of the plan before it; None where there is none.
    clear, glow
        Probability on the day that nothing is noticed; that a glow is noticed and nothing else.
    latest
        Latest day for a session with these settings that still gives `wanted`; None where no
        session possible before the event does.
    best_glow
        Day for a session that gives the best chance of a glow on the event; None as above.
    curve
        Chances by days after a session with these settings, for a drawing.
    """

    event: Event
    wanted: float
    session: date | None
    clear: float
    glow: float
    latest: date | None
    best_glow: date | None
    curve: tuple[LagChance, ...] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class NamedPlan:
    """One plan on the front.

    Parameters
    ----------
    key, title, why
        ``"balanced"``; its printed name; what it weighs.
    treatment
        As `micropen forecast` reads it.
    zones, sessions, gains, events
        Settings, dates, what each session brings, chances.
    interval_days
        Wished days between sessions; the diary may make single ones longer.
    gain
        Share of the fault that these sessions take away at the day on which the goal is read.
    gain_on
        That day.
    earlier
        What sessions that have been would have left by then on their own; None without any.
    downtime_days, work_days
        Days of a session on which others notice something; expected days of them at work over
        the series.
    pain
        Worst zone, 0-10.
    pigment_risk
        Probability of dark marks over the series, with 5-95 % over what is not known.
    lasting
        How long it lasts.
    shallower, deeper
        Prices of one step less and one step more in every zone that allows it.
    objective
        Value that the search maximised, in points (docs/planning.md).
    """

    key: str
    title: str
    why: str
    treatment: Treatment
    zones: tuple[ZoneChoice, ...]
    interval_days: int
    sessions: tuple[SessionLine, ...]
    gains: tuple[GainAfter, ...]
    gain: Spread
    gain_on: date
    earlier: Spread | None
    downtime_days: Spread
    work_days: float
    pain: Spread
    pigment_risk: Spread
    events: tuple[EventChance, ...]
    lasting: Lasting
    shallower: Price | None
    deeper: Price | None
    objective: float


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """One plan that no other beats in result, downtime and risk at once.

    Parameters
    ----------
    gain
        Expected share of the fault taken away.
    downtime_days
        Mean days of a session on which others notice something.
    pigment_risk
        Probability of dark marks over the series.
    sessions, deepest_mm, passes
        What it is.
    plan
        Key of the named plan that it is; empty for all others.
    """

    gain: float
    downtime_days: float
    pigment_risk: float
    sessions: int
    deepest_mm: float
    passes: float
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """How a plan was made.

    Parameters
    ----------
    draws
        Behind each probability.
    evaluations
        Plans that the search looked at.
    seed
        Of everything random.
    parameter_set, digest
        Name of the parameters and their digest.
    lowest_grade
        Weakest evidence grade that it leans on.
    case_readings
        Readings of the person's own case that it learned from; 0 without a case.
    """

    draws: int
    evaluations: int
    seed: int
    parameter_set: str
    digest: str
    lowest_grade: Grade
    case_readings: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """Everything that the page shows.

    Parameters
    ----------
    client
        Who asks.
    suitability
        Verdict, findings and questions.
    goal_title, gain_words
        The goal, and what the per cent of a result count, as a clause.
    plans
        The named plans, the chosen one first; empty where nobody should treat, or nothing fits.
    front
        Points of the Pareto front, by gain.
    notes
        What a reader has to be told besides.
    origin
        How it was made.
    """

    client: Client
    suitability: Suitability
    goal_title: str
    gain_words: str
    plans: tuple[NamedPlan, ...]
    front: tuple[FrontPoint, ...]
    notes: tuple[str, ...]
    origin: Origin
