from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.report.crossings import first_above, last_above
from micropen.report.series import (
    FACE,
    all_series,
    face_draws,
    scenario_quantile,
    scenario_series,
    thinned,
)

ZONES = ("cheek_left", "forehead")


def test_bands_agree_with_plain_quantiles(course):
    series = all_series(course, ZONES)
    cheek = course["erythema"].sel(zone="cheek_left").values
    np.testing.assert_allclose(
        series["cheek_left"]["erythema"].high, np.quantile(cheek.astype(float), 0.95, axis=0)
    )
    assert set(series) == {FACE, *(str(z) for z in course["zone"].values)}


def test_the_face_averages_but_counts_add_up(course):
    lesions = course["lesions"].sel(zone=list(ZONES)).values.astype(float)
    np.testing.assert_allclose(face_draws(course, "lesions", ZONES), lesions.sum(axis=1))
    redness = course["erythema"].sel(zone=list(ZONES)).values.astype(float)
    np.testing.assert_allclose(face_draws(course, "erythema", ZONES), redness.mean(axis=1))


def test_dimensions_may_come_in_any_order(course):
    turned = course.transpose("day", "zone", "draw")
    for name in ("erythema", "lesions"):
        np.testing.assert_array_equal(
            face_draws(turned, name, ZONES), face_draws(course, name, ZONES)
        )
        a, b = all_series(turned, ZONES), all_series(course, ZONES)
        np.testing.assert_array_equal(a["nose"][name].median, b["nose"][name].median)


def test_best_and_worst_follow_what_a_person_wants(course):
    best, worst = (scenario_series(course, ZONES, s) for s in ("best", "worst"))
    assert (best["erythema"].median <= worst["erythema"].median).all()
    assert (best["gloss"].median >= worst["gloss"].median).all()
    assert scenario_quantile("expected", "lower") == 0.5
    assert scenario_quantile("best", "higher") == scenario_quantile("worst", "lower") == 0.95


@pytest.mark.parametrize("starts", [(0.0,), (0.0, 28.0, 56.0)])
def test_thinning_keeps_the_ends_and_the_first_week_of_each_session(starts):
    days = np.unique(np.concatenate([s + np.r_[0:2:0.02, 2:14:0.25, 14:28:1.0] for s in starts]))
    chosen = days[thinned(days, 150, starts)]
    assert chosen[0] == days[0]
    assert chosen[-1] == days[-1]
    assert len(chosen) <= 160
    for start in starts:
        inside = chosen[(chosen >= start) & (chosen <= start + 7)]
        assert np.diff(inside).max() < 0.8


@given(st.floats(0.05, 0.95), st.floats(0.3, 4.0))
def test_crossings_of_an_exponential(limit, rate):
    days = np.linspace(0.0, 30.0, 3001)
    curve = np.exp(-days * rate)[None, :]
    exact = -np.log(limit) / rate
    assert last_above(days, curve, limit)[0] == pytest.approx(exact, abs=2e-3)
    assert first_above(days, curve, limit)[0] == 0.0


def test_crossings_of_a_hump_and_of_nothing():
    days = np.arange(0.0, 11.0)
    hump = np.interp(days, [0, 5, 10], [0, 1, 0])
    draws = np.stack([hump, np.zeros_like(hump), np.ones_like(hump)])
    last, first = last_above(days, draws, 0.5), first_above(days, draws, 0.5)
    assert (first[0], last[0]) == pytest.approx((2.5, 7.5))
    assert np.isnan(last[1])
    assert np.isnan(first[1])
    assert (first[2], last[2]) == (0.0, 10.0)
