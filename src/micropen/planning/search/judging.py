"""What a session with given settings costs a person, judged once and asked for often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.planning.calendar.chances import (
    DaysAfter,
    Windows,
    clear_limits,
    day_windows,
    first_clear_day,
    work_days_by_offset,
)
from micropen.planning.search.face import Face, FaceSettings
from micropen.planning.search.zone_responses import LAGS

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One session with given settings.

    Parameters
    ----------
    days
        The whole days after it, draw by draw, and the chances on each.
    downtime_days
        Mean days on which others notice something.
    within
        Share of people who stay within the tolerated days.
    work_days
        Expected noticed days at work of a session on each day from today, shape ``(offset,)``.
    pain
        Median pain of the worst zone, 0-10.
    clear_from
        By event: first day from which nothing is noticed with the wanted probability, and stays
        so; beyond the last known day where it never does.
    draws
        Behind all of it.
    """

    days: DaysAfter
    downtime_days: float
    within: float
    work_days: Array
    pain: float
    clear_from: tuple[int, ...]
    draws: int


@dataclass(frozen=True, eq=False)
class Judge:
    """Judges settings, with what does not depend on them worked out once.

    Parameters
    ----------
    limits
        From which value others notice a sign.
    windows
        Reported lags of each whole day.
    tolerated_days
        Days after a session on which others may notice something.
    work
        Whether others see the face at work, by offset from today.
    wanted
        By event: probability that nothing is noticed.
    """

    limits: dict[str, float]
    windows: Windows
    tolerated_days: float
    work: NDArray[np.bool_]
    wanted: tuple[float, ...]

    @classmethod
    def of(
        cls,
        parameters: ParameterSet,
        tolerated_days: float,
        work: NDArray[np.bool_],
        wanted: tuple[float, ...],
    ) -> Judge:
        """Prepare."""
        return cls(clear_limits(parameters), day_windows(LAGS), tolerated_days, work, wanted)

    def __call__(self, face: Face, settings: FaceSettings) -> Judged:
        """Judge one session of a face that holds these settings."""
        response = face.response(settings)
        days = DaysAfter.of_signs(response.signs, self.limits, self.windows)
        downtime = days.downtime_days
        never = days.last + 1
        first = (first_clear_day(days.clear, wanted) for wanted in self.wanted)
        return Judged(
            days=days,
            downtime_days=float(downtime.mean()),
            within=float(np.mean(downtime <= self.tolerated_days)),
            work_days=work_days_by_offset(days.noticed.mean(axis=0), self.work),
            pain=float(np.median(response.pain)),
            clear_from=tuple(never if day is None else day for day in first),
            draws=face.draws,
        )
