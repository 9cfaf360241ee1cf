"""The measuring job: what it writes, what it refuses, and that it never leaves half a folder."""

from __future__ import annotations

import json
import math
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from micropen.errors import MicropenError, OutputError, PhotoError, TreatmentError
from micropen.measurement.result import PhotoRecord, Row, SeriesMeasurement, Verdict
from micropen.report.folder import PROVENANCE
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
    sessions = job._sessions(treatment)
    bands = job._bands(treatment, found(), sessions, 0, job._Clock(None))
    assert [(b.sign, b.zone) for b in bands] == [("erythema", "cheek_left")]
    (band,) = bands
    assert band.days[0] == 0.0
    assert band.days[-1] >= 1.0
    assert np.all(band.low <= band.median)
    assert np.all(band.median <= band.high)


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


def test_a_failure_leaves_nothing(photos, tmp_path, monkeypatch):
    def fail(*_arguments, **_options):
        raise MicropenError("not today.")

    monkeypatch.setattr(job, "measure_series", found)
    monkeypatch.setattr(job, "write_measurement", fail)
    with pytest.raises(MicropenError, match="not today"):
        measure(MeasureRequest((photos,), tmp_path / "out"))
    assert {p.name for p in tmp_path.iterdir()} == {photos.name}
