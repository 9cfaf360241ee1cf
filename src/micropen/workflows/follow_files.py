"""The files of a followed case: page, bands, readings, summary, draws, provenance."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import pandas as pd

from micropen._version import __version__
from micropen.case import Case
from micropen.estimation.result import Band, Followed
from micropen.healing import Course
from micropen.measurement.result import SeriesMeasurement
from micropen.report.folder import PROGRAM, PROVENANCE, file_digests
from micropen.report.following import write_following
from micropen.workflows.plain_values import plain_values

FORMAT: Final = 1
FILES: Final = {
    "bands.csv": "forecast of each sign, answer and count by day: people like you, and you",
    "readings.csv": "what was measured and answered, and how far each is doubted",
    "follow.json": "findings, dates, alerts, record and diagnostics",
    "course.parquet": "this person's forecast, best, expected and worst, by sign, zone and day",
}


def write_files(
    work: Path,
    followed: Followed,
    course: Course,
    case: Case,
    measured: SeriesMeasurement | None,
    seed: int,
) -> Path:
    """Write everything into an empty folder.

    Parameters
    ----------
    work
        The folder.
    followed
        What the page shows.
    course
        This person's forecast.
    case
        Where it comes from.
    measured
        The photographs; None where there were none.
    seed
        Of everything random.

    Returns
    -------
    pathlib.Path
        The page.
    """
    _bands(followed).to_csv(work / "bands.csv", index=False, float_format="%.6g")
    _readings(followed).to_csv(work / "readings.csv", index=False, float_format="%.6g")
    text = json.dumps(summary(followed), indent=2, ensure_ascii=False, allow_nan=False)
    (work / "follow.json").write_text(text + "\n", encoding="utf-8")
    course.to_parquet(work / "course.parquet")
    page = write_following(work, followed, data_files=FILES)
    _write_provenance(work, followed, course, case, measured, seed)
    return page


def summary(followed: Followed) -> dict[str, Any]:
    """What was found, as JSON can hold it: numbers that do not exist are null.

    Computing times are left out, so that the same data give the same file.
    """
    return {
        "title": followed.title,
        "today_day": followed.today_day,
        "session_days": list(followed.session_days),
        "alerts": plain_values(followed.alerts),
        "findings": plain_values(followed.findings),
        "dates": plain_values(followed.dates),
        "record": plain_values(followed.record),
        "fit": {k: v for k, v in plain_values(followed.fit).items() if k != "seconds"},
        "notes": list(followed.notes),
    }


def _bands(followed: Followed) -> pd.DataFrame:
    parts = [_band(band, "people like you") for band in followed.population]
    parts += [_band(band, "you") for band in followed.personal]
    return pd.concat(parts, ignore_index=True)


def _band(band: Band, whose: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "whose": whose,
            "key": band.key,
            "axis": band.axis.value,
            "zone": band.zone,
            "day": band.days,
            "low_5": band.low,
            "median": band.median,
            "high_95": band.high,
        }
    )


def _readings(followed: Followed) -> pd.DataFrame:
    columns = ["key", "axis", "zone", "day", "when", "value", "sd", "source", "doubt"]
    lines: Sequence[dict[str, Any]] = [asdict(point) for point in followed.readings]
    table = pd.DataFrame(lines, columns=columns)
    table["axis"] = [point.axis.value for point in followed.readings]
    return table


def _write_provenance(
    work: Path,
    followed: Followed,
    course: Course,
    case: Case,
    measured: SeriesMeasurement | None,
    seed: int,
) -> None:
    """Write the record of the files last; no path and no name of a person."""
    origin = course.origin
    made = {
        "program": PROGRAM,
        "format": FORMAT,
        "version": __version__,
        "simulated": "forecasts and predicted pictures are a model's, not measurements",
        "parameter_set": origin.parameter_set,
        "parameter_digest": origin.digest,
        "lowest_evidence_grade": origin.lowest_grade.value,
        "citations": list(origin.citations),
        "seed": seed,
        "method": followed.fit.method,
        "check_ins": len(case.check_ins),
        "photographs": 0 if measured is None else len(measured.photos),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "files": file_digests(work),
    }
    text = json.dumps(made, indent=2, ensure_ascii=False) + "\n"
    (work / PROVENANCE).write_text(text, encoding="utf-8")
