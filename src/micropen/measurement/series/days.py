"""Days of a series, counted from a session or from the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from micropen.measurement.series.dating import position_day
from micropen.measurement.series.entry import Series, SeriesEntry


def days_of(
    series: Series, baseline: SeriesEntry, sessions: Sequence[datetime] = ()
) -> dict[str, float]:
    """Day of every photograph.

    Parameters
    ----------
    series
        The series.
    baseline
        Counted from where no session is known.
    sessions
        Times of the sessions from a treatment file; the series file's or the implied session
        where empty.

    Returns
    -------
    dict
        Name to days since the last session before the photograph (negative before the first);
        without a session, to days since the baseline; NaN where nothing says when. Where only
        day numbers are known, a photograph from before the session stands at -1.
    """
    known = sorted(sessions) or ([series.session] if series.session else [])
    out = {}
    for entry in series.entries:
        day = position_day(entry, _last_before(entry, known)) if known else None
        out[entry.name] = float("nan") if day is None else day
    if known:
        return out
    numbered = any(e.told_day is not None for e in series.entries)
    return {e.name: _since(baseline, e, numbered) for e in series.entries}


def _last_before(entry: SeriesEntry, sessions: Sequence[datetime]) -> datetime:
    if entry.taken_at is None:
        return sessions[0]
    when = entry.taken_at
    past = [s for s in sessions if (s <= when if entry.has_time else s.date() <= when.date())]
    if entry.before_session or not past:
        return sessions[0]
    return past[-1]


def _since(baseline: SeriesEntry, entry: SeriesEntry, numbered: bool) -> float:
    if entry.taken_at is not None and baseline.taken_at is not None:
        if entry.has_time and baseline.has_time:
            return (entry.taken_at - baseline.taken_at).total_seconds() / 86_400.0
        return float((entry.taken_at.date() - baseline.taken_at.date()).days)
    day = position_day(entry, None) if numbered else None
    if day is None:
        return 0.0 if entry.name == baseline.name else float("nan")
    return day
