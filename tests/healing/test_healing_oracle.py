"""The engine against general stiff solvers, on the same process definitions."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from micropen.evidence import ParameterSet
from micropen.healing.engine import choose_refinement, solve
from micropen.healing.reference import jacobian, right_hand_side, solve_reference
from micropen.healing.time_grid import day_grid

TOLERANCE = 2e-4  # of each sign's peak, the accuracy that the program promises


def _wider(parameters, factor):
    members = {
        name: replace(
            p,
            uncertainty_sd=factor * p.uncertainty_sd,
            between_person_sd=factor * p.between_person_sd,
        )
        if p.log_normal
        else p
        for name, p in parameters.members.items()
    }
    return ParameterSet("wider", MappingProxyType(members))


def _worst(laboratory, lanes, days, grid, method="LSODA", chosen=None):
    solution = solve(laboratory.chain, lanes, days, grid)
    worst = {}
    for lane in range(lanes.count) if chosen is None else chosen:
        oracle = solve_reference(
            laboratory.chain, lanes, lane, days, grid, method=method, rtol=1e-8
        )
        for sign, values in oracle.items():
            gap = np.abs(values - solution.signs[sign][lane]).max() / np.abs(values).max()
            worst[sign] = max(worst.get(sign, 0.0), gap)
    return worst


def test_single_session_agrees_with_radau_and_lsoda(laboratory):
    lanes = laboratory.lanes(draws=12)
    grid = day_grid([0.0], 60.0)
    worst = _worst(laboratory, lanes, (0.0,), grid, method="Radau", chosen=(3,))
    assert max(worst.values()) < TOLERANCE, worst
    worst = _worst(laboratory, lanes, (0.0,), grid)
    assert max(worst.values()) < TOLERANCE, worst


def test_series_agrees_with_lsoda_through_the_sessions(laboratory):
    days = (0.0, 21.0, 51.5)
    lanes = laboratory.lanes(draws=3, days=days, dose=1.6, seed=5)
    worst = _worst(laboratory, lanes, days, day_grid(days, 120.0))
    assert max(worst.values()) < TOLERANCE, worst


def test_wide_draws_agree_with_lsoda_at_any_refinement_they_need(laboratory):
    lanes = laboratory.lanes(draws=60, seed=11, parameters=_wider(laboratory.parameters, 2.5))
    chosen = np.random.default_rng(2).choice(60, 10, replace=False)
    worst = _worst(laboratory, lanes, (0.0,), day_grid([0.0], 60.0), chosen=chosen)
    assert max(worst.values()) < TOLERANCE, worst


def test_a_year_agrees_with_lsoda(laboratory):
    lanes = laboratory.lanes(draws=2, seed=3)
    worst = _worst(laboratory, lanes, (0.0,), day_grid([0.0], 400.0), method="LSODA")
    assert max(worst.values()) < TOLERANCE, worst


def test_steps_shorten_when_states_are_much_faster(laboratory):
    usual = laboratory.lanes(draws=2)
    grid = day_grid([0.0], 60.0)
    refinement, error = choose_refinement(laboratory.chain, usual, [0.0], grid)
    assert refinement == 1.0
    assert 0.0 < error < 1e-4
    hurried = laboratory.parameters.with_values(
        {
            "healing.scaling.transit_rate_per_day": 14.0,
            "healing.lesions.ripening_rate_per_day": 30.0,
            "healing.flush.neuropeptide_rate_per_day": 4000.0,
        }
    )
    fast = laboratory.lanes(draws=2, parameters=hurried)
    refinement, error = choose_refinement(laboratory.chain, fast, [0.0], grid)
    assert refinement > 1.0
    worst = _worst(laboratory, fast, (0.0,), grid)
    assert max(worst.values()) < TOLERANCE, worst


def test_jacobian_is_that_of_the_right_hand_side(laboratory):
    lanes = laboratory.lanes(draws=1)
    slope = right_hand_side(laboratory.chain, lanes, 0)
    y = np.random.default_rng(0).random(len(laboratory.chain.states)) + 0.1
    exact = jacobian(laboratory.chain, lanes, 0)(0.0, y)
    nudge = 1e-6
    for column in range(y.size):
        step = nudge * np.eye(y.size)[column]
        numeric = (slope(0.0, y + step) - slope(0.0, y - step)) / (2 * nudge)
        assert np.allclose(exact[:, column], numeric, rtol=1e-5, atol=1e-5)
    # Feed-forward: no state reads itself but for its loss, and none reads one after it.
    assert np.allclose(exact, np.tril(exact))
    assert np.all(np.diag(exact) < 0.0)


def test_oracle_treats_two_sessions_at_one_moment_as_one_sum(laboratory):
    grid = day_grid([0.0, 0.0], 5.0)
    twice = laboratory.lanes(draws=1, days=(0.0, 0.0))
    engine = solve(laboratory.chain, twice, [0.0, 0.0], grid)
    oracle = solve_reference(laboratory.chain, twice, 0, [0.0, 0.0], grid)
    for sign, values in oracle.items():
        assert np.allclose(engine.signs[sign][0], values, atol=TOLERANCE * np.abs(values).max())
