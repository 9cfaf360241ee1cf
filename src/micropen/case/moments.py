"""Dates and times as people and spreadsheets write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from micropen.case.answers import shown
from micropen.errors import CaseError

# Diaries are filled in the evening; taken where a line gives no time of day.
EVENING: Final = time(20, 0)

_ISO_FIRST: Final = re.compile(r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})")
_DOTTED: Final = re.compile(r"(?P<d>[0-9]{1,2})\.\s?(?P<m>[0-9]{1,2})\.\s?(?P<y>[0-9]{4})")
_SLASHED: Final = re.compile(r"(?P<a>[0-9]{1,2})[/-](?P<b>[0-9]{1,2})[/-](?P<y>[0-9]{4})")
_TIME: Final = re.compile(
    r"[T,\s]*(?P<h>[0-9]{1,2})(?:[:.h](?P<min>[0-9]{2})(?:[:.](?P<s>[0-9]{2})(?:[.,][0-9]+)?)?|h)"
    r"\s*(?P<half>[ap]\.?m\.?)?(?:\s*(?:uhr|h))?",
    re.IGNORECASE,
)
_ZONE: Final = re.compile(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$")
_MONTHS: Final = 12
_EXAMPLE: Final = "write it as 2027-06-08 or 2027-06-08 21:30"


@dataclass(frozen=True, slots=True)
class Moment:
    """A local date, with a time of day or without.

    Parameters
    ----------
    when
        Date and time; at `EVENING` where no time was given.
    timed
        Whether the time of day was given.
    """

    when: datetime
    timed: bool


def read_moment(text: str) -> Moment:
    """Read a date or a date and time.

    Parameters
    ----------
    text
        ``2027-06-08``, ``2027-06-08T21:30``, ``08.06.2027 21:30``, or ``25/06/2027`` where day and
        month cannot be taken for each other.

    Raises
    ------
    CaseError
        Not a date, an ambiguous one, or one with a time zone; the sentence begins with the value.
    """
    written = " ".join(text.split())
    year, month, day, rest = _date_of(written)
    hours = _time_of(rest, written) if rest else None
    try:
        found = datetime(year, month, day)
    except ValueError:
        raise CaseError(f"{shown(written)} is not a day of the calendar; {_EXAMPLE}.") from None
    return Moment(datetime.combine(found, hours or EVENING), hours is not None)


def _date_of(written: str) -> tuple[int, int, int, str]:
    """Year, month and day, and what stands behind them."""
    found = _ISO_FIRST.match(written) or _DOTTED.match(written)
    if found:
        return int(found["y"]), int(found["m"]), int(found["d"]), written[found.end() :]
    found = _SLASHED.match(written)
    if not found:
        raise CaseError(f"{shown(written)} is not a date that can be read; {_EXAMPLE}.")
    first, second, year = int(found["a"]), int(found["b"]), int(found["y"])
    rest = written[found.end() :]
    if first != second and first <= _MONTHS and second <= _MONTHS:
        raise CaseError(
            f"{shown(written)} may be {year}-{second:02}-{first:02} or "
            f"{year}-{first:02}-{second:02}; {_EXAMPLE}."
        )
    month, day = (second, first) if first > _MONTHS else (first, second)
    return year, month, day, rest


def _time_of(rest: str, written: str) -> time:
    if _ZONE.search(rest):
        raise CaseError(
            f"{shown(written)} holds a time zone; give the local time without one, such as "
            "2027-06-08 21:30."
        )
    found = _TIME.fullmatch(rest)
    wrong = CaseError(f"{shown(written)} holds no time of day that can be read; {_EXAMPLE}.")
    if not found:
        raise wrong
    hour = int(found["h"])
    if found["half"]:
        if not 1 <= hour <= _MONTHS:
            raise wrong
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    try:
        return time(hour, int(found["min"] or 0), int(found["s"] or 0))
    except ValueError:
        raise wrong from None
