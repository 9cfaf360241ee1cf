"""What others notice on the days after a session: step curves, Poisson by hand, limits."""

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from made_up_calendar import LAGS, steps, with_signs

from micropen.evidence import load_parameters
from micropen.healing import day_grid
from micropen.planning.calendar import (
    DaysAfter,
    clear_limits,
    day_windows,
    first_clear_day,
    noticed_by_lag,
    spots_by_lag,
    stays_clear,
    work_days_by_offset,
)
from micropen.planning.session_response import SEEN

PARAMETERS = load_parameters()
LIMITS = clear_limits(PARAMETERS)


def test_limits_are_those_from_which_a_sign_is_clear():
    value = PARAMETERS.value
    assert set(LIMITS) == {*SEEN, "gloss"}
    assert LIMITS["erythema"] == value("healing.milestones.visible_redness")
    assert LIMITS["scaling"] == value("report.words.scaling.clear")


def test_a_day_holds_the_lags_within_half_a_day():
    lags = np.array([0.0, 0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0])
    windows = day_windows(lags)
    inside = [lags[first:beyond].tolist() for first, beyond in windows]
    assert inside == [
        [0.0, 0.1, 0.5], [0.5, 1.0, 1.5], [1.5, 2.0], [3.0], [4.0], [4.0, 6.0], [6.0],
    ]  # fmt: skip


@pytest.mark.parametrize("horizon", [3.0, 40.0, 40.25, 60.7])
def test_every_day_of_the_engine_has_lags_and_every_lag_a_day(horizon):
    lags = day_grid([0.0], horizon)
    windows = day_windows(lags)
    assert windows.shape == (int(horizon) + 1, 2)
    assert (windows[:, 1] > windows[:, 0]).all()
    held = {i for first, beyond in windows for i in range(first, beyond)}
    assert set(range(lags.size)) - held <= set(np.flatnonzero(lags > int(horizon) + 0.5).tolist())


def test_a_sign_is_noticed_through_the_day_in_which_it_ends():
    # Four people, red until 1, 3, 3.5 days, and not at all.
    response = steps(erythema=[1.0, 3.0, 3.5, -1.0])
    noticed = noticed_by_lag(response.signs, LIMITS, day_windows(LAGS))
    assert noticed.sum(axis=1).tolist() == [2, 4, 5, 0]
    after = DaysAfter.of(response, PARAMETERS)
    assert after.downtime_days.tolist() == [2.0, 4.0, 5.0, 0.0]
    np.testing.assert_allclose(after.clear[:6], [0.25, 0.25, 0.5, 0.5, 0.75, 1.0])
    assert (after.clear[6:] == 1.0).all()


@pytest.mark.parametrize("sign", SEEN)
def test_each_sign_counts_from_its_limit_on(sign):
    below, at = (
        with_signs(steps(), **{sign: np.full((4, LAGS.size), LIMITS[sign] * factor)})
        for factor in (0.999, 1.0)
    )
    assert (DaysAfter.of(below, PARAMETERS).clear == 1.0).all()
    assert (DaysAfter.of(at, PARAMETERS).clear == 0.0).all()


def test_no_spot_is_poisson():
    expected = np.array([[0.1], [0.4], [0.0], [2.0]])
    curve = DaysAfter.of(steps(spots=expected, erythema=[5.0, -1, -1, -1]), PARAMETERS).clear
    assert curve[3] == pytest.approx((0 + exp(-0.4) + 1 + exp(-2.0)) / 4)
    assert curve[8] == pytest.approx((exp(-0.1) + exp(-0.4) + 1 + exp(-2.0)) / 4)


def test_the_most_spots_of_a_day_count():
    lesions = np.zeros((4, LAGS.size))
    lesions[:, LAGS == 3.5] = 0.7
    spots = spots_by_lag(lesions, day_windows(LAGS))
    assert spots[0, 2:6].tolist() == [0.0, 0.7, 0.7, 0.0]


def test_any_spot_is_that_of_the_worst_day():
    after = DaysAfter.of(steps(spots=np.array([[0.3], [0.0], [0.0], [1.0]])), PARAMETERS)
    assert after.any_spot == pytest.approx((1 - exp(-0.3) + 1 - exp(-1.0)) / 4)


def test_a_glow_counts_without_anything_else_and_not_on_the_first_day():
    response = steps(glow=(0.0, 9.0), erythema=[2.0, 2.0, 4.0, -1.0], spots=0.2)
    glow = DaysAfter.of(response, PARAMETERS).glow
    assert glow[0] == 0.0
    assert glow[1] == pytest.approx(0.25 * exp(-0.2))
    assert glow[3] == pytest.approx(0.75 * exp(-0.2))
    # The glow fades at noon of day 9 and is not there all of that day.
    assert glow[8] == pytest.approx(exp(-0.2))
    assert glow[9] == 0.0


def test_the_first_clear_day_is_one_that_stays():
    curve = np.array([0.0, 0.97, 0.6, 0.95, 0.96, 1.0])
    assert first_clear_day(curve, 0.95) == 3
    assert first_clear_day(curve, 0.5) == 1
    assert first_clear_day(curve, 0.0) == 0
    assert first_clear_day(curve[:3], 0.95) is None
    assert stays_clear(curve).tolist() == [0.0, 0.6, 0.6, 0.95, 0.96, 1.0]


@given(arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 1)), st.floats(0, 1))
def test_first_clear_day_is_the_first_from_which_all_are_clear(curve, wanted):
    by_hand = [d for d in range(curve.size) if (curve[d:] >= wanted - 1e-6).all()]
    assert first_clear_day(curve, wanted) == (by_hand[0] if by_hand else None)


@given(
    st.lists(st.floats(-1, 40), min_size=1, max_size=6),
    st.lists(st.floats(0, 3), min_size=6, max_size=6),
)
def test_a_day_is_no_clearer_than_with_one_of_its_signs_alone(ends, spots):
    draws = len(ends)
    parts = {
        "erythema": ends,
        "scaling": ends[::-1],
        "spots": np.array(spots[:draws])[:, None],
    }
    after = DaysAfter.of(steps(draws, **parts), PARAMETERS)
    alone = [DaysAfter.of(steps(draws, **{key: value}), PARAMETERS) for key, value in parts.items()]
    assert (after.clear <= np.min([one.clear for one in alone], axis=0) + 1e-12).all()
    assert (after.clear >= 0.0).all()


@given(st.lists(st.floats(-1, 40), min_size=1, max_size=6), st.floats(0, 3))
def test_a_glow_is_seen_on_clear_days_only(ends, spots):
    after = DaysAfter.of(steps(len(ends), spots, (0.0, 30.0), erythema=ends), PARAMETERS)
    np.testing.assert_allclose(after.glow[1:30], after.clear[1:30])
    assert (after.glow <= after.clear).all()


def test_days_of_downtime_and_the_last_that_is_known():
    after = DaysAfter.of(steps(erythema=[1, 2, 3, 4]), PARAMETERS)
    assert after.last == 40
    assert after.downtime_days.tolist() == [2, 3, 4, 5]


def test_work_days_of_a_session_on_each_day():
    # Monday to Friday at work; noticed for sure on two days, then with a half.
    work = np.array([True] * 5 + [False] * 2 + [True] * 5)
    expected = work_days_by_offset(np.array([1.0, 1.0, 0.5]), work)
    assert expected.shape == work.shape
    assert expected[:8].tolist() == [2.5, 2.5, 2.5, 2.0, 1.0, 0.5, 1.5, 2.5]
    assert expected[-2:].tolist() == [2.0, 1.0]
