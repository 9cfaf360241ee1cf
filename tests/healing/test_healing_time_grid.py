"""Reported days and the segments between sessions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.errors import MicropenError
from micropen.healing import day_grid
from micropen.healing.time_grid import segments


def test_a_single_session_has_minutes_hours_half_days_and_days():
    grid = day_grid([0.0], 60.0)
    assert grid[0] == 0.0
    assert grid[-1] == 60.0
    assert np.all(np.diff(grid) > 0)
    for day in (5 / 1440, 1 / 24, 0.25, 1.0, 3.5, 13.5, 14.0, 15.0, 59.0):
        assert np.isclose(grid, day, atol=1e-7).any(), day
    assert not np.isclose(grid, 14.5).any()


def test_later_sessions_restart_the_fine_days_and_show_the_minute_before():
    grid = day_grid([0.0, 30.0], 60.0)
    assert np.isclose(grid, 30.0 - 1 / 1440, atol=1e-7).any()
    assert np.isclose(grid, 30.0 + 1 / 24, atol=1e-7).any()
    assert np.isclose(grid, 43.5).any()


def test_a_horizon_between_days_is_reported():
    assert day_grid([0.0], 2.25)[-1] == 2.25


@pytest.mark.parametrize("days", [0.0, -1.0, 400.1, float("nan"), float("inf")])
def test_impossible_horizons_are_refused_with_the_range(days):
    with pytest.raises(MicropenError, match="at most 400"):
        day_grid([0.0], days)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0.0, 390.0), max_size=4),
    st.floats(0.01, 400.0),
    st.sampled_from([1.0, 2.0, 4.0]),
)
def test_every_day_is_reported_once_and_steps_fill_the_time(later, horizon, refinement):
    sessions = sorted({0.0, *(round(day, 3) for day in later)})
    grid = day_grid(sessions, horizon)
    parts = segments(sessions, grid, refinement)
    reported = np.concatenate([part.report for part in parts])
    assert np.array_equal(reported, np.arange(grid.size))
    for part in parts:
        assert np.isclose(part.steps.sum(), part.end - part.start)
        assert np.allclose(part.weights.sum(axis=1), 1.0)
        assert part.first_node.max(initial=0) + 5 < part.nodes.size + 5 * (part.steps.size == 0)


def test_two_sessions_at_one_moment_leave_no_steps_between():
    grid = day_grid([0.0, 0.0], 5.0)
    first, second = segments([0.0, 0.0], grid)
    assert first.steps.size == 0
    assert first.report.size == 0
    assert second.report.size == grid.size


def test_sessions_beyond_the_horizon_are_left_out():
    grid = day_grid([0.0, 30.0], 10.0)
    assert len(segments([0.0, 30.0], grid)) == 1


def test_refinement_shortens_the_steps():
    grid = day_grid([0.0], 60.0)
    (rough,), (fine,) = segments([0.0], grid), segments([0.0], grid, 2.0)
    assert fine.steps.size > 1.7 * rough.steps.size
