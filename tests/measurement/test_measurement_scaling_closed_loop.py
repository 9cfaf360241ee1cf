"""Flakes that a forecast drew are measured on the drawn frame, at the forecast's own opacity."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.appearance import appearance_of_signs, canvas_of
from micropen.measurement.alignment import Alignment
from micropen.measurement.face_view import FaceView
from micropen.measurement.light import LightChange
from micropen.measurement.methods.scaling_excess import SCALING_EXCESS
from micropen.measurement.pair import Pair
from micropen.portrait import Portrait
from micropen.rendering import render_frame


@pytest.fixture(scope="module")
def sharp():
    """A photograph of high resolution, 12 px/mm."""
    beside = Path(__file__).parents[2] / ".." / "shared" / "photos"
    folder = Path(os.environ.get("MICROPEN_TRUTH_PHOTOS", beside))
    if not folder.is_dir():
        pytest.skip("the truth photographs (MICROPEN_TRUTH_PHOTOS) are not on this machine")
    return Portrait.read(folder / "portrait_12mp" / "pre.jpg")


def drawn(portrait, signs):
    """The portrait and a frame of it as a pair under one light, nothing moved; cover per zone."""
    shown = appearance_of_signs(portrait, canvas_of(portrait, 2), signs, day=3.0)
    random = np.random.default_rng(5)
    # A camera's noise, which both photographs have of their own.
    linear = []
    frame = replace(portrait.photo, encoded=render_frame(portrait, shown), format="PNG")
    before, after = FaceView.of(portrait), FaceView.of(replace(portrait, photo=frame))
    for view in (before, after):
        noise = random.normal(0.0, 0.005, view.linear.shape).astype(np.float32)
        linear.append(view.linear * (1.0 + noise))
    before, after = before.with_linear(linear[0]), after.with_linear(linear[1])
    rows, columns = np.mgrid[0 : before.shape[0], 0 : before.shape[1]].astype(np.float32)
    ones = np.ones(before.shape, np.float32)
    place = np.stack([columns, rows], -1)
    alignment = Alignment(place, 0.02 * ones, ones, dict.fromkeys(ZONES, 0.02))
    light = LightChange(np.zeros_like(after.linear), np.zeros((len(ZONES), 3, 3)), "same", True)
    good = (np.maximum(before.fullest, after.fullest) < 250).astype(np.uint8)
    usable = np.clip(before.skin, 0, 1) * cv2.erode(good, np.ones((3, 3), np.uint8))
    pair = Pair(before, after, alignment, light, after.linear, usable.astype(np.float32), 56.0)
    return pair, pair.zone_mean(before.lay(np.asarray(shown.scale_coverage, np.float32)))


@pytest.mark.slow
@pytest.mark.parametrize("cover", [0.03, 0.06])
def test_peeling_that_was_drawn_is_measured(sharp, cover):
    pair, true = drawn(sharp, {"scaling": np.full(len(ZONES), cover)})
    readings = SCALING_EXCESS.read(pair).zones
    kept = [k for k, zone in enumerate(ZONES) if not readings[zone].reason]
    assert len(kept) >= 10
    read = np.array([readings[ZONES[k]].change for k in kept])
    sd = np.array([readings[ZONES[k]].change_sd for k in kept])
    # One opacity for the whole face, so its error is common to all zones.
    assert read.mean() == pytest.approx(true[kept].mean(), rel=0.2)
    assert (np.abs(read - true[kept]) < 1.96 * sd).mean() >= 0.8


@pytest.mark.slow
def test_drawn_redness_is_no_peeling(sharp):
    pair, _ = drawn(sharp, {"erythema": np.full(len(ZONES), 0.6)})
    readings = SCALING_EXCESS.read(pair).zones
    for zone in ZONES:
        if not readings[zone].reason:
            assert abs(readings[zone].change) < max(0.005, 1.96 * readings[zone].no_change_sd)
