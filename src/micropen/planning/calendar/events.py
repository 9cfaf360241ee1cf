"""What a session leaves on an event's day: the latest that is safe, the best for the glow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.phrases import short_date
from micropen.evidence import ParameterSet
from micropen.planning.calendar.appointments import Appointments
from micropen.planning.calendar.chances import (
    DaysAfter,
    first_clear_day,
    no_spot,
    stays_clear,
)
from micropen.planning.intake.client import Event
from micropen.planning.result import EventChance, LagChance
from micropen.planning.session_response import Array


def wanted_of(event: Event, parameters: ParameterSet) -> float:
    """Return with which probability nothing may be noticed: the event's own, or the program's."""
    if event.probability is not None:
        return event.probability
    return parameters.value("estimation.words.event_share")


def event_chance(
    event: Event,
    sessions: Sequence[date],
    after: DaysAfter,
    appointments: Appointments,
    parameters: ParameterSet,
    days_before: int = 0,
) -> EventChance:
    """Return what a plan does for one event.

    Parameters
    ----------
    event
        The day, and what is wanted of it.
    sessions
        Days of the plan's sessions, all with the same settings.
    after
        The days after one of them.
    appointments
        On which days a session may take place.
    parameters
        The probability wanted, where the event does not say.
    days_before
        Days that a session keeps before the event at least, whatever is noticed.

    Returns
    -------
    EventChance
        Without a session before the event nothing is noticed and nothing glows.
    """
    wanted = wanted_of(event, parameters)
    before = [day for day in sessions if day <= event.date]
    clear, glow = chances_on(event.date, before, after)
    days = _Days.before(event, after, appointments, days_before)
    return EventChance(
        event=event,
        wanted=wanted,
        session=max(before, default=None),
        clear=clear,
        glow=glow,
        latest=days.latest(wanted),
        best_glow=days.best_glow(wanted),
        curve=tuple(
            LagChance(day, float(c), float(g))
            for day, (c, g) in enumerate(zip(after.clear, after.glow, strict=True))
        ),
    )


def chances_on(day: date, sessions: Sequence[date], after: DaysAfter) -> tuple[float, float]:
    """Return the chances on a day that nothing is noticed, and that a glow is and nothing else.

    All sessions count, draw by draw: what is noticed of any is noticed, and spots add up. Beyond
    the days that are known the last of them stands for all later ones, but a glow is over. Two
    faint glows that others would notice together are not added up: the chance of a glow is then
    told a little low, never high.

    Parameters
    ----------
    day
        The day.
    sessions
        None of them after that day.
    after
        The days after any of them.

    Returns
    -------
    clear, glow
        1 and 0 without a session.
    """
    if not sessions:
        return 1.0, 0.0
    since = [(day - session).days for session in sessions]
    lags = [min(days, after.last) for days in since]
    known = [days for days in since if days <= after.last]
    unseen = ~after.noticed[:, lags].any(axis=1) * no_spot(after.spots[:, lags].sum(axis=1))
    glowing = after.glowing[:, known].any(axis=1)
    return float(unseen.mean()), float((unseen * glowing).mean())


@dataclass(frozen=True, slots=True, eq=False)
class _Days:
    """Possible session days before an event.

    Parameters
    ----------
    possible
        Offsets from today, increasing.
    lags
        Days from each of them to the event, the last known day at most, shape as `possible`.
    after, appointments
        Of the caller.
    """

    possible: NDArray[np.int64]
    lags: NDArray[np.int64]
    after: DaysAfter
    appointments: Appointments

    @classmethod
    def before(
        cls, event: Event, after: DaysAfter, appointments: Appointments, days_before: int = 0
    ) -> _Days:
        end = appointments.offset(event.date)
        last = min(end, end - days_before + 1) if days_before else end
        possible = np.flatnonzero(appointments.offsets[: max(last, 0)])
        return cls(possible, np.minimum(end - possible, after.last), after, appointments)

    def safe(self, wanted: float) -> NDArray[np.bool_]:
        """Whether nothing is noticed from the event's day on, with the probability wanted."""
        first = first_clear_day(self.after.clear, wanted)
        return np.zeros(self.lags.shape, np.bool_) if first is None else self.lags >= first

    def latest(self, wanted: float) -> date | None:
        """Latest safe day for a session."""
        safe = self.possible[self.safe(wanted)]
        return self.appointments.day(safe[-1]) if safe.size else None

    def best_glow(self, wanted: float) -> date | None:
        """Safe day with the best chance of a glow; the latest of equals, None where none glows."""
        chance = np.where(self.safe(wanted), self.after.glow[self.lags], 0.0)
        # Beyond the days that are known the glow is over, and the last of them would tie for ever.
        chance = np.where(self.lags < self.after.last, chance, 0.0)
        if not chance.size or chance.max() <= 0.0:
            return None
        return self.appointments.day(self.possible[np.flatnonzero(chance == chance.max())[-1]])

    def most_clear(self) -> tuple[date, float] | None:
        """Day for a session after which least is noticed from the event on, and that chance.

        The day that stays clear best, not the one with a good moment before peeling begins.
        """
        if not self.possible.size:
            return None
        stays: Array = stays_clear(self.after.clear)[self.lags]
        # The earliest of equals, which leaves the skin most time.
        best = int(stays.argmax())
        return self.appointments.day(self.possible[best]), float(stays[best])


def still_possible(
    event: Event, after: DaysAfter, appointments: Appointments, parameters: ParameterSet
) -> str:
    """Say what is still possible for an event to come, also where it is near, or today.

    Parameters
    ----------
    event
        The day.
    after
        The days after a session with the settings in question.
    appointments
        On which days a session may take place.
    parameters
        The probability wanted, where the event does not say.

    Returns
    -------
    str
        One to three plain sentences; probabilities are those of the forecasts.
    """
    on, name = short_date(event.date), event.name
    wanted = wanted_of(event, parameters)
    days = _Days.before(event, after, appointments)
    if (latest := days.latest(wanted)) is not None:
        return (
            f"A session by {short_date(latest)} leaves at least {percent(wanted)} that others "
            f"notice nothing from {on} on ({name}), by the forecasts."
        )
    best, later = days.most_clear(), _first_after(event, appointments)
    if best is None:
        why = appointments.why_not(appointments.origin)
        return (
            f"No session is possible before {on} ({name}): {why}. Without one the skin stays as it "
            f"is for that day. {later}"
        )
    return (
        f"No session before {on} ({name}) leaves {percent(wanted)} that others notice nothing from "
        f"that day on. The best is {percent(best[1])}, with a session on {short_date(best[0])}, by "
        f"the forecasts. {later}"
    )


def over(event: Event, appointments: Appointments) -> str:
    """Say that an event is over, what may have been meant, and what is still possible.

    Parameters
    ----------
    event
        Before today.
    appointments
        On which days a session may take place.
    """
    today = appointments.origin
    day = appointments.next_allowed(today)
    possible = (
        "no day is possible for a session within those that are planned"
        if day is None
        else f"a first session from {short_date(day)} {day.year}"
    )
    again = _same_day_ahead(event.date, today)
    return (
        f"{_begin(event.name)} on {event.date} is over (today is {today}). Correct its date (was "
        f"{again} meant?) or leave it out. Still possible: {possible}."
    )


def _same_day_ahead(day: date, today: date) -> date:
    """The next such day of a year; 1 March for a leap day where there is none."""
    for year in (today.year, today.year + 1):
        try:
            again = day.replace(year=year)
        except ValueError:
            again = date(year, 3, 1)
        if again >= today:
            return again
    return again


def _begin(name: str) -> str:
    return name[:1].upper() + name[1:]


def _first_after(event: Event, appointments: Appointments) -> str:
    day = appointments.next_allowed(event.date)
    if day is None:
        return "No day after it is possible either, within the days that are planned."
    return f"The first day after it on which a session is possible is {short_date(day)}."


def percent(probability: float) -> str:
    """``"a 95 % chance"``, never rounded up; ``"less than a 1 % chance"``."""
    whole = floor(100.0 * probability + 1e-6)
    if whole < 1:
        return "less than a 1 % chance"
    # An eighth, an eleventh, an eighteenth and the eighties are spoken with a vowel.
    article = "an" if whole in (8, 11, 18) or 80 <= whole < 90 else "a"
    return f"{article} {min(whole, 99)} % chance"
