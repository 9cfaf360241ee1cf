"""A check-in added to the file: whole or not at all, and no line of another is ever lost."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Final

from micropen.atomic_writing import write_atomically
from micropen.case.case import CHECK_INS, KEPT, case_folder
from micropen.case.check_in import Answer, CheckIn
from micropen.case.locks import file_lock
from micropen.case.plain_words import writable
from micropen.case.reading import read_bytes
from micropen.case.table import CheckInTable, parse_table, with_line
from micropen.errors import CaseError

# Writing takes milliseconds; who waits longer waits for something that hangs.
_LONGEST_WAIT_S: Final = 10.0
_NUMBERS: Final = re.compile(r"[0-9]+[.,][0-9]+")


@dataclass(frozen=True, slots=True)
class Added:
    """Where a check-in was written.

    Parameters
    ----------
    file
        The table of check-ins.
    line
        Its line, from 1.
    new_columns
        Columns that the table did not have and the check-in needed.
    """

    file: Path
    line: int
    new_columns: tuple[str, ...]


def add_check_in(folder: str | PathLike[str], check_in: CheckIn) -> Added:
    """Add one line to the check-ins of a case.

    Every byte that stood in the file stays, lines that cannot be understood included; separator,
    order of columns, line ends, byte order mark and decimal sign are followed.

    Parameters
    ----------
    folder
        The case folder.
    check_in
        What to add; its seconds are kept only if they are not 0.

    Returns
    -------
    Added
        Where it stands.

    Raises
    ------
    CaseError
        No case folder, an empty check-in, a table whose columns cannot be told, or a folder that
        cannot be written; the file is as it was.
    OutputError
        The file itself cannot be written; it is as it was.
    """
    place = case_folder(folder)
    with file_lock(place / KEPT / ".checkins.lock", "writing a check-in", _LONGEST_WAIT_S):
        # Through a link, so that the file it points to is replaced and not the link.
        path = (place / CHECK_INS).resolve()
        table = parse_table(read_bytes(path), CHECK_INS)
        cells = cells_of(check_in, table)
        if not any(text for column, text in cells.items() if column != "when"):
            raise CaseError(
                "A check-in without an answer is not written; answer at least one question."
            )
        new = with_line(table, cells)
        _write(path, new)
    after = parse_table(new, CHECK_INS)
    fresh = tuple(column for column in after.header if column not in table.header)
    return Added(place / CHECK_INS, after.lines[-1].number, fresh)


def cells_of(check_in: CheckIn, table: CheckInTable) -> dict[str, str]:
    """Write a check-in as texts of its columns, in the manner of a table."""
    between = ", " if table.separator == ";" else "; "
    when = check_in.when.replace(tzinfo=None)
    return {
        "when": when.isoformat(" ", "seconds").removesuffix(":00"),
        **{name: _score(answer, table) for name, answer in check_in.scores.items()},
        "breakouts": "" if check_in.breakouts is None else str(check_in.breakouts),
        "makeup": {None: "", True: "yes", False: "no"}[check_in.makeup],
        "sun": check_in.sun,
        "products": writable(check_in.products),
        "warning_signs": between.join(check_in.warning_signs),
        "note": writable(check_in.note),
    }


def _score(answer: Answer, table: CheckInTable) -> str:
    low, high = f"{answer.low:g}", f"{answer.high:g}"
    written = answer.written or (low if low == high else f"{low}-{high}")
    decimal = "," if table.decimal_comma else "."
    return _NUMBERS.sub(lambda found: re.sub("[.,]", decimal, found[0]), written)


def _write(path: Path, content: bytes) -> None:
    def write(part: Path) -> None:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, part)

    write_atomically(path, write)
