"""The chart is found, judged and never invented: drawn charts with known corners."""

from __future__ import annotations

import importlib.util
import json
import os
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from micropen.errors import MicropenError
from micropen.measurement.chart import ChartFault, ChartProblem, Edition, chart_of, find_chart
from micropen.measurement.chart.usability import shadow_edge
from micropen.portrait.colour_encoding import encode_srgb
from micropen.portrait.photo import Photo

ROOT = Path(__file__).parents[2]
TRUTH = Path(os.environ.get("MICROPEN_TRUTH_PHOTOS", ROOT.parent / "shared" / "photos"))
_SPEC = importlib.util.spec_from_file_location(
    "drawn_charts", ROOT / "validation" / "drawn_charts.py"
)
drawn_charts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(drawn_charts)
flat_chart, lay_into, patch_corners = (
    drawn_charts.flat_chart, drawn_charts.lay_into, drawn_charts.patch_corners
)  # fmt: skip
CORNERS = np.array([(120, 100), (440, 130), (430, 350), (110, 320)], np.float64)


def photo_of(linear: np.ndarray) -> Photo:
    return Photo(np.rint(255 * encode_srgb(linear)).astype(np.uint8), 8, "sRGB", "a", "", "PNG", 1)


def scene(flat: np.ndarray | None = None, corners: np.ndarray = CORNERS) -> np.ndarray:
    """A grey wall with some noise, a chart on it, under warm light."""
    random = np.random.default_rng(0)
    wall = np.full((480, 600, 3), 0.25, np.float32)
    drawn = lay_into(wall, flat_chart() if flat is None else flat, corners)
    lit = drawn * np.array([0.85, 0.7, 0.5], np.float32)
    return np.clip(lit + 0.003 * random.standard_normal(lit.shape), 0, 1).astype(np.float32)


@pytest.fixture(scope="module")
def plain() -> Photo:
    return photo_of(scene())


@pytest.mark.parametrize("turn", range(4))
def test_found_whichever_way_round(turn):
    quarter = np.linalg.matrix_power(np.array([[0, 1], [-1, 0]]), turn)
    corners = (CORNERS - CORNERS.mean(axis=0)) @ quarter + (300, 240)
    reading = chart_of(photo_of(scene(corners=corners)))
    assert reading.usable
    assert np.abs(reading.corners - patch_corners(corners)).max() < 1.5
    assert reading.correction.edition is Edition.AFTER_2014
    assert reading.residual_de00 < 1.0


def test_the_older_make_is_told_apart():
    reading = chart_of(photo_of(scene(flat_chart(Edition.BEFORE_2014))))
    assert reading.correction.edition is Edition.BEFORE_2014


def test_a_mirrored_chart_is_no_chart():
    problem = find_chart(photo_of(scene(np.ascontiguousarray(flat_chart()[:, ::-1]))))
    assert isinstance(problem, ChartProblem)
    assert problem.fault is ChartFault.NOT_FOUND


def test_squares_of_other_colours_are_no_chart():
    random = np.random.default_rng(3)
    flat = flat_chart()
    for cell, colour in enumerate(random.uniform(0.05, 0.8, (24, 3))):
        row, column = divmod(cell, 6)
        flat[27 + 100 * row : 113 + 100 * row, 27 + 100 * column : 113 + 100 * column] = colour
    assert not chart_of(photo_of(scene(flat))).found


def test_the_demo_portrait_has_no_chart(demo_portrait_file):
    codes = cv2.imread(str(demo_portrait_file))[..., ::-1]
    photo = Photo(np.ascontiguousarray(codes), 8, "sRGB", "a", "", "PNG", 1)
    reading = chart_of(photo)
    assert not reading.found
    assert reading.correction is None
    assert "No 24-patch chart" in reading.reason


def test_corners_by_hand_are_mended_and_may_start_anywhere(plain):
    truth = patch_corners(CORNERS)
    clicked = np.roll(truth, 2, axis=0) + np.array([(4, -5), (-5, 3), (5, 5), (-3, -4)])
    reading = chart_of(plain, corners=clicked)
    assert reading.usable
    assert np.abs(reading.corners - truth).max() < 1.5


def test_corners_beside_the_chart_are_refused_with_a_reason(plain):
    reading = chart_of(plain, corners=[(480, 300), (580, 300), (580, 370), (480, 370)])
    assert not reading.found
    assert reading.fault is ChartFault.WRONG_CORNERS
    assert "clockwise from the dark skin patch" in reading.reason


@pytest.mark.parametrize("corners", [[(0, 0), (1, 1)], [(-5, 0), (50, 0), (50, 40), (0, 40)]])
def test_impossible_corners_are_an_error(plain, corners):
    with pytest.raises(MicropenError, match="corners"):
        chart_of(plain, corners=corners)


def test_colours_of_two_lights_come_out_alike():
    patches = []
    for gains in ((1.0, 1.0, 1.0), (0.8, 0.95, 1.1)):
        photo = photo_of(np.clip(scene() * np.array(gains, np.float32), 0, 1))
        reading = chart_of(photo)
        wall = photo.linear[20:80, 20:580].mean(axis=(0, 1))
        patches.append(np.log(reading.correction.apply(wall)))
    assert np.abs(patches[0] - patches[1]).max() < 0.02
    assert np.exp(patches[0]) == pytest.approx([0.25] * 3, rel=0.04)


def test_overexposure_names_itself():
    reading = chart_of(photo_of(np.clip(scene() * 3.0, 0, 1)))
    assert (reading.found, reading.usable, reading.fault) == (True, False, ChartFault.CLIPPED)
    assert "expose less" in reading.reason


def test_darkness_names_itself():
    reading = chart_of(photo_of(scene() * 0.08))
    assert (reading.usable, reading.fault) == (False, ChartFault.TOO_DARK)


def test_a_shadow_names_itself():
    flat = flat_chart()
    flat[:, 330:] *= 0.6
    reading = chart_of(photo_of(scene(flat)))
    assert (reading.found, reading.usable) == (True, False)
    assert reading.fault is ChartFault.UNEVEN_LIGHT
    assert "hadow" in reading.reason


def test_a_shining_patch_is_left_out_with_a_warning():
    flat = flat_chart()
    flat[225:315, 125:215] += 0.25
    reading = chart_of(photo_of(scene(flat)))
    assert reading.usable
    assert "green" in reading.warnings[0]
    assert reading.residual_de00 < 1.0


def test_blur_names_itself():
    reading = chart_of(photo_of(cv2.GaussianBlur(scene(), (0, 0), 9.0)), patch_corners(CORNERS))
    assert not reading.usable
    assert reading.fault in (ChartFault.BLURRED, ChartFault.WRONG_CORNERS)


def test_a_step_of_light_is_told_from_a_slope():
    columns = np.tile(np.arange(6.0), 4)
    everywhere = np.ones(24, bool)
    noise = 0.01 * np.random.default_rng(0).standard_normal(24)
    assert shadow_edge(0.05 * columns + noise, everywhere) == 0.0
    step = np.where(columns > 2, -0.25, 0.0)
    assert shadow_edge(step + noise, everywhere) == pytest.approx(0.25, abs=0.02)


def test_a_series_keeps_the_baselines_make_and_model(plain):
    first = chart_of(photo_of(scene(flat_chart(Edition.BEFORE_2014)))).correction
    again = chart_of(plain, like=first).correction
    assert (again.edition, again.model) == (first.edition, first.model)


def test_other_bit_depths_read_alike(plain):
    sixteen = replace(plain, encoded=plain.encoded.astype(np.uint16) * 257, bit_depth=16)
    assert chart_of(sixteen).residual_de00 == pytest.approx(chart_of(plain).residual_de00, abs=0.02)


@pytest.mark.slow
def test_the_truth_series():
    folder = TRUTH / "d_pose_light_chart"
    if not folder.exists():
        pytest.skip("the truth series is not on this machine")
    for path in sorted(folder.glob("*.jpg")):
        codes = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
        reading = chart_of(Photo(codes, 8, "sRGB", path.name, "", "JPEG", 1))
        truth = json.loads((folder / f"{path.stem}.truth.json").read_text())["chart"]
        first = np.array([truth[0]["x"], truth[0]["y"]])
        assert reading.usable, path.name
        assert reading.residual_de00 < 1.0
        assert np.linalg.norm(reading.corners[0] - first) < 45
