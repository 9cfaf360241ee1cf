"""A case of real photographs whose truth is known, followed from end to end."""

from __future__ import annotations

import json
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from micropen.case import new_case
from micropen.estimation.result import FACE, Axis, Band
from micropen.workflows import follow as job
from micropen.workflows.follow import FollowRequest, follow

SESSION = datetime(2026, 11, 6, 10, 0)
DAYS = {"pre": -0.02, "rep1": -0.017, "day00": 0.02, "day01": 1.0, "day02": 2.0}
ZONES = {"forehead": "forehead", "nose": "nose", "cheek_R": "cheek_right", "cheek_L": "cheek_left",
         "upper_lip": "upper_lip", "chin": "chin"}  # fmt: skip
TREATMENT = f"""\
title = "Truth"
[person]
age_years = 40
sex = "male"
individual_typology_angle_deg = 56
acne_proneness = 0.5
[[session]]
date = {SESSION:%Y-%m-%d}
time = {SESSION:%H:%M:%S}
device = "SkinPen Precision"
face = {{ needle_length_mm = 0.75, passes = 4 }}
[session.zones]
periorbital = false
temple = false
jaw = false
glabella = false
"""


@pytest.fixture(scope="module")
def series() -> Path:
    beside = Path(__file__).parents[3] / "shared" / "photos"
    folder = Path(os.environ.get("MICROPEN_TRUTH_PHOTOS", beside)) / "a_fixed"
    if not folder.is_dir():
        pytest.skip("the truth photographs (MICROPEN_TRUTH_PHOTOS) are not on this machine")
    return folder


@pytest.fixture(scope="module")
def case(series, tmp_path_factory) -> Path:
    folder = new_case(tmp_path_factory.mktemp("truth") / "case", TREATMENT)
    lines = []
    for state, day in DAYS.items():
        shutil.copy(series / f"{state}.jpg", folder / "photos")
        taken = (SESSION + timedelta(days=day)).isoformat(timespec="seconds")
        lines += [f'[photo."{state}.jpg"]', f"taken_at = {taken}"]
    (folder / "photos" / "series.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def answer(case):
    now = SESSION + timedelta(days=2.1)
    return follow(FollowRequest(case, case / "result", now=now))


def at(bands: tuple[Band, ...], zone: str, day: float) -> float:
    band = next(b for b in bands if (b.key, b.axis, b.zone) == ("erythema", Axis.SIGN, zone))
    return float(np.interp(day, band.days, band.median))


def truth_of_redness(series: Path, zone: str, read_on_day_0: float) -> float:
    """Redness of day 3: blood put in then over that of day 0, as the program reads redness."""
    blood = [
        json.loads((series / f"{state}.truth.json").read_text("utf-8"))["zones"][zone]
        for state in ("day03", "day00")
    ]
    share = blood[0]["blood_diffuse_OD_G"] / blood[1]["blood_diffuse_OD_G"]
    return float(np.log1p(share * np.expm1(read_on_day_0)))


@pytest.mark.slow
def test_the_forecast_moves_toward_the_truth(series, answer):
    followed = answer.followed
    read = {p.zone: p.value for p in followed.readings
            if (p.key, p.source) == ("erythema", "day00.jpg")}  # fmt: skip
    own, anybody, later, usual = [], [], [], []
    for theirs, zone in ZONES.items():
        truth = truth_of_redness(series, theirs, read[zone])
        own.append(abs(at(followed.personal, zone, 3.0) - truth))
        anybody.append(abs(at(followed.population, zone, 3.0) - truth))
        later.append(at(followed.personal, zone, 5.0))
        usual.append(at(followed.population, zone, 5.0))
    assert np.mean(own) < 0.95 * np.mean(anybody)
    # On day 5 nothing is left: the nearer to nothing the better.
    assert np.mean(later) < 0.8 * np.mean(usual)


@pytest.mark.slow
def test_the_band_of_the_person_is_narrower(answer):
    bands = [
        next(b for b in whose if (b.key, b.axis, b.zone) == ("erythema", Axis.SIGN, FACE))
        for whose in (answer.followed.personal, answer.followed.population)
    ]
    own, anybody = (np.interp(3.0, b.days, b.high - b.low) for b in bands)
    assert own < 0.6 * anybody


@pytest.mark.slow
def test_readings_and_pictures_are_there_and_nothing_is_alarming(answer):
    followed = answer.followed
    assert {p.source for p in followed.readings} == {"day00.jpg", "day01.jpg", "day02.jpg"}
    assert np.mean([p.doubt > 0.5 for p in followed.readings]) < 0.05
    assert followed.alerts == ()
    assert len(followed.pictures) > 1
    assert followed.picture_of_today.startswith(b"\xff\xd8")
    assert any("before the first session" in note for note in followed.notes)


@pytest.mark.slow
def test_what_was_measured_is_not_measured_again(case, answer, monkeypatch):
    monkeypatch.setattr(job, "measure_series", lambda *_: pytest.fail("measured again"))
    now = SESSION + timedelta(days=2.2)
    again = follow(FollowRequest(case, case / "result", now=now, pictures=False))
    assert again.followed.readings == answer.followed.readings
    assert again.followed.personal[0].median == pytest.approx(answer.followed.personal[0].median)
