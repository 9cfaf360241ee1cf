"""Closed loop: a rendered frame, taken apart again, gives back the blood that was put in."""

from __future__ import annotations

import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.appearance import appearance, appearance_of_signs, canvas_of
from micropen.portrait import Portrait
from micropen.portrait.colour_encoding import linear_from_codes
from micropen.portrait.decomposition import read_blood
from micropen.rendering import render_frame

FEWEST_CELLS = 150


def added(portrait, frame, saturation):
    """Blood per zone that the frame has more than the photograph, by the same decomposition."""
    more = {"inflammatory_saturation": saturation}
    before, after = (
        read_blood(linear, portrait.skin, portrait.masks, portrait.px_per_mm, **more)
        for linear in (portrait.photo.linear, linear_from_codes(frame))
    )
    return after - before


def zones(portrait, values):
    clear = portrait.masks.texture * portrait.skin.readable * (portrait.masks.texture > 0.5)
    labels = portrait.zones.labels[(clear > 0) & (portrait.zones.labels >= 0)]
    enough = np.bincount(labels, minlength=len(ZONES)) > FEWEST_CELLS
    return portrait.zones.mean(values, clear)[enough]


def redness_error(portrait, erythema):
    canvas = canvas_of(portrait, 2)
    signs = {"erythema": np.full(len(ZONES), erythema)}
    shown = appearance_of_signs(portrait, canvas, signs, day=0.3)
    frame = render_frame(portrait, shown)
    put_in = zones(portrait, shown.added_blood)
    read_out = zones(portrait, added(portrait, frame, shown.added_saturation))
    assert len(put_in) >= 6
    return float(np.abs(read_out / put_in - 1.0).mean())


@pytest.mark.parametrize("erythema", [0.25, 0.5, 1.04, 1.6])
def test_redness_alone_comes_back_within_six_percent(portrait, erythema):
    assert redness_error(portrait, erythema) < 0.06


@pytest.mark.parametrize("day", [0.3, 1.0, 3.0])
def test_a_whole_day_comes_back_nearly(portrait, course, day):
    """Points, flakes, gloss and relief disturb the reading, but not by much."""
    shown = appearance(portrait, course, day)
    frame = render_frame(portrait, shown)
    put_in = zones(portrait, shown.added_blood)
    read_out = zones(portrait, added(portrait, frame, shown.added_saturation))
    assert float(np.abs(read_out - put_in).mean()) < 0.0004 + 0.06 * float(put_in.mean())


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["a_fixed", "tone_lightmedium", "tone_dark"])
def test_redness_comes_back_on_three_tones(truth, folder):
    portrait = Portrait.read(truth / folder / "pre.jpg")
    assert redness_error(portrait, 1.0) < 0.06
