"""Columns of the check-in file: their names, and what people call them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from micropen.case.check_in import QUESTIONS
from micropen.case.plain_words import data_file, without_ends
from micropen.errors import CaseError

COLUMNS: Final = (
    "when",
    *QUESTIONS,
    "breakouts",
    "makeup",
    "sun",
    "products",
    "warning_signs",
    "note",
)
# Some spreadsheets keep the time of day apart; it is read where the file has it, never written.
TIME: Final = "time"
# A name so near to a known one is more likely mistyped than the person's own.
_MISTYPED: Final = 0.75


@lru_cache
def _known() -> Mapping[str, str]:
    told = data_file("words.toml")["columns"]
    names = {}
    for column in (*COLUMNS, TIME):
        for name in (column, *told.get(column, ())):
            names[without_ends(name)] = column
    return names


def column_of(name: str) -> str:
    """Return the column that a heading means, or ``""`` where it is none of the program's.

    Parameters
    ----------
    name
        As written: in any case, with accents, with a remark in brackets ("Redness (0-10)").
    """
    return _known().get(without_ends(re.sub(r"[(\[].*?[)\]]", "", name)), "")


def columns_of(names: Sequence[str], file: str) -> tuple[str, ...]:
    """Return the column of each heading; ``""`` for the person's own ones.

    Parameters
    ----------
    names
        Headings, in the order of the file.
    file
        What error sentences call the file.

    Raises
    ------
    CaseError
        For a heading so near to a column's name that it is probably mistyped, one column twice, or
        no date.
    """
    columns = tuple(column_of(name) for name in names)
    for name, column in zip(names, columns, strict=True):
        if not column:
            _refuse_mistyped(name, file)
        elif columns.count(column) > 1:
            both = [n for n, c in zip(names, columns, strict=True) if c == column]
            raise CaseError(
                f"{file}: the columns {' and '.join(map(repr, both))} both mean {column}; "
                "rename or remove one."
            )
    if "when" not in columns:
        raise CaseError(
            f"{file}: no column is called when (or date); its first line must name the columns, "
            f"such as {', '.join(COLUMNS[:3])}."
        )
    return columns


def _refuse_mistyped(name: str, file: str) -> None:
    near = difflib.get_close_matches(without_ends(name), _known(), n=1, cutoff=_MISTYPED)
    if near:
        column = _known()[near[0]]
        same = near[0] in {column, column.replace("_", " ")}
        meant = column if same else f"{near[0]} ({column})"
        raise CaseError(
            f"{file}: unknown column {name.strip()!r}; nearest: {meant}. Correct it, or choose "
            "another name if the column is your own."
        )
