"""Chart colours, colour difference and correction against published numbers and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from micropen.errors import MicropenError
from micropen.measurement.chart import Edition, Model, chart_colours, fit_correction
from micropen.measurement.chart.colour_difference import delta_e_2000
from micropen.measurement.chart.metric import match, visible_difference
from micropen.measurement.chart.reference import lab_d50_from_linear, linear_from_lab_d50
from micropen.measurement.chart.tone_curve import ToneCurve

# Pairs and results of Sharma, Wu, Dalal 2005, table 1 (numbers 1, 4, 7, 10, 14, 17, 24, 25, 31).
SHARMA = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0010), 7.1792),
    ((50.0, -0.0010, 2.4900), (50.0, 0.0011, -2.4900), 4.7461),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]
ALL = np.ones(24, bool)
CAMERA = np.array([[0.80, 0.07, 0.02], [0.05, 0.70, 0.04], [0.02, 0.06, 0.65]])


@pytest.mark.parametrize(("first", "second", "expected"), SHARMA)
def test_colour_difference_of_the_published_pairs(first, second, expected):
    assert delta_e_2000(first, second) == pytest.approx(expected, abs=6e-5)
    assert delta_e_2000(second, first) == pytest.approx(expected, abs=6e-5)


def test_lab_and_linear_are_inverse_and_white_is_white():
    lab = chart_colours(Edition.AFTER_2014).lab
    assert lab_d50_from_linear(linear_from_lab_d50(lab)) == pytest.approx(lab, abs=1e-9)
    assert lab_d50_from_linear([1.0, 1.0, 1.0]) == pytest.approx([100.0, 0.0, 0.0], abs=1e-9)


def test_published_colours_agree_with_the_customary_srgb_codes():
    # 8-bit codes printed for patches of the older make: dark skin, light skin, neutral 5.
    linear = chart_colours(Edition.BEFORE_2014).linear[[0, 1, 21]]
    codes = 255.0 * (1.055 * linear ** (1 / 2.4) - 0.055)
    assert codes == pytest.approx(
        np.array([(115, 82, 68), (194, 150, 130), (122, 122, 121)]), abs=6.0
    )


def test_metric_turns_small_errors_into_visible_difference():
    colours = chart_colours(Edition.AFTER_2014)
    step = np.full(3, 1e-4) * (1.0, -0.5, 0.7)
    metric = np.linalg.norm(visible_difference(Edition.AFTER_2014) @ step, axis=1)
    real = delta_e_2000(lab_d50_from_linear(colours.linear + step), colours.lab)
    assert metric == pytest.approx(real, rel=0.1)


def test_match_knows_the_chart_through_a_camera_and_nothing_else():
    seen = chart_colours(Edition.BEFORE_2014).linear @ CAMERA.T
    random = np.random.default_rng(0)
    others = np.array([random.permutation(seen), random.uniform(0, 1, (24, 3)), seen[::-1]])
    assert match(seen[None], Edition.BEFORE_2014)[0] < 0.6
    assert match(others, Edition.BEFORE_2014).min() > 12.0


def test_correction_inverts_a_linear_camera():
    colours = chart_colours(Edition.AFTER_2014)
    correction = fit_correction(
        colours.linear @ CAMERA.T, colours.linear[:, 0] > 0, colours.edition
    )
    assert correction.model is Model.MATRIX
    assert correction.matrix @ CAMERA == pytest.approx(np.eye(3), abs=1e-4)
    assert correction.mean_difference < 0.01
    skin = np.array([[0.5, 0.3, 0.2]])
    assert correction.apply(skin @ CAMERA.T) == pytest.approx(skin, rel=1e-3)


def test_correction_takes_out_a_slope_of_light():
    colours = chart_colours(Edition.AFTER_2014)
    columns = np.tile(np.arange(6) - 2.5, 4)
    seen = colours.linear @ CAMERA.T * np.exp(0.05 * columns)[:, None]
    correction = fit_correction(seen, colours.linear[:, 0] > 0, colours.edition)
    assert correction.light_slope == pytest.approx((0.05, 0.0), abs=0.003)
    assert correction.mean_difference < 0.3


def test_correction_undoes_a_tone_curve():
    colours = chart_colours(Edition.AFTER_2014)
    linear = np.maximum(colours.linear @ CAMERA.T, 0.0)
    seen = 0.2 * (linear / 0.2) ** (1 / 1.5)
    usable = colours.linear[:, 0] > 0
    straight = fit_correction(seen, usable, colours.edition, Model.MATRIX)
    chosen = fit_correction(seen, usable, colours.edition)
    assert straight.mean_left_out_difference > 3.0
    assert chosen.model is Model.CURVED
    assert chosen.curve.slope == pytest.approx(1.5, abs=0.06)
    assert chosen.mean_left_out_difference < 0.5


def test_stated_error_holds_the_real_one():
    colours = chart_colours(Edition.AFTER_2014)
    usable = colours.linear[:, 0] > 0
    random = np.random.default_rng(1)
    skin = np.array([0.5, 0.3, 0.2])
    errors, stated = [], []
    for _ in range(25):
        noise = np.exp(0.01 * random.standard_normal((24, 3)))
        correction = fit_correction(
            colours.linear @ CAMERA.T * noise, usable, colours.edition, Model.MATRIX
        )
        errors.append(np.log(correction.apply(CAMERA @ skin) / skin))
        covariance = correction.log_covariance(CAMERA @ skin) - correction.scatter
        stated.append(np.diag(covariance))
    ratio = np.std(errors, axis=0) / np.sqrt(np.mean(stated, axis=0))
    assert (ratio > 0.4).all()
    assert (ratio < 1.6).all()


def test_too_few_patches_are_refused():
    few = np.arange(24) < 11
    with pytest.raises(MicropenError, match="at least 12 usable patches"):
        fit_correction(chart_colours(Edition.AFTER_2014).linear, few, Edition.AFTER_2014)


def test_pictures_without_three_channels_are_refused():
    colours = chart_colours(Edition.AFTER_2014)
    correction = fit_correction(colours.linear, colours.linear[:, 0] > 0, colours.edition)
    with pytest.raises(MicropenError, match="three channels"):
        correction.apply(np.zeros((4, 4), np.float32))


def test_tone_curve_always_rises_and_keeps_middle_grey():
    curve = ToneCurve(slope=0.8, bend=0.25)
    values = np.geomspace(1e-3, 1.0, 50)
    straight = curve.straighten(values)
    assert (np.diff(straight) > 0).all()
    assert curve.straighten(np.array([0.2])) == pytest.approx([0.2], rel=1e-3)
