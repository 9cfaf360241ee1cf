"""The day-by-day table: which lines begin, still hold, or end in which days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from micropen.planning.aftercare.lines import CareLine
from micropen.planning.aftercare.rows import Kind

# Days of the table: single ones while much changes, then a week each, as people count them.
_SPANS: Final = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 7), (8, 14), (15, None))

Expected = Callable[[int, int | None], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class CareDay:
    """One row of the table.

    Parameters
    ----------
    title
        ``"Before"``, ``"Day 0"``, ``"Days 4-7"``, ``"Until the next session"``.
    from_day, to_day
        Days since the session, both included; None without an end.
    first, last
        The same as dates.
    expect
        Sentences on what to expect.
    do, avoid
        Lines that begin in these days.
    still_do, still_avoid
        Lines that began before and still hold on the first of these days.
    again
        Lines to be avoided that are over from one of these days on (`CareLine.again_on`).
    """

    title: str
    from_day: int
    to_day: int | None
    first: date
    last: date | None
    expect: tuple[str, ...]
    do: tuple[CareLine, ...]
    avoid: tuple[CareLine, ...]
    still_do: tuple[CareLine, ...]
    still_avoid: tuple[CareLine, ...]
    again: tuple[CareLine, ...]


def care_days(
    lines: Sequence[CareLine], session_on: date, next_on: date | None, expect: Expected
) -> tuple[CareDay, ...]:
    """Lay lines out day by day.

    Parameters
    ----------
    lines
        Of one session.
    session_on, next_on
        The session, and the next one where there is one: the table ends on the day before it.
    expect
        Gives the sentences for some days.

    Returns
    -------
    tuple
        Each day from the first line to the end is in exactly one `CareDay`.
    """
    gap = None if next_on is None else (next_on - session_on).days
    return tuple(
        _care_day(lines, session_on, title, first, last, expect)
        for title, first, last in _spans(lines, gap)
    )


def _spans(lines: Sequence[CareLine], gap: int | None) -> Iterator[tuple[str, int, int | None]]:
    earliest = min((line.from_day for line in lines), default=0)
    if earliest < 0:
        yield "Before", earliest, -1
    for first, last in _SPANS:
        if gap is None:
            yield _title(first, last), first, last
        elif first < gap:
            end = gap - 1 if last is None else min(last, gap - 1)
            title = "Until the next session" if last is None else _title(first, end)
            yield title, first, end


def _title(first: int, last: int | None) -> str:
    if last is None:
        return f"From day {first}"
    return f"Day {first}" if first == last else f"Days {first}–{last}"


def _care_day(
    lines: Sequence[CareLine],
    session_on: date,
    title: str,
    first: int,
    last: int | None,
    expect: Expected,
) -> CareDay:
    held = [line for line in lines if line.overlaps(first, last)]
    begun = [line for line in held if line.from_day >= first]
    still = [line for line in held if line.from_day < first]
    return CareDay(
        title,
        first,
        last,
        session_on + timedelta(days=first),
        None if last is None else session_on + timedelta(days=last),
        expect(first, last),
        _of(begun, Kind.DO),
        _of(begun, Kind.AVOID),
        _of(still, Kind.DO),
        _of(still, Kind.AVOID),
        tuple(line for line in lines if line.again and _ends_in(line, first, last)),
    )


def _of(lines: Sequence[CareLine], kind: Kind) -> tuple[CareLine, ...]:
    return tuple(line for line in lines if line.kind is kind)


def _ends_in(line: CareLine, first: int, last: int | None) -> bool:
    """Whether the first day without it is one of these."""
    if line.to_day is None:
        return False
    free = line.to_day + 1
    return free >= first and (last is None or free <= last)
