"""The tables of a person file, as written; `reading` turns them into a `Client`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from micropen.planning.intake.client import EVERY_WEEKDAY, WORKING_WEEK, Wish
from micropen.planning.intake.words import (
    PROCEDURES,
    one_line,
    one_word_of,
    probability,
    some_weekdays,
    some_zones,
    tables_in_double_brackets,
    weekdays,
)
from micropen.toml_files import Table
from micropen.treatment import Aftercare, Anaesthetic, Person
from micropen.treatment.file_format import MOST_SESSIONS
from micropen.treatment.person import Number, TomlDate

LEAST_PROBABILITY = 0.5
"""Below an even chance nothing is promised."""
MOST_PROBABILITY = 0.999
"""2,000 draws cannot tell more."""
MOST_DOWNTIME_DAYS = 30
MOST_PAIN = 10

Text = Annotated[str, BeforeValidator(one_line), Field(max_length=200)]
Probability = Annotated[Number, BeforeValidator(probability)]


class EventTable(Table):
    """One ``[[event]]``.

    Parameters
    ----------
    date
        TOML date.
    name
        In the person's words.
    wish
        ``"clear"`` or ``"glow"``.
    probability
        With which probability nothing may be seen.
    """

    date: TomlDate
    name: Text = ""
    wish: Annotated[Wish, BeforeValidator(one_word_of(Wish))] = Wish.CLEAR
    probability: Annotated[Probability, Field(ge=LEAST_PROBABILITY, le=MOST_PROBABILITY)] | None = (
        None
    )


class SpanTable(Table):
    """One ``[[away]]`` or ``[[sun]]``: first and last day, both included, and why."""

    first: TomlDate
    last: TomlDate
    why: Text = ""


class ProcedureTable(Table):
    """One ``[[procedure]]``: another procedure on the face, past or planned."""

    kind: Annotated[str, BeforeValidator(one_word_of(PROCEDURES))]
    date: TomlDate


class WishesTable(Table):
    """``[wishes]``: as `micropen.planning.intake.client.Wishes`."""

    goal: str
    device: str
    zones: Annotated[tuple[str, ...], BeforeValidator(some_zones)] | None = None
    downtime_days: Annotated[Number, Field(ge=0, le=MOST_DOWNTIME_DAYS)] | None = None
    pain: Annotated[Number, Field(ge=0, le=MOST_PAIN)] | None = None
    pigment_risk: Annotated[Probability, Field(ge=0, le=1)] | None = None
    most_sessions: Annotated[int, Field(strict=True, ge=1, le=MOST_SESSIONS)] | None = None
    finish_by: TomlDate | None = None
    anaesthetic: Annotated[Anaesthetic, BeforeValidator(one_word_of(Anaesthetic))] = (
        Anaesthetic.TOPICAL
    )
    aftercare: Annotated[Aftercare, BeforeValidator(one_word_of(Aftercare))] = Aftercare.BLAND


class DiaryTable(Table):
    """``[diary]``: weekdays for sessions and of work, and since when a first one is prepared."""

    session_weekdays: Annotated[frozenset[int], BeforeValidator(some_weekdays)] = EVERY_WEEKDAY
    work_weekdays: Annotated[frozenset[int], BeforeValidator(weekdays)] = WORKING_WEEK
    prepared_since: TomlDate | None = None


def _tables(name: str) -> BeforeValidator:
    return BeforeValidator(tables_in_double_brackets(name))


class PersonFileTable(Table):
    """A whole person file.

    Parameters
    ----------
    title
        Free text.
    person
        As in a treatment file.
    answers
        By question key; checked against the questions by `micropen.planning.intake.answers`.
    wishes, diary, event, away, sun, procedure
        Tables of those names.
    """

    title: Text = ""
    person: Person
    answers: Mapping[str, Any] = Field(default_factory=dict)
    wishes: WishesTable
    diary: DiaryTable = DiaryTable()
    event: Annotated[tuple[EventTable, ...], _tables("event")] = ()
    away: Annotated[tuple[SpanTable, ...], _tables("away")] = ()
    sun: Annotated[tuple[SpanTable, ...], _tables("sun")] = ()
    procedure: Annotated[tuple[ProcedureTable, ...], _tables("procedure")] = ()
