"""The main job, whole: a photograph and a treatment in, a report folder out."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from PIL import Image

from micropen import __version__
from micropen.anatomy import ZONES
from micropen.errors import FaceError, MicropenError
from micropen.signs import SIGNS
from micropen.workflows.demo import demo_files, demo_report
from micropen.workflows.forecast import ForecastAnswer, ForecastRequest, forecast_report

DAYS = 5.0
DRAWS = 20


@pytest.fixture(scope="module")
def answer(tmp_path_factory) -> ForecastAnswer:
    return demo_report(tmp_path_factory.mktemp("demo") / "report", days=DAYS, draws=DRAWS)


@pytest.fixture(scope="module")
def record(answer) -> dict:
    return json.loads((answer.page.parent / "provenance.json").read_text(encoding="utf-8"))


def test_the_folder_holds_everything(answer):
    names = {p.name for p in answer.page.parent.iterdir()}
    assert names == {
        "report.html", "frames", "film.webm", "film.xmp", "course.nc", "course.parquet",
        "course_summary.csv", "provenance.json",
    }  # fmt: skip


def test_provenance_says_how_it_was_made(record, demo_portrait_file, founding_case_file):
    assert record["version"] == __version__
    assert (record["seed"], record["draws"]) == (0, DRAWS)
    photo = hashlib.sha256(demo_portrait_file.read_bytes()).hexdigest()
    treatment = hashlib.sha256(founding_case_file.read_bytes()).hexdigest()
    assert (record["photo_sha256"], record["treatment_sha256"]) == (photo, treatment)
    assert record["lowest_grade"] == "D"
    assert set(record["sign_grades"]) == set(SIGNS)
    assert set(record["simulated_pictures"]["scenarios"]) == {"best", "expected", "worst"}


def test_no_private_path_or_name_reaches_the_output(answer):
    here = str(Path.home())
    for file in answer.page.parent.rglob("*"):
        if file.suffix in {".html", ".json", ".xmp", ".csv"}:
            text = file.read_text(encoding="utf-8")
            assert here not in text
            assert str(answer.page.parent.parent) not in text


def test_course_reads_back_in_both_formats(answer):
    folder = answer.page.parent
    with xr.open_dataset(folder / "course.nc", engine="h5netcdf") as course:
        assert set(SIGNS) <= set(course.data_vars)
        assert dict(course["erythema"].sizes)["draw"] == DRAWS
        assert tuple(course["zone"].values) == ZONES
        first = float(course["erythema"].isel(draw=0, zone=0, day=3))
    table = pd.read_parquet(folder / "course.parquet")
    assert table["erythema"].iloc[3] == pytest.approx(first)


def test_frames_differ_from_day_to_day_and_case_to_case(answer, record):
    def frame(scenario: str, day: float) -> np.ndarray:
        file = answer.page.parent / "frames" / f"{scenario}_day_{day:06.2f}.jpg"
        with Image.open(file) as picture:
            return np.asarray(picture.convert("RGB"), dtype=np.float32)

    days = record["simulated_pictures"]["days"]
    evening, later = days[0], days[-1]
    assert later == DAYS
    # The face of the portrait, away from the mark in the corner.
    skin = (slice(100, 200), slice(190, 270))

    def redness(picture: np.ndarray) -> float:
        return float(np.log((picture[skin][..., 0] + 1.0) / (picture[skin][..., 1] + 1.0)).mean())

    assert redness(frame("expected", evening)) > redness(frame("expected", later)) + 0.02
    assert redness(frame("worst", evening)) > redness(frame("best", evening)) + 0.02


def test_milestones_are_those_of_the_page(answer):
    page = answer.page.read_text(encoding="utf-8")
    assert len(answer.milestones) >= 8
    for milestone in answer.milestones:
        assert milestone.title.split(" ")[0] in page


def test_same_seed_same_bytes(answer, tmp_path):
    again = demo_report(tmp_path / "again", days=DAYS, draws=DRAWS)
    for file in answer.page.parent.rglob("*"):
        if file.is_file() and file.suffix not in {".nc"}:  # HDF5 notes the moment of writing
            other = again.page.parent / file.relative_to(answer.page.parent)
            if file.name != "provenance.json":
                assert file.read_bytes() == other.read_bytes(), file.name


def test_private_metadata_never_reaches_an_output(answer, tmp_path, founding_case_file):
    with demo_files() as (portrait, _):
        image = Image.open(portrait).convert("RGB")
        exif = Image.Exif()
        exif[0x010F] = "SecretMaker"
        exif[0x8298] = "Jane Private"
        exif.get_ifd(0x8825)[2] = (47.0, 22.0, 33.0)
        image.save(tmp_path / "tagged.jpg", exif=exif, quality=95)
    request = ForecastRequest(
        tmp_path / "tagged.jpg", founding_case_file, tmp_path / "report", days=2.0, draws=20
    )
    made = forecast_report(request)
    for file in made.page.parent.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert b"SecretMaker" not in content
            assert b"Jane Private" not in content
    for frame in (made.page.parent / "frames").iterdir():
        with Image.open(frame) as picture:
            assert not picture.getexif()


def test_progress_names_every_stage(tmp_path, monkeypatch, founding_case_file):
    told: list[tuple[str, float]] = []
    blank = tmp_path / "blank.png"
    Image.new("RGB", (300, 300), (128, 128, 128)).save(blank)
    request = ForecastRequest(blank, founding_case_file, tmp_path / "report")
    with pytest.raises(FaceError):
        forecast_report(request, lambda stage, share: told.append((stage, share)))
    assert [stage for stage, share in told if share == 0.0] == ["treatment", "photograph"]
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize("wrong", [{"days": 0.5}, {"days": 401.0}, {"draws": 19}, {"draws": 10**6}])
def test_request_outside_its_range(tmp_path, wrong):
    with pytest.raises(MicropenError, match="must lie between"):
        ForecastRequest(tmp_path / "a", tmp_path / "b", tmp_path / "c", **wrong)
