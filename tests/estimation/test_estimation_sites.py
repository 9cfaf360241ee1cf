"""Expectation propagation against quadrature, and the subspace that data speak about."""

from dataclasses import replace

import numpy as np
import pytest
from linear_problem import (
    LinearProblem,
    Measured,
    along_a_line,
    answer_term,
    count_term,
    gaussian,
    moments_on_a_line,
)

from micropen.estimation.linearisation import linearise
from micropen.estimation.map_estimate import map_estimate
from micropen.estimation.proposal import Proposal
from micropen.estimation.readings import ScoredAnswer
from micropen.estimation.sites import MOST_DIRECTIONS, matched_sites


def stand_in(problem) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the Gaussian that stands for a posterior."""
    sites = matched_sites(problem, linearise(problem, map_estimate(problem).centre))
    slopes = sites.line.jacobian
    information = np.eye(slopes.shape[1]) + slopes.T @ sites.precision @ slopes
    return sites.centre(), np.linalg.inv(information)


@pytest.mark.parametrize("mark", [0.0, 1.0, 3.0, 6.0, 9.0])
def test_one_answer_has_the_moments_of_its_exact_posterior(mark):
    problem = along_a_line(answer_term(mark), -1.2, 1.0)
    mean, covariance = stand_in(problem)
    exact, sd = moments_on_a_line(problem)
    assert sd < 0.9
    assert mean[0] == pytest.approx(exact, abs=0.02)
    assert np.sqrt(covariance[0, 0]) == pytest.approx(sd, rel=0.05)


def test_a_word_has_the_moments_of_its_range():
    term = replace(answer_term(0.0), answers=(ScoredAnswer("redness", 1.0, 4.0, 6.0),))
    problem = along_a_line(term, -1.2, 1.0)
    mean, covariance = stand_in(problem)
    exact, sd = moments_on_a_line(problem)
    assert mean[0] == pytest.approx(exact, abs=0.02)
    assert np.sqrt(covariance[0, 0]) == pytest.approx(sd, rel=0.03)


@pytest.mark.parametrize("count", [0.0, 2.0, 7.0])
def test_one_count_has_the_moments_of_its_exact_posterior(count):
    problem = along_a_line(count_term(count), 0.6, 0.7)
    mean, covariance = stand_in(problem)
    exact, sd = moments_on_a_line(problem)
    assert mean[0] == pytest.approx(exact, abs=0.02)
    assert np.sqrt(covariance[0, 0]) == pytest.approx(sd, rel=0.03)


def test_several_answers_share_their_unknown():
    problem = along_a_line(answer_term(2.0, 3.0, 3.0, 4.0), -0.9, 0.5)
    mean, covariance = stand_in(problem)
    exact, sd = moments_on_a_line(problem)
    assert mean[0] == pytest.approx(exact, abs=0.05)
    assert np.sqrt(covariance[0, 0]) == pytest.approx(sd, rel=0.1)


def test_answers_of_zero_pull_down_and_never_up():
    # The forecast is low already, so that the slope at the most probable person is all but flat.
    nothing = answer_term(0.0, 0.0)
    for base in (-4.0, -3.0, -2.0, -1.0):
        mean, covariance = stand_in(along_a_line(nothing, base, 0.8))
        assert mean[0] < 0.0
        assert covariance[0, 0] < 1.0
    pulls = [stand_in(along_a_line(nothing, base, 0.8))[0][0] for base in (-4.0, -3.0, -2.0)]
    assert pulls == sorted(pulls, reverse=True)


def test_an_absurd_answer_neither_holds_nor_pulls():
    mean, covariance = stand_in(along_a_line(answer_term(10.0), -2.5, 0.2))
    assert abs(mean[0]) < 0.15
    assert covariance[0, 0] == pytest.approx(1.0, abs=0.05)


def test_normal_readings_keep_their_closed_form():
    problem, mean, covariance, _ = gaussian(2)
    found, spread = stand_in(problem)
    assert np.allclose(found, mean, atol=1e-6)
    assert np.allclose(spread, covariance, atol=1e-6)


def test_precision_is_symmetric_and_positive():
    terms = (Measured(np.array([0.3]), 0.2), answer_term(2.0, 0.0), count_term(3.0))
    random = np.random.default_rng(0)
    problem = LinearProblem(terms, random.standard_normal((4, 6)), np.array([0.0, -1.0, -2.0, 0.5]))
    sites = matched_sites(problem, linearise(problem, map_estimate(problem).centre))
    assert np.allclose(sites.precision, sites.precision.T)
    assert np.linalg.eigvalsh(sites.precision).min() >= 0.0


def test_directions_are_orthonormal_and_hold_all_that_data_speak_about():
    problem, _, covariance, _ = gaussian(3)
    sites = matched_sites(problem, linearise(problem, np.zeros(problem.unknowns.count)))
    directions = sites.directions()
    assert directions.shape[1] == 5  # as many as there are readings
    assert np.allclose(directions.T @ directions, np.eye(5), atol=1e-10)
    rest = np.eye(12) - directions @ directions.T
    assert np.allclose(rest @ covariance @ rest, rest, atol=1e-6)  # there: the prior


def test_what_hardly_speaks_gets_no_direction_and_there_are_never_too_many():
    weak = LinearProblem((Measured(np.array([1.0]), 50.0),), np.ones((1, 3)), np.zeros(1))
    sites = matched_sites(weak, linearise(weak, np.zeros(3)))
    assert sites.directions().shape == (3, 0)
    proposal = Proposal.of(sites)
    values, density = proposal.draw(weak, 50, np.random.default_rng(0))
    assert np.ptp(weak.log_posterior(values) - density) < 0.1
    many = LinearProblem((Measured(np.zeros(60), 0.1),), np.eye(60), np.zeros(60))
    assert matched_sites(many, linearise(many, np.zeros(60))).directions().shape[1] == (
        MOST_DIRECTIONS
    )
