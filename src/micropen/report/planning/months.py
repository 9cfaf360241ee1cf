"""The calendar drawn: the months of a plan, each day with what is on it."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from micropen.estimation.phrases import short_date
from micropen.planning.intake.client import Diary, Span
from micropen.planning.result import NamedPlan, Planned, SessionLine
from micropen.report.planning.wording import centre
from micropen.report.words import joined

# Side of a day, and room for the letters of the weekdays, in units of a drawing.
CELL: Final = 26
HEAD: Final = 18
_NAMES: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# Days after the last session that the calendar still looks at.
_AFTERWARDS: Final = 14
# Nobody reads more months than this; sessions beyond them stand in the list of dates.
_MOST: Final = 24


@dataclass(frozen=True, slots=True)
class Cell:
    """One day.

    Parameters
    ----------
    x, y
        Left and top in units of the drawing.
    number
        Day of the month.
    kinds
        What is on it: ``"session"``, ``"seen"``, ``"maybe"``, ``"event"``, ``"away"``, ``"sun"``,
        ``"procedure"``, ``"today"``, ``"work"``.
    title
        The day in words; empty where nothing is on it.
    """

    x: int
    y: int
    number: int
    kinds: frozenset[str]
    title: str


@dataclass(frozen=True, slots=True)
class Month:
    """One month: its name, height in units, days, and what is on it in words.

    `gap` names the months left out before it, because nothing is on them.
    """

    title: str
    height: int
    cells: tuple[Cell, ...]
    description: str
    gap: str


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Everything that the drawing knows of a day: kinds, and each in words."""

    kinds: frozenset[str]
    words: tuple[str, ...]


def months(planned: Planned, plan: NamedPlan) -> list[Month]:
    """Lay out every month with something on it, from today to the last session and event."""
    facts = _facts(planned, plan)
    found: list[Month] = []
    before: tuple[int, int] | None = None
    for year, month in sorted({(day.year, day.month) for day in facts})[:_MOST]:
        found.append(_month(year, month, facts, _gap(before, (year, month)), planned.client.diary))
        before = (year, month)
    return found


def kinds_of(found: Sequence[Month]) -> set[str]:
    """Which kinds the drawing has, for its key."""
    return {kind for month in found for cell in month.cells for kind in cell.kinds}


def _facts(planned: Planned, plan: NamedPlan) -> dict[date, DayFacts]:
    diary, today = planned.client.diary, planned.client.today
    told: dict[date, list[tuple[str, str]]] = {today: [("today", "today")]}

    def add(day: date, kind: str, words: str) -> None:
        told.setdefault(day, []).append((kind, words))

    for line in plan.sessions:
        for day, kind, words in _after(line):
            add(day, kind, words)
    for event in diary.events:
        add(event.date, "event", event.name)
    end = max([*told, today]) + timedelta(days=_AFTERWARDS)
    for kind, spans in (("away", diary.away), ("sun", diary.sun)):
        for span in spans:
            words = {"away": "no session possible", "sun": "strong sun"}[kind]
            for day in _days_of(span, today, end):
                add(day, kind, f"{words} ({span.why})" if span.why else words)
    for procedure in diary.procedures:
        if today <= procedure.date <= end:
            add(procedure.date, "procedure", procedure.kind)
    return {
        day: DayFacts(frozenset(k for k, _ in rows), tuple(w for _, w in rows))
        for day, rows in told.items()
    }


def _after(line: SessionLine) -> list[tuple[date, str, str]]:
    """The session and the days on which others notice something, surely or perhaps."""
    found = [(line.on, "session", f"session {line.number}")]
    likely = centre(line.downtime_days)
    for lag in range(1, (line.clear_from - line.on).days):
        seen = math.isfinite(likely) and lag < likely
        kind, words = ("seen", "likely noticed") if seen else ("maybe", "perhaps noticed")
        found.append((line.on + timedelta(days=lag), kind, f"{words} by others"))
    return found


def _days_of(span: Span, first: date, last: date) -> list[date]:
    start, end = max(span.first, first), min(span.last, last)
    return [start + timedelta(days=k) for k in range((end - start).days + 1)]


def _gap(before: tuple[int, int] | None, here: tuple[int, int]) -> str:
    """``"March"``, ``"March to June"``: months without anything between two of the drawing."""
    if before is None:
        return ""
    first, last = 12 * before[0] + before[1], 12 * here[0] + here[1] - 2
    if first > last:
        return ""
    names = [_NAMES[first % 12], _NAMES[last % 12]]
    return names[0] if first == last else " to ".join(names)


def _month(year: int, month: int, facts: dict[date, DayFacts], gap: str, diary: Diary) -> Month:
    first, length = monthrange(year, month)
    cells = []
    for number in range(1, length + 1):
        day = date(year, month, number)
        row, column = divmod(first + number - 1, 7)
        known = facts.get(day, DayFacts(frozenset(), ()))
        work = {"work"} if day.weekday() in diary.work_weekdays else set()
        title = f"{short_date(day)}: {joined(list(dict.fromkeys(known.words)))}"
        cells.append(
            Cell(CELL * column, HEAD + CELL * row, number, known.kinds | work,
                 title if known.words else "")
        )  # fmt: skip
    rows = (first + length - 1) // 7 + 1
    said = [cell.title for cell in cells if cell.kinds & {"session", "event", "procedure"}]
    name = f"{_NAMES[month - 1]} {year}"
    description = f"{name}. " + ("; ".join(said) if said else "No session, no event.")
    return Month(name, HEAD + CELL * rows, tuple(cells), description, gap)
