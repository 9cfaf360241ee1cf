"""The check-in file as a table of texts; a line is added without touching a byte of the others."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from micropen.case.columns import COLUMNS, column_of, columns_of
from micropen.errors import CaseError

_BOM: Final = b"\xef\xbb\xbf"
_SEPARATORS: Final = (",", ";", "\t")
# A diary of ten years holds less than one megabyte.
_LARGEST_BYTES: Final = 10_000_000
_DECIMAL_COMMA: Final = re.compile(r"\s*[0-9]+,[0-9]+\s*")
_DECIMAL_POINT: Final = re.compile(r"\s*[0-9]+\.[0-9]+\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file.

    Parameters
    ----------
    number
        Where it begins, from 1.
    cells
        Column to text; columns of the person's own left out.
    extra
        Number of cells beyond the last heading that hold something.
    """

    number: int
    cells: Mapping[str, str]
    extra: int


@dataclass(frozen=True, slots=True)
class CheckInTable:
    """A check-in file, taken apart into texts.

    Parameters
    ----------
    file
        What error sentences call it.
    text
        The whole file without its byte order mark.
    bom
        Whether it had one.
    header
        Column of each heading; ``""`` for the person's own.
    own
        Headings of the person's own columns.
    header_end
        Where in `text` the headings end, before the line break; None without headings.
    lines
        Lines that hold anything.
    separator, newline
        As found.
    decimal_comma
        Whether numbers are written with a comma.
    """

    file: str
    text: str
    bom: bool
    header: tuple[str, ...]
    own: tuple[str, ...]
    header_end: int | None
    lines: tuple[Line, ...]
    separator: str
    newline: str
    decimal_comma: bool


def parse_table(raw: bytes, file: str) -> CheckInTable:
    """Take a check-in file apart.

    Parameters
    ----------
    raw
        Its bytes: UTF-8 with or without byte order mark; separator comma, semicolon or tab.
    file
        What error sentences call it.

    Raises
    ------
    CaseError
        Not text, headings that cannot be understood, or a quotation mark that is never closed.
    """
    text = _decode(raw, file)
    first, separator = _told_separator(text)
    physical = list(io.StringIO(text, newline=""))
    separator = separator or _find_separator(physical)
    records = list(_records(physical, first, separator, file))
    heading = records[0] if records else _Record(0, 0, COLUMNS)
    header = columns_of(heading.cells, file)
    named = zip(heading.cells, header, strict=False)
    rows = [r for r in records[1:] if any(cell.strip() for cell in r.cells)]
    last = physical[heading.end - 1] if records else ""
    newline = next((end for end in ("\r\n", "\n", "\r") if last.endswith(end)), "")
    return CheckInTable(
        file=file,
        text=text,
        bom=raw.startswith(_BOM),
        header=header,
        own=tuple(name.strip() for name, column in named if not column and name.strip()),
        header_end=len("".join(physical[: heading.end])) - len(newline) if records else None,
        lines=tuple(_line(row, heading.cells, header) for row in rows),
        separator=separator,
        newline=newline or "\n",
        decimal_comma=_uses_decimal_comma([cell for r in rows for cell in r.cells], separator),
    )


@dataclass(frozen=True, slots=True)
class _Record:
    """Cells of one record, with the lines at which it begins (from 1) and ends."""

    start: int
    end: int
    cells: Sequence[str]


def _decode(raw: bytes, file: str) -> str:
    if len(raw) > _LARGEST_BYTES:
        raise CaseError(f"{file} is larger than 10 MB; check-ins are a small table.")
    if b"\0" in raw:
        raise CaseError(
            f'{file} is not plain text; save the table as "CSV UTF-8", not as a workbook.'
        )
    try:
        return raw.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as found:
        line = raw[: found.start].count(b"\n") + 1
        raise CaseError(
            f'{file} is not UTF-8 text (line {line}); save it as "CSV UTF-8".'
        ) from None


def _told_separator(text: str) -> tuple[int, str]:
    """Number of lines before the headings, and the separator that such a line tells."""
    told = re.match(r"sep=([,;\t|])\r?\n", text, re.IGNORECASE)
    return (1, told[1]) if told else (0, "")


def _find_separator(physical: Sequence[str]) -> str:
    """Return the separator by which the first line falls into most known columns."""
    first = next((line for line in physical if line.strip()), "")

    def known(separator: str) -> int:
        return sum(bool(column_of(n)) for n in next(csv.reader([first], delimiter=separator), []))

    return max(_SEPARATORS, key=known)


def _records(physical: Sequence[str], first: int, separator: str, file: str) -> Iterator[_Record]:
    """Give the records that are not an empty line, from the line `first` on."""
    lines = iter(physical[first:])
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    start = first + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise CaseError(
                f"{file}, line {start}: a quotation mark is opened and not closed, or stands "
                'inside quoted text; write text in quotation marks as "like this", and a mark '
                'inside it twice, as "".'
            ) from None
        if any(cells):
            yield _Record(start, first + reader.line_num, cells)
        start = first + reader.line_num + 1


def _line(record: _Record, names: Sequence[str], header: Sequence[str]) -> Line:
    cells = {c: cell.strip() for c, cell in zip(header, record.cells, strict=False) if c}
    # Spreadsheets put separators behind the last heading too.
    named = max(i + 1 for i, name in enumerate(names) if name.strip())
    extra = sum(1 for cell in record.cells[named:] if cell.strip())
    return Line(record.start, cells, extra)


def _uses_decimal_comma(cells: Sequence[str], separator: str) -> bool:
    """Whether numbers have a comma; where none tells, as spreadsheets pair it with separators."""
    if any(_DECIMAL_COMMA.fullmatch(cell) for cell in cells):
        return True
    return separator == ";" and not any(_DECIMAL_POINT.fullmatch(cell) for cell in cells)


def with_line(table: CheckInTable, cells: Mapping[str, str]) -> bytes:
    """Return the file with one line more.

    Parameters
    ----------
    table
        The file as it is; every byte of its lines stays. A column that it lacks and the new line
        needs is added behind its headings.
    cells
        Column to text.

    Returns
    -------
    bytes
        The whole new file.

    Raises
    ------
    CaseError
        A column must be added, and a line has cells there that belong to no column.
    """
    text, end = table.text, table.header_end
    if end is None:
        text = _ended(text, table.newline) + _joined(COLUMNS, table.separator)
        header: Sequence[str] = COLUMNS
    else:
        missing = [c for c in COLUMNS if cells.get(c) and c not in table.header]
        _refuse_to_name_strays(table, missing)
        added = "".join(table.separator + column for column in missing)
        text = text[:end] + added + text[end:]
        header = (*table.header, *missing)
    row = [cells.get(column, "") if column else "" for column in header]
    text = _ended(text, table.newline) + _joined(row, table.separator) + table.newline
    return (_BOM if table.bom else b"") + text.encode("utf-8")


def _ended(text: str, newline: str) -> str:
    return text if not text or text.endswith(("\n", "\r")) else text + newline


def _refuse_to_name_strays(table: CheckInTable, missing: Sequence[str]) -> None:
    """A new heading would give a meaning to what stands below it by mistake."""
    stray = next((line.number for line in table.lines if line.extra), None)
    if missing and stray is not None:
        raise CaseError(
            f"{table.file} has no column {', '.join(missing)}, and none can be added behind the "
            f"others, as line {stray} has more cells than the first line has columns; correct that "
            "line first."
        )


def _joined(cells: Sequence[str], separator: str) -> str:
    buffer = io.StringIO(newline="")
    # Both line breaks stand in the terminator, so that a text with either is put in quotes.
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().removesuffix("\r\n")
