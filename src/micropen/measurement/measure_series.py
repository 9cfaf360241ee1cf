"""Measure a whole series: every photograph against the baseline, then what the series adds."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Final

from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.lesions import PhotoLesions, lesion_phases, track
from micropen.measurement.little_found import check_any, silence_notes
from micropen.measurement.method import Method
from micropen.measurement.methods import METHODS
from micropen.measurement.one_photo import (
    Measuring,
    Opened,
    Outcome,
    Watch,
    measure_baseline,
    measure_photo,
    open_photo,
)
from micropen.measurement.pictures import canvas_of
from micropen.measurement.repeats import RepeatFactors, repeat_factors
from micropen.measurement.result import LesionSighting, PhotoRecord, SeriesMeasurement
from micropen.measurement.rows import rows_of
from micropen.measurement.series import (
    Series,
    SeriesEntry,
    SetAside,
    baseline_candidates,
    counted_from,
    days_of,
    no_usable_baseline,
)

Progress = Callable[[str, float], None]
"""Called with the name of the stage and the share of it that is done."""

# Threads, not processes: the pixel work runs in OpenCV, numba and NumPy without the interpreter's
# lock, the baseline is shared instead of read again in every process, and nothing is pickled. Two,
# because each photograph of 12 megapixels holds most of a gigabyte while it is measured.
_WORKERS: Final = max(1, min(2, os.cpu_count() or 1))


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """What to measure.

    Parameters
    ----------
    series
        The photographs.
    baseline
        File name of the photograph that all others are compared with; by default the series
        file's, else the best usable one from before the session, else the first.
    sessions
        Times of the sessions; days are counted from the last one before the last photograph.
    face
        Which face, from 1 at the picture's left, where a photograph shows several.
    ita_deg
        Individual typology angle known of the person, degrees; by default what the series file
        says, else it is read from the baseline.
    treated
        Zones that were treated; by default what the series file says.
    """

    series: Series
    baseline: str = ""
    sessions: tuple[datetime, ...] = ()
    face: int | None = None
    ita_deg: float | None = None
    treated: tuple[str, ...] | None = None

    @property
    def stated_ita_deg(self) -> float | None:
        """Individual typology angle that somebody stated, degrees."""
        return self.series.ita_deg if self.ita_deg is None else self.ita_deg


def measure_series(
    request: SeriesRequest,
    progress: Progress | None = None,
    *,
    methods: tuple[Method, ...] = METHODS,
    parameters: ParameterSet | None = None,
    workers: int = _WORKERS,
    watch: Watch | None = None,
) -> SeriesMeasurement:
    """Measure photographs of one person.

    Parameters
    ----------
    request
        The photographs and what is known of them.
    progress
        Called with stage and share done.
    methods
        What is read.
    parameters
        Defaults to the program's own.
    workers
        Photographs worked on at once; the result does not depend on it.
    watch
        Shown every pair and its readings, from several threads: for checks of the maps.

    Returns
    -------
    SeriesMeasurement
        A photograph that cannot be used has its reason in it and the others are measured.

    Raises
    ------
    PhotoError
        Where nothing could be measured; the sentence says why.
    """
    chosen, series = parameters or load_parameters(), request.series
    report = progress or (lambda _stage, _share: None)
    report("baseline", 0.0)
    entry, first, refused = _baseline(request, chosen)
    setting = _setting(first, request, methods, chosen, watch)
    outcomes = {entry.name: measure_baseline(setting)}
    canvas = canvas_of(setting.view)
    report("baseline", 1.0)
    outcomes |= {o.record.name: o for o in refused}
    others = [e for e in series.entries if e.name not in outcomes]
    outcomes |= {o.record.name: o for o in _measure_all(setting, others, report, workers)}
    check_any([outcomes[e.name] for e in series.entries])
    days = _days(request, entry)
    ordered = [
        replace(o, record=replace(o.record, day=days[e.name]))
        for e, o in ((e, outcomes[e.name]) for e in series.entries)
    ]
    readings = {o.record.name: o.readings for o in ordered if o.readings}
    # What differs by another turn or another face says nothing about the errors.
    alike = {o.record.name: o.readings for o in ordered if o.readings and o.like_baseline}
    factors = repeat_factors(alike, series.repeats, entry.name, chosen)
    records = [o.record for o in ordered]
    rows = tuple(rows_of(records, readings, methods, factors, chosen))
    silent = silence_notes([r for r in rows if r.photo != entry.name], methods)
    return SeriesMeasurement(
        photos=(*records, *map(_set_aside, series.set_aside)),
        rows=rows,
        lesions=_tracked(ordered, setting),
        pictures=tuple(o.pictures for o in ordered if o.pictures is not None),
        baseline=entry.name,
        repeats=series.repeats,
        notes=(*silent, *series.notes, *_notes(factors, request, setting)),
        canvas=canvas,
        session=counted_from(series, request.sessions),
    )


def _setting(
    first: Opened,
    request: SeriesRequest,
    methods: tuple[Method, ...],
    parameters: ParameterSet,
    watch: Watch | None,
) -> Measuring:
    """Prepare to measure against a baseline; the person's tone is read from it if unknown."""
    assert first.view is not None
    stated = request.stated_ita_deg
    tone = first.view.portrait.skin.ita_deg if stated is None else stated
    treated = request.treated if request.treated is not None else request.series.treated_zones
    return Measuring(first, tone, request.face, treated, methods, parameters, watch)


def _days(request: SeriesRequest, baseline: SeriesEntry) -> dict[str, float]:
    """Days of all photographs; one without a date has the day of its repeats."""
    days = days_of(request.series, baseline, request.sessions)
    for group in request.series.repeats:
        known = [days[name] for name in group if math.isfinite(days[name])]
        if known:
            days |= {name: known[0] for name in group if not math.isfinite(days[name])}
    return days


def _tracked(outcomes: Sequence[Outcome], setting: Measuring) -> tuple[LesionSighting, ...]:
    """Follow lesions through the photographs, by time."""
    measured = [o for o in outcomes if o.readings and not o.record.is_baseline]
    photos = [PhotoLesions(o.record.name, o.record.day, o.lesions) for o in measured]
    moved = max((o.misplacement_mm for o in measured), default=math.nan)
    limit = moved if math.isfinite(moved) else None
    found = track(photos, setting.view.px_per_mm, limit, setting.parameters)
    phases = lesion_phases(found, [p.photo for p in photos], setting.parameters)
    return tuple(replace(seen, phase=phases[seen.lesion][seen.photo].value) for seen in found)


def _baseline(
    request: SeriesRequest, parameters: ParameterSet
) -> tuple[SeriesEntry, Opened, list[Outcome]]:
    """Open the candidates, best first, until one is usable; and those that are not."""
    session = min(request.sessions, default=None)
    refused: list[Outcome] = []
    for entry in baseline_candidates(request.series, request.baseline, session):
        opened = open_photo(entry, request.face, parameters, None, request.stated_ita_deg)
        if opened.view is not None:
            first = replace(opened, record=replace(opened.record, is_baseline=True))
            return entry, first, refused
        refused.append(Outcome(opened.record, sha256=opened.sha256))
    told = bool(request.baseline or request.series.baseline)
    raise no_usable_baseline({o.record.name: _why(o.record) for o in refused}, told=told)


def _set_aside(aside: SetAside) -> PhotoRecord:
    return PhotoRecord(aside.name, None, "", math.nan, "", usable=False, reasons=(aside.reason,))


def _why(record: PhotoRecord) -> str:
    return " ".join(record.reasons)


def _measure_all(
    setting: Measuring, entries: Sequence[SeriesEntry], report: Progress, workers: int
) -> list[Outcome]:
    """Measure photographs beside each other; the result is in the order of the photographs."""
    done, lock = 0, Lock()

    def one(entry: SeriesEntry) -> Outcome:
        nonlocal done
        outcome = measure_photo(setting, entry)
        with lock:
            done += 1
            report("photographs", done / len(entries))
        return outcome

    report("photographs", 0.0)
    with ThreadPoolExecutor(max(1, workers)) as pool:
        try:
            return list(pool.map(one, entries))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _notes(factors: RepeatFactors, request: SeriesRequest, setting: Measuring) -> Iterator[str]:
    """Sentences on tone, days and errors."""
    if request.stated_ita_deg is None:
        yield (
            "Nobody stated the skin tone, and one photograph cannot tell a dark skin from a dark "
            f"exposure: it was read as an individual typology angle of {setting.ita_deg:.0f} "
            "degrees. State it: --phototype IV, or phototype in the series file."
        )
    session = counted_from(request.series, request.sessions)
    if session is not None and session > min(request.sessions, default=session):
        yield (
            f"Days count from the session of {session:%Y-%m-%d}, the last before the last "
            "photograph; what came before it has negative days."
        )
    if factors.pairs:
        yield (
            f"The stated errors were checked by {factors.pairs} comparisons of photographs of one "
            f"moment and multiplied by {factors.smallest:.2f} to {factors.largest:.2f}."
        )
