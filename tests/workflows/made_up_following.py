"""Cases to follow without waiting: few draws, photographs of noise, made-up measurements."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from micropen.case import new_case
from micropen.estimation.posterior import Posterior
from micropen.estimation.problem import Problem
from micropen.estimation.result import FitSummary
from micropen.evidence import load_parameters, stream
from micropen.measurement.measure_series import SeriesRequest
from micropen.measurement.method import MEASURED
from micropen.measurement.methods import METHODS
from micropen.measurement.result import LesionSighting, PhotoRecord, Row, SeriesMeasurement, Verdict
from micropen.report.folder import PROGRAM, PROVENANCE
from micropen.workflows import follow as job

SESSION = datetime(2026, 5, 1, 11, 0)
AFTERWARDS = datetime(2026, 7, 1)
HEADER = "when,redness,pain,breakouts"
FIRST_DAYS = ("2026-05-01 12:00,8,2,0", "2026-05-02 09:00,5,1,0", "2026-05-03 09:00,3,0,1")
TREATMENT = f"""\
title = "Fräulein Ä"
[person]
age_years = 34
sex = "female"
phototype = 2
[[session]]
date = {SESSION:%Y-%m-%d}
time = {SESSION:%H:%M:%S}
device = "SkinPen Precision"
face = {{ needle_length_mm = 0.75, passes = 4 }}
"""
ZONES_SEEN = ("forehead", "cheek_left", "cheek_right", "chin")
FADING = {"erythema": 0.9, "scaling": 0.0, "pigment": 0.0, "gloss": 0.0, "relief": 0.0}
_MAIN = {m.sign: m for m in METHODS if m.main}


def case_with(place: Path, *lines: str, treatment: str = TREATMENT) -> Path:
    """Make a case with these lines of check-ins."""
    folder = new_case(place, treatment)
    add_lines(folder, *lines)
    return folder


def add_lines(folder: Path, *lines: str) -> None:
    """Write the check-ins of a case anew."""
    (folder / "checkins.csv").write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")


def add_photos(folder: Path, days: Mapping[str, float], seed: int = 0) -> None:
    """Put pictures of noise into a case, and tell their days."""
    lines = []
    for name, day in days.items():
        draw_photo(folder / "photos" / name, f"{seed} {name}")
        taken = SESSION + timedelta(days=day)
        lines += [f'[photo."{name}"]', f"taken_at = {taken.isoformat(timespec='seconds')}"]
    (folder / "photos" / "series.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def draw_photo(path: Path, purpose: str) -> None:
    """Save a picture of noise."""
    noise = stream(1, purpose).integers(0, 256, (48, 48, 3)).astype(np.uint8)
    Image.fromarray(noise).resize((384, 384)).save(path)


class Measured:
    """Stands in for the measurement of photographs, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, request: SeriesRequest, *_arguments: object) -> SeriesMeasurement:
        entries = request.series.entries
        self.asked.append(tuple(e.name for e in entries))
        days = {e.name: (e.taken_at - SESSION) / timedelta(days=1) for e in entries if e.taken_at}
        return measurement(days, repeats=request.series.repeats)


def measurement(
    days: Mapping[str, float], repeats: tuple[tuple[str, ...], ...] = ()
) -> SeriesMeasurement:
    """Redness that halves every day, a spot, and nothing else; the first is the baseline."""
    baseline = min(days, key=lambda name: days[name])
    photos = tuple(
        PhotoRecord(name, when(day), "series file", day, "", True, is_baseline=name == baseline)
        for name, day in days.items()
    )
    rows = tuple(
        row(name, day, zone, sign, 0.0 if day < 0.0 else change * 0.5**day)
        for name, day in days.items()
        for sign, change in FADING.items()
        for zone in ZONES_SEEN
    )
    seen = tuple(
        LesionSighting(1, name, day, "chin", 10.0, 20.0, 2.0, 4.0, 3.0, 0.4, 0.5, 0.9, "steady")
        for name, day in days.items()
        if day >= 2.0
    )
    return SeriesMeasurement(photos, rows, seen, (), baseline, repeats, ("A note.",), None, SESSION)


def row(photo: str, day: float, zone: str, sign: str, change: float, sd: float = 0.05) -> Row:
    """A reading of a sign's main method."""
    method = _MAIN[sign]
    return Row(photo, when(day), day, zone, sign, method.name, method.unit, math.nan, math.nan,
               MEASURED, "", change, sd, 2.8 * sd, Verdict.CANNOT_TELL)  # fmt: skip


def when(day: float) -> datetime:
    """Time of a day, to the second as series files tell it."""
    return (SESSION + timedelta(days=day)).replace(microsecond=0)


def few_draws(monkeypatch: pytest.MonkeyPatch, *, written: bool = False) -> None:
    """Believe what was believed before, with few draws: for all that is not about learning.

    Tables and page are left empty unless they shall be `written`.
    """

    def estimate(treatment, readings, parameters=None, seed=0):
        problem = Problem.of(treatment, readings, parameters or load_parameters(), seed)
        values = stream(seed, "few").standard_normal((20, problem.unknowns.count))
        summary = FitSummary("prior", True, "Made up.", {}, {"part": float(len(readings.days))})
        equal = np.full(20, 0.05)
        return Posterior(problem, values, equal, np.zeros(values.shape[1]), summary, seed)

    def expectation(before, latest, known_until_day):
        return _EXPECTATION(before, latest, known_until_day, 40)

    def write_files(work, *_arguments):
        for name in ("follow.html", PROVENANCE):
            own = json.dumps({"program": PROGRAM, "files": {"follow.html": ""}})
            (work / name).write_text(own, encoding="utf-8")
        return work / "follow.html"

    if not written:
        monkeypatch.setattr(job, "write_files", write_files)
    monkeypatch.setattr(job, "estimate", estimate)
    monkeypatch.setattr(job, "expectation", expectation)
    monkeypatch.setattr(job, "_PERSONAL_DRAWS", 20)
    monkeypatch.setattr(job, "_POPULATION_DRAWS", 20)


_EXPECTATION = job.expectation

Snapshot = dict[str, str]


def snapshot(folder: Path, leave: Callable[[Path], bool] = lambda _: False) -> Snapshot:
    """Digest of every file below a folder; locks, which hold nothing, are left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock" and not leave(path)
    }
