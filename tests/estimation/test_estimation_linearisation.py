"""Slopes of all predictions, against central differences taken one unknown at a time."""

from dataclasses import replace

import numpy as np
import pytest
from simulated_person import asked, simulated

from micropen.anatomy import ZONES
from micropen.estimation.linearisation import linearise, look_ahead, weighted
from micropen.estimation.problem import Problem
from micropen.evidence import load_parameters

CHOSEN = (
    "healing.inflammation.response",
    "healing.erythema.redness_at_end",
    "healing.scaling.transit_rate_per_day",
    "healing.pain.soreness_gain",
    "healing.lesions.proneness",
    "observation.redness.grade_scale",
    "healing.session.0",
    "photograph.gain.erythema",
    "subject.use",
    "subject.pain_after",
    "spots.luck",
)
SCATTER = (
    "healing.zones.inflammation.response [cheek_left]",
    "healing.zones.inflammation.response [forehead]",
    "healing.zones.scaling.coverage_gain [cheek_right]",
)


@pytest.fixture(scope="module")
def problem():
    return simulated((0.0,), wanted=asked((0.2, 1.0, 4.0))).problem


@pytest.fixture(scope="module", params=["typical", "someone"])
def centre(problem, request):
    random = np.random.default_rng(2)
    size = problem.unknowns.count
    return np.zeros(size) if request.param == "typical" else 0.5 * random.standard_normal(size)


@pytest.fixture(scope="module")
def line(problem, centre):
    return linearise(problem, centre)


def central(problem, centre, names, step=0.1) -> np.ndarray:
    """Slopes by central differences, shape (reading, name)."""
    columns = [problem.unknowns.names.index(name) for name in names]
    moves = np.zeros((len(columns), centre.size))
    moves[np.arange(len(columns)), columns] = step
    both = problem.predictions(np.concatenate([centre + moves, centre - moves]))
    high, low = np.split(np.concatenate(both, axis=1), 2)
    return ((high - low) / (2.0 * step)).T


def columns_of(problem, line, names) -> np.ndarray:
    return line.jacobian[:, [problem.unknowns.names.index(name) for name in names]]


def test_slopes_of_persons_are_central_differences(problem, centre, line):
    exact = central(problem, centre, CHOSEN)
    found = columns_of(problem, line, CHOSEN)
    assert np.all(np.abs(exact).max(axis=0) > 0.0)
    scale = np.abs(exact).max(axis=0)
    assert np.allclose(found / scale, exact / scale, atol=0.06)


def test_a_zones_scatter_moves_its_own_readings(problem, centre, line):
    exact = central(problem, centre, SCATTER)
    found = columns_of(problem, line, SCATTER)
    zones = np.concatenate([term.zones for term in problem.terms])
    own = zones >= 0
    scale = np.abs(exact[own]).max(axis=0)
    assert np.all(scale > 0.0)
    assert np.allclose(found[own] / scale, exact[own] / scale, atol=0.06)
    for column, name in enumerate(SCATTER):
        zone = ZONES.index(name.split("[")[1][:-1])
        others = own & (zones != zone)
        assert np.all(exact[others, column] == 0.0)
        assert np.all(found[others, column] == 0.0)


def test_scatter_moves_the_whole_face_by_its_share(problem, centre, line):
    # By its share of the area: the engine's own weights differ a little from that.
    exact = central(problem, centre, SCATTER)
    found = columns_of(problem, line, SCATTER)
    zones = np.concatenate([term.zones for term in problem.terms])
    wide = zones < 0
    for column in range(len(SCATTER)):
        scale = np.abs(exact[wide, column]).max()
        assert np.abs(found[wide, column] - exact[wide, column]).max() < 0.35 * scale


def test_one_block_moved_in_all_zones_is_the_sum_of_its_zones(problem, line):
    names = problem.unknowns.names
    block = [i for i, n in enumerate(names) if n.startswith("healing.zones.inflammation.response")]
    centre = line.centre
    values = np.tile(centre, (2, 1))
    values[0, block] += 0.1
    values[1, block] -= 0.1
    high, low = np.concatenate(problem.predictions(values), axis=1)
    exact = (high - low) / 0.2
    assert np.allclose(line.jacobian[:, block].sum(axis=1), exact, atol=0.06 * np.abs(exact).max())


def test_all_other_columns_are_zero(problem, line):
    moved = np.flatnonzero(np.any(line.jacobian != 0.0, axis=0))
    known = {*problem.engine_columns, *range(problem.unknowns.engine_count, line.centre.size)}
    assert set(moved) <= known


def test_parameters_that_move_together_all_have_their_slope():
    # What only another parameter's uncertainty ties to a reading moves that reading too.
    problem = Problem.of(simulated((0.0,)).treatment, asked((1.0, 4.0)), load_parameters())
    mixing = problem.unknowns.mixing
    tied = np.flatnonzero((np.abs(mixing - np.diag(np.diag(mixing))) > 0.05).any(axis=0))
    assert tied.size > 5
    line = linearise(problem, np.zeros(problem.unknowns.count))
    names = [problem.unknowns.names[i] for i in tied]
    exact, found = central(problem, line.centre, names), columns_of(problem, line, names)
    scale = max(np.abs(exact).max(), 1e-12)
    assert np.allclose(found / scale, exact / scale, atol=0.05)


def test_centre_predictions_and_height_are_those_of_the_problem(problem, centre, line):
    for found, exact in zip(line.predictions, problem.predictions(centre[None]), strict=True):
        assert np.allclose(found, exact[0], rtol=1e-5, atol=1e-6)
    assert line.log_posterior == pytest.approx(
        float(problem.log_posterior(centre[None])[0]), abs=1e-2
    )


def test_the_chain_rule_gives_the_slope_of_the_log_likelihood(problem, centre, line):
    # Where variances stand still, so that the gradient of a photograph is exact.
    steady = tuple(
        replace(term, error=replace(term.error, model_share=0.0, day_share=0.0))
        if hasattr(term, "error") and hasattr(term.error, "model_share")
        else term
        for term in problem.terms
    )
    problem = replace(problem, terms=steady)
    line = linearise(problem, centre)
    gradient, information = weighted(problem, line)
    slope = line.jacobian.T @ gradient
    for name in CHOSEN:
        move = np.zeros((2, centre.size))
        move[:, problem.unknowns.names.index(name)] = [0.05, -0.05]
        high, low = problem.log_likelihood(problem.predictions(centre + move))
        exact = (high - low) / 0.1
        # One-sided slopes of bent predictions, weighed by many readings.
        assert slope[problem.unknowns.names.index(name)] == pytest.approx(exact, rel=0.2, abs=0.6)
    assert np.linalg.eigvalsh(information).min() >= -1e-9


def test_looking_ahead_weighs_persons_and_renews_slopes_along_the_directions_alone(problem, line):
    random = np.random.default_rng(4)
    directions = np.linalg.qr(random.standard_normal((line.centre.size, 3)))[0]
    tried = line.centre + 0.3 * random.standard_normal((2, line.centre.size))
    heights, ahead = look_ahead(problem, line, tried, directions)
    assert np.allclose(heights, problem.log_posterior(tried), atol=1e-2)
    assert ahead.log_posterior == heights[0]
    assert np.array_equal(ahead.centre, tried[0])
    for found, exact in zip(ahead.predictions, problem.predictions(tried[:1]), strict=True):
        assert np.allclose(found, exact[0], rtol=1e-5, atol=1e-6)
    step = 0.05 * directions.T
    high, low = np.split(
        np.concatenate(problem.predictions(np.concatenate([tried[0] + step, tried[0] - step])), 1),
        2,
    )
    exact = (high - low).T / 0.1
    assert np.allclose(ahead.jacobian @ directions, exact, atol=0.06 * np.abs(exact).max())
    rest = np.eye(line.centre.size) - directions @ directions.T
    assert np.allclose(ahead.jacobian @ rest, line.jacobian @ rest, atol=1e-9)
