"""Reading a person file: a `Client`, or one sentence that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from micropen.anatomy import ZONES, expand_zone
from micropen.errors import (
    MicropenError,
    OutsideEvidenceError,
    PersonFileError,
    UnknownNameError,
)
from micropen.planning.goals import goal as goal_named
from micropen.planning.intake import checks
from micropen.planning.intake.answers import Answered, read_answers
from micropen.planning.intake.client import (
    DEFAULT_NAME,
    Client,
    Diary,
    Event,
    Procedure,
    Span,
    Wishes,
)
from micropen.planning.intake.file_format import PersonFileTable, SpanTable, WishesTable
from micropen.planning.intake.sentences import explained, joined
from micropen.planning.intake.words import is_unknown
from micropen.toml_files import parse, read_text
from micropen.treatment import device as device_named
from micropen.treatment.person import OLDEST_YEARS

Found = TypeVar("Found")


def read_client(
    path: str | PathLike[str],
    today: date,
    *,
    events: Sequence[date] = (),
    device: str | None = None,
    goal: str | None = None,
) -> Client:
    """Read a person file (``docs/person-file.md``).

    Parameters
    ----------
    path
        The file.
    today
        Day on which the plan is made.
    events
        Days to be added to the events of the file; one that is in it already is not added.
    device, goal
        Take the place of what the file says.

    Raises
    ------
    PersonFileError
        Not readable, not TOML, incomplete or impossible; the sentence names the place.
    UnknownNameError
        Unknown device, goal or zone, with the nearest names.
    OutsideEvidenceError
        A minor.
    """
    file = Path(path)
    table = parse(read_text(file, "person file", PersonFileError), file, PersonFileError)
    return client_from_dict(table, today, str(file), events=events, device=device, goal=goal)


def client_from_dict(
    table: Mapping[str, Any],
    today: date,
    name: str = "person file",
    *,
    events: Sequence[date] = (),
    device: str | None = None,
    goal: str | None = None,
) -> Client:
    """Build a client from the tables of a file.

    Parameters
    ----------
    table
        As `tomllib` returns it; dates are `datetime.date`.
    today, events, device, goal
        As in `read_client`.
    name
        What error sentences call it.

    Raises
    ------
    PersonFileError, UnknownNameError, OutsideEvidenceError
        As `read_client`.
    """
    filled = _with_wishes(_with_age(_without_unknown(table), today), device, goal)
    try:
        checked = PersonFileTable.model_validate(filled)
    except ValidationError as error:
        raise explained(error, name, filled) from None
    answered = read_answers(checked, today)
    sentences = [*checks.findings(checked, today), *answered.findings]
    for day in events:
        sentences += checks.event_day("--event", day, today)
    if sentences:
        raise PersonFileError(f"{name}: {joined(sentences)}.")
    young = checks.minor(checked.person, today)
    if young is not None:
        raise OutsideEvidenceError(f"{name}: {young}.")
    try:
        return _client(checked, answered, today, events)
    except MicropenError as error:
        raise type(error)(f"{name}: {error}") from None


def _tables(table: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Copy a table, with the named tables of it copied too, or added where they are missing."""
    filled = dict(table)
    for name in names:
        inner = filled.setdefault(name, {})
        if isinstance(inner, Mapping):
            filled[name] = dict(inner)
    return filled


def _without_unknown(table: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the form says is "unknown"; among answers the word has a meaning."""
    filled = _tables(table, "person", "wishes", "diary")
    for name in ("person", "wishes", "diary"):
        if isinstance(filled[name], dict):
            filled[name] = {k: v for k, v in filled[name].items() if not is_unknown(v)}
    return filled


def _with_age(table: dict[str, Any], today: date) -> dict[str, Any]:
    """Fill in the age from the birth date."""
    person = table["person"]
    if isinstance(person, dict) and "age_years" not in person and "birth_date" in person:
        born = person["birth_date"]
        # A wrong type or an impossible date is reported where it stands: this lets it get there.
        age = checks.age_on(born, today) if type(born) is date else 0.0
        person["age_years"] = min(max(age, 0.0), OLDEST_YEARS)
    return table


def _with_wishes(table: dict[str, Any], device: str | None, goal: str | None) -> dict[str, Any]:
    """Put what the command line says in the place of what the file says."""
    wishes = table["wishes"]
    if isinstance(wishes, dict):
        stated = {"device": device, "goal": goal}
        wishes.update({key: value for key, value in stated.items() if value is not None})
    return table


def _client(
    table: PersonFileTable, answered: Answered, today: date, events: Sequence[date]
) -> Client:
    """Build the client of a file in which nothing is wrong but names, perhaps."""
    return Client(
        title=table.title,
        person=answered.person,
        wishes=_wishes(table.wishes),
        diary=_diary(table, events),
        today=today,
        answers=MappingProxyType(dict(answered.answers)),
    )


def _wishes(table: WishesTable) -> Wishes:
    return Wishes(
        goal=_named("wishes.goal", goal_named, table.goal).name,
        device=_named("wishes.device", device_named, table.device).name,
        zones=_zones(table.zones),
        downtime_days=table.downtime_days,
        pain=table.pain,
        pigment_risk=table.pigment_risk,
        most_sessions=table.most_sessions,
        finish_by=table.finish_by,
        anaesthetic=table.anaesthetic,
        aftercare=table.aftercare,
    )


def _named(where: str, find: Callable[[str], Found], name: str) -> Found:
    """Look a name up; what is said of an unknown one begins with its place."""
    try:
        return find(name)
    except UnknownNameError as error:
        raise type(error)(f"{where}: {error}") from None


def _zones(names: tuple[str, ...] | None) -> tuple[str, ...]:
    """Both sides where the side is left out, in the order of `ZONES`; none is the whole face."""
    found = {zone for name in names or () for zone in _named("wishes.zones", expand_zone, name)}
    return tuple(zone for zone in ZONES if zone in found)


def _diary(table: PersonFileTable, more_events: Sequence[date]) -> Diary:
    events = [Event(e.date, e.name or DEFAULT_NAME, e.wish, e.probability) for e in table.event]
    days = {event.date for event in events}
    events += [Event(day) for day in dict.fromkeys(more_events) if day not in days]
    return Diary(
        events=tuple(sorted(events, key=lambda event: event.date)),
        away=_spans(table.away),
        sun=_spans(table.sun),
        procedures=tuple(
            sorted((Procedure(p.kind, p.date) for p in table.procedure), key=lambda p: p.date)
        ),
        session_weekdays=table.diary.session_weekdays,
        work_weekdays=table.diary.work_weekdays,
        prepared_since=table.diary.prepared_since,
    )


def _spans(tables: Sequence[SpanTable]) -> tuple[Span, ...]:
    return tuple(sorted((Span(s.first, s.last, s.why) for s in tables), key=lambda s: s.first))
