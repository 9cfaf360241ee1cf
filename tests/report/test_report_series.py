from __future__ import annotations

import numpy as np
import pytest

from micropen.anatomy import zone_record
from micropen.evidence import load_parameters
from micropen.healing.treated_area import FACE, TreatedArea
from micropen.report.series import all_series, scenario_quantile, scenario_series, thinned

ZONES = ("cheek_left", "forehead", "nose")
NUMBERS = load_parameters()
AREA = TreatedArea.of(ZONES, NUMBERS)


def test_bands_agree_with_plain_quantiles(course):
    series = all_series(course, AREA)
    cheek = course["erythema"].sel(zone="cheek_left").values
    np.testing.assert_allclose(
        series["cheek_left"]["erythema"].high, np.quantile(cheek.astype(float), 0.95, axis=0)
    )
    assert set(series) == {FACE, *(str(z) for z in course["zone"].values)}


def test_the_face_averages_by_area_but_counts_add_up(course):
    lesions = course["lesions"].sel(zone=list(ZONES)).values.astype(float)
    np.testing.assert_allclose(AREA.draws(course, "lesions"), lesions.sum(axis=1))
    redness = course["erythema"].sel(zone=list(ZONES)).values.astype(float)
    areas = [zone_record(zone, NUMBERS).area_cm2 for zone in ZONES]
    mean = np.average(redness, axis=1, weights=areas)
    np.testing.assert_allclose(AREA.draws(course, "erythema"), mean)


def test_dimensions_may_come_in_any_order(course):
    turned = course.transpose("day", "zone", "draw")
    for name in ("erythema", "lesions"):
        np.testing.assert_array_equal(AREA.draws(turned, name), AREA.draws(course, name))
        a, b = all_series(turned, AREA), all_series(course, AREA)
        np.testing.assert_array_equal(a["nose"][name].median, b["nose"][name].median)


def test_best_and_worst_follow_what_a_person_wants(course):
    best, worst = (scenario_series(course, AREA, s) for s in ("best", "worst"))
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
