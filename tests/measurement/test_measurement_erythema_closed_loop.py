"""What a forecast drew on the bundled portrait is what is measured on the drawn frame."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.appearance import appearance_of_signs, canvas_of
from micropen.measurement.alignment import Alignment
from micropen.measurement.face_view import FaceView
from micropen.measurement.light import LightChange
from micropen.measurement.methods.erythema_blood import BLOOD_LOG_RGB
from micropen.measurement.methods.pigment_melanin import MELANIN_LOG_RGB
from micropen.measurement.pair import Pair
from micropen.portrait import Portrait
from micropen.rendering import render_frame


@pytest.fixture(scope="module")
def portrait(demo_portrait_file):
    return Portrait.read(demo_portrait_file)


def drawn(portrait, signs, day):
    """The portrait and a frame of it as a pair under one light, nothing moved; what was drawn."""
    shown = appearance_of_signs(portrait, canvas_of(portrait, 2), signs, day=day)
    frame = replace(portrait.photo, encoded=render_frame(portrait, shown))
    before, after = FaceView.of(portrait), FaceView.of(replace(portrait, photo=frame))
    rows, columns = np.mgrid[0 : before.shape[0], 0 : before.shape[1]].astype(np.float32)
    ones = np.ones(before.shape, np.float32)
    nowhere = dict.fromkeys(ZONES, 0.02)
    alignment = Alignment(np.stack([columns, rows], -1), 0.02 * ones, ones, nowhere)
    light = LightChange(np.zeros_like(after.linear), np.zeros((len(ZONES), 3, 3)), "same", True)
    good = (np.maximum(before.fullest, after.fullest) < 250).astype(np.uint8)
    usable = np.clip(before.skin, 0, 1) * cv2.erode(good, np.ones((3, 3), np.uint8))
    ita = portrait.skin.ita_deg
    pair = Pair(before, after, alignment, light, after.linear, usable.astype(np.float32), ita)
    bare = portrait.masks.texture * (portrait.masks.texture > 0.5)
    return pair, portrait.zones.mean(shown.added_blood, bare) / portrait.skin.resting_blood


@pytest.mark.parametrize("erythema", [0.25, 0.7, 1.3])
def test_redness_that_was_drawn_is_measured(portrait, erythema):
    pair, added = drawn(portrait, {"erythema": np.full(len(ZONES), erythema)}, 0.3)
    found = BLOOD_LOG_RGB.read(pair).zones
    kept = [k for k, zone in enumerate(ZONES) if not found[zone].reason]
    assert len(kept) >= 6
    read = np.array([found[ZONES[k]].change for k in kept])
    assert np.abs(read - np.log1p(added[kept])).max() < 0.04 + 0.05 * erythema


def test_redness_that_was_drawn_is_not_pigment(portrait):
    pair, _ = drawn(portrait, {"erythema": np.full(len(ZONES), 1.0)}, 0.3)
    found = MELANIN_LOG_RGB.read(pair).zones
    for zone in ZONES:
        if not found[zone].reason:
            assert abs(found[zone].change) < 2.0 * found[zone].no_change_sd
