"""From the lines of the check-in file to check-ins, by time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from micropen.case.answers import (
    read_breakouts,
    read_makeup,
    read_score,
    read_sun,
    read_warning_signs,
)
from micropen.case.check_in import QUESTIONS, CheckIn
from micropen.case.columns import TIME
from micropen.case.moments import Moment, read_moment
from micropen.case.plain_words import writable
from micropen.case.table import CheckInTable, Line, parse_table
from micropen.case.tidying import CheckIns, Dated, line_numbers, tidied
from micropen.errors import CaseError

# More than three things at once nobody corrects.
_MOST_FINDINGS: Final = 3

_READERS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(QUESTIONS, read_score),
    "breakouts": read_breakouts,
    "makeup": read_makeup,
    "sun": read_sun,
    "warning_signs": read_warning_signs,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A cell that cannot be read.

    Parameters
    ----------
    column
        Where.
    sentence
        What is wrong with it; begins with the value.
    """

    column: str
    sentence: str


def read_check_ins(path: Path, first_session: datetime, now: datetime) -> CheckIns:
    """Read a check-in file (``docs/case.md``).

    Parameters
    ----------
    path
        The file; one that is not there holds no check-ins.
    first_session
        Local time of the end of the first session: earlier check-ins are kept apart.
    now
        Local time; check-ins later than that are left out.

    Raises
    ------
    CaseError
        For a file that cannot be read, and for every cell that cannot be understood: file, line,
        column, value and what is allowed. Nothing is left out silently.
    """
    file = path.name
    table = parse_table(read_bytes(path), file)
    found: list[Dated] = []
    problems: list[str] = []
    empty: list[int] = []
    for line in table.lines:
        dated, findings = _read_line(line)
        problems += [f"{file}, line {line.number}, {f.column}: {f.sentence}" for f in findings]
        if dated is None:
            continue
        if says_something(dated.check_in):
            found.append(dated)
        else:
            empty.append(line.number)
    if problems:
        more = len(problems) - _MOST_FINDINGS
        tail = f" And {more} more like these." if more > 0 else ""
        raise CaseError(" ".join(problems[:_MOST_FINDINGS]) + tail)
    return tidied(found, first_session, now, _notes_on(table, empty))


def read_bytes(path: Path) -> bytes:
    """Read the check-in file; empty where it is not there.

    Raises
    ------
    CaseError
        A folder, or not readable.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except IsADirectoryError:
        raise CaseError(f"{path} is a folder; it should be a table of check-ins.") from None
    except OSError as error:
        raise CaseError(f"{path} cannot be read: {error.strerror or error}.") from None


def says_something(check_in: CheckIn) -> bool:
    """Whether anything stands in a check-in besides its time."""
    return any(
        (
            check_in.scores,
            check_in.breakouts is not None,
            check_in.makeup is not None,
            check_in.sun,
            check_in.products,
            check_in.warning_signs,
            check_in.note,
        )
    )


def check_in_from(
    cells: Mapping[str, str], when: datetime, line: int = 0
) -> tuple[CheckIn, tuple[Finding, ...]]:
    """Build a check-in from texts, as they stand in the file or were given at the terminal.

    Parameters
    ----------
    cells
        Column to text; missing ones were not answered.
    when
        Local date and time.
    line
        Line of the file.

    Returns
    -------
    CheckIn
        Without the cells that cannot be read.
    tuple of Finding
        Those cells.
    """
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for column, reader in _READERS.items():
        try:
            values[column] = reader(cells.get(column, ""))
        except CaseError as error:
            findings.append(Finding(column, str(error)))
    check_in = CheckIn(
        when=when,
        scores={q: values[q] for q in QUESTIONS if values.get(q) is not None},
        breakouts=values.get("breakouts"),
        makeup=values.get("makeup"),
        sun=values.get("sun", ""),
        products=writable(cells.get("products", "")),
        warning_signs=values.get("warning_signs", ()),
        note=writable(cells.get("note", "")),
        line=line,
    )
    return check_in, tuple(findings)


def _read_line(line: Line) -> tuple[Dated | None, list[Finding]]:
    if line.extra:
        return None, [
            Finding(
                "the end of the line",
                f"{line.extra} more cell(s) than the first line has columns; put a text or a "
                'number that holds the separator in quotation marks, "like this".',
            )
        ]
    findings = []
    moment: Moment | None = None
    try:
        moment = _moment_of(line)
    except CaseError as error:
        findings.append(Finding("when", str(error)))
    when = moment.when if moment else datetime.min
    check_in, unread = check_in_from(line.cells, when, line.number)
    findings += unread
    dated = Dated(check_in, moment.timed) if moment else None
    return dated, findings


def _moment_of(line: Line) -> Moment:
    text = line.cells.get("when", "")
    if not text:
        raise CaseError("empty; give the date, such as 2027-06-08 or 2027-06-08 21:30.")
    moment = read_moment(text)
    time_of_day = line.cells.get(TIME, "")
    return moment if moment.timed or not time_of_day else read_moment(f"{text} {time_of_day}")


def _notes_on(table: CheckInTable, empty: Sequence[int]) -> list[str]:
    notes = []
    if table.own:
        names = ", ".join(map(repr, table.own))
        notes.append(f"Columns of your own, kept and not read: {names}.")
    if empty:
        notes.append(f"Left out for holding a date and no answer: {line_numbers(empty)}.")
    return notes
