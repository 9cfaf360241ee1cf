"""A whole series: what fails stays with its photograph, and the result depends on nothing else."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from micropen.anatomy import ZONES
from micropen.errors import MicropenError, PhotoError
from micropen.measurement.measure_series import SeriesRequest, measure_series
from micropen.measurement.method import Method, Reading, ZoneReading
from micropen.measurement.result import Verdict
from micropen.measurement.series import read_series
from micropen.portrait import Portrait


def _read(pair) -> Reading:
    after, before = (np.log(np.maximum(image, 1e-3)) for image in (pair.after, pair.before))
    change = pair.zone_mean(after[..., 0] - after[..., 1] - before[..., 0] + before[..., 1])
    return Reading(
        {z: ZoneReading(1.0, 0.1, float(c), 0.03, 0.03) for z, c in zip(ZONES, change, strict=True)}
    )


def _refuse(pair) -> Reading:
    raise MicropenError("It cannot be read.")


def _method(name: str, read, sign: str = "erythema") -> Method:
    return Method(name, sign, "1", name, name, "lower", (), (), sign == "erythema", read)


METHODS = (_method("red", _read), _method("never", _refuse, "pigment"))


def _redder(image: np.ndarray, nose: np.ndarray, step: float) -> np.ndarray:
    """Redden nose and cheeks, not the picture: a change of everything is a change of light."""
    rows, columns = np.mgrid[0 : image.shape[0], 0 : image.shape[1]]
    away = ((rows - nose[1]) / 50.0) ** 2 + ((columns - nose[0]) / 90.0) ** 2
    taken = step * np.exp(-(away**2))[..., None] * np.array([0.0, 1.0, 1.0])
    return np.clip(image * (1.0 - taken), 0, 255).astype(np.uint8)


def save(image: np.ndarray, path: Path, shift: tuple[int, int] = (0, 0), scale: float = 1.0):
    """Save an enlarged face, moved so that it is no copy of another file."""
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float32)
    size = (image.shape[1], image.shape[0])
    Image.fromarray(cv2.warpAffine(image, matrix, size, borderMode=cv2.BORDER_REPLICATE)).save(path)


@pytest.fixture(scope="module")
def face(demo_portrait_file) -> np.ndarray:
    with Image.open(demo_portrait_file) as image:
        codes = np.asarray(image.convert("RGB"))[30:330, 120:400]
    return cv2.resize(codes, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC)


@pytest.fixture(scope="module")
def nose(demo_portrait_file) -> np.ndarray:
    """Tip of the nose on the enlarged face, px."""
    tip = Portrait.read(demo_portrait_file).face.landmarks[1, :2]
    return (tip - (120.0, 30.0)) * 2.5


@pytest.fixture(scope="module")
def folder(face, nose, tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("photos")
    save(face, place / "pre.png")
    save(_redder(face, nose, 0.2), place / "day01.png", (7, -5), 0.985)
    save(face, place / "pre again.png", (-8, 6), 1.02)
    (place / "day03.jpg").write_bytes(b"\xff\xd8\xff no photograph")
    Image.fromarray(np.full((400, 400, 3), 128, np.uint8)).save(place / "day02.png")
    told = 'repeats = [["pre.png", "pre again.png"]]\nbaseline = "pre.png"\n'
    (place / "series.toml").write_text(told, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def shown() -> list[tuple[str, float]]:
    return []


@pytest.fixture(scope="module")
def seen() -> list[tuple[str, list[str]]]:
    return []


@pytest.fixture(scope="module")
def measured(folder, shown, seen):
    return measure_series(
        SeriesRequest(read_series(folder)),
        lambda stage, share: shown.append((stage, share)),
        methods=METHODS,
        watch=lambda photo, _pair, readings: seen.append((photo, sorted(readings))),
    )


def test_what_fails_stays_with_its_photograph(measured):
    usable = {p.name: p.usable for p in measured.photos}
    assert usable == {
        "pre.png": True, "day01.png": True, "pre again.png": True,
        "day02.png": False, "day03.jpg": False,
    }  # fmt: skip
    assert all(p.reasons and p.reasons[0].endswith(".") for p in measured.photos if not p.usable)


def test_redness_of_a_part_is_found(measured):
    change = {(r.photo, r.zone): r.change for r in measured.rows if r.method == "red"}
    red = [change["day01.png", zone] for zone in ("cheek_left", "cheek_right", "nose")]
    same = [change["pre again.png", zone] for zone in ("cheek_left", "cheek_right", "nose")]
    assert min(red) > 0.05
    assert max(abs(c) for c in same) < 0.05


def test_days_baseline_and_tidy_rows(measured):
    assert measured.baseline == "pre.png"
    days = {p.name: p.day for p in measured.photos}
    assert days["day01.png"] == 1.0
    assert days["pre again.png"] == days["pre.png"]
    rows = [r for r in measured.rows if r.photo == "day01.png"]
    assert sorted((r.method, r.zone) for r in rows) == sorted(
        (m.name, z) for m in METHODS for z in ZONES
    )
    own = [r for r in measured.rows if r.photo == measured.baseline]
    assert own
    assert all(r.method == "red" and r.change == 0.0 and r.value == 1.0 for r in own)


def test_a_method_that_refuses_has_its_reason_in_every_row(measured):
    rows = [r for r in measured.rows if r.method == "never"]
    assert rows
    assert {r.status for r in rows} == {"not measurable"}
    assert all(r.reason and math.isnan(r.change) for r in rows)
    assert {r.verdict for r in rows} == {Verdict.CANNOT_TELL}


def test_progress_and_pairs_are_shown(measured, shown, seen):
    assert ("photographs", 1.0) in shown
    assert sorted(seen) == [("day01.png", ["never", "red"]), ("pre again.png", ["never", "red"])]


def test_without_a_told_tone_a_note_says_how_to_state_it(measured):
    (note,) = [n for n in measured.notes if "skin tone" in n]
    assert "--phototype" in note
    assert "series file" in note


def test_repeats_change_the_error_and_are_told(measured):
    assert {frozenset(group) for group in measured.repeats} == {
        frozenset({"pre.png", "pre again.png"})
    }
    assert any("one moment" in note for note in measured.notes)
    found = {r.smallest_real_change for r in measured.rows if r.photo == "day01.png"}
    stated = 1.96 * 0.03
    assert not any(math.isclose(f, stated) for f in found)


@pytest.mark.slow
def test_workers_do_not_change_the_result(folder, measured):
    alone = measure_series(SeriesRequest(read_series(folder)), methods=METHODS, workers=1)
    assert [repr(r) for r in alone.rows] == [repr(r) for r in measured.rows]
    assert [p.evened for p in alone.pictures] == [p.evened for p in measured.pictures]


@pytest.mark.slow
def test_a_fault_on_one_photograph_is_said(folder, monkeypatch):
    def odd(pair):
        if pair.later is pair.baseline:
            return _read(pair)
        raise ZeroDivisionError("odd")

    monkeypatch.delenv("MICROPEN_DEBUG", raising=False)
    with pytest.raises(PhotoError, match="ZeroDivisionError"):
        measure_series(SeriesRequest(read_series(folder)), methods=(_method("odd", odd),))


def test_told_baseline_that_has_no_face(folder):
    with pytest.raises(PhotoError, match=r"baseline 'day02\.png' cannot be used: .*face"):
        measure_series(SeriesRequest(read_series(folder), "day02.png"), methods=METHODS)
