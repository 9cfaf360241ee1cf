"""Which photograph all others are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from micropen.errors import PhotoError
from micropen.measurement.series.dating import position_day
from micropen.measurement.series.entry import Series, SeriesEntry
from micropen.measurement.series.file_names import same_spelling
from micropen.toml_files import nearest


def baseline_candidates(
    series: Series, told: str = "", session: datetime | None = None
) -> tuple[SeriesEntry, ...]:
    """Photographs that may be the baseline, best first: the first usable one is taken.

    Parameters
    ----------
    series
        The series.
    told
        File name (or path) asked for; then it is the only candidate. Else the series file's.
    session
        First session from a treatment file; else the series' own.

    Returns
    -------
    tuple of SeriesEntry
        Without a told one: those from before the session, latest first; then the others, earliest
        first. Those whose colour is covered (makeup, sunscreen) come last within each.

    Raises
    ------
    PhotoError
        The told name is not in the series.
    """
    wanted = told or series.baseline
    if wanted:
        return (_named(series, wanted),)
    first = session or series.session
    before = [e for e in series.entries if _is_before(e, first)]
    after = [e for e in series.entries if e not in before]
    ordered = [*reversed(before), *after]
    covered = [e for e in ordered if e.state is not None and e.state.covers_colour]
    return (*(e for e in ordered if e not in covered), *covered)


def no_usable_baseline(reasons: Mapping[str, str], *, told: bool = False) -> PhotoError:
    """Build the error for a series of which no photograph can be the baseline.

    Parameters
    ----------
    reasons
        File name to why it cannot be used, as a sentence, in order of preference.
    told
        Whether the person asked for that one: then no other was tried.
    """
    name, why = next(iter(reasons.items()), ("", ""))
    if told:
        return PhotoError(
            f"The baseline {name!r} cannot be used: {why} Name another baseline, or none to let "
            "the program choose."
        )
    first = f" {name}: {why}" if name else ""
    more = f" ({len(reasons) - 1} more are no better.)" if len(reasons) > 1 else ""
    return PhotoError(
        "No photograph of the series can be the baseline, so that nothing can be compared."
        f"{first}{more}"
    )


def _named(series: Series, wanted: str) -> SeriesEntry:
    name = same_spelling(wanted)
    for entry in series.entries:
        spelled = same_spelling(str(entry.path))
        if name in (entry.name, spelled, same_spelling(entry.path.name)):
            return entry
    for aside in series.set_aside:
        if name in (aside.name, same_spelling(str(aside.path))):
            raise PhotoError(f"The baseline {wanted!r} cannot be used: {aside.reason}")
    known = [e.name for e in series.entries]
    raise PhotoError(
        f"The baseline {wanted!r} is no photograph of this series; {nearest(name, known)}."
    )


def _is_before(entry: SeriesEntry, session: datetime | None) -> bool:
    if entry.before_session:
        return True
    day = position_day(entry, session)
    return day is not None and day < 0.0 and (session is not None or entry.told_day is not None)
