"""Redness, pigment, gloss, relief and plumpness: zone means are the signs, zero is neutral."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.anatomy import ZONES
from micropen.appearance.fullness import plumpness, relief_reduction
from micropen.appearance.gloss import gloss_maps
from micropen.appearance.pigment import melanin_factor, patch_emphasis
from micropen.appearance.redness import (
    added_blood,
    inflammatory_saturation,
    track_contrast,
    with_mean_one,
)
from micropen.evidence import load_parameters

PARAMETERS = load_parameters()


def zone_means(values, weights, skin):
    flat = (weights * skin).reshape(len(weights), -1)
    total = flat.sum(1)
    return (flat @ values.ravel())[total > 20] / total[total > 20]


def test_vessels_have_mean_one_in_every_zone(canvas):
    means = zone_means(canvas.vessels, canvas.zone_weights, canvas.colour)
    assert means == pytest.approx(1.0, abs=0.01)
    assert 0.15 < float(np.log(canvas.vessels[canvas.colour > 0.5]).std()) < 0.40


def test_added_blood_has_the_asked_mean(canvas):
    erythema = np.full(len(ZONES), 0.8)
    blood = added_blood(erythema, canvas.zone_weights, canvas.colour, canvas.vessels, 0.02)
    where = canvas.colour > 0.0
    asked = 0.02 * np.expm1(0.8)
    mean = float(blood[where].sum() / canvas.colour[where].sum())
    assert mean == pytest.approx(asked, rel=0.01)
    assert not blood[~where].any()


def test_each_zone_gets_its_own_redness(canvas):
    erythema = np.zeros(len(ZONES))
    erythema[ZONES.index("cheek_left")] = 1.0
    blood = added_blood(erythema, canvas.zone_weights, canvas.colour, canvas.vessels, 0.02)
    skin = canvas.colour > 0.9
    left = skin & (canvas.zone_weights[ZONES.index("cheek_left")] > 0.9)
    right = skin & (canvas.zone_weights[ZONES.index("cheek_right")] > 0.9)
    assert float(blood[left].mean()) > 0.02
    assert float(np.abs(blood[right]).max()) < 0.01 * float(blood[left].mean())


@given(low=st.floats(0.0, 2.0), more=st.floats(0.01, 1.0))
def test_redness_grows_with_the_sign_everywhere(canvas, low, more):
    paint = (canvas.zone_weights, canvas.colour, canvas.vessels, 0.02)
    weak = added_blood(np.full(13, low), *paint)
    strong = added_blood(np.full(13, low + more), *paint)
    assert (strong >= weak).all()
    assert strong.sum() > weak.sum()


def test_zero_signs_are_exactly_neutral(canvas):
    zero = np.zeros(len(ZONES))
    weights, skin = canvas.zone_weights, canvas.texture
    assert not added_blood(zero, weights, skin, canvas.vessels, 0.02).any()
    assert (melanin_factor(zero, weights, skin, canvas.emphasis) == 1.0).all()
    factor, sheen = gloss_maps(zero, weights, skin, canvas.lobe, PARAMETERS)
    assert (factor == 1.0).all()
    assert not sheen.any()
    assert not relief_reduction(zero, weights, skin).any()
    assert not plumpness(zero, zero, zero, weights, skin, PARAMETERS).any()


def test_saturation_falls_from_arterial_to_resting():
    days = np.array([0.0, 0.5, 1.0, 2.0, 4.0, 30.0])
    values = [inflammatory_saturation(float(day), PARAMETERS) for day in days]
    resting = PARAMETERS.value("portrait.anchor.resting_saturation")
    assert 0.90 <= values[0] <= 0.95
    assert values[:3] == pytest.approx([values[0]] * 3)
    assert (np.diff(values[2:]) < 0).all()
    assert values[-1] == pytest.approx(resting, abs=1e-4)


def test_needle_tracks_fade():
    values = [track_contrast(day, PARAMETERS) for day in (0.0, 1.0, 3.0, 10.0)]
    assert (np.diff(values) < 0).all()
    assert values[0] == PARAMETERS.value("appearance.redness.track_contrast")
    assert values[-1] < 1e-3


def spotted(canvas):
    """Skin with one brown patch of 6 mm."""
    rows, columns = np.nonzero(canvas.texture > 0.9)
    y, x = rows[len(rows) // 2], columns[len(rows) // 2]
    distance = np.hypot(*np.meshgrid(
        np.arange(canvas.texture.shape[1]) - x, np.arange(canvas.texture.shape[0]) - y
    ))  # fmt: skip
    patch = distance < 3.0 * canvas.px_per_mm
    melanin = np.where(patch, 0.10, 0.04).astype(np.float32)
    return melanin, patch, (distance > 20.0 * canvas.px_per_mm) & (canvas.texture > 0.9)


def test_fading_is_confined_to_brown_patches(canvas):
    melanin, patch, plain = spotted(canvas)
    emphasis = patch_emphasis(
        melanin, canvas.zone_weights, canvas.texture, canvas.px_per_mm, PARAMETERS
    )
    assert float(emphasis.min()) > 0.0
    assert float(emphasis.max()) <= 1.0
    fade = melanin_factor(np.full(13, -0.2), canvas.zone_weights, canvas.colour, emphasis)
    assert np.isclose(float(fade[patch].mean()), np.exp(-0.2), atol=0.02)
    assert 0.97 < float(fade[plain].min()) < 1.0
    darken = melanin_factor(np.full(13, 0.1), canvas.zone_weights, canvas.colour, emphasis)
    assert float(darken.max()) <= np.exp(0.1) + 1e-6


def test_gloss_is_the_factor_on_bare_skin(canvas):
    full = np.full(13, 0.4)
    factor, sheen = gloss_maps(full, canvas.zone_weights, canvas.texture, canvas.lobe, PARAMETERS)
    assert factor == pytest.approx(1.0 + 0.4 * canvas.texture, abs=1e-4)
    assert (sheen >= 0.0).all()
    assert float(sheen.max()) < 0.06
    dull, none = gloss_maps(-full, canvas.zone_weights, canvas.texture, canvas.lobe, PARAMETERS)
    assert dull == pytest.approx(1.0 - 0.4 * canvas.texture, abs=1e-4)
    assert not none.any()


@given(swelling=st.floats(0.0, 5.0), relief=st.floats(-1.0, 1.0), collagen=st.floats(-1.0, 5.0))
def test_plumpness_never_exceeds_its_limit(canvas, swelling, relief, collagen):
    signs = (np.full(13, v) for v in (swelling, relief, collagen))
    filled = plumpness(*signs, canvas.zone_weights, canvas.texture, PARAMETERS)
    assert float(filled.min()) >= 0.0
    assert float(filled.max()) <= PARAMETERS.value("appearance.plumpness.largest") + 1e-5


def test_a_zone_without_skin_does_not_break_the_mean():
    weights = np.stack([np.ones((5, 5)), np.zeros((5, 5))]).astype(np.float32)
    out = with_mean_one(np.full((5, 5), 3.0, np.float32), weights, np.ones((5, 5), np.float32))
    assert out == pytest.approx(1.0)
