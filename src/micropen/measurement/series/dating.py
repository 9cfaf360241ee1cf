"""When each photograph was taken, from the best source that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from micropen.measurement.series.entry import (
    EXIF,
    FILE_NAME,
    SERIES_FILE,
    UNDATED,
    SeriesEntry,
)
from micropen.measurement.series.file_names import NameSays, read_name, some_of
from micropen.measurement.series.look import Look
from micropen.measurement.series.series_file import PhotoTable

# Two sources that differ by more than this contradict each other: clocks drift and time zones
# shift by hours, not by days.
_TOLERANCE_DAYS: Final = 1.5
_DAY_S: Final = 86_400.0
# Nobody takes a "before" longer ahead, and no forecast reaches further behind a session: beyond
# both, the camera's clock or the treatment's date is more likely wrong than right.
_LONGEST_BEFORE_DAYS: Final = 60.0
_LONGEST_AFTER_DAYS: Final = 400.0


def as_datetime(moment: date) -> tuple[datetime, bool]:
    """Return a TOML date or time as local time, and whether it holds a time of day."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None), True
    return datetime(moment.year, moment.month, moment.day), False


def dated(path: Path, name: str, look: Look, told: PhotoTable) -> SeriesEntry:
    """Build an entry with its date: series file, else EXIF, else file name."""
    says = read_name(path.name)
    taken_at, has_time, by = _taken_at(look, told, says)
    day = told.day if told.day is not None else says.day
    if not by and (day is not None or says.before):
        by = SERIES_FILE if told.day is not None else FILE_NAME
    before = day < 0 if day is not None else says.before
    return SeriesEntry(
        path, name, look.sha256, taken_at, has_time, by, day, before, told.state,
        told.chart_corners, told.face, warnings=_contradictions(name, look, told, says),
    )  # fmt: skip


def _taken_at(look: Look, told: PhotoTable, says: NameSays) -> tuple[datetime | None, bool, str]:
    if told.taken_at is not None:
        return (*as_datetime(told.taken_at), SERIES_FILE)
    if look.taken_at is not None:
        return look.taken_at, True, EXIF
    if says.taken_at is not None:
        return says.taken_at, says.has_time, FILE_NAME
    return None, False, UNDATED


def _contradictions(name: str, look: Look, told: PhotoTable, says: NameSays) -> tuple[str, ...]:
    """Sentences where EXIF and file name name different days and nobody told which is right."""
    if told.taken_at is not None or look.taken_at is None or says.taken_at is None:
        return ()
    if abs(_days(look.taken_at - says.taken_at)) <= _TOLERANCE_DAYS:
        return ()
    return (
        f"{name}: the camera says {look.taken_at:%Y-%m-%d}, the file name says "
        f"{says.taken_at:%Y-%m-%d}; the camera was believed (the series file can tell which).",
    )


def _days(span: timedelta) -> float:
    return span.total_seconds() / _DAY_S


def implied_session(entries: list[SeriesEntry]) -> datetime | None:
    """Session that photographs with both a date and a day number speak of.

    Their median where they agree; else the earliest, for later ones may count from a later session.
    """
    found = [
        e.taken_at.timestamp() - e.told_day * _DAY_S
        for e in entries
        if e.taken_at is not None and e.told_day is not None
    ]
    if not found:
        return None
    agree = max(found) - min(found) <= _TOLERANCE_DAYS * _DAY_S
    return datetime.fromtimestamp(float(np.median(found)) if agree else min(found))


def with_date_warnings(
    entries: list[SeriesEntry],
    session: datetime | None,
    now: datetime,
    sessions: Sequence[datetime] = (),
) -> list[SeriesEntry]:
    """Add sentences for dates in the future and dates that contradict day numbers.

    A number that counts from any of the known sessions contradicts nothing.
    """
    out = []
    for entry in entries:
        found = list(entry.warnings)
        when = entry.taken_at
        if when is not None and when > now + timedelta(days=1):
            found.append(
                f"{entry.name}: its date, {when:%Y-%m-%d}, lies in the future; check the camera's "
                "clock or tell taken_at in the series file."
            )
        if when is not None and session is not None and not _fits(entry, when, sessions):
            found += _against_session(entry, when, session)
        out.append(replace(entry, warnings=tuple(found)))
    return out


def _fits(entry: SeriesEntry, when: datetime, sessions: Sequence[datetime]) -> bool:
    """Whether the date lies as many days after one of the sessions as is told."""
    told = entry.told_day
    return told is not None and any(
        abs(_days(when - session) - told) <= _TOLERANCE_DAYS for session in sessions
    )


def _against_session(entry: SeriesEntry, when: datetime, session: datetime) -> list[str]:
    """Sentence where a date does not fit what is told of the day."""
    by_date = _days(when - session)
    where = f"its date, {when:%Y-%m-%d}, is day {by_date:.0f} of the session of {session:%Y-%m-%d}"
    if entry.told_day is None:
        wrong = entry.before_session and when.date() > session.date()
        return [f"{entry.name}: it is called from before, but {where}."] if wrong else []
    if abs(by_date - entry.told_day) <= _TOLERANCE_DAYS:
        return []
    later = " (it may count from a later session)" if by_date > entry.told_day else ""
    return [
        f"{entry.name}: its day number is {entry.told_day:g}{later}, but {where}; the date was "
        "believed."
    ]


def misfit_notes(entries: Sequence[SeriesEntry], sessions: Sequence[datetime]) -> tuple[str, ...]:
    """Sentence where no dated photograph lies anywhere near the treatment, else nothing.

    Parameters
    ----------
    entries
        The photographs.
    sessions
        Times of all known sessions; without any nothing is said.
    """
    dates = [e.taken_at for e in entries if e.taken_at is not None]
    if not dates or not sessions:
        return ()
    first, last = min(sessions), max(sessions)
    near = (
        _days(when - first) >= -_LONGEST_BEFORE_DAYS and _days(when - last) <= _LONGEST_AFTER_DAYS
        for when in dates
    )
    if any(near):
        return ()
    held = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    return (
        f"The dates of the photographs ({min(dates):%Y-%m-%d} to {max(dates):%Y-%m-%d}) do not fit "
        f"the treatment ({held}): all lie more than {_LONGEST_BEFORE_DAYS:.0f} days before its "
        f"first session or more than {_LONGEST_AFTER_DAYS:.0f} days after its last; check the "
        "camera's clock and the dates of the sessions.",
    )


def position_day(entry: SeriesEntry, session: datetime | None) -> float | None:
    """Days since the session, by date where there is one, else by number; None where unknown.

    A photograph that is only known to be from before the session gets -1.
    """
    if entry.taken_at is not None and session is not None:
        when = entry.taken_at
        # A date without a time is taken as the same time of day as the session's.
        if not entry.has_time:
            return float((when.date() - session.date()).days)
        return _days(when - session)
    if entry.told_day is not None:
        return entry.told_day
    return -1.0 if entry.before_session else None


def in_order(
    entries: list[SeriesEntry], session: datetime | None
) -> tuple[list[SeriesEntry], tuple[str, ...]]:
    """Put entries in order of time, undated ones last by name; and say what could not be placed."""

    def key(entry: SeriesEntry) -> tuple[int, float, int, str]:
        day = position_day(entry, session)
        first = 0 if entry.before_session else 1
        if entry.before_session and entry.taken_at is None:
            return (0, day or 0.0, first, entry.name)
        if entry.taken_at is not None and session is None:
            return (1, entry.taken_at.timestamp(), first, entry.name)
        return (3, 0.0, first, entry.name) if day is None else (1, day, first, entry.name)

    numbered = [e for e in entries if e.taken_at is None and e.told_day is not None]
    clocked = [e for e in entries if e.taken_at is not None]
    notes = []
    if session is None and numbered and clocked:
        notes.append(
            "Some photographs have a date and others only a day number; tell the date of the "
            "session in the series file (session = 2027-06-12) so that they can be put in order."
        )
        entries = [e for e in entries if e not in numbered]
        ordered = sorted(entries, key=key) + sorted(numbered, key=lambda e: (e.told_day, e.name))
    else:
        ordered = sorted(entries, key=key)
    unknown = [e.name for e in ordered if e.dated_by == UNDATED]
    if unknown:
        were, stand = (
            ("was", "it stands last") if len(unknown) == 1 else ("were", "they stand last")
        )
        by_name = "" if len(unknown) == 1 else ", by name"
        notes.append(
            f"Nothing says when {some_of(unknown)} {were} taken; {stand}{by_name}. Tell taken_at "
            "or day in the series file."
        )
    return ordered, tuple(notes)


def told_of(table: Mapping[str, PhotoTable], name: str, path: Path) -> PhotoTable:
    """Return what the series file tells of a photograph, an empty table where nothing."""
    return table.get(name) or table.get(path.name) or PhotoTable()
