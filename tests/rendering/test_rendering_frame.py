"""Frames: nothing changes where nothing should, and inside by a believable amount."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.appearance import appearance, appearance_of_signs, canvas_of
from micropen.portrait import Portrait
from micropen.rendering import film_days, render_frame
from micropen.rendering.planes import planes_of


def shown(portrait, **signs):
    canvas = canvas_of(portrait, 2)
    values = {name: np.full(len(ZONES), float(value)) for name, value in signs.items()}
    return appearance_of_signs(portrait, canvas, values, day=0.5)


def lab(image):
    if image.dtype == np.uint16:
        image = image.astype(np.float32) / 65535
    else:
        image = image.astype(np.float32) / 255
    return cv2.cvtColor(image, cv2.COLOR_RGB2Lab)


def skin(portrait):
    return portrait.grid.enlarge(portrait.masks.texture) > 0.7


def test_nothing_changes_off_the_support_on_any_day(portrait, course):
    before = portrait.photo.encoded
    outside = ~portrait.masks.support
    for scenario in ("expected", "worst"):
        for day in film_days(course):
            frame = render_frame(portrait, appearance(portrait, course, day, scenario))
            assert frame.dtype == before.dtype
            assert frame.shape == before.shape
            assert np.array_equal(frame[outside], before[outside]), (scenario, day)


def test_nothing_changes_off_the_support_at_full_detail(fine_portrait, course):
    before, outside = fine_portrait.photo.encoded, ~fine_portrait.masks.support
    for day in (0.3, 2.0, 4.0, 8.0):
        frame = render_frame(fine_portrait, appearance(fine_portrait, course, day, "worst"))
        assert np.array_equal(frame[outside], before[outside]), day


def test_no_signs_give_the_photograph_back(portrait, deep_portrait):
    for face in (portrait, deep_portrait):
        frame = render_frame(face, shown(face))
        assert frame.tobytes() == face.photo.encoded.tobytes()
        assert frame is not face.photo.encoded


def test_no_redness_is_exactly_neutral_even_with_a_tiny_other_sign(portrait):
    """A film's last days differ from the photograph by less than anyone could see."""
    frame = render_frame(portrait, shown(portrait, relief=1e-5, gloss=1e-5))
    assert np.abs(frame.astype(int) - portrait.photo.encoded).max() <= 1


def test_same_seed_same_bytes(portrait, course):
    again = dataclasses.replace(portrait)  # its own canvas and planes
    one, two = (render_frame(p, appearance(p, course, 1.0)) for p in (portrait, again))
    assert one.tobytes() == two.tobytes()


def test_redness_grows_with_the_sign(portrait):
    where = skin(portrait)
    before = lab(portrait.photo.encoded)[where]
    change = [
        (lab(render_frame(portrait, shown(portrait, erythema=e)))[where] - before).mean(0)
        for e in (0.2, 0.5, 0.9, 1.4)
    ]
    lightness, redness, _ = np.array(change).T
    assert (np.diff(redness) > 0.5).all()
    assert (np.diff(lightness) < 0).all()


def test_day_zero_is_a_flush_not_a_mask(portrait, course):
    """Lab change of the evening: darker, redder, hardly bluer; bounds from the optics findings."""
    where = skin(portrait)
    frame = render_frame(portrait, appearance(portrait, course, 0.3))
    light, red, blue = (lab(frame)[where] - lab(portrait.photo.encoded)[where]).mean(0)
    assert -11.0 < light < -2.0
    assert 3.0 < red < 11.0
    assert abs(blue) < 3.0
    assert -1.4 < light / red < -0.4


def test_after_two_months_the_face_is_its_own_again(portrait, course):
    where = skin(portrait)
    frame = render_frame(portrait, appearance(portrait, course, 60.0))
    difference = np.linalg.norm(lab(frame)[where] - lab(portrait.photo.encoded)[where], axis=-1)
    assert float(difference.mean()) < 1.5


@pytest.mark.parametrize(
    ("sign", "value", "limit"),
    [
        ("gloss", 0.4, 5.0), ("relief", 0.25, 2.5), ("scaling", 0.08, 2.5), ("pigment", -0.1, 2.5),
        ("swelling", 0.7, 4.0),
    ],
)  # fmt: skip
def test_quiet_effects_are_quiet(fine_portrait, sign, value, limit):
    where = skin(fine_portrait)
    frame = render_frame(fine_portrait, shown(fine_portrait, **{sign: value}))
    difference = lab(frame)[where] - lab(fine_portrait.photo.encoded)[where]
    assert 0.02 < float(np.linalg.norm(difference, axis=-1).mean()) < limit


def test_gloss_brightens_and_loss_of_pigment_lightens(fine_portrait):
    where = skin(fine_portrait)
    before = lab(fine_portrait.photo.encoded)[where].mean(0)
    for signs in ({"gloss": 0.4}, {"pigment": -0.2}):
        after = lab(render_frame(fine_portrait, shown(fine_portrait, **signs)))[where].mean(0)
        assert after[0] > before[0]


def test_redness_spares_highlights(fine_portrait):
    """A highlight keeps its own white: it reddens less than the skin around it."""
    where = skin(fine_portrait)
    share = fine_portrait.skin.specular / np.maximum(fine_portrait.photo.linear.min(-1), 1e-3)
    shiny, matt = where & (share > 0.5), where & (share < 0.15)
    assert shiny.sum() > 100
    frame = lab(render_frame(fine_portrait, shown(fine_portrait, erythema=1.0)))
    redness = frame[..., 1] - lab(fine_portrait.photo.encoded)[..., 1]
    assert float(redness[shiny].mean()) < 0.8 * float(redness[matt].mean())


def test_sixteen_bits_show_the_same(portrait, deep_portrait, course):
    eight = render_frame(portrait, appearance(portrait, course, 0.3))
    sixteen = render_frame(deep_portrait, appearance(deep_portrait, course, 0.3))
    assert sixteen.dtype == np.uint16
    difference = np.abs(sixteen.astype(float) / 257.0 - eight)
    assert float(difference.max()) < 3.0
    assert float(difference.mean()) < 0.3


def test_a_photo_that_cannot_be_read_is_still_changed_by_the_right_amount(portrait):
    dark = dataclasses.replace(
        portrait,
        photo=dataclasses.replace(
            portrait.photo, encoded=(portrait.photo.encoded // 12).astype(np.uint8)
        ),
    )
    assert not dark.skin.reliable
    frame = render_frame(dark, shown(dark, erythema=1.0))
    where = skin(dark)
    before, after = (p[where].astype(float).mean(0) for p in (dark.photo.encoded, frame))
    assert after[1] / after[0] < before[1] / before[0]
    assert np.array_equal(frame[~dark.masks.support], dark.photo.encoded[~dark.masks.support])


def test_planes_are_made_once_and_small(portrait: Portrait):
    planes = planes_of(portrait, 2)
    assert planes is planes_of(portrait, 2)
    for plane in (planes.surface, planes.relief, planes.tracks):
        assert plane.dtype == np.uint8
        assert plane.shape == planes.frame.full_shape
