"""Blood and melanin maps: they undo the colour model, and know when they cannot be read."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.evidence import load_parameters
from micropen.optics import skin_colour
from micropen.portrait import Portrait
from micropen.portrait.calibration import find_anchor, luminance
from micropen.portrait.decomposition import decompose, mixed_saturation, read_blood

PARAMETERS = load_parameters()
S = PARAMETERS.value("portrait.anchor.resting_saturation")
SHAPE = (150, 160)
NO_SHINE = np.zeros(SHAPE, np.float32)
MASKS = SimpleNamespace(texture=np.ones(SHAPE, np.float32), colour=np.ones(SHAPE, np.float32))


def skin_photo(melanin=0.04, blood=0.02, light=0.9):
    """Skin of the colour model under an uneven light, without surface reflection."""
    shade = light * (0.6 + 0.4 * np.linspace(0, 1, SHAPE[1], dtype=np.float32))[None, :, None]
    colour = np.exp(skin_colour().log_rgb(melanin, blood, S))
    return np.broadcast_to(shade * colour, (*SHAPE, 3)).astype(np.float32).copy()


def read(photo, **more):
    return decompose(photo, MASKS, 1.25, specular=NO_SHINE, **more)


def steps(low, high):
    return np.where(np.arange(SHAPE[0])[:, None] < SHAPE[0] // 2, low, high) + np.zeros(SHAPE)


def test_a_step_of_blood_is_read_as_such_under_any_shading():
    maps = read(skin_photo(blood=steps(0.015, 0.030)))
    upper, lower = maps.blood[20:55], maps.blood[95:130]
    assert maps.readable.all()
    assert float(lower.mean() / upper.mean()) == pytest.approx(2.0, rel=0.08)
    assert float(upper.std() / upper.mean()) < 0.02
    melanin = maps.melanin
    assert float(melanin[95:130].mean() / melanin[20:55].mean()) == pytest.approx(1.0, abs=0.08)


def test_a_step_of_melanin_is_read_as_such():
    maps = read(skin_photo(melanin=steps(0.03, 0.06)))
    ratio = float(maps.melanin[95:130].mean() / maps.melanin[20:55].mean())
    assert ratio == pytest.approx(2.0, rel=0.12)
    assert float(maps.blood[95:130].mean() / maps.blood[20:55].mean()) == pytest.approx(1, abs=0.1)


@given(melanin=st.floats(0.015, 0.12), blood=st.floats(0.01, 0.05))
def test_the_anchor_stays_near_the_truth(melanin, blood):
    colour = np.exp(skin_colour().log_rgb(melanin, blood, S)).astype(float)
    anchor = find_anchor(
        float(np.log(colour[0] / colour[1])), float(np.log(colour[1] / colour[2])),
        0.75 * float(luminance(colour)), skin_colour(), PARAMETERS,
    )  # fmt: skip
    # The prior pulls towards usual skin, never across it.
    assert abs(np.log(anchor.melanin / melanin)) < 0.7
    assert abs(np.log(anchor.blood / blood)) < 0.7
    assert np.abs(anchor.offset).max() < 0.16


def test_a_colour_cast_goes_into_the_offset_not_into_the_skin():
    plain = read(skin_photo())
    cast = read(skin_photo() * np.array([1.10, 1.0, 0.92], np.float32))
    assert cast.anchor.offset[0] < plain.anchor.offset[0]
    assert cast.resting_blood == pytest.approx(plain.resting_blood, rel=0.35)


def test_clipped_skin_takes_its_neighbours_values():
    photo = skin_photo(light=0.75)
    photo[60:66, 60:66] = 1.0
    maps = read(photo)
    assert not maps.readable[62, 62]
    assert float(maps.blood[63, 63]) == pytest.approx(float(maps.blood[100, 63]), rel=0.1)
    assert np.isfinite(maps.blood).all()
    assert (maps.blood > 0).all()


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_a_photo_without_colour_is_unreliable_and_still_has_maps(level):
    maps = decompose(np.full((*SHAPE, 3), level, np.float32), MASKS, 1.25)
    assert not maps.reliable
    assert "not measured" in maps.reason
    assert np.isfinite(maps.blood).all()
    assert np.isfinite(maps.melanin).all()
    assert maps.resting_blood == pytest.approx(maps.anchor.blood)


def test_very_dark_skin_is_not_measured():
    maps = read(skin_photo(melanin=0.28, light=0.9))
    assert maps.ita_deg < -30.0
    assert not maps.reliable
    assert "not measured" in maps.reason
    assert read(skin_photo(melanin=0.03)).reliable


def test_lighter_skin_has_the_larger_angle():
    angles = [read(skin_photo(melanin=m)).ita_deg for m in (0.015, 0.03, 0.06, 0.12, 0.24)]
    assert (np.diff(angles) < 0).all()


@pytest.mark.parametrize("factor", [1.3, 2.0, 3.5])
def test_later_blood_is_read_with_its_own_saturation(factor):
    before = read(skin_photo())
    blood = before.blood * np.float32(factor)
    saturation = mixed_saturation(before, blood - before.blood, 0.95)
    after = np.exp(
        skin_colour().log_rgb(before.melanin, blood, saturation)
        - skin_colour().log_rgb(before.melanin, before.blood, S)
    )
    found = read_blood(skin_photo() * after, before, MASKS, 1.25, inflammatory_saturation=0.95)
    assert found == pytest.approx(blood, rel=0.01)


def test_saturation_mixes_by_volume():
    maps = dataclasses.replace(read(skin_photo()), blood=np.full(SHAPE, 0.02, np.float32))
    mixed = mixed_saturation(maps, np.full(SHAPE, 0.06, np.float32), 0.95)
    assert mixed == pytest.approx((0.02 * S + 0.06 * 0.95) / 0.08, abs=1e-5)
    assert mixed_saturation(maps, np.full(SHAPE, -0.01, np.float32), 0.95) == pytest.approx(S)


@pytest.mark.slow
def test_real_faces_of_two_tones_are_read(truth):
    angles = []
    for folder in ("a_fixed", "tone_lightmedium"):
        skin = Portrait.read(truth / folder / "pre.jpg").skin
        assert skin.reliable
        assert 0.008 < skin.resting_blood < 0.06
        angles.append(skin.ita_deg)
    assert angles[0] > angles[1]
