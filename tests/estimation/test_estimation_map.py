"""The most probable person: equal to the closed form where there is one, and never downhill."""

import numpy as np
import pytest
from linear_problem import LinearProblem, Measured, along_a_line, answer_term, gaussian

from micropen.estimation.linearisation import linearise, weighted
from micropen.estimation.map_estimate import map_estimate


@pytest.mark.parametrize("seed", range(3))
def test_a_linear_problem_is_solved_in_closed_form(seed):
    problem, mean, _, _ = gaussian(seed)
    top = map_estimate(problem)
    assert top.converged
    assert top.steps <= 2
    assert np.allclose(top.centre, mean, atol=1e-6)


def test_the_start_does_not_matter_where_there_is_one_top():
    problem, mean, _, _ = gaussian(4)
    away = map_estimate(problem, np.full(mean.size, 3.0))
    assert np.allclose(away.centre, mean, atol=1e-5)


def test_slopes_of_a_linear_problem_are_its_matrix():
    problem, _, _, _ = gaussian(1)
    centre = np.linspace(-1.0, 1.0, problem.unknowns.count)
    line = linearise(problem, centre)
    assert np.allclose(line.jacobian, problem.matrix, atol=1e-9)
    assert np.allclose(line.predictions[0], problem.base + problem.matrix @ centre)
    assert line.log_posterior == pytest.approx(float(problem.log_posterior(centre[None])[0]))


def test_gradient_and_information_of_several_terms_stand_in_their_order():
    measured = Measured(np.array([1.0, -2.0]), 0.5)
    other = Measured(np.array([4.0]), 0.25)
    problem = LinearProblem((measured, other), np.eye(3), np.zeros(3))
    gradient, information = weighted(problem, linearise(problem, np.zeros(3)))
    assert np.allclose(gradient, [4.0, -8.0, 64.0])
    assert np.allclose(information, np.diag([4.0, 4.0, 16.0]))


def bent(seed: int) -> LinearProblem:
    """Curved predictions, some way from what was read."""
    random = np.random.default_rng(seed)
    matrix, bend = random.standard_normal((2, 4, 6))
    return LinearProblem((Measured(np.full(4, 3.0), 0.5),), matrix, np.zeros(4), 0.5 * bend)


@pytest.mark.parametrize("seed", range(6))
def test_it_never_goes_down_and_arrives_where_nothing_near_is_better(seed):
    problem = bent(seed)
    top = map_estimate(problem)
    start = float(problem.log_posterior(np.zeros((1, 6)))[0])
    assert top.line.log_posterior > start
    assert top.line.log_posterior == pytest.approx(
        float(problem.log_posterior(top.centre[None])[0]), abs=1e-9
    )
    assert top.converged
    nearby = top.centre + 1e-2 * np.concatenate([np.eye(6), -np.eye(6)])
    assert problem.log_posterior(nearby).max() < top.line.log_posterior + 0.05


def test_more_steps_never_lose_what_fewer_had_won():
    problem = bent(1)
    first = map_estimate(problem)
    again = map_estimate(problem, first.centre)
    assert again.line.log_posterior >= first.line.log_posterior


def test_readings_that_tell_nothing_lead_back_to_the_typical_person():
    problem = LinearProblem((Measured(np.zeros(1), 1e6),), np.ones((1, 3)), np.zeros(1))
    top = map_estimate(problem, np.array([1.0, -2.0, 0.5]))
    assert np.allclose(top.centre, 0.0, atol=1e-6)


def test_a_few_steps_without_arrival_are_not_called_an_arrival(monkeypatch):
    monkeypatch.setattr("micropen.estimation.map_estimate._MOST_STEPS", 1)
    top = map_estimate(bent(0))
    assert top.steps == 1
    assert not top.converged


@pytest.mark.parametrize("damping", [0.0, 3.0])
def test_a_step_is_damped_as_it_says(damping, monkeypatch):
    monkeypatch.setattr("micropen.estimation.map_estimate._DAMPINGS", np.array([damping]))
    monkeypatch.setattr("micropen.estimation.map_estimate._SHORTER", np.array([1.0]))
    monkeypatch.setattr("micropen.estimation.map_estimate._MOST_STEPS", 1)
    problem, _, _, _ = gaussian(6)
    start = np.linspace(-1.0, 1.0, 12)
    gradient, information = weighted(problem, linearise(problem, start))
    pull = problem.matrix.T @ gradient - start
    curvature = (1.0 + damping) * np.eye(12) + problem.matrix.T @ information @ problem.matrix
    exact = start + np.linalg.solve(curvature, pull)
    assert np.allclose(map_estimate(problem, start).centre, exact, atol=1e-6)


def test_answers_pull_to_where_they_lie():
    tops = [
        map_estimate(along_a_line(answer_term(m), -0.7, 0.5)).centre[0] for m in (2.0, 4.0, 7.0)
    ]
    assert tops[0] < -0.5
    assert abs(tops[1]) < 0.2
    assert tops[2] > 0.5
