"""Importance sampling: exact on linear problems, and a gate that does not let all pass."""

from dataclasses import replace

import numpy as np
import pytest
from linear_problem import LinearProblem, Measured, gaussian, proposal_of

from micropen.estimation.importance import ENOUGH, TRUSTED_K, importance_sample, smoothed


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_it_recovers_mean_and_covariance_of_a_linear_problem():
    problem, mean, covariance, _ = gaussian(0)
    found = importance_sample(problem, proposal_of(problem), random())
    assert found.passed
    assert found.pareto_k < 0.5
    assert found.weights.sum() == pytest.approx(1.0)
    error = 4.0 / np.sqrt(found.effective)
    off = found.weights @ found.values - mean
    assert np.all(np.abs(off) < error * np.sqrt(np.diag(covariance)))
    centred = found.values - found.weights @ found.values
    spread = (found.weights[:, None] * centred).T @ centred
    assert np.allclose(spread, covariance, atol=1.5 * error)


def test_the_same_seed_gives_the_same_draws_and_another_other_ones():
    problem, _, _, _ = gaussian(0)
    proposal = proposal_of(problem)
    one, two, other = (importance_sample(problem, proposal, random(s)) for s in (1, 1, 2))
    assert np.array_equal(one.values, two.values)
    assert np.array_equal(one.weights, two.weights)
    assert not np.array_equal(one.values, other.values)


def test_it_draws_no_more_than_it_must_and_no_more_than_it_may():
    problem, _, _, _ = gaussian(0, readings=2)
    easy = importance_sample(problem, proposal_of(problem), random())
    assert easy.weights.size == 600
    assert easy.effective >= ENOUGH
    hard = importance_sample(problem, shrunk(problem, 0.5), random(), most=1200)
    assert hard.weights.size <= 1200


def shrunk(problem, factor: float):
    """A proposal that is too narrow."""
    proposal = proposal_of(problem)
    return replace(proposal, covariance=factor**2 * proposal.covariance)


def test_the_gate_holds_where_the_proposal_is_far_too_narrow():
    problem, _, _, _ = gaussian(0)
    assert not importance_sample(problem, shrunk(problem, 0.25), random()).passed


def test_the_gate_holds_for_two_tops():
    # x^2 was read as .3: two people explain it, and the climb finds one.
    two_tops = LinearProblem(
        (Measured(np.array([0.3]), 0.35),), np.array([[0.05]]), np.zeros(1), np.array([[1.0]])
    )
    proposal = proposal_of(two_tops, np.array([0.6]))
    assert proposal.centre[0] * proposal.directions[0, 0] > 0.3
    assert not importance_sample(two_tops, proposal, random()).passed


def test_the_gate_holds_for_a_heavy_tail():
    # A good part of the belief is that the readings mean nothing, and then the prior is left.
    heavy = LinearProblem(
        tuple(Measured(np.array([0.3]), 0.02, flat=1.0) for _ in range(4)), np.eye(4), np.zeros(4)
    )
    assert not importance_sample(heavy, proposal_of(heavy), random()).passed


def test_smoothing_leaves_well_behaved_weights_alone_and_names_bad_ones():
    values = random().standard_normal((2000, 1))
    good = smoothed(values, 0.1 * values[:, 0])
    exact = np.exp(0.1 * values[:, 0])
    assert np.allclose(good.weights, exact / exact.sum(), rtol=0.05)
    assert good.effective == pytest.approx(2000 * np.exp(-0.01), rel=0.02)
    assert good.pareto_k < TRUSTED_K
    # Weights 1/u^1.5 have a tail of shape 1.5.
    bad = smoothed(values, -1.5 * np.log(random(1).random(2000)))
    assert bad.pareto_k > 1.0
    assert not bad.passed


def test_a_larger_log_weight_is_a_larger_weight_whatever_their_common_constant():
    logs = np.linspace(0.0, 2.0, 600)
    found = smoothed(np.zeros((600, 1)), logs - 5000.0)
    assert np.all(np.diff(found.weights) >= 0.0)
    assert found.weights[0] > 0.0
    assert found.weights[300] / found.weights[0] == pytest.approx(np.exp(logs[300]))


@pytest.mark.parametrize("rounding", [0.0, 1e-14])
def test_readings_that_tell_nothing_leave_all_draws_equal(rounding):
    found = smoothed(np.zeros((600, 1)), -300.0 + rounding * random().standard_normal(600))
    assert found.effective == pytest.approx(600.0)
    assert found.passed


def test_many_draws_that_explain_the_readings_equally_well_are_no_reason_to_fail():
    # Half of the draws predict an answer of 0 with certainty, the others less and less.
    logs = np.minimum(random().standard_normal(1200), 0.0)
    found = smoothed(np.zeros((1200, 1)), logs)
    assert found.passed
    assert np.ptp(found.weights[logs == 0.0]) == pytest.approx(0.0, abs=1e-12)
