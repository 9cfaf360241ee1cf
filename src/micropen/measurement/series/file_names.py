"""What a file's name says about when the photograph was taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_MOST_NAMED: Final = 3  # names in one sentence

_DAYS: Final = {"d": 1.0, "day": 1.0, "tag": 1.0, "week": 7.0, "woche": 7.0}
# Year first, or day first with dots; digits must end where the date ends.
_YEAR_FIRST: Final = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[-_. ]?)(?P<m>\d\d)(?P=s)(?P<d>\d\d)"
    r"(?:[-_t .]{0,3}(?:at )?(?P<H>\d\d)[-:.h_]?(?P<M>\d\d)(?:[-:.m_]?(?P<S>\d\d))?(?:\d{3})?)?"
    r"(?!\d)"
)
_DATE_ONLY: Final = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[-_. ]?)(?P<m>\d\d)(?P=s)(?P<d>\d\d)(?!\d)"
)
_DAY_FIRST: Final = re.compile(r"(?<!\d)(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>(?:19|20)\d\d)(?!\d)")
_NUMBERED: Final = re.compile(
    r"(?<![a-z0-9])(?P<unit>day|tag|week|woche|d)[ _-]?(?P<sign>[+]?)(?P<n>\d{1,3})(?![0-9a-z])"
)
_BEFORE: Final = re.compile(r"(?<![a-z])(pre|before|baseline|vorher)(?![a-z])")


@dataclass(frozen=True, slots=True)
class NameSays:
    """What a name says.

    Parameters
    ----------
    taken_at
        Date, with the time of day where `has_time`; None where there is none.
    has_time
        Whether the name holds a time.
    day
        Days since the session, or None.
    before
        Whether it says that it was taken before the session.
    """

    taken_at: datetime | None = None
    has_time: bool = False
    day: float | None = None
    before: bool = False


def same_spelling(name: str) -> str:
    """Return a name in one Unicode spelling: some systems store ``ü`` as two characters."""
    return unicodedata.normalize("NFC", name)


def read_name(name: str) -> NameSays:
    """Read date, time and day number from a file name.

    Parameters
    ----------
    name
        File name, with or without its ending: ``2027-06-12.jpg``, ``IMG_20270612_101500.jpg``,
        ``12.06.2027.jpg``, ``day03.jpg``, ``d+3.jpg``, ``week 2.jpg``, ``pre.jpg``.

    Returns
    -------
    NameSays
        A hyphen before a day number is a separator, not a minus: ``day-3`` is day 3.
    """
    stem = re.sub(r"\.[A-Za-z]{3,4}$", "", same_spelling(name)).lower()
    taken_at, has_time = _date(stem)
    number = _NUMBERED.search(stem)
    day = _DAYS[number["unit"]] * float(number["n"]) if number else None
    return NameSays(taken_at, has_time, day, bool(_BEFORE.search(stem)))


def _date(stem: str) -> tuple[datetime | None, bool]:
    for pattern in (_YEAR_FIRST, _DATE_ONLY, _DAY_FIRST):
        for found in pattern.finditer(stem):
            part = {k: int(v) for k, v in found.groupdict().items() if v and k != "s"}
            has_time = "H" in part
            try:
                when = datetime(
                    part["y"], part["m"], part["d"], part.get("H", 0), part.get("M", 0),
                    part.get("S", 0),
                )  # fmt: skip
            except ValueError:
                continue
            return when, has_time
    return None, False


def some_of(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - _MOST_NAMED
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_MOST_NAMED])} and {more} more"
