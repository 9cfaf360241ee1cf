"""Rows of the care table: what to do and to avoid, what to expect, when to call."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, ValidationError

from micropen.errors import MicropenError
from micropen.evidence import Grade, ParameterSet
from micropen.toml_files import Table, place, reason

NEXT: Final = "next"

Alarm = Literal["", "evening before", "morning"]
Forecast = Literal["", "makeup_from", "sport_from", "sun_from"]


class Kind(StrEnum):
    """What a row is."""

    DO = "do"
    AVOID = "avoid"
    EXPECT = "expect"
    CALL = "call"


def _day(value: object) -> object:
    if value == 0 and not isinstance(value, bool):
        return "0"
    return value


Day = Annotated[str, BeforeValidator(_day)]


class CareRow(Table):
    """One rule of care, as ``data/care.toml`` explains it.

    Parameters
    ----------
    key, kind
        Stable name; what it is.
    from_day, before_day
        First day on which it holds and the day on which it is over, since the session: ``"0"``,
        the name of a parameter in days, that name with a minus before it, or (the latter only)
        ``"next"`` for the next session.
    text, short, again
        As it begins, where it still holds, and what is possible once it is over.
    forecast
        Day of the session's forecast that may put `before_day` off; empty for none.
    when, unless
        Conditions of which one has to hold, and of which none may; empty `when` is always.
    finding
        A finding with this word in its key lets the row begin as early, and end as late, as its own
        condition.
    day_itself
        Whether the day `before_day` still counts: "after day 3".
    calendar, calendar_again, alarm
        Titles of entries in a calendar at the beginning and at the end; when the first rings.
    source, grade
        Bibliography key and evidence grade.
    """

    key: str
    kind: Kind
    from_day: Day
    before_day: Day
    text: str
    short: str = ""
    again: str = ""
    forecast: Forecast = ""
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    finding: str = ""
    day_itself: bool = False
    calendar: str = ""
    calendar_again: str = ""
    alarm: Alarm = ""
    source: Annotated[str, Field(min_length=1)]
    grade: Grade


@cache
def care_rows() -> tuple[CareRow, ...]:
    """Read the table, in its own order.

    Raises
    ------
    MicropenError
        Where a row lacks a field or has one that is not known.
    """
    file = files("micropen.planning.aftercare") / "data" / "care.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    try:
        return tuple(CareRow.model_validate({"key": key, **row}) for key, row in table.items())
    except ValidationError as error:
        found = error.errors()[0]
        where = place(found["loc"]).lstrip(".")
        raise MicropenError(f"Care row: {where} {reason(found)}.") from None


def day_number(day: str, parameters: ParameterSet) -> float:
    """Days since the session that a row's `from_day` or `before_day` stands for.

    Parameters
    ----------
    day
        ``"0"``, a parameter, a parameter with a minus, or ``"next"``.
    parameters
        Holds the days.

    Returns
    -------
    float
        Infinite for ``"next"``.

    Raises
    ------
    UnknownNameError
        A parameter that does not exist.
    """
    if day == NEXT:
        return float("inf")
    if day == "0":
        return 0.0
    return (
        -parameters.value(day.removeprefix("-")) if day.startswith("-") else parameters.value(day)
    )
