"""Pictures for the page: what is drawn where, in which colour, and how large."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from micropen.anatomy import ZONES
from micropen.measurement.face_view import FaceView
from micropen.measurement.method import Reading, ZoneReading
from micropen.measurement.pictures import (
    LESS,
    MORE,
    TALLEST_PX,
    baseline_pictures,
    canvas_of,
    jpeg,
    overlay_png,
    overlay_scale,
)
from micropen.portrait import Portrait

NOSE, CHIN = ZONES.index("nose"), ZONES.index("chin")


@pytest.fixture(scope="module")
def view(demo_portrait_file: Path) -> FaceView:
    return FaceView.of(Portrait.read(demo_portrait_file), px_per_mm=2.0)


@pytest.fixture
def pair() -> SimpleNamespace:
    """Nose on the left, chin on the right, nothing below."""
    labels = np.full((60, 80), -1, np.int8)
    labels[:40, :40], labels[:40, 40:] = NOSE, CHIN
    return SimpleNamespace(labels=labels, px_per_mm=1.0)


def reading(overlay: np.ndarray | None, error: float = 0.1, refused: str = "") -> Reading:
    zones = dict.fromkeys(ZONES, ZoneReading(np.nan, np.nan, 0.0, error, error))
    if refused:
        zones[refused] = ZoneReading.refused("Hair covers it.")
    return Reading(zones, overlay)


def drawn(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def test_only_what_exceeds_the_smallest_real_change_is_drawn(pair):
    values = np.full((60, 80), 0.19, np.float32)  # 1.96 * 0.1 = 0.196
    assert overlay_png(pair, "scaling", reading(values)) == b""
    values[10:20, 10:20] = 0.4
    shown = drawn(overlay_png(pair, "scaling", reading(values)))
    assert shown.shape == (60, 80, 4)
    assert (shown[..., 3] > 0).sum() == 100
    assert (shown[10:20, 10:20, 3] > 0).all()


def test_more_and_less_have_their_own_colours_and_grow_with_the_change(pair):
    full = overlay_scale("scaling").full
    values = np.zeros((60, 80), np.float32)
    values[:20, :40], values[20:40, :40] = full, 0.5 * full
    values[:20, 40:] = -full
    shown = drawn(overlay_png(pair, "scaling", reading(values, error=0.01)))
    assert tuple(shown[5, 5, :3]) == MORE[1]
    assert tuple(shown[5, 60, :3]) == LESS[1]
    assert shown[5, 5, 3] > shown[30, 5, 3] > 0
    assert shown[30, 60, 3] == 0


def test_a_zone_that_was_not_measured_and_the_rest_stay_empty(pair):
    values = np.full((60, 80), 0.5, np.float32)
    values[:, :5] = np.nan
    shown = drawn(overlay_png(pair, "erythema", reading(values, refused="chin")))
    assert (shown[:40, 5:40, 3] > 0).all()
    assert (shown[:, :5, 3] == 0).all()
    assert (shown[:, 40:, 3] == 0).all()
    assert (shown[40:, :, 3] == 0).all()


def test_a_speck_of_one_pixel_is_noise_except_for_flakes(pair):
    values = np.zeros((60, 80), np.float32)
    values[20, 20] = 0.5
    assert overlay_png(pair, "erythema", reading(values)) == b""
    assert overlay_png(pair, "scaling", reading(values)) != b""


def test_no_map_no_overlay(pair):
    assert overlay_png(pair, "gloss", reading(None)) == b""


def test_a_jpeg_is_capped_and_carries_nothing_but_the_picture():
    ramp = np.linspace(0.0, 1.2, 1500 * 10 * 3, dtype=np.float32).reshape(1500, 10, 3)
    image = Image.open(io.BytesIO(jpeg(ramp)))
    assert image.size == (8, TALLEST_PX)
    assert not image.getexif()
    grey = np.full((40, 40, 3), 0.2140, np.float32)  # linear; 127.5 of 255 as sRGB
    codes = np.asarray(Image.open(io.BytesIO(jpeg(grey))))
    assert np.abs(codes.astype(int) - 127).max() <= 1


def test_outlines_hold_the_middle_of_their_zone(view):
    canvas = canvas_of(view)
    assert (canvas.height_px, canvas.width_px) == view.shape
    assert {"cheek_left", "cheek_right", "forehead", "nose", "chin"} <= set(canvas.outlines)
    for zone in ("cheek_left", "cheek_right", "nose"):
        inside = (view.labels == ZONES.index(zone)) & (view.skin > 0.5)
        rows, columns = np.nonzero(inside)
        points = np.concatenate([np.array(polygon) for polygon in canvas.outlines[zone]])
        assert points[:, 0].min() < columns.mean() < points[:, 0].max()
        assert points[:, 1].min() < rows.mean() < points[:, 1].max()
        assert len(points) < 120
    # The subject's left is on the picture's right.
    left, right = (
        np.array(canvas.outlines[f"cheek_{s}"][0])[:, 0].mean() for s in ("left", "right")
    )
    assert left > right


def test_the_baseline_has_no_overlay_and_needs_no_evening(view):
    shown = baseline_pictures(view, "before.png")
    assert shown.photo == "before.png"
    assert shown.aligned == shown.evened
    assert not shown.overlays
