"""Each effect by its own measure: coverage, point spread, absorbed light, direction, contrast."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from micropen.appearance import Papules, Pinpoints
from micropen.evidence import load_parameters
from micropen.rendering.flakes import FlakeField, flake_heights, rank_in_zones
from micropen.rendering.kernel import THICKEST
from micropen.rendering.needle_tracks import track_texture
from micropen.rendering.papules import paint_papules
from micropen.rendering.pinpoints import film_density, paint_pinpoints
from micropen.rendering.planes import planes_of
from micropen.rendering.relief import difference_of_gaussians, relief_band, soft_limit
from micropen.rendering.swelling import displacement, swell
from micropen.rendering.texture_frame import TextureFrame
from micropen.rendering.transfer import transfer_for

PARAMETERS = load_parameters()
TRANSFER = transfer_for(np.uint8)


# --- flakes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("coverage", [0.02, 0.05, 0.15, 0.30])
def test_rank_covers_exactly_what_is_asked(coverage):
    shape = (300, 400)
    heights = flake_heights(shape, 4.0, 1, PARAMETERS)
    half = np.zeros(shape, np.float32)
    half[:, :200] = 1.0
    rank = rank_in_zones(heights, [half, 1.0 - half], np.ones(shape, np.float32))
    covered = rank > 1.0 - coverage
    for side in (covered[:, :200], covered[:, 200:]):
        assert float(side.mean()) == pytest.approx(coverage, rel=0.03)


@pytest.mark.parametrize("coverage", [0.03, 0.09, 0.25])
def test_coverage_painted_is_coverage_asked_in_every_zone(fine_portrait, coverage):
    planes = planes_of(fine_portrait, 2)
    asked = coverage * fine_portrait.masks.texture
    painted = planes.flakes.planes(asked)
    frame = planes.frame
    skin = cv2.resize(
        frame.from_grid(fine_portrait.masks.texture, fine_portrait),
        (frame.full_shape[1], frame.full_shape[0]),
    )
    thickness = painted.cover * (THICKEST / 255.0)
    clear = skin > 0.5
    mean = float(thickness[clear].mean() / (coverage * skin[clear].mean()))
    assert mean == pytest.approx(1.0, abs=0.05)
    alpha = planes.flakes.cover(asked)
    low = frame.from_grid(fine_portrait.masks.texture, fine_portrait)
    for weight in fine_portrait.zones.weights:
        own = frame.from_grid(weight, fine_portrait)
        ground = own * low
        if ground.sum() > 300 * frame.px_per_mm**2:  # less than 300 mm² holds no statistics
            mean = float((own * alpha).sum() / ground.sum())
            assert mean == pytest.approx(coverage, rel=0.12)


def flake_contrast(face):
    field = FlakeField(face, TextureFrame.of(face), 2, PARAMETERS)
    cover = field.planes(0.08 * face.masks.texture).cover
    return float((cover * (THICKEST / 255.0)).std())


def test_flakes_vanish_honestly_on_a_coarse_photograph(portrait, fine_portrait):
    assert portrait.px_per_mm < 1.0 < 4.0 < fine_portrait.px_per_mm
    assert flake_contrast(portrait) < 0.7 * flake_contrast(fine_portrait)


def test_flakes_vanish_honestly_on_a_blurred_photograph(fine_portrait):
    contrast = [
        flake_contrast(
            dataclasses.replace(
                fine_portrait,
                quality=dataclasses.replace(fine_portrait.quality, sharpness_px=sharpness),
            )
        )
        for sharpness in (0.8, 3.0, 8.0)
    ]
    assert contrast[0] > contrast[1] > contrast[2]
    assert contrast[2] < 0.4 * contrast[0]


def test_more_scaling_keeps_the_flakes_that_were_there(fine_portrait):
    flakes = planes_of(fine_portrait, 2).flakes
    little = flakes.cover(0.04 * fine_portrait.masks.texture)
    much = flakes.cover(0.12 * fine_portrait.masks.texture)
    assert (much[little > 0.99] > 0.9).mean() > 0.99


def test_no_scaling_no_planes(fine_portrait):
    field = planes_of(fine_portrait, 2).flakes
    assert field.planes(np.zeros_like(fine_portrait.masks.texture)) is None


# --- needle tracks ---------------------------------------------------------------------------


def test_tracks_have_unit_contrast_and_no_slow_part():
    texture = track_texture((400, 500), 4.0, 3, PARAMETERS)
    assert float(texture.std()) == pytest.approx(1.0, abs=1e-3)
    assert abs(float(texture.mean())) < 0.02
    slow = cv2.GaussianBlur(texture, (0, 0), 6.0 * 4.0)
    assert float(slow.std()) < 0.05


# --- points ----------------------------------------------------------------------------------


def grey(level=0.5, side=121):
    code = TRANSFER.encode[int(level * (TRANSFER.encode.size - 1))]
    return np.full((side, side, 3), code, np.uint8)


def one_point(radius=4.0, strength=1.0, crust=0.0):
    return Pinpoints(*(np.array([v]) for v in (60.0, 60.0, radius, strength)), crust)


def density_of(image, reference):
    light, before = (TRANSFER.decode[i].astype(float) for i in (image, reference))
    return -np.log(light / before)


def test_blur_spreads_a_point_and_keeps_what_it_absorbs():
    before = grey()
    absorbed, peaks = [], []
    for sharpness in (0.5, 2.0, 4.0):
        image = before.copy()
        everywhere = np.ones(image.shape[:2], bool)
        paint_pinpoints(image, everywhere, one_point(), sharpness, TRANSFER, PARAMETERS)
        density = density_of(image, before)[..., 1]
        absorbed.append(density.sum())
        peaks.append(density.max())
    assert np.array(absorbed) == pytest.approx(absorbed[0], rel=0.08)
    assert peaks[0] > peaks[1] > peaks[2]


def test_fresh_blood_is_red_and_a_crust_is_brown():
    fresh, dried = (film_density(crust, PARAMETERS) for crust in (0.0, 1.0))
    assert fresh[1] > 3 * fresh[0]
    assert dried[0] / dried[1] > 2 * fresh[0] / fresh[1]
    assert film_density(0.5, PARAMETERS) == pytest.approx((fresh + dried) / 2)


def test_points_off_the_support_are_not_painted():
    image = grey()
    nowhere = np.zeros(image.shape[:2], bool)
    paint_pinpoints(image, nowhere, one_point(), 1.0, TRANSFER, PARAMETERS)
    paint_papules(image, nowhere, one_papule(), np.array([0, 0, 1.0]), 1.0, TRANSFER, PARAMETERS)
    assert np.array_equal(image, grey())


def one_papule(radius=9.0, amplitude=1.0):
    values = (60.0, 60.0, radius, amplitude, 1.0, 0.0, 1.0)
    return Papules(*(np.array([v]) for v in values), np.array([5]))


def painted_papule(light=(0.0, 0.0, 1.0), sharpness=1.0, **shape):
    image = grey()
    everywhere = np.ones(image.shape[:2], bool)
    paint_papules(
        image, everywhere, one_papule(**shape), np.array(light), sharpness, TRANSFER, PARAMETERS
    )
    return TRANSFER.decode[image].astype(float)


def test_a_papule_is_red_in_its_middle_and_local():
    light = painted_papule()
    redness = np.log(light[..., 0] / light[..., 1])
    assert redness[60, 60] == pytest.approx(redness.max(), rel=0.1)
    assert 0.2 < redness[60, 60] < 0.6
    assert abs(redness[5, 5]) < 1e-6


def test_a_papule_grows_redder():
    redness = [
        float(np.log(painted_papule(amplitude=a)[..., :2] @ [1, -1] + 2).sum())
        for a in (0.3, 0.6, 1.0)
    ]
    assert redness[0] < redness[1] < redness[2]


def test_a_papule_is_lit_from_the_light():
    light = painted_papule(light=(-0.7, 0.0, 0.7))[..., 1]
    assert light[60, 52] > light[60, 68] + 0.01


def test_a_small_papule_fades_on_a_blurred_photograph():
    sharp, soft = (painted_papule(sharpness=s, radius=2.0)[60, 60] for s in (0.5, 4.0))
    assert np.log(soft[0] / soft[1]) < 0.4 * np.log(sharp[0] / sharp[1])


# --- relief ----------------------------------------------------------------------------------


def textured(px_per_mm=6.0, contrast=0.05):
    random = np.random.default_rng(5)
    texture = cv2.GaussianBlur(random.standard_normal((360, 360)), (0, 0), 0.2 * px_per_mm)
    return (0.4 * np.exp(contrast * texture / texture.std())).astype(np.float32)


@pytest.mark.parametrize("asked", [-0.2, 0.05, 0.15, 0.30])
def test_relief_loses_the_asked_contrast(asked):
    green = textured()
    clear = np.zeros(green.shape, bool)
    clear[40:-40, 40:-40] = True
    band = relief_band(green, clear, 6.0, PARAMETERS)
    after = green * (1.0 - band.strength(asked) * band.limited)
    again = relief_band(after, clear, 6.0, PARAMETERS)
    assert 1.0 - np.sqrt(again.variance / band.variance) == pytest.approx(asked, abs=0.015)


def test_a_mole_is_no_relief():
    band = np.array([0.02, 0.1, 0.22, 1.5], np.float32)
    kept = soft_limit(band, 0.22) / band
    assert kept[0] > 0.99
    assert kept[2] == pytest.approx(0.5)
    assert kept[3] < 0.03


def test_detail_below_the_pixel_is_nothing():
    assert not difference_of_gaussians(textured(), 0.05, 0.2).any()


# --- swelling --------------------------------------------------------------------------------


def test_swelling_moves_skin_outward_by_at_most_its_height(fine_portrait):
    swelling = 0.8 * fine_portrait.masks.texture
    along_x, along_y = displacement(fine_portrait, swelling)
    moved_mm = np.hypot(along_x, along_y) / fine_portrait.px_per_mm
    assert 0.1 < float(moved_mm.max()) <= 0.8
    normals = fine_portrait.geometry.normals
    assert (along_x * normals[..., 0] >= 0).all()
    assert (along_y * normals[..., 1] >= 0).all()


def test_swelling_changes_nothing_off_the_support(fine_portrait):
    image = fine_portrait.photo.encoded.copy()
    swell(image, fine_portrait, 0.8 * fine_portrait.masks.texture)
    outside = ~fine_portrait.masks.support
    assert np.array_equal(image[outside], fine_portrait.photo.encoded[outside])
    assert not np.array_equal(image, fine_portrait.photo.encoded)


def test_no_swelling_no_change(fine_portrait):
    image = fine_portrait.photo.encoded.copy()
    swell(image, fine_portrait, np.zeros_like(fine_portrait.masks.texture))
    assert np.array_equal(image, fine_portrait.photo.encoded)
