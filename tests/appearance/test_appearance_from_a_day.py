"""A later day on a photograph of an earlier one: what fades, what stays, what is new."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from micropen.anatomy import ZONES
from micropen.appearance import (
    CalmSkin,
    appearance_from,
    appearance_of_signs,
    canvas_of,
    treated_face_of,
)
from micropen.appearance.from_a_day import _kept
from micropen.appearance.treated_face import _spots, treated_face
from micropen.errors import MicropenError
from micropen.evidence import load_parameters
from micropen.healing import forecast
from micropen.optics import skin_colour
from micropen.portrait.colour_encoding import encode_srgb
from micropen.treatment import Treatment

DAYS = (0.0, 1.0, 3.0, 14.0)
RED = np.full(len(ZONES), 0.8)


@pytest.fixture(scope="module")
def founding(founding_case_file):
    return forecast(Treatment.read(founding_case_file), days=15, draws=4, seed=5)


@pytest.fixture(scope="module")
def course(founding):
    return told(founding, erythema=(0.8, 0.5, 0.2, 0.0))


def told(course, **signs):
    """The course with these signs at `DAYS`, straight in between, the same in every zone."""
    dataset = course.dataset.copy(deep=True)
    for name in dataset.data_vars:
        dataset[name][:] = np.interp(course.days, DAYS, signs.get(name, np.zeros(len(DAYS))))
    return dataclasses.replace(course, dataset=dataset, _quantiles={})


@pytest.fixture(scope="module")
def face(portrait, course):
    return treated_face_of(portrait, course, 1.0)


def test_on_its_own_day_the_photograph_is_the_picture(face, founding, portrait):
    assert appearance_from(face, founding, 1.0).nothing_changes
    busy = treated_face_of(portrait, founding, 2.5)
    assert appearance_from(busy, founding, 2.5).nothing_changes


def test_a_day_before_the_photograph_is_refused(face, course):
    with pytest.raises(MicropenError, match="day 1"):
        appearance_from(face, course, 0.5)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=st.floats(1.0, 14.0), second=st.floats(1.0, 14.0))
def test_redness_only_fades_and_never_below_rest(face, course, first, second):
    sooner, later = sorted((first, second))
    one, other = (appearance_from(face, course, day).added_blood for day in (sooner, later))
    assert (one <= 0.0).all()
    assert (other <= one + 1e-7).all()
    assert (face.blood + other >= face.resting - 1e-6).all()


def test_in_the_end_resting_blood_is_left(face, course, portrait):
    added = appearance_from(face, course, 14.0).added_blood
    inside = portrait.masks.colour == 1.0
    np.testing.assert_allclose((face.blood + added)[inside], face.resting[inside], rtol=1e-5)
    assert float(face.resting.min()) > 0.0


def test_what_fades_is_what_the_course_says_the_photograph_shows(portrait, course):
    red_photo = with_light(portrait, with_blood(portrait, np.full_like(portrait.skin.blood, 3.0)))
    face = treated_face_of(red_photo, course, 1.0)
    skin = portrait.masks.texture > 0.5
    red = np.log(face.blood / face.resting)[skin]
    assert float(np.median(red)) == pytest.approx(0.5, abs=0.03)
    # Redder places owe more of it to the session.
    assert np.corrcoef(red, np.log(face.blood[skin]))[0, 1] > 0.3


def test_no_more_redness_is_believed_than_leaves_a_usual_face(portrait, founding):
    """Redness that this calm photograph does not show cannot be taken from it."""
    expected = told(founding, erythema=(1.6, 1.6, 0.0, 0.0))
    face = treated_face_of(portrait, expected, 1.0)
    skin = portrait.masks.texture > 0.5
    red = float(np.median(np.log(face.blood / face.resting)[skin]))
    prior = load_parameters()["portrait.anchor.blood"]
    least = prior.value * np.exp(-prior.uncertainty_sd)
    assert red == pytest.approx(np.log(portrait.skin.resting_blood / least), abs=0.02)


def test_nothing_changes_off_the_skin(founding, portrait):
    shown = appearance_from(treated_face_of(portrait, founding, 0.5), founding, 6.0)
    off = (portrait.masks.colour == 0.0) & (portrait.masks.texture == 0.0)
    for name in ("added_blood", "sheen", "scale_coverage", "relief_reduction", "plumpness"):
        assert not getattr(shown, name)[off].any(), name
    assert (shown.melanin_factor[off] == 1.0).all()
    assert (shown.gloss_factor[off] == 1.0).all()


def test_redness_that_comes_is_laid_on_top(portrait, founding):
    rising = told(founding, erythema=(0.1, 0.1, 0.7, 0.1))
    face = treated_face_of(portrait, rising, 1.0)
    added = appearance_from(face, rising, 3.0).added_blood
    mean = portrait.zones.mean(added, portrait.masks.colour)
    expected = face.resting_blood * (np.exp(0.7) - np.exp(0.1))
    assert (added >= 0.0).all()
    assert np.nanmedian(mean) == pytest.approx(expected, rel=0.1)


def test_a_course_that_goes_pale_may_go_below_rest(portrait, founding):
    pale = told(founding, erythema=(0.3, 0.3, 0.0, -0.2))
    face = treated_face_of(portrait, pale, 1.0)
    end = face.blood + appearance_from(face, pale, 14.0).added_blood
    skin = portrait.masks.texture > 0.9
    assert float(np.median((end / face.resting)[skin])) == pytest.approx(np.exp(-0.2), abs=0.05)


def test_flakes_and_papules_stay_and_only_more_of_them_come(portrait, founding):
    fewer = told(founding, scaling=(0.0, 0.1, 0.02, 0.0), lesions=(0.0, 3.0, 1.0, 0.0))
    shown = appearance_from(treated_face_of(portrait, fewer, 1.0), fewer, 3.0)
    assert not shown.scale_coverage.any()
    assert len(shown.papules) == 0
    more = told(founding, scaling=(0.0, 0.02, 0.1, 0.0), lesions=(0.0, 1.0, 3.0, 0.0))
    shown = appearance_from(treated_face_of(portrait, more, 1.0), more, 3.0)
    canvas = canvas_of(portrait, more.origin.seed)
    whole = appearance_of_signs(portrait, canvas, {"scaling": np.full(len(ZONES), 0.1)}, day=3.0)
    then = 0.2 * whole.scale_coverage
    both = then + (1.0 - then) * shown.scale_coverage
    np.testing.assert_allclose(both, whole.scale_coverage, atol=2e-5)
    assert len(shown.papules) > 0


def test_gloss_relief_and_pigment_go_by_the_difference(portrait, founding):
    glow = told(
        founding, gloss=(0, 0.25, 0.5, 0), relief=(0, 0.1, 0.28, 0), pigment=(0, 0.1, 0.3, 0)
    )
    shown = appearance_from(treated_face_of(portrait, glow, 1.0), glow, 3.0)
    bare = portrait.masks.texture > 0.99
    assert bare.any()
    np.testing.assert_allclose(shown.gloss_factor[bare], 1.5 / 1.25, rtol=5e-3)
    np.testing.assert_allclose(shown.relief_reduction[bare], 1.0 - 0.72 / 0.9, rtol=2e-2)
    np.testing.assert_allclose(shown.melanin_factor[bare], np.exp(0.2), rtol=1e-2)


def test_swelling_that_goes_moves_the_skin_back(portrait, founding):
    goes = told(founding, swelling=(0.6, 0.5, 0.1, 0.0))
    shown = appearance_from(treated_face_of(portrait, goes, 1.0), goes, 3.0)
    bare = portrait.masks.texture > 0.99
    np.testing.assert_allclose(shown.swelling_mm[bare], -0.4, atol=5e-3)


def test_an_untreated_zone_does_not_hold_its_neighbours_redness():
    weights = np.full((2, 1, 1), 0.5, np.float32)
    kept = _kept(np.array([1.0, 0.0]), np.array([0.25, 0.0]), weights, 0.02)
    assert float(kept[0, 0]) == pytest.approx(0.25)


def with_blood(portrait, factor):
    """Linear light of the face with its blood times a map on the grid."""
    skin = portrait.skin
    rgb = skin_colour().log_rgb(skin.melanin, skin.blood * factor, skin.saturation)
    gain = np.exp(rgb - skin_colour().log_rgb(skin.melanin, skin.blood, skin.saturation))
    gain = np.moveaxis(gain, -1, 0)
    gain = np.stack([portrait.grid.enlarge(np.ascontiguousarray(g, np.float32)) for g in gain], -1)
    surface = skin.specular[..., None]
    return ((portrait.photo.linear - surface) * gain + surface).astype(np.float32)


def with_light(portrait, linear):
    """The portrait with other pixels, 16 bits."""
    codes = np.rint(encode_srgb(np.clip(linear, 0.0, 1.0)) * 65535).astype(np.uint16)
    photo = dataclasses.replace(portrait.photo, encoded=codes, bit_depth=16)
    return dataclasses.replace(portrait, photo=photo)


def test_against_the_untreated_face_the_redness_itself_is_found(portrait):
    """The photograph plays the red face; the untreated one has half its blood in the cheeks."""
    factor = np.ones_like(portrait.skin.blood)
    cheeks = np.isin(portrait.zones.labels, [ZONES.index("cheek_left"), ZONES.index("cheek_right")])
    factor[cheeks] = 0.5
    calm = CalmSkin(with_blood(portrait, factor), np.ones_like(factor))
    face = treated_face(portrait, RED, 1.0, calm)
    red = np.log(face.blood / (face.blood - face.diffuse - face.spots))
    clear = (portrait.masks.texture > 0.9) & portrait.skin.readable
    forehead = portrait.zones.labels == ZONES.index("forehead")
    assert face.compared
    assert float(np.median(red[cheeks & clear])) == pytest.approx(np.log(2.0), rel=0.25)
    assert float(np.median(red[forehead & clear])) < 0.1


def test_the_same_face_twice_has_no_redness(portrait):
    everywhere = np.ones_like(portrait.masks.texture)
    face = treated_face(portrait, RED, 1.0, CalmSkin(portrait.photo.linear, everywhere))
    assert float(np.abs(face.diffuse + face.spots).max()) < 1e-6


@pytest.mark.parametrize(("radius_mm", "is_a_spot"), [(3.0, True), (9.0, False)])
def test_small_islands_of_redness_are_spots_and_wide_ones_are_not(portrait, radius_mm, is_a_spot):
    y, x = np.mgrid[: portrait.grid.shape[0], : portrait.grid.shape[1]]
    away = np.hypot(x - 250, y - 200) / portrait.grid.px_per_mm
    found = np.where(away < radius_mm, 0.03, 0.002).astype(np.float32)
    spots = _spots(found, 0.02, portrait, load_parameters())
    assert (float(spots[200, 250]) > 0.01) == is_a_spot
    assert (spots <= found).all()


@pytest.mark.parametrize(
    ("lesions", "left"), [((0, 0, 0, 0), 1.0), ((0, 2, 1, 0), 0.5), ((0, 1, 3, 0), 1.0)]
)
def test_a_spot_keeps_its_redness_unless_papules_go(portrait, founding, lesions, left):
    course = told(founding, erythema=(0.4, 0.3, 0.0, 0.0), lesions=lesions)
    face = treated_face_of(portrait, course, 1.0)
    half = face.diffuse / 2
    face = dataclasses.replace(face, diffuse=half, spots=half)
    added = appearance_from(face, course, 3.0).added_blood
    inside = portrait.masks.colour > 0.9
    np.testing.assert_allclose(
        added[inside], -(half * portrait.masks.colour)[inside] * (2.0 - left), rtol=1e-3
    )


def test_the_same_seed_gives_the_same_maps(portrait, founding):
    first, second = (
        appearance_from(treated_face_of(portrait, founding, 0.5), founding, 4.0) for _ in range(2)
    )
    for name in ("added_blood", "scale_coverage", "melanin_factor", "swelling_mm"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    np.testing.assert_array_equal(first.papules.x, second.papules.x)
