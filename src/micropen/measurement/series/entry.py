"""What is known of each file of a series before its pixels are measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from micropen.measurement.series.states import State

SERIES_FILE: Final = "series file"
EXIF: Final = "EXIF"
FILE_NAME: Final = "file name"
UNDATED: Final = ""

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class SeriesEntry:
    """One photograph of a series. Holds the path, never the pixels.

    Parameters
    ----------
    path
        The file.
    name
        File name; with its folder where two files of the series have the same name.
    sha256
        Of the file's bytes.
    taken_at
        Local time of the exposure, or None.
    has_time
        Whether `taken_at` holds a time of day, not only a date.
    dated_by
        ``"series file"``, ``"EXIF"``, ``"file name"``, or empty where nothing says when. A day
        number counts: `taken_at` may be None although this is not empty.
    told_day
        Days since the session as told by the series file or the file name, or None.
    before_session
        Whether it is told to be from before the session (``pre``, ``baseline``, a day below 0).
    state
        As told, or None.
    chart_corners
        Four corners ``(x, y)`` of the colour chart, px of the upright photograph, or None.
    face
        Which face is meant, from 1 at the picture's left, or None.
    moment
        Number of the moment, from 0 in order of time: entries with the same number are repeats.
    warnings
        Sentences on dates that look wrong.
    """

    path: Path
    name: str
    sha256: str
    taken_at: datetime | None = None
    has_time: bool = False
    dated_by: str = UNDATED
    told_day: float | None = None
    before_session: bool = False
    state: State | None = None
    chart_corners: Corners | None = None
    face: int | None = None
    moment: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetAside:
    """A file that takes no part.

    Parameters
    ----------
    path
        The file.
    name
        As in `SeriesEntry`.
    reason
        Why, as a sentence a person can act on.
    """

    path: Path
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Series:
    """Photographs of one person, in order.

    Parameters
    ----------
    entries
        Oldest first; photographs without any date last, by name.
    set_aside
        Files that take no part, each with its reason.
    session
        Time of the first session where the series file tells it or day numbers imply it.
    baseline
        Name of the baseline that the series file asks for; empty where it asks for none.
    treated_zones
        Zones that the series file says were treated; None where it says nothing.
    notes
        Sentences on the whole series.
    ita_deg
        Individual typology angle of the person that the series file tells, degrees; else None.
    """

    entries: tuple[SeriesEntry, ...]
    set_aside: tuple[SetAside, ...] = ()
    session: datetime | None = None
    baseline: str = ""
    treated_zones: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    ita_deg: float | None = None

    @property
    def repeats(self) -> tuple[tuple[str, ...], ...]:
        """Names of the photographs of each moment that was photographed more than once."""
        groups: dict[int, list[str]] = {}
        for entry in self.entries:
            groups.setdefault(entry.moment, []).append(entry.name)
        return tuple(tuple(names) for names in groups.values() if len(names) > 1)
