"""Days on which no session may take place, and why: away, sun, other procedures, events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

from micropen.errors import unknown_name
from micropen.estimation.phrases import short_date
from micropen.evidence import ParameterSet
from micropen.planning.intake.client import Client, Procedure, Span
from micropen.planning.suitability.verdict import Suitability
from micropen.treatment import Condition, Person

PROCEDURES: Final = ("peel", "laser", "filler", "botulinum toxin", "waxing", "surgery")
"""Other procedures on the face that have waits (``planning.calendar.KIND_before``, ``_after``)."""

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Closed:
    """Days from the first to the last, both included, without a session.

    Parameters
    ----------
    first, last
        Nothing is closed where the last comes before the first.
    why
        Half a sentence: ``"you are away (Rome)"``.
    """

    first: date
    last: date
    why: str


def whole_days(parameters: ParameterSet, name: str) -> int:
    """Return a wait of ``planning.calendar`` in whole days, never rounded down."""
    return ceil(parameters.value(f"planning.calendar.{name}"))


def darkens_easily(person: Person, parameters: ParameterSet) -> bool:
    """Whether strict sun protection is asked for: melasma, dark marks before, or phototype 4 on."""
    return (
        person.melasma
        or person.has(Condition.HYPERPIGMENTATION)
        or person.phototype >= parameters.value("report.care.strict_sun_from_phototype")
    )


def sun_wait(person: Person, parameters: ParameterSet) -> int:
    """Days from a session to the first day of strong sun, by labels and by skin."""
    wait = whole_days(parameters, "sun_after")
    if darkens_easily(person, parameters):
        wait = max(wait, ceil(parameters.value("report.care.strict_sun_protection")))
    return wait


def closed_days(
    client: Client, suitability: Suitability, last: date, parameters: ParameterSet
) -> tuple[Closed, ...]:
    """Return every reason against days, from today on; weekdays apart.

    A wait of n days is over on the n-th day after: a session on the 1st and strong sun from the
    11th are 10 days apart, which a wait of 10 days allows.

    Parameters
    ----------
    client
        Diary and wishes.
    suitability
        Earliest day for a session.
    last
        Last day looked at.
    parameters
        Waits.

    Raises
    ------
    UnknownNameError
        For a kind of procedure without waits.
    """
    found = [*_suitable(client, suitability, last)]
    found += [Closed(s.first, s.last, _named("you are away", s.why)) for s in client.diary.away]
    for span in client.diary.sun:
        found += _sun(span, client.person, parameters)
    for procedure in client.diary.procedures:
        found += _procedure(procedure, parameters)
    found += [Closed(e.date, e.date, f"it is the day of {e.name}") for e in client.diary.events]
    if (finish := client.wishes.finish_by) is not None:
        why = f"the last session is wished for by {short_date(finish)}"
        found.append(Closed(finish + _ONE_DAY, last, why))
    return tuple(found)


def _named(what: str, name: str) -> str:
    return f"{what} ({name})" if name else what


def _suitable(client: Client, suitability: Suitability, last: date) -> Iterator[Closed]:
    earliest = suitability.earliest
    if earliest is None:
        yield Closed(client.today, last, "no session may take place before a clinician agrees")
    elif earliest > client.today:
        end = earliest - _ONE_DAY
        titles = [f.title for f in suitability.findings if f.until is not None and f.until >= end]
        why = _named(f"no session before {short_date(earliest)}", ", ".join(titles))
        yield Closed(client.today, end, why)


def _sun(span: Span, person: Person, parameters: ParameterSet) -> Iterator[Closed]:
    strict = darkens_easily(person, parameters)
    before = whole_days(parameters, "sun_before_strict" if strict else "sun_before")
    after = sun_wait(person, parameters)
    sun = _named("strong sun", span.why)
    yield Closed(
        span.first - timedelta(days=after - 1),
        span.first - _ONE_DAY,
        f"{sun} follows within {after} days, from {short_date(span.first)}",
    )
    yield Closed(span.first, span.last, f"it is a day of {sun}")
    yield Closed(
        span.last + _ONE_DAY,
        span.last + timedelta(days=before - 1),
        f"{sun} ended on {short_date(span.last)}, less than {before} days before",
    )


def _procedure(procedure: Procedure, parameters: ParameterSet) -> Iterator[Closed]:
    kind = procedure.kind.strip().lower()
    if kind not in PROCEDURES:
        raise unknown_name("procedure", procedure.kind, PROCEDURES)
    key = kind.replace(" ", "_")
    before, after = (whole_days(parameters, f"{key}_{side}") for side in ("before", "after"))
    day, on = procedure.date, short_date(procedure.date)
    yield Closed(
        day - timedelta(days=after - 1),
        day - _ONE_DAY,
        f"{kind} follows within {after} days, on {on}",
    )
    yield Closed(day, day, f"it is the day of another procedure ({kind})")
    yield Closed(
        day + _ONE_DAY,
        day + timedelta(days=before - 1),
        f"{kind} on {on} was less than {before} days before",
    )
