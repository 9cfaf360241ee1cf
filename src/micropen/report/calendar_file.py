"""A plan as an iCalendar file (RFC 5545) that calendar programs open."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from icalendar import Alarm, Calendar, Event, vDuration

from micropen.atomic_writing import write_atomically
from micropen.evidence import load_parameters
from micropen.planning.aftercare import Care, CareLine, care_for
from micropen.planning.result import EventChance, NamedPlan, Planned, SessionLine
from micropen.report.words import share_words

NAME: Final = "plan.ics"

_PRODUCT: Final = "-//micropen//micropen//EN"
_PHOTOS: Final = ("first", "second", "third", "fourth", "fifth", "sixth")
_NO_DEVICE: Final = "An expectation from a model, not a medical device."


@dataclass(frozen=True, slots=True)
class _Entry:
    """One whole day of the calendar."""

    key: str  # stable within the plan
    on: date
    title: str
    text: str
    rings_h: float | None = None  # hours from the beginning of the day, negative before it
    kind: str = "care"


def calendar_bytes(planned: Planned, plan: NamedPlan) -> bytes:
    """Write a plan as iCalendar.

    Every entry is a whole day, marked private, and keeps no time busy. Names, settings, medicines
    and findings stay out of it; events keep the names that the person gave them.

    Parameters
    ----------
    planned, plan
        The plan, and everything around it.

    Returns
    -------
    bytes
        UTF-8 with CRLF, lines of at most 75 octets. The same plan gives the same bytes; entries of
        a plan that is made again later keep their UID, so that a calendar updates them.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Needling plan: {plan.title}")
    whose = _whose(planned, plan)
    entries = sorted(_entries(planned, plan), key=lambda entry: (entry.on, entry.key))
    for entry in entries:
        calendar.add_component(_component(entry, whose, planned.client.today))
    return bytes(calendar.to_ical())


def write_calendar(folder: Path, planned: Planned, plan: NamedPlan, *, name: str = NAME) -> Path:
    """Write `calendar_bytes` into a file of an existing folder, in one step.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    raw = calendar_bytes(planned, plan)
    return write_atomically(folder / name, lambda part: part.write_bytes(raw))


def _entries(planned: Planned, plan: NamedPlan) -> Iterator[_Entry]:
    """Every entry, those of sessions that overlap included."""
    yours = planned.origin.case_readings > 0
    for number, line in enumerate(plan.sessions, 1):
        later = plan.sessions[number].on if number < len(plan.sessions) else None
        care = care_for(
            planned.client.person,
            plan.treatment.sessions[number - 1].device,
            line.on,
            later,
            planned.suitability.findings,
            line,
            goal=planned.client.wishes.goal,
        )
        yield _session(line, care, number, len(plan.sessions))
        yield from _care(care, number, planned.client.today)
        yield from _photos(line, number, later)
    for number, chance in enumerate(plan.events, 1):
        yield _event(chance, number, yours)


def _session(line: SessionLine, care: Care, number: int, count: int) -> _Entry:
    title = "Needling session" if count == 1 else f"Needling session {number} of {count}"
    # As the sheet says it: labels, the person and the forecast together.
    again = (
        f"From {_day(c.again_on)}: {c.again[:1].lower()}{c.again[1:]}."
        for c in care.lines
        if c.again and c.again_on
    )
    text = "\n".join(
        (
            f"From {_day(line.clear_from)} on others are not expected to notice anything.",
            *again,
            f"The after-care sheet says what to do on which day. {_NO_DEVICE}",
        )
    )
    return _Entry(f"session-{number}", line.on, title, text, kind="session")


def _care(care: Care, number: int, today: date) -> Iterator[_Entry]:
    """Beginnings and ends of care that a calendar should hold, in words that tell no diagnosis."""
    session = f"session {number} on {_day(care.session_on)}"
    for line in care.lines:
        row = line.row
        if row.calendar:
            # What should have begun already begins today.
            on = max(line.first, min(today, care.session_on))
            ends = line.first > care.session_on and line.last is not None
            until = f" Until {_day(line.last)}." if ends and line.last else ""
            text = f"For {session}.{until} The after-care sheet says more."
            yield _Entry(f"{row.key}-{number}", on, row.calendar, text, _rings(line))
        if row.calendar_again and line.again and line.again_on is not None:
            text = f"{line.again}. After {session}; not while the skin is open, stings or weeps."
            yield _Entry(f"{row.key}-again-{number}", line.again_on, row.calendar_again, text)


def _rings(line: CareLine) -> float | None:
    """Hours from the beginning of the day to the reminder."""
    parameters = load_parameters()
    if line.row.alarm == "evening before":
        return -parameters.value("planning.aftercare.reminder_before")
    if line.row.alarm == "morning":
        return parameters.value("planning.aftercare.reminder_after")
    return None


def _photos(line: SessionLine, number: int, later: date | None) -> Iterator[_Entry]:
    """Days for photographs, until the day before the next session."""
    parameters = load_parameters()
    for name in _PHOTOS:
        days = round(parameters.value(f"planning.aftercare.{name}_photo"))
        on = line.on + timedelta(days=days)
        if later is None or on < later:
            yield _Entry(
                f"photo-{name}-{number}",
                on,
                f"Photograph of the face, day {days}",
                "Same place, light and pose as before; no make-up. micropen follow reads it.",
                kind="photograph",
            )


def _event(chance: EventChance, number: int, yours: bool) -> _Entry:
    whose = "your forecasts" if yours else "the forecasts of people like you"
    clear = f"Nothing is noticed on this day in {share_words(chance.clear)} of {whose}"
    text = f"{clear} ({chance.clear * 100:.0f} %; wanted: {chance.wanted * 100:.0f} %)."
    text += f"\nA glow is noticed in {share_words(chance.glow)}."
    if chance.session is not None:
        text += f"\nLatest session before it: {_day(chance.session)}."
    if chance.latest is not None:
        text += f"\nLatest day on which a session would still do: {_day(chance.latest)}."
    title = " ".join(chance.event.name.split()) or "The event"
    return _Entry(
        f"event-{number}", chance.event.date, title, f"{text}\n{_NO_DEVICE}", kind="event"
    )


def _component(entry: _Entry, whose: str, today: date) -> Event:
    event = Event()
    event.add("uid", f"{_digest(whose + entry.key)}@micropen")
    event.add("dtstamp", datetime.combine(today, time(), tzinfo=UTC))
    # Grows when the plan is made again, as a program that updates an entry wants it.
    event.add("sequence", today.toordinal())
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + timedelta(days=1))
    event.add("summary", _plain(entry.title))
    event.add("description", _plain(entry.text))
    event.add("categories", ["micropen", entry.kind])
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    if entry.rings_h is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _plain(entry.title))
        alarm["trigger"] = vDuration(timedelta(hours=entry.rings_h))
        event.add_component(alarm)
    return event


def _whose(planned: Planned, plan: NamedPlan) -> str:
    """Digest that tells the plans of one person from those of others without naming anybody."""
    person = planned.client.person.model_dump_json(exclude={"age_years"})
    told = "\n".join((planned.client.title, person, plan.key))
    return _digest(told)


def _digest(text: str) -> str:
    """Stable, and tells nothing: the name of an entry may hold a diagnosis."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _plain(text: str) -> str:
    """Without characters that RFC 5545 forbids in a text: controls other than a new line."""
    return "".join(c for c in text if c == "\n" or (c.isprintable() or c == "\u00a0"))


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
