"""Days of a followed case as a person says them: dates, and days since which session."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from micropen.estimation.result import Followed, ReadPoint


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns days since the first session into words.

    Parameters
    ----------
    sessions
        Days of the sessions since the first one, increasing; at least one.
    start
        Local time of the first session; None where it is not known.
    """

    sessions: tuple[float, ...]
    start: datetime | None

    @classmethod
    def of(cls, followed: Followed) -> Calendar:
        """Calendar of a followed case."""
        return cls(tuple(sorted(followed.session_days)) or (0.0,), followed.first_session)

    def when(self, day: float) -> datetime | None:
        """Local time of a day; None without a date, or for a day that is not a number."""
        if self.start is None or not math.isfinite(day):
            return None
        return self.start + timedelta(days=day)

    def session_before(self, day: float) -> int:
        """Number, from 0, of the latest session that was not after a day."""
        return max((k for k, s in enumerate(self.sessions) if s <= day), default=0)

    def days_since(self, day: float) -> int:
        """Days since the latest session as a calendar counts them: the next morning is day 1."""
        session = self.sessions[self.session_before(day)]
        now, then = self.when(day), self.when(session)
        if now is None or then is None:
            return math.floor(day - session + 1e-9)
        return (now.date() - then.date()).days

    def since(self, day: float) -> str:
        """``"day 4 after session 2"``; "after the session" where there was only one."""
        if not math.isfinite(day):
            return "no day known"
        count, number = self.days_since(day), self.session_before(day) + 1
        name = "the session" if len(self.sessions) == 1 else f"session {number}"
        if count < 0:
            return f"{_days(-count)} before {name}"
        return f"the day of {name}" if count == 0 else f"day {count} after {name}"

    def date(self, day: float) -> str:
        """``"Thursday 11 June 2026"``; empty without a date."""
        moment = self.when(day)
        return f"{moment:%A} {moment.day} {moment:%B %Y}" if moment else ""

    def short(self, day: float) -> str:
        """``"Thu 11 June, day 4"``; the day alone without a date."""
        moment = self.when(day)
        counted = self.since(day)
        if len(self.sessions) == 1:
            counted = counted.removesuffix(" after the session")
        return f"{moment:%a} {moment.day} {moment:%B}, {counted}" if moment else counted

    def of_reading(self, point: ReadPoint) -> str:
        """The moment of a reading, with its time of day where that is known."""
        words = self.short(point.day)
        return f"{words}, {point.when:%H:%M}" if point.when else words


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
