"""On which whole days a session may take place, and a series that keeps to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.phrases import short_date
from micropen.evidence import ParameterSet
from micropen.planning.calendar.closed_days import Closed, closed_days, whole_days
from micropen.planning.intake.client import Client, Diary, Span
from micropen.planning.suitability.verdict import Suitability

_WEEKDAYS: Final = (
    "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Appointments:
    """Possible days for a session, from today to the horizon.

    Parameters
    ----------
    origin
        Today: offset 0.
    offsets
        Whether a session may take place so many days from today, shape ``(offset,)``.
    work
        Whether others see the face at work on that day, shape ``(offset,)``.
    closed
        What closes days, in words.
    session_weekdays
        Weekdays on which a session is possible, 0 = Monday.
    slip
        Most days by which a session may come later than the interval wishes.
    following
        For each offset, the first possible one at or after it; the number of offsets where there
        is none. One more than `offsets`. Plain integers, because the search asks it often.
    """

    origin: date
    offsets: NDArray[np.bool_]
    work: NDArray[np.bool_]
    closed: tuple[Closed, ...]
    session_weekdays: frozenset[int]
    slip: int
    following: tuple[int, ...]

    @classmethod
    def of(cls, client: Client, suitability: Suitability, parameters: ParameterSet) -> Appointments:
        """Work out the possible days of a person.

        Raises
        ------
        UnknownNameError
            For a procedure of an unknown kind in the diary.
        """
        days = whole_days(parameters, "horizon_days")
        end = client.today + timedelta(days=days - 1)
        closed = closed_days(client, suitability, end, parameters)
        weekday = (client.today.weekday() + np.arange(days)) % 7
        possible = _open(client.today, days, closed, client.diary.session_weekdays)
        return cls(
            client.today,
            possible,
            _work_days(client.diary, client.today, weekday),
            closed,
            client.diary.session_weekdays,
            whole_days(parameters, "most_slip"),
            first_at_or_after(possible),
        )

    def offset(self, day: date) -> int:
        """Days from today."""
        return (day - self.origin).days

    def day(self, offset: int) -> date:
        """Date that lies so many days from today."""
        return self.origin + timedelta(days=int(offset))

    def allowed(self, day: date) -> bool:
        """Whether a session may take place on a day; never before today or beyond the horizon."""
        offset = self.offset(day)
        return 0 <= offset < self.offsets.size and bool(self.offsets[offset])

    def why_not(self, day: date) -> str:
        """Why no session may take place on a day, as half sentences; empty where it may."""
        offset = self.offset(day)
        if offset < 0:
            return f"{short_date(day)} is over"
        if offset >= self.offsets.size:
            return f"{short_date(day)} lies beyond the {self.offsets.size} days that are planned"
        reasons = [one.why for one in self.closed if one.first <= day <= one.last]
        if day.weekday() not in self.session_weekdays:
            reasons.append(f"{_WEEKDAYS[day.weekday()]} are not among the days for a session")
        return "; ".join(dict.fromkeys(reasons))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Everything that closes days, as half sentences; weekdays last."""
        closing = [one.why for one in self.closed if one.first <= one.last]
        if len(self.session_weekdays) < len(_WEEKDAYS):
            closing.append(self._weekdays_only)
        return tuple(dict.fromkeys(closing))

    @property
    def changeable_reasons(self) -> tuple[str, ...]:
        """Those of `reasons` that the person may think of changing."""
        held = {one.why for one in self.closed if not one.changeable}
        return tuple(why for why in self.reasons if why not in held)

    @property
    def _weekdays_only(self) -> str:
        named = [_WEEKDAYS[day] for day in sorted(self.session_weekdays)]
        return f"only {', '.join(named)} are days for a session"

    def first_without(self, why: str) -> date | None:
        """First day that would be possible if one of `reasons` did not stand against it."""
        closed = tuple(one for one in self.closed if one.why != why)
        weekdays = frozenset(range(7)) if why == self._weekdays_only else self.session_weekdays
        possible = np.flatnonzero(_open(self.origin, self.offsets.size, closed, weekdays))
        return self.day(possible[0]) if possible.size else None

    def days(self, first: date, last: date) -> tuple[date, ...]:
        """Possible days from the first to the last, both included."""
        begin, end = max(self.offset(first), 0), self.offset(last) + 1
        return tuple(
            self.day(begin + o) for o in np.flatnonzero(self.offsets[begin : max(end, 0)]).tolist()
        )

    def next_allowed(self, day: date) -> date | None:
        """First possible day at or after a day; None where there is none."""
        offset = max(self.offset(day), 0)
        if offset >= self.offsets.size or self.following[offset] == self.offsets.size:
            return None
        return self.day(self.following[offset])

    def series(self, start_offset: int, interval: int, count: int) -> NDArray[np.int64] | None:
        """Snap a series to possible days.

        The first session takes the first possible day at or after `start_offset`, however late
        that is; each further one the first at or after the one before plus the interval.

        Parameters
        ----------
        start_offset
            Days from today; below 0 counts as today.
        interval
            Wished days between sessions, at least 1.
        count
            Number of sessions.

        Returns
        -------
        numpy.ndarray or None
            Offsets, shape ``(count,)``, increasing; None where a session would slip by more than
            `slip` days, or the days end.
        """
        following, end = self.following, self.offsets.size
        wished, most = max(int(start_offset), 0), end
        chosen = []
        for _ in range(count):
            taken = following[wished] if wished < end else end
            if taken == end or taken - wished > most:
                return None
            chosen.append(taken)
            wished, most = taken + int(interval), self.slip
        return np.array(chosen, dtype=np.int64)

    def dates(self, offsets: Sequence[int] | NDArray[np.int64]) -> tuple[date, ...]:
        """Dates of offsets."""
        return tuple(self.day(offset) for offset in offsets)


def first_at_or_after(possible: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return for each offset, and one beyond, the first possible offset at or after it.

    Parameters
    ----------
    possible
        Shape ``(offset,)``.

    Returns
    -------
    tuple of int
        One entry more than `possible`; its number of entries where there is none.
    """
    own = np.where(possible, np.arange(possible.size), possible.size)
    following = np.minimum.accumulate(own[::-1])[::-1]
    return (*following.tolist(), possible.size)


def _open(
    origin: date, days: int, closed: Sequence[Closed], session_weekdays: frozenset[int]
) -> NDArray[np.bool_]:
    """Days that nothing closes, shape ``(offset,)``."""
    weekday = (origin.weekday() + np.arange(days)) % 7
    possible: NDArray[np.bool_] = np.isin(weekday, sorted(session_weekdays))
    for one in closed:
        possible &= ~_inside(origin, days, one.first, one.last)
    return possible


def _inside(origin: date, days: int, first: date, last: date) -> NDArray[np.bool_]:
    offset = np.arange(days)
    return (offset >= (first - origin).days) & (offset <= (last - origin).days)


def _work_days(diary: Diary, today: date, weekday: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Days on which others see the face: work weekdays, unless away."""
    work = np.isin(weekday, sorted(diary.work_weekdays))
    spans: tuple[Span, ...] = diary.away
    for span in spans:
        work &= ~_inside(today, weekday.size, span.first, span.last)
    return work
