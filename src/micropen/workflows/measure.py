"""Measure a series of photographs: order, gate, readings, forecast's band, tables and page."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from micropen._version import __version__
from micropen.errors import OutputError
from micropen.evidence import load_parameters
from micropen.healing import Course, forecast
from micropen.measurement.measure_series import SeriesRequest, measure_series
from micropen.measurement.methods import METHODS
from micropen.measurement.result import SeriesMeasurement
from micropen.measurement.series import Series, read_series
from micropen.measurement.table import FILES, write_tables
from micropen.report.folder import PROGRAM, PROVENANCE, check_writable, file_digests, new_folder
from micropen.report.measurement import ForecastBand, write_measurement
from micropen.treatment import Treatment
from micropen.workflows.stages import Progress, Stages

FORMAT: Final = 1
_DRAWS: Final = 400  # of the forecast's band: its 5 and 95 % then rest on 20 draws each
_QUANTILES: Final = (0.05, 0.5, 0.95)
_LONGEST_DAYS: Final = 400.0
_AFTER_LAST_DAYS: Final = 3.0  # the band goes on this long after the last photograph
_LEAST_DAYS: Final = 7.0


@dataclass(frozen=True, slots=True)
class MeasureRequest:
    """What to measure, and where to put the answer.

    Parameters
    ----------
    photos
        A folder, or photographs.
    output
        Folder of the result.
    baseline
        The photograph that all others are compared with; chosen by the program if empty.
    treatment
        Treatment file: days are counted from its sessions, and its forecast is laid behind.
    series_file
        TOML that tells dates, states and repeats.
    face
        Which face, from 1 at the picture's left, where a photograph shows several.
    seed
        Of the forecast.
    ita_deg
        Individual typology angle of the person, degrees; by default what the series file says,
        else the treatment's person.
    """

    photos: tuple[Path, ...]
    output: Path
    baseline: str = ""
    treatment: Path | None = None
    series_file: Path | None = None
    face: int | None = None
    seed: int = 0
    ita_deg: float | None = None


@dataclass(frozen=True, slots=True)
class MeasureAnswer:
    """What came out.

    Parameters
    ----------
    folder, page
        Where it stands.
    measurement
        Everything that was found.
    alerts
        Contraindications of the treatment.
    seconds
        Wall time by stage.
    """

    folder: Path
    page: Path
    measurement: SeriesMeasurement
    alerts: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict, repr=False)


def measure(request: MeasureRequest, progress: Progress | None = None) -> MeasureAnswer:
    """Measure a series and write tables and page.

    Parameters
    ----------
    request
        Inputs and output.
    progress
        Called with stage and share done.

    Raises
    ------
    MicropenError
        Bad input or output, or nothing could be measured; nothing was written then.
    """
    place = check_writable(request.output)
    _refuse_own_folder(place, request.photos)
    stages = Stages(progress)
    treatment = None if request.treatment is None else Treatment.read(request.treatment)
    sessions = () if treatment is None else tuple(s.moment for s in treatment.sessions)
    series = read_series(
        request.photos,
        request.series_file,
        sessions=sessions,
        progress=stages.report,
    )
    stages.report("files", 1.0)
    tone = _stated_tone(request, series, treatment)
    treated = None if treatment is None else tuple(treatment.zones)
    wanted = SeriesRequest(series, request.baseline, sessions, request.face, tone, treated)
    measured = measure_series(wanted, stages.report)
    bands = _bands(treatment, measured, request.seed, stages)
    stages.report("tables and page", 0.0)
    with new_folder(place) as work:
        write_tables(work, measured)
        page = write_measurement(work, measured, bands, measured.session, data_files=FILES)
        _write_provenance(work, request, series, measured)
    stages.report("tables and page", 1.0)
    alerts = () if treatment is None else tuple(dict.fromkeys(treatment.contraindications))
    return MeasureAnswer(place, place / page.name, measured, alerts, stages.seconds)


def _refuse_own_folder(place: Path, photos: Sequence[Path]) -> None:
    """Keep the result apart from the photographs."""
    for given in photos:
        if given.is_dir() and given.resolve() == place:
            raise OutputError(
                f"The result would be written into the folder of the photographs ({given}); name "
                "another one with --output."
            )


def _stated_tone(
    request: MeasureRequest, series: Series, treatment: Treatment | None
) -> float | None:
    """Individual typology angle by who says it most directly, degrees; None where nobody does."""
    if request.ita_deg is not None:
        return request.ita_deg
    if series.ita_deg is not None or treatment is None:
        return series.ita_deg
    return treatment.person.individual_typology_angle_deg


def _bands(
    treatment: Treatment | None, measured: SeriesMeasurement, seed: int, stages: Stages
) -> tuple[ForecastBand, ...]:
    """Forecast the signs and zones that were measured, through all sessions, on the same days."""
    days = [p.day for p in measured.photos if p.usable and np.isfinite(p.day)]
    if treatment is None or not days:
        return ()
    started = {s.moment: day for s, day in zip(treatment.sessions, treatment.days, strict=True)}
    start = 0.0 if measured.session is None else started.get(measured.session, 0.0)
    horizon = start + max(max(days) + _AFTER_LAST_DAYS, _LEAST_DAYS)
    horizon = float(np.clip(horizon, treatment.days[-1] + 1.0, _LONGEST_DAYS))
    stages.report("forecast", 0.0)
    course = forecast(
        treatment, horizon, _DRAWS, seed, progress=lambda share: stages.report("forecast", share)
    )
    first = next((p.day for p in measured.photos if p.is_baseline and np.isfinite(p.day)), -start)
    pairs = dict.fromkeys((row.sign, row.zone) for row in measured.rows)
    return tuple(
        _band(course, sign, zone, start, first)
        for sign, zone in pairs
        if sign in course.dataset and zone in course.dataset["zone"].values
    )


def _band(course: Course, sign: str, zone: str, start: float, baseline: float) -> ForecastBand:
    """Forecast of a change against the baseline, by days since the session on day `start`.

    A forecast counts from the skin before the first session. Where the baseline was taken after
    it, what each draw forecasts for that day is taken off, as it is from the photographs.
    """
    values = course.dataset[sign].sel(zone=zone).transpose("draw", "day").values
    values = np.asarray(values, np.float64)
    days = np.asarray(course.dataset["day"].values, np.float64) - start
    if baseline > days[0]:
        values = values - np.array([[np.interp(baseline, days, draw)] for draw in values])
    low, median, high = np.quantile(values, _QUANTILES, axis=0)
    return ForecastBand(sign, zone, days, low, median, high)


def _write_provenance(
    work: Path, request: MeasureRequest, series: Series, measured: SeriesMeasurement
) -> None:
    """Write the record of the files last: names and digests of the photographs, no path."""
    parameters = load_parameters()
    made: dict[str, Any] = {
        "program": PROGRAM,
        "format": FORMAT,
        "version": __version__,
        "parameter_set": parameters.name,
        "parameter_digest": parameters.digest,
        "photographs": {entry.name: entry.sha256 for entry in series.entries},
        "baseline": measured.baseline,
        "methods": {m.name: list(m.sources) for m in METHODS},
        "settings": {
            "face": request.face,
            "seed": request.seed,
            "treatment": request.treatment is not None,
            "series_file": request.series_file is not None,
        },
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "files": file_digests(work),
    }
    text = json.dumps(made, indent=2, ensure_ascii=False) + "\n"
    (work / PROVENANCE).write_text(text, encoding="utf-8")
