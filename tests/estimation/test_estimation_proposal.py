"""The proposal's density is that of its draws, and it knows the constant that it leaves out."""

import numpy as np
import pytest
from linear_problem import LinearProblem, Measured, gaussian, proposal_of
from scipy.stats import kstest, multivariate_t, t

from micropen.estimation.linearisation import linearise
from micropen.estimation.proposal import DEGREES_OF_FREEDOM, Proposal
from micropen.estimation.sites import matched_sites


def random() -> np.random.Generator:
    return np.random.default_rng(7)


def test_weights_average_to_the_evidence_of_a_linear_problem():
    problem, _, _, evidence = gaussian(0)
    proposal = proposal_of(problem)
    values, density = proposal.draw(problem, 20_000, random())
    ratio = problem.log_posterior(values) - density
    # Both leave out the prior's constant; the proposal that of the other directions only.
    constant = 0.5 * proposal.centre.size * np.log(2.0 * np.pi)
    assert np.log(np.exp(ratio).mean()) == pytest.approx(evidence + constant, abs=0.02)


def test_the_evidence_is_also_right_where_predictions_are_bent():
    # Two unknowns, so that the evidence is a sum over a grid.
    bend = np.array([[0.5, 0.0]])
    problem = LinearProblem(
        (Measured(np.array([1.2]), 0.4),), np.array([[1.0, 0.7]]), np.zeros(1), bend
    )
    axis = np.linspace(-7.0, 7.0, 701)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    mass = np.exp(problem.log_posterior(grid)).sum() * (axis[1] - axis[0]) ** 2
    proposal = proposal_of(problem)
    values, density = proposal.draw(problem, 40_000, random())
    free = 2 - proposal.centre.size
    ratio = np.exp(problem.log_posterior(values) - density).mean()
    assert ratio * (2.0 * np.pi) ** (0.5 * free) == pytest.approx(mass, rel=0.03)


def test_directions_follow_a_student_t_and_the_others_the_prior():
    problem, mean, _, _ = gaussian(1)
    proposal = proposal_of(problem)
    values, _ = proposal.draw(problem, 20_000, random())
    inside = (values - mean) @ proposal.directions
    scaled = inside / np.sqrt(np.diag(proposal.root @ proposal.root.T))
    for column in scaled.T:
        assert kstest(column, t(DEGREES_OF_FREEDOM).cdf).pvalue > 1e-3
    rest = values - (values @ proposal.directions) @ proposal.directions.T
    expected = np.eye(12) - proposal.directions @ proposal.directions.T
    assert np.allclose(np.cov(rest.T), expected, atol=0.06)
    assert np.allclose(rest.mean(axis=0), proposal.outside, atol=0.04)


def test_the_density_is_that_of_a_multivariate_student_t():
    problem, mean, _, _ = gaussian(1)
    proposal = proposal_of(problem)
    values, density = proposal.draw(problem, 200, random())
    inside = (values - mean) @ proposal.directions
    free = values - proposal.outside
    free = free - (free @ proposal.directions) @ proposal.directions.T
    oracle = multivariate_t(
        np.zeros(5), proposal.root @ proposal.root.T, DEGREES_OF_FREEDOM
    ).logpdf(inside)
    assert np.allclose(density, oracle - 0.5 * (free**2).sum(axis=1), atol=1e-6)


def test_centre_and_covariance_are_the_closed_form():
    problem, mean, covariance, _ = gaussian(5)
    proposal = proposal_of(problem)
    assert np.allclose(proposal.outside + proposal.directions @ proposal.centre, mean, atol=1e-6)
    assert np.allclose(proposal.directions.T @ proposal.outside, 0.0, atol=1e-9)
    inside = proposal.directions.T @ covariance @ proposal.directions
    assert np.allclose(inside, proposal.covariance, atol=1e-6)
    drawn = proposal.root @ proposal.root.T  # as wide as that, or a little wider
    wider = drawn[0, 0] / proposal.covariance[0, 0]
    assert 1.0 <= wider < 1.5
    assert np.allclose(drawn, wider * proposal.covariance)


def test_each_draw_of_the_others_moves_the_centre_to_its_own_slice():
    # The second unknown, of which the slope at the centre knows nothing, shifts the prediction.
    problem = LinearProblem(
        (Measured(np.array([2.0]), 0.1),), np.array([[1.0, 0.0]]), np.zeros(1),
        np.array([[0.0, 0.7]]),
    )  # fmt: skip
    proposal = Proposal.of(matched_sites(problem, linearise(problem, np.array([2.0, -0.025]))))
    values, _ = proposal.draw(problem, 2_000, random())
    predicted = problem.predictions(values)[0][:, 0]
    near = np.abs(values[:, 1]) < 0.8  # farther, the move would be longer than is allowed
    assert np.quantile(np.abs(predicted - 2.0)[near], 0.95) < 0.4
