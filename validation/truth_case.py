"""A case made of photographs whose truth is known: treatment, days, and photographs day by day."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
from truth_photos import truths_of

from micropen.case import Case
from micropen.measurement.measure_series import SeriesRequest, measure_series
from micropen.measurement.result import SeriesMeasurement
from micropen.measurement.series import Series, read_series
from micropen.workflows.follow import FollowAnswer, FollowRequest, follow
from micropen.workflows.kept_measurement import keep_measurement, kept_measurement, measuring_key

SESSION = datetime(2026, 11, 6, 10, 0)
BEFORE = {"pre": -0.02, "rep1": -0.015, "rep2": -0.01}
"""State to day: half an hour to a quarter of an hour before the session's end, one moment."""

AFTER = {"day00": 0.02, "day01": 1.0, "day02": 2.0, "day03": 3.0, "day04": 4.0, "day05": 5.0,
         "day14": 14.0}  # fmt: skip

_TREATMENT = """\
title = "{title}"
[person]
age_years = 40
sex = "male"
individual_typology_angle_deg = {tone:.0f}
acne_proneness = 0.5
[[session]]
date = {session:%Y-%m-%d}
time = {session:%H:%M:%S}
device = "SkinPen Precision"
face = {{ needle_length_mm = 0.75, passes = 4 }}
[session.zones]
periorbital = false
temple = false
jaw = false
glabella = false
"""


@dataclass(frozen=True)
class Shot:
    """One photograph of a case.

    Parameters
    ----------
    source
        The file.
    day
        Since the session, as the case is told.
    light
        What linear red, green and blue are multiplied by; all 1 leaves the file as it is.
    """

    source: Path
    day: float
    light: tuple[float, float, float] = (1.0, 1.0, 1.0)


def shots_of(folder: Path, days: Mapping[str, float]) -> dict[str, Shot]:
    """Photographs of a series by state, those that exist."""
    found = {state: Shot(folder / f"{state}.jpg", day) for state, day in days.items()}
    return {state: shot for state, shot in found.items() if shot.source.is_file()}


def make_case(place: Path, folder: Path, shots: Mapping[str, Shot]) -> Case:
    """Make a case of a series, or lay these photographs into the one that stands there."""
    tone = float(truths_of(folder)["pre"]["tone_ITA"])
    photos = place / "photos"
    photos.mkdir(parents=True, exist_ok=True)
    text = _TREATMENT.format(title=folder.name, tone=tone, session=SESSION)
    (place / "treatment.toml").write_text(text, encoding="utf-8")
    for state, shot in shots.items():
        target = photos / f"{state}.jpg"
        if not target.exists():
            _lay(shot, target)
    (photos / "series.toml").write_text(_series_file(shots), encoding="utf-8")
    return Case.open(place)


def _lay(shot: Shot, target: Path) -> None:
    """Copy a photograph, or save it as the same camera would have seen it in another light."""
    if set(shot.light) == {1.0}:
        shutil.copy(shot.source, target)
        return
    image = cv2.imread(str(shot.source)).astype(np.float64) / 255.0
    # Close enough to the sRGB curve for a lamp; what the sensor cannot hold is clipped, as it is.
    image = np.minimum(image**2.2 * shot.light[::-1], 1.0) ** (1.0 / 2.2)
    pixels = np.round(image * 255.0).astype(np.uint8)
    cv2.imwrite(str(target), pixels, [cv2.IMWRITE_JPEG_QUALITY, 92])


def _series_file(shots: Mapping[str, Shot]) -> str:
    lines = []
    for state, shot in shots.items():
        taken = SESSION + timedelta(days=shot.day)
        lines += [f'[photo."{state}.jpg"]', f"taken_at = {taken.isoformat(timespec='seconds')}"]
    return "\n".join(lines) + "\n"


def measured_whole(case: Case) -> SeriesMeasurement:
    """Measure all photographs of a case as following it does, or take what it keeps of them."""
    series = _series(case)
    key = measuring_key(case, series, (None,))
    found, _ = kept_measurement(case, key)
    if found is None:
        tone = case.treatment.person.individual_typology_angle_deg
        moments = tuple(session.moment for session in case.treatment.sessions)
        request = SeriesRequest(series, "", moments, None, tone, tuple(case.treatment.zones))
        found = measure_series(request)
        keep_measurement(case, key, found)
    return found


def follow_with(case: Case, whole: SeriesMeasurement, output: Path, today: float) -> FollowAnswer:
    """Follow a case whose photographs were measured together with later ones.

    A reading compares its photograph with the baseline, and the baseline's repeats say how large
    its error is: later photographs play no part, so that none has to be measured again.
    """
    series = _series(case)
    names = {entry.name for entry in series.entries}
    keep_measurement(case, measuring_key(case, series, (None,)), only(whole, names))
    now = SESSION + timedelta(days=today, hours=1)
    return follow(FollowRequest(case.folder, output, now=now, pictures=False))


def only(whole: SeriesMeasurement, names: Collection[str]) -> SeriesMeasurement:
    """The part of a measured series that these photographs alone would have given."""

    def of(records: Iterable) -> tuple:  # type: ignore[type-arg]
        return tuple(r for r in records if getattr(r, "photo", getattr(r, "name", "")) in names)

    return replace(
        whole,
        photos=of(whole.photos),
        rows=of(whole.rows),
        lesions=of(whole.lesions),
        pictures=(),
        repeats=tuple(group for group in whole.repeats if set(group) <= set(names)),
    )


def _series(case: Case) -> Series:
    moments = tuple(session.moment for session in case.treatment.sessions)
    return read_series((case.photos,), None, sessions=moments)
