"""Scaling: the cover of white flakes against the baseline."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.measurement.alignment import Alignment
from micropen.measurement.light import LightChange
from micropen.measurement.methods.scaling_excess import SCALING_EXCESS
from micropen.measurement.pair import Pair
from micropen.measurement.scaling import Flake, flake_cover
from micropen.measurement.scaling.whiteness import slow_mean

PARAMETERS = load_parameters()
PX_PER_MM = 5.0
SIZE = 300
CHEEK, NOSE = ZONES.index("cheek_left"), ZONES.index("nose")
SKIN = np.array([0.60, 0.34, 0.28])
ITA = 56.0


class _Portrait:
    px_per_mm = PX_PER_MM
    sharpness_px = 0.7
    photo = SimpleNamespace(format="PNG")


class _View:
    """What the method asks of a view, without a face."""

    def __init__(self, linear, labels):
        self.linear, self.labels = linear, labels
        self.px_per_mm, self.scale, self.portrait = PX_PER_MM, 1.0, _Portrait()


def skin(seed):
    noise = np.random.default_rng(seed).normal(0.0, 0.008, (SIZE, SIZE, 3))
    return (SKIN * np.exp(noise)).astype(np.float32)


def flakes(seed, number, half):
    """Share of each place covered by small random plates with soft rims in half the picture."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    alpha = np.zeros((SIZE, SIZE), np.float32)
    for _ in range(number):
        x, y = random.uniform(8, SIZE // 2 - 8) + half * SIZE / 2, random.uniform(8, SIZE - 8)
        along, across = random.uniform(2.5, 6.0, 2)
        turn = np.exp(1j * random.uniform(0, np.pi))
        place = ((columns - x) + 1j * (rows - y)) * turn
        radius = np.hypot(place.real / along, place.imag / across)
        alpha = np.maximum(alpha, np.clip(2.0 * (1.0 - radius), 0.0, 1.0))
    return cv2.GaussianBlur(alpha, (0, 0), 0.6)


def flaky(linear, alpha, opacity=0.35):
    """Lay white flakes of the assumed whiteness on skin."""
    white = [PARAMETERS.value(f"measurement.scaling.white_{c}") for c in ("red", "green", "blue")]
    cover = opacity * alpha[..., None]
    return ((1.0 - cover) * linear + cover * np.array(white)).astype(np.float32)


def pair_of(before, after, error_mm=0.1, *, controlled=True):
    labels = np.full((SIZE, SIZE), CHEEK, np.int8)
    labels[:, : SIZE // 2] = NOSE
    ones = np.ones((SIZE, SIZE), np.float32)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    place = np.stack([columns, rows], -1)
    alignment = Alignment(place, error_mm * ones, ones, dict.fromkeys(ZONES, error_mm))
    light = LightChange(np.zeros_like(before), np.zeros((13, 3, 3)), "same", controlled=controlled)
    views = _View(before, labels), _View(after, labels)
    return Pair(*views, alignment, light, after, ones, ITA)


def change(pair, zone="nose"):
    return SCALING_EXCESS.read(pair).zones[zone].change


@pytest.mark.parametrize("covered", [-0.05, 0.0, 0.1, 0.4, 0.9])
def test_white_over_skin_is_solved_for_its_share(covered):
    flake = Flake.on(ITA, PARAMETERS)
    mixed = (1.0 - covered) * SKIN + covered * flake.over_skin * SKIN
    before = np.array([[SKIN[1:] / SKIN[0]]], np.float32)
    way = flake.towards_white(before, SKIN[1:] / SKIN[0])
    of_red = ((mixed[1:] / mixed[0] - before) / way).mean(-1)
    assert flake.whiteness(of_red.astype(np.float32)) == pytest.approx(covered, abs=1e-4)
    assert flake.of_red(np.float32(covered)) == pytest.approx(of_red[0, 0], abs=1e-4)


def test_a_flake_is_whiter_over_darker_skin():
    light, dark = Flake.on(56.0, PARAMETERS), Flake.on(-40.0, PARAMETERS)
    assert (dark.over_skin > 2.0 * light.over_skin).all()


def test_slow_mean_keeps_an_even_field_and_ignores_what_does_not_weigh():
    values = np.full((90, 120), 0.3, np.float32)
    weight = np.ones_like(values)
    values[40:50, 40:50], weight[40:50, 40:50] = 9.0, 0.0
    assert np.allclose(slow_mean(values, weight, 12.0), 0.3, atol=2e-3)


@pytest.mark.parametrize("opacity", [0.2, 0.35, 0.55])
def test_cover_is_read_however_opaque_the_flakes_are(opacity):
    alpha = flakes(3, 120, half=0)
    pair = pair_of(skin(1), flaky(skin(2), alpha, opacity))
    true = float(alpha[:, : SIZE // 2].mean())
    assert change(pair) == pytest.approx(true, rel=0.2)
    assert flake_cover(pair, PARAMETERS).opacity.value == pytest.approx(opacity, rel=0.25)
    assert abs(change(pair, "cheek_left")) < 0.004


def test_few_flakes_are_read_with_the_expected_opacity_and_its_wide_error():
    alpha = flakes(3, 12, half=0)
    pair = pair_of(skin(1), flaky(skin(2), alpha, 0.5))
    opacity = flake_cover(pair, PARAMETERS).opacity
    assert opacity.value == PARAMETERS.value("measurement.scaling.opacity")
    assert opacity.relative_sd == PARAMETERS.value("measurement.scaling.opacity_spread")
    reading = SCALING_EXCESS.read(pair).zones["nose"]
    true = float(alpha[:, : SIZE // 2].mean())
    assert abs(reading.change - true) < 2.0 * reading.change_sd
    assert reading.change_sd > 0.5 * reading.change


@pytest.mark.parametrize("sharpness_px", [0.7, 1.2])
def test_blur_is_no_loss_of_opacity(sharpness_px):
    # Half the blur is in the picture twice: the flakes' own and the photograph's.
    alpha = flakes(3, 120, half=0)
    more = np.sqrt(sharpness_px**2 - 0.6**2)
    before, after = (cv2.GaussianBlur(p, (0, 0), more) for p in
                     (skin(1), flaky(skin(2), alpha, 0.4)))  # fmt: skip
    pair = pair_of(before, after)
    pair.later.portrait.sharpness_px = sharpness_px
    assert flake_cover(pair, PARAMETERS).opacity.value == pytest.approx(0.4, rel=0.2)


def test_cover_does_not_depend_on_light_or_white_balance():
    alpha = flakes(3, 60, half=0)
    after = flaky(skin(2), alpha)
    plain = change(pair_of(skin(1), after))
    shade = np.linspace(0.7, 1.2, SIZE, dtype=np.float32)[:, None, None]
    warm = np.array([1.06, 1.0, 0.92], np.float32)
    shaded = change(pair_of(skin(1), after * shade))
    tinted = change(pair_of(skin(1) * warm, after * warm))
    assert shaded == pytest.approx(plain, rel=0.03)
    assert tinted == pytest.approx(plain, rel=0.03)


def test_unchanged_skin_does_not_peel():
    reading = SCALING_EXCESS.read(pair_of(skin(1), skin(2)))
    for zone in ("nose", "cheek_left"):
        assert abs(reading.zones[zone].change) < 1.96 * reading.zones[zone].no_change_sd
        assert reading.zones[zone].no_change_sd < 0.003


def test_redness_and_papules_are_not_peeling():
    rows, columns = np.indices((SIZE, SIZE))
    papules = sum(
        np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / 100.0)
        for x, y in ((60, 60), (90, 200), (50, 250))
    )
    blood = np.array([0.30, 1.0, 1.03])
    red = skin(2) * np.exp(-(0.2 + 0.35 * papules[..., None]) * blood)
    assert abs(change(pair_of(skin(1), red.astype(np.float32)))) < 0.003


def test_a_moved_shadow_or_highlight_is_not_peeling():
    shine = np.zeros((SIZE, SIZE), np.float32)
    cv2.ellipse(shine, (75, 150), (40, 60), 0, 0, 360, 0.08, -1)
    after = skin(2) + cv2.GaussianBlur(shine, (0, 0), 6.0)[..., None]
    # As white as a cover of a third over a quarter of the zone; its rim is left.
    assert abs(change(pair_of(skin(1), after))) < 0.018


def test_small_new_highlights_are_no_flakes():
    sparkle = flakes(3, 60, half=0)[..., None]
    shining = change(pair_of(skin(1), skin(2) + np.float32(0.2) * sparkle))
    # The same specks as flakes that are as white: G/R of both is that of a quarter of white.
    covered = change(pair_of(skin(1), flaky(skin(2), sparkle[..., 0], 0.2)))
    assert covered > 0.03
    assert abs(shining) < 0.15 * covered


def test_the_border_of_redness_is_within_the_error():
    blood = np.zeros((SIZE, SIZE), np.float32)
    blood[:, :75] = 0.3
    blood = cv2.GaussianBlur(blood, (0, 0), 2.0 * PX_PER_MM)[..., None]
    red = skin(2) * np.exp(-blood * np.array([0.30, 1.0, 1.03], np.float32))
    reading = SCALING_EXCESS.read(pair_of(skin(1), red)).zones["nose"]
    assert reading.errors["surface"] > 0.001
    assert abs(reading.change) < 1.96 * reading.no_change_sd


def test_the_overlay_shows_flakes_where_they_are():
    alpha = flakes(3, 40, half=0)
    reading = SCALING_EXCESS.read(pair_of(skin(1), flaky(skin(2), alpha)))
    assert reading.overlay is not None
    assert reading.overlay[alpha > 0.9].mean() > 0.6
    assert reading.overlay[alpha < 0.01].mean() < 0.01


def test_more_can_go_wrong_under_another_light_and_out_of_place():
    before, after = skin(1), skin(2)
    steady = SCALING_EXCESS.read(pair_of(before, after)).zones["nose"]
    moved = SCALING_EXCESS.read(pair_of(before, after, 0.8)).zones["nose"]
    lit = SCALING_EXCESS.read(pair_of(before, after, controlled=False)).zones["nose"]
    assert moved.no_change_sd > steady.no_change_sd
    assert lit.no_change_sd > steady.no_change_sd


def test_what_cannot_be_read_says_why():
    pair = pair_of(skin(1), skin(2), error_mm=2.0)
    zones = SCALING_EXCESS.read(pair).zones
    assert "pose" in zones["nose"].reason
    assert "bare" in zones["chin"].reason
    assert "polarised" in SCALING_EXCESS.read(replace(pair, ita_deg=-65.0)).zones["nose"].reason
    pair.later.portrait.sharpness_px = 4.0
    assert "focus" in SCALING_EXCESS.read(pair).zones["nose"].reason
    pair.later.portrait.px_per_mm = 2.0
    assert "come closer" in SCALING_EXCESS.read(pair).zones["nose"].reason


def test_the_same_pair_gives_the_same_cover():
    pair = pair_of(skin(1), flaky(skin(2), flakes(3, 40, half=0)))
    first, again = flake_cover(pair, PARAMETERS), flake_cover(pair, PARAMETERS)
    assert np.array_equal(first.cover, again.cover)
