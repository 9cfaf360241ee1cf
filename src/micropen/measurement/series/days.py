"""Days of a series, counted from one session, or from the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from micropen.measurement.series.dating import position_day
from micropen.measurement.series.entry import Series, SeriesEntry

_DAY_S = 86_400.0


def counted_from(series: Series, sessions: Sequence[datetime] = ()) -> datetime | None:
    """Session that the days of a series count from: the last before its last photograph.

    One session for all photographs, so that days run on through a series and a forecast of all
    sessions lies on the same axis. The last one, because most happens in the days after it.

    Parameters
    ----------
    series
        The series.
    sessions
        Times of the sessions from a treatment file; the series file's or the implied session
        where empty.

    Returns
    -------
    datetime or None
        The first session where no photograph is known to be from after one; None without any.
    """
    known = sorted(sessions) or ([series.session] if series.session else [])
    if not known:
        return None
    later = [e for e in series.entries if not e.before_session]
    return max((_last_before(e, known) for e in later), default=known[0])


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
        As in `counted_from`.

    Returns
    -------
    dict
        Name to days since the session of `counted_from`, negative before it; without a session,
        to days since the baseline; NaN where nothing says when. Day numbers that are told count
        from the first session. Where only day numbers are known, a photograph from before the
        session stands at -1.
    """
    session = counted_from(series, sessions)
    if session is not None:
        behind = (session - min(sessions, default=session)).total_seconds() / _DAY_S
        return {e.name: _day(e, session, behind) for e in series.entries}
    numbered = any(e.told_day is not None for e in series.entries)
    return {e.name: _since(baseline, e, numbered) for e in series.entries}


def _last_before(entry: SeriesEntry, sessions: Sequence[datetime]) -> datetime:
    """Last session before a photograph; the first where none is, or nothing says when."""
    when, has_time = entry.taken_at, entry.has_time
    if when is None and entry.told_day is not None:
        when, has_time = sessions[0] + timedelta(days=entry.told_day), True
    if when is None:
        return sessions[0]
    past = [s for s in sessions if (s <= when if has_time else s.date() <= when.date())]
    return past[-1] if past else sessions[0]


def _day(entry: SeriesEntry, session: datetime, behind: float) -> float:
    day = position_day(entry, session)
    if day is None:
        return float("nan")
    return day if entry.taken_at is not None else day - behind


def _since(baseline: SeriesEntry, entry: SeriesEntry, numbered: bool) -> float:
    if entry.taken_at is not None and baseline.taken_at is not None:
        if entry.has_time and baseline.has_time:
            return (entry.taken_at - baseline.taken_at).total_seconds() / _DAY_S
        return float((entry.taken_at.date() - baseline.taken_at.date()).days)
    day = position_day(entry, None) if numbered else None
    if day is None:
        return 0.0 if entry.name == baseline.name else float("nan")
    return day
