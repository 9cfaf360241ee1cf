"""Days on which no session may take place, and why: away, sun, other procedures, events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

from micropen.errors import unknown_name
from micropen.estimation.phrases import short_date
from micropen.evidence import ParameterSet
from micropen.planning.intake.client import Client, Procedure, Span
from micropen.planning.intake.words import PROCEDURES
from micropen.planning.suitability.rule import Wait, rules_for
from micropen.planning.suitability.verdict import Suitability
from micropen.treatment import Condition, Person, device

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
    changeable
        Whether the person may think of changing it; not what suitability holds back.
    """

    first: date
    last: date
    why: str
    changeable: bool = True


@dataclass(frozen=True, slots=True)
class _Before:
    """Waits until a session may be, as the rules of suitability say them on a device."""

    sun: tuple[Wait, ...]
    procedures: Mapping[str, tuple[Wait, ...]]

    @classmethod
    def on(cls, device_name: str) -> _Before:
        table = rules_for(device(device_name))
        holding = [(rule, rule.wait) for rule in table if rule.wait is not None]
        return cls(
            tuple(wait for rule, wait in holding if rule.sun == "past"),
            {
                kind: tuple(wait for rule, wait in holding if kind in rule.procedures)
                for kind in PROCEDURES
            },
        )


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
    wait = ceil(parameters.value("planning.aftercare.dermapen_sun_wait"))
    if darkens_easily(person, parameters):
        wait = max(wait, ceil(parameters.value("report.care.strict_sun_protection")))
    return wait


def closed_days(
    client: Client, suitability: Suitability, last: date, parameters: ParameterSet
) -> tuple[Closed, ...]:
    """Return every reason against days, from today on; weekdays apart.

    Waits before a session are those of suitability, so that what was and what is planned are
    treated alike: the last day of a wait is still held back. Waits after a session are over on
    their last day: strong sun on the 11th is 10 days after a session on the 1st.

    Parameters
    ----------
    client
        Diary and wishes.
    suitability
        Earliest day for a session.
    last
        Last day looked at.
    parameters
        Waits after a session.

    Raises
    ------
    UnknownNameError
        For a kind of procedure that the intake does not know, or a device.
    """
    found = [*_suitable(client, suitability, last)]
    found += [Closed(s.first, s.last, _named("you are away", s.why)) for s in client.diary.away]
    waits = _Before.on(client.wishes.device)
    for span in client.diary.sun:
        found += _sun(span, waits, sun_wait(client.person, parameters))
    for procedure in client.diary.procedures:
        found += _procedure(procedure, waits, parameters)
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
        yield Closed(
            client.today, last, "no session may take place before a clinician agrees", False
        )
    elif earliest > client.today:
        end = earliest - _ONE_DAY
        titles = [
            f.title
            for f in suitability.findings
            if (f.until is not None and f.until >= end) or f.prepares_days > 0.0
        ]
        why = _named(f"no session before {short_date(earliest)}", ", ".join(titles))
        yield Closed(client.today, end, why, changeable=False)


def _sun(span: Span, waits: _Before, after: int) -> Iterator[Closed]:
    sun = _named("strong sun", span.why)
    yield Closed(
        span.first - timedelta(days=after - 1),
        span.first - _ONE_DAY,
        f"{sun} follows within {after} days, from {short_date(span.first)}",
    )
    yield Closed(span.first, span.last, f"it is a day of {sun}")
    yield _recent(sun, span.last, waits.sun)


def _procedure(procedure: Procedure, waits: _Before, parameters: ParameterSet) -> Iterator[Closed]:
    kind = procedure.kind.strip().lower()
    if kind not in PROCEDURES:
        raise unknown_name("procedure", procedure.kind, PROCEDURES)
    day, after = procedure.date, whole_days(parameters, f"{kind.replace(' ', '_')}_after")
    yield Closed(
        day - timedelta(days=after - 1),
        day - _ONE_DAY,
        f"{kind} follows within {after} days, on {short_date(day)}",
    )
    yield Closed(day, day, f"it is the day of another procedure ({kind})")
    yield _recent(kind, day, waits.procedures.get(kind, ()))


def _recent(what: str, ended: date, waits: tuple[Wait, ...]) -> Closed:
    """Days after something that suitability still holds back; none without a rule."""
    end = max((wait.end(ended) for wait in waits), default=ended)
    why = f"{what} ended on" if what.startswith("strong") else f"{what} was on"
    return Closed(
        ended + _ONE_DAY,
        end,
        f"{why} {short_date(ended)}: no session until {short_date(end + _ONE_DAY)}",
    )
