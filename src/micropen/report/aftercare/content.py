"""What the after-care sheet says, in words, before it is laid out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from micropen._version import __version__
from micropen.case import WARNING_SIGNS
from micropen.errors import MicropenError
from micropen.evidence import Grade, source
from micropen.planning.aftercare import Care, CareCondition, CareDay, CareLine, care_for
from micropen.planning.result import LagChance, NamedPlan, Planned
from micropen.report.words import joined, sentence

# A title longer than one line of the sheet is cut; the page of the plan has it whole.
_LONGEST_TITLE: Final = 70


@dataclass(frozen=True, slots=True)
class Note:
    """A text with the number of its source, 0 for none; what only goes on is printed softer."""

    text: str
    mark: int = 0
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: when, what to expect, what to do and what to avoid."""

    when: str
    dates: str
    expect: tuple[Note, ...]
    do: tuple[Note, ...]
    avoid: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the sheet shows; plain text.

    Parameters
    ----------
    who
        Title of the person file; may be empty.
    session, others
        The session in words; the other sessions of the plan, may be empty.
    rows
        The table.
    conditions
        Title and text of what findings ask.
    flags, calls
        Signs that need a clinician; reasons to call the practice.
    sources
        Numbered from 1, each with its grade.
    note
        On whose word the care rests, may be empty.
    small
        What it is not, and what made it.
    """

    who: str
    session: str
    others: str
    rows: tuple[Row, ...]
    conditions: tuple[tuple[str, Note], ...]
    flags: tuple[str, ...]
    calls: tuple[Note, ...]
    sources: tuple[str, ...]
    note: str
    small: str


class _Marks:
    """Numbers sources in the order in which the sheet uses them."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Grade], int] = {}

    def of(self, key: str, grade: Grade) -> int:
        """Number of a source with a grade."""
        return self._numbers.setdefault((key, grade), len(self._numbers) + 1)

    def printed(self) -> tuple[str, ...]:
        """One line a number."""
        return tuple(f"{_named(key)} ({grade})" for key, grade in self._numbers)


def sheet_of(planned: Planned, plan: NamedPlan, number: int = 1) -> Sheet:
    """Say what the sheet of one session says.

    Parameters
    ----------
    planned, plan
        The plan, and everything around it.
    number
        Of the session, from 1.

    Returns
    -------
    Sheet
        The same for the same plan.

    Raises
    ------
    MicropenError
        The plan has no session of this number.
    """
    if not 1 <= number <= len(plan.sessions):
        raise MicropenError(
            f"There is no session {number} in the plan {plan.key!r}; it has sessions "
            f"1 to {len(plan.sessions)}."
        )
    care = _care(planned, plan, number)
    marks = _Marks()
    rows = tuple(_row(day, marks) for day in care.days)
    conditions = tuple(_condition(c, care.session_on, marks) for c in care.conditions)
    calls = tuple(Note(text) for text in care.calls)
    return Sheet(
        _cut(planned.client.title),
        _session(plan, number),
        _others(plan, number),
        rows,
        conditions,
        tuple(WARNING_SIGNS.values()),
        calls,
        marks.printed(),
        care.note,
        f"Made by micropen {__version__} on {_date(planned.client.today, year=True)}. An "
        "expectation from a model and from labels, not a medical device: what your practice or "
        "your clinician tells you comes first.",
    )


def _care(planned: Planned, plan: NamedPlan, number: int) -> Care:
    line = plan.sessions[number - 1]
    later = plan.sessions[number:]
    return care_for(
        planned.client.person,
        plan.treatment.sessions[number - 1].device,
        line.on,
        later[0].on if later else None,
        planned.suitability.findings,
        line,
        goal=planned.client.wishes.goal,
        curve=_curve(plan),
    )


def _curve(plan: NamedPlan) -> Sequence[LagChance]:
    """Chances by day after a session; every event of a plan has the same ones."""
    return next((event.curve for event in plan.events if event.curve), ())


def _row(day: CareDay, marks: _Marks) -> Row:
    return Row(
        day.title,
        _dates(day),
        tuple(Note(said) for said in day.expect),
        tuple(_do(day, marks)),
        tuple(_avoid(day, marks)),
    )


def _do(day: CareDay, marks: _Marks) -> Iterator[Note]:
    for line in day.do:
        yield _begins(line, day, marks)
    if day.still_do:
        yield Note(_tied(f"Still: {'; '.join(line.short for line in day.still_do)}."), goes_on=True)
    for on in sorted({line.again_on for line in day.again if line.again_on}):
        said = [
            line.again[:1].lower() + line.again[1:] for line in day.again if line.again_on == on
        ]
        from_then = "Possible again" if on == day.first else f"Possible from {_date(on)}"
        yield Note(_tied(f"{from_then}: {'; '.join(said)}."))


def _avoid(day: CareDay, marks: _Marks) -> Iterator[Note]:
    for line in day.avoid:
        yield _begins(line, day, marks)
    if day.still_avoid:
        yield Note(f"Still no: {'; '.join(line.short for line in day.still_avoid)}.", goes_on=True)


def _tied(text: str) -> str:
    return text.replace("SPF ", "SPF\u00a0")


def _begins(line: CareLine, day: CareDay, marks: _Marks) -> Note:
    """A line on the day on which it begins, with its date where the row has several days."""
    lead = f"From {_date(line.first)}: " if day.first != day.last else ""
    text = line.text[:1].lower() + line.text[1:] if lead else line.text
    return Note(_tied(lead + text), marks.of(line.source, line.grade))


def _condition(of: CareCondition, session_on: date, marks: _Marks) -> tuple[str, Note]:
    text = sentence(of.text)
    if of.first < session_on < of.last:
        text += f" From {_date(of.first)} to {_date(of.last)}."
    elif of.first < session_on:
        text += f" From {_date(of.first)}."
    elif of.last > session_on:
        text += f" Until {_date(of.last)}."
    return of.title, Note(text, marks.of(of.source, of.grade))


def _session(plan: NamedPlan, number: int) -> str:
    on = plan.sessions[number - 1].on
    device = plan.treatment.sessions[number - 1].device.label
    count = len(plan.sessions)
    which = "Session" if count == 1 else f"Session {number} of {count}"
    return f"{which}: {on:%A} {on.day} {on:%B %Y}, {device}"


def _others(plan: NamedPlan, number: int) -> str:
    rest = [line for line in plan.sessions if line.number != number]
    if not rest:
        return ""
    said = joined([f"{_date(line.on, year=True)} (session {line.number})" for line in rest])
    return f"The same care holds around {said}; count the days from there."


def _dates(day: CareDay) -> str:
    if day.last is None:
        return f"from {_date(day.first)}"
    if day.first == day.last:
        return _date(day.first)
    first, last = (_date(d).replace(" ", "\u00a0") for d in (day.first, day.last))
    return f"{first} – {last}"


def _date(day: date, *, year: bool = False) -> str:
    """``"Fri 12 March"``, with the year where asked."""
    words = f"{day:%a} {day.day} {day:%b}"
    return f"{words} {day:%Y}" if year else words


def _named(key: str) -> str:
    of = source(key)
    return of.title.strip("[]") if of.key != "assumed" else "common advice, assumed by us"


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_TITLE else text[: _LONGEST_TITLE - 1].rstrip() + "…"
