"""What every date is worked out from: two recoveries, today, and a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.phrases import short_date
from micropen.evidence import ParameterSet
from micropen.healing.recovery import DaySpread, Recovery

Array = NDArray[np.float64]

# A day that is a whole one but for rounding is that day.
ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days after one session as dates.

    Parameters
    ----------
    first_session
        Local time; None where not known.
    start
        Day of this session since the first.
    numbered
        Whether it must be said which session the days are counted from.
    """

    first_session: datetime | None
    start: float
    numbered: bool

    def name(self, day: int) -> str:
        """``"Tue 9 June"``, or ``"day 3"`` without a date."""
        if self.first_session is None:
            return f"day {day} after this session" if self.numbered else f"day {day}"
        return short_date((self.first_session + timedelta(days=self.start + day)).date())

    def between(self, first: int, last: int) -> str:
        """``"between Tue 9 June and Sat 13 June"``, ``"on Tue 9 June"``."""
        if first == last:
            return f"on {self.name(first)}"
        return f"between {self.name(first)} and {self.name(last)}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What both answers of a line are worked out from.

    Parameters
    ----------
    typical, personal
        The days after the session, for the population and for the person.
    today
        Days since the session.
    calendar
        Days as dates.
    parameters
        Thresholds.
    """

    typical: Recovery
    personal: Recovery
    today: float
    calendar: Calendar
    parameters: ParameterSet

    def limit(self, name: str) -> float:
        """A threshold of ``estimation.words``."""
        return self.parameters.value(f"estimation.words.{name}")

    @property
    def end(self) -> str:
        """What the days of the course end with."""
        planned = np.isfinite(self.personal.next_planned)
        return "before the next session" if planned else "within the days forecast"


@dataclass(frozen=True, slots=True)
class Answer:
    """A day in words, as a number (infinite where none), and the share that holds by then."""

    words: str
    day: float
    share: float


def by_then(day: float) -> int:
    """First whole day that is not before a day."""
    return ceil(day - ROUNDING)


def waits_of(days: Array) -> Array:
    """Days until it holds: none where there was never anything to wait for."""
    return np.nan_to_num(days, nan=0.0, posinf=np.inf)


def holds(days: Array, day: float) -> float:
    """Share of draws in which it holds on a day."""
    return float(np.mean(days <= day + ROUNDING))


def since_first(spread: DaySpread, plan: Plan) -> tuple[float, float, float]:
    """5, 50 and 95 % since the first session; NaN where it lies beyond the forecast."""
    low, middle, high = (
        day + plan.calendar.start if np.isfinite(day) else float("nan")
        for day in (spread.low, spread.median, spread.high)
    )
    return low, middle, high
