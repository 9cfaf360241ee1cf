"""The measuring job: what it writes, what it refuses, and that it never leaves half a folder."""

from __future__ import annotations

import json
import math
import tomllib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from micropen.errors import MicropenError, OutputError, PhotoError, TreatmentError
from micropen.healing import forecast
from micropen.measurement.result import PhotoRecord, Row, SeriesMeasurement, Verdict
from micropen.report.folder import PROVENANCE
from micropen.treatment import Treatment
from micropen.workflows import measure as job
from micropen.workflows.measure import MeasureRequest, measure


@pytest.fixture
def photos(demo_portrait_file, tmp_path) -> Path:
    """Two photographs with umlauts and a space; one is mirrored, so that it is no copy."""
    folder = tmp_path / "Fotos Müller"
    folder.mkdir()
    with Image.open(demo_portrait_file) as image:
        picture = image.convert("RGB")
    picture.save(folder / "2026-05-01 vörher.png")
    flipped = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    flipped.save(folder / "2026-05-09 nachher.png")
    return folder


def found(*_arguments, **_options) -> SeriesMeasurement:
    when = datetime(2026, 5, 9)
    photo = PhotoRecord("2026-05-09 nachher.png", when, "file name", 1.0, "", True)
    first = PhotoRecord("2026-05-01 vörher.png", None, "", -7.0, "", True, is_baseline=True)
    row = Row(photo.name, when, 1.0, "cheek_left", "erythema", "blood_log_rgb", "1", math.nan,
              math.nan, "measured", "", 0.4, 0.1, 0.2, Verdict.INCREASED)  # fmt: skip
    return SeriesMeasurement((first, photo), (row,), (), (), first.name)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(job, "measure_series", found)


def test_everything_is_written_and_recorded(quick, photos, tmp_path):
    answer = measure(MeasureRequest((photos,), tmp_path / "aus gabe"))
    names = {p.name for p in answer.folder.iterdir()}
    assert {"readings.csv", "readings.parquet", "measurement.html", PROVENANCE} <= names
    record = json.loads((answer.folder / PROVENANCE).read_text(encoding="utf-8"))
    assert set(record["photographs"]) == {p.name for p in photos.iterdir()}
    assert all(len(digest) == 64 for digest in record["photographs"].values())
    assert set(record["files"]) == names - {PROVENANCE}
    for name in names - {"readings.parquet"}:
        assert str(tmp_path) not in (answer.folder / name).read_text(encoding="utf-8")


def test_an_earlier_result_is_replaced_and_a_foreign_folder_is_not(quick, photos, tmp_path):
    measure(MeasureRequest((photos,), tmp_path / "out"))
    measure(MeasureRequest((photos,), tmp_path / "out"))
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"mine\.txt"):
        measure(MeasureRequest((photos,), tmp_path / "out"))


def test_the_folder_of_the_photographs_is_never_the_output(quick, photos):
    with pytest.raises(OutputError):
        measure(MeasureRequest((photos,), photos))


def test_a_treatment_gives_days_and_the_band(quick, photos, tmp_path, founding_case_file):
    measure(MeasureRequest((photos,), tmp_path / "with", treatment=founding_case_file))
    page = (tmp_path / "with" / "measurement.html").read_text(encoding="utf-8")
    measure(MeasureRequest((photos,), tmp_path / "without"))
    bare = (tmp_path / "without" / "measurement.html").read_text(encoding="utf-8")
    assert len(page) > len(bare) + 200


def test_band_counts_from_the_session_and_lies_in_order(founding_case_file):
    treatment = job.Treatment.read(founding_case_file)
    bands = job._bands(treatment, found(), 0, job.Stages(None))
    assert [(b.sign, b.zone) for b in bands] == [("erythema", "cheek_left")]
    (band,) = bands
    assert band.days[0] == 0.0
    assert band.days[-1] >= 1.0
    assert np.all(band.low <= band.median)
    assert np.all(band.median <= band.high)


def twice(founding_case_file, path: Path) -> Treatment:
    """The founding case, once more four weeks later."""
    with founding_case_file.open("rb") as file:
        table = tomllib.load(file)
    table["session"].append({**table["session"][0], "date": date(2026, 6, 5)})
    return Treatment.from_dict(table)


def test_a_band_of_two_sessions_lies_on_the_days_of_the_photographs(founding_case_file, tmp_path):
    treatment = twice(founding_case_file, tmp_path)
    first, second = (s.moment for s in treatment.sessions)
    early = replace(found(), session=first)
    late = replace(found(), session=second)
    # Day 1 of the photographs is day 1 after the first session, or day 29 of the treatment.
    (after_first,) = job._bands(treatment, early, 0, job.Stages(None))
    (after_second,) = job._bands(treatment, late, 0, job.Stages(None))
    course = forecast(treatment, 40.0, job._DRAWS, 0).dataset
    true = course["erythema"].sel(zone="cheek_left").quantile(0.5, "draw")
    for band, start in ((after_first, 0.0), (after_second, 28.0)):
        assert band.days[0] == -start
        expected = np.interp(band.days + start, true["day"].values, true.values)
        at = np.abs(band.days - 1.0).argmin()
        assert band.median[at] == pytest.approx(expected[at], rel=0.05)
    # Both sessions stand out of the band whose days count from the second.
    peaks = [np.interp(day, after_second.days, after_second.median) for day in (-27.9, -14.0, 0.1)]
    assert min(peaks[0], peaks[2]) > 3.0 * max(peaks[1], 0.01)


def test_a_baseline_from_after_the_session_is_taken_off_the_band(founding_case_file):
    treatment = job.Treatment.read(founding_case_file)
    seen = found()
    late = replace(seen.photos[0], day=1.0)
    whole = replace(seen, session=treatment.sessions[0].moment)
    (before,) = job._bands(treatment, whole, 0, job.Stages(None))
    (after,) = job._bands(
        treatment, replace(whole, photos=(late, seen.photos[1])), 0, job.Stages(None)
    )
    at = np.abs(after.days - 1.0).argmin()
    assert max(abs(after.low[at]), abs(after.high[at])) < 0.05 * before.median[at]
    assert after.median[-1] < 0.0 < before.median[at]


@pytest.mark.parametrize("what", ["empty", "one", "missing", "corrupt"])
def test_what_cannot_be_measured_is_one_sentence(photos, tmp_path, what):
    names = sorted(photos.iterdir())
    if what in {"empty", "one"}:
        for path in names[: 2 if what == "empty" else 1]:
            path.unlink()
    if what == "corrupt":
        for path in names:
            path.write_bytes(b"no picture")
    given = photos / "nowhere" if what == "missing" else photos
    with pytest.raises(PhotoError) as caught:
        measure(MeasureRequest((given,), tmp_path / "out"))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_wrong_treatment_file_is_told_first(photos, tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("no = toml = here", encoding="utf-8")
    with pytest.raises(TreatmentError):
        measure(MeasureRequest((photos,), tmp_path / "out", treatment=wrong))


def test_a_place_that_cannot_be_written_is_told_before_measuring(photos, tmp_path, monkeypatch):
    def refuse(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    measured: list[object] = []
    monkeypatch.setattr(job, "measure_series", lambda *a, **_k: measured.append(a))
    monkeypatch.setattr("micropen.report.folder.tempfile.mkdtemp", refuse)
    with pytest.raises(OutputError, match="Permission denied"):
        measure(MeasureRequest((photos,), tmp_path / "new" / "out"))
    assert not measured
    assert not (tmp_path / "new").exists()


def test_an_interrupted_run_leaves_nothing(photos, tmp_path, monkeypatch):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "measure_series", interrupted)
    with pytest.raises(KeyboardInterrupt):
        measure(MeasureRequest((photos,), tmp_path / "new" / "out"))
    monkeypatch.setattr(job, "measure_series", found)
    monkeypatch.setattr(job, "write_measurement", interrupted)
    with pytest.raises(KeyboardInterrupt):
        measure(MeasureRequest((photos,), tmp_path / "new" / "out"))
    assert {p.name for p in tmp_path.iterdir()} == {photos.name}


@pytest.mark.parametrize(
    ("told", "in_file", "treated", "angle"),
    [(5.0, True, True, 5.0), (None, True, True, 19.0), (None, False, True, 41.25),
     (None, False, False, None)],
)  # fmt: skip
def test_who_states_the_tone(
    photos, tmp_path, monkeypatch, founding_case_file, told, in_file, treated, angle
):
    asked = []
    monkeypatch.setattr(job, "measure_series", lambda r, *_a: asked.append(r) or found())
    if in_file:
        (photos / "series.toml").write_text('phototype = "IV"', encoding="utf-8")
    treatment = founding_case_file if treated else None
    measure(MeasureRequest((photos,), tmp_path / "out", treatment=treatment, ita_deg=told))
    assert asked[0].stated_ita_deg == angle


def test_a_failure_leaves_nothing(photos, tmp_path, monkeypatch):
    def fail(*_arguments, **_options):
        raise MicropenError("not today.")

    monkeypatch.setattr(job, "measure_series", found)
    monkeypatch.setattr(job, "write_measurement", fail)
    with pytest.raises(MicropenError, match="not today"):
        measure(MeasureRequest((photos,), tmp_path / "out"))
    assert {p.name for p in tmp_path.iterdir()} == {photos.name}
