"""Which photographs show the same moment: their differences are error, not change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from micropen.evidence import ParameterSet
from micropen.measurement.series.entry import SeriesEntry


def with_moments(
    entries: Sequence[SeriesEntry],
    told: Sequence[Sequence[str]],
    session: datetime | None,
    parameters: ParameterSet,
) -> list[SeriesEntry]:
    """Number the moments.

    Parameters
    ----------
    entries
        In order of time.
    told
        Groups of names that the series file says show one moment.
    session
        First session, if known: photographs on its two sides are never one moment.
    parameters
        Supplies ``measurement.series.moment_minutes``.

    Returns
    -------
    list of SeriesEntry
        The same order. Without being told, only photographs with a time of day, in the same
        state, at most that many minutes after the first of the group, count as one moment.
    """
    span = timedelta(minutes=parameters.value("measurement.series.moment_minutes"))
    group_of = {name: i for i, group in enumerate(told) for name in group}
    numbers: dict[int, int] = {}
    firsts: list[SeriesEntry | None] = []
    out = []
    for entry in entries:
        number = numbers.get(group_of[entry.name]) if entry.name in group_of else None
        if number is None and entry.name not in group_of:
            number = next((i for i, f in enumerate(firsts) if f and _one(f, entry, span, session)),
                          None)  # fmt: skip
        if number is None:
            number = len(firsts)
            firsts.append(None if entry.name in group_of else entry)
            if entry.name in group_of:
                numbers[group_of[entry.name]] = number
        out.append(replace(entry, moment=number))
    return out


def _one(first: SeriesEntry, entry: SeriesEntry, span: timedelta, session: datetime | None) -> bool:
    a, b = first.taken_at, entry.taken_at
    if a is None or b is None or not (first.has_time and entry.has_time):
        return False
    if a.date() != b.date() or abs(b - a) > span or first.state != entry.state:
        return False
    if first.before_session != entry.before_session:
        return False
    return session is None or (a < session) == (b < session)
