"""What no table can see by itself: dates against today, names against catalogues."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from micropen.evidence import load_parameters
from micropen.planning.intake.file_format import EventTable, PersonFileTable, SpanTable
from micropen.treatment import Person
from micropen.treatment.file_format import age_in_years
from micropen.treatment.person import OLDEST_YEARS

# Stated age and birth date may differ by a birthday.
_AGE_TOLERANCE_YEARS: Final = 1.0
# Nobody plans a face further ahead, and no holiday is longer: the year is a slip of the pen.
_FURTHEST_DAYS: Final = 5 * 365
_LONGEST_SPAN_DAYS: Final = 2 * 365


def findings(table: PersonFileTable, today: date) -> Iterator[str]:
    """Say what is impossible, one sentence each without a full stop.

    Parameters
    ----------
    table
        A file that is well formed.
    today
        Day on which the plan is made.
    """
    yield from _person(table.person, today)
    yield from _events(table.event, today)
    for name, spans in (("away", table.away), ("sun", table.sun)):
        for number, span in enumerate(spans, start=1):
            yield from _span(f"{name}[{number}]", span, today)
    for number, procedure in enumerate(table.procedure, start=1):
        yield from _too_far(f"procedure[{number}].date", procedure.date, today)
        yield from _before_birth(f"procedure[{number}].date", procedure.date, table.person)
    last = table.wishes.finish_by
    if last is not None and last < today:
        yield f"wishes.finish_by is {last}, before today ({today}): leave it out, or correct it"
    elif last is not None:
        yield from _too_far("wishes.finish_by", last, today)
    since = table.diary.prepared_since
    if since is not None and since > today:
        yield (
            f"diary.prepared_since is {since}, after today ({today}): leave it out; what comes "
            "before a first session then begins today"
        )


def age_on(born: date, day: date) -> float:
    """Return the age on a day in years; whole on a birthday, whatever leap years say."""
    birthdays = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return max(age_in_years(born, day), float(birthdays))


def minor(person: Person, today: date) -> str | None:
    """Say that a person is too young to plan for; None for an adult."""
    adult = load_parameters().value("treatment.limits.minimum_age")
    if person.age_years >= adult:
        return None
    age = math.floor(person.age_years * 10) / 10  # rounded, it would read 18.0
    return (
        f"The person is {age:g} years old on {today}; micropen plans for adults of "
        f"{adult:g} years and older only"
    )


def _person(person: Person, today: date) -> Iterator[str]:
    born, stopped = person.birth_date, person.isotretinoin_stopped
    if born is not None and born > today:
        yield f"person.birth_date is {born}, after today ({today}): correct the year"
    elif born is not None and (age := age_in_years(born, today)) > OLDEST_YEARS:
        yield (
            f"person.birth_date is {born}, which makes {age:.0f} years; at most {OLDEST_YEARS:g} "
            "are possible: correct the year"
        )
    elif born is not None and abs(age - person.age_years) > _AGE_TOLERANCE_YEARS:
        yield (
            f"person.age_years is {person.age_years:g}, but person.birth_date {born} makes "
            f"{age:.1f} years today ({today}); state one of them"
        )
    if stopped is not None and stopped > today:
        yield (
            f"person.isotretinoin_stopped is {stopped}, after today ({today}); if it is still "
            'taken, write medication = ["isotretinoin"] instead'
        )
    elif stopped is not None:
        yield from _before_birth("person.isotretinoin_stopped", stopped, person)


def _events(events: Sequence[EventTable], today: date) -> Iterator[str]:
    first_on: dict[date, int] = {}
    for number, event in enumerate(events, start=1):
        yield from event_day(f"event[{number}].date", event.date, today)
        if event.date in first_on:
            yield (
                f"event[{first_on[event.date]}] and event[{number}] are both on {event.date}: "
                "leave one out"
            )
        first_on.setdefault(event.date, number)


def event_day(where: str, day: date, today: date) -> Iterator[str]:
    """Say that an event is too far ahead.

    Of one that is over, the plan says what is still possible, which takes the person's calendar.
    """
    yield from _too_far(where, day, today)


def _span(where: str, span: SpanTable, today: date) -> Iterator[str]:
    if span.last < span.first:
        yield (
            f"{where}.last is {span.last}, before {where}.first ({span.first}): exchange them, or "
            "correct the year"
        )
        return
    days = (span.last - span.first).days + 1
    if days > _LONGEST_SPAN_DAYS:
        yield (
            f"{where} is {days} days long ({span.first} to {span.last}); at most "
            f"{_LONGEST_SPAN_DAYS} are possible: correct the year"
        )
        return
    yield from _too_far(f"{where}.last", span.last, today)


def _too_far(where: str, day: date, today: date) -> Iterator[str]:
    if (day - today).days > _FURTHEST_DAYS:
        yield f"{where} is {day}, more than 5 years from today ({today}): correct the year"


def _before_birth(where: str, day: date, person: Person) -> Iterator[str]:
    born = person.birth_date
    if born is not None and day < born:
        yield f"{where} is {day}, before person.birth_date ({born}): correct one of them"
