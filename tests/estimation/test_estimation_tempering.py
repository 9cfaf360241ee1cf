"""Tempering: moments of problems with a known posterior, bent ones and two tops among them."""

from dataclasses import replace

import numpy as np
import pytest
from linear_problem import (
    LinearProblem,
    Measured,
    along_a_line,
    answer_term,
    gaussian,
    moments_on_a_line,
    proposal_of,
)

from micropen.estimation.tempering import PARTICLES, temper

NOTHING = {
    "directions": np.zeros((1, 0)),
    "centre": np.zeros(0),
    "covariance": np.zeros((0, 0)),
    "outside": np.zeros(1),
}


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def on_a_grid(problem) -> tuple[np.ndarray, np.ndarray]:
    """Exact mean and covariance of a problem with two unknowns."""
    axis = np.linspace(-6.0, 6.0, 901)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    heights = problem.log_posterior(grid)
    mass = np.exp(heights - heights.max())
    mass /= mass.sum()
    mean = mass @ grid
    return mean, (mass[:, None] * (grid - mean)).T @ (grid - mean)


def test_it_recovers_a_linear_problem():
    problem, mean, covariance, _ = gaussian(0)
    found = temper(problem, proposal_of(problem), random())
    assert found.values.shape == (PARTICLES, 12)
    assert found.correlation <= 0.5
    error = 4.5 / np.sqrt(found.effective)
    off = found.values.mean(axis=0) - mean
    assert np.all(np.abs(off) < error * np.sqrt(np.diag(covariance)))
    assert np.allclose(np.cov(found.values.T), covariance, atol=1.3 * error)


@pytest.mark.parametrize("curve", [0.1, 0.2])
def test_it_recovers_a_banana(curve):
    # y + curve x^2 was read: the belief about y bends with x.
    problem = LinearProblem(
        (Measured(np.array([1.0]), 0.2),), np.array([[0.3, 1.0]]), np.zeros(1),
        np.array([[np.sqrt(curve), 0.0]]),
    )  # fmt: skip
    mean, covariance = on_a_grid(problem)
    proposal = proposal_of(problem)
    runs = np.concatenate([temper(problem, proposal, random(seed)).values for seed in range(4)])
    sd = np.sqrt(np.diag(covariance))
    # Its tips are reached less often than they should be: the stand-in is straight.
    assert np.all(np.abs(runs.mean(axis=0) - mean) < 0.3 * sd)
    assert np.allclose(runs.std(axis=0), sd, rtol=0.25)


def test_it_finds_both_of_two_near_tops():
    problem = LinearProblem(
        (Measured(np.array([0.3]), 0.35),), np.array([[0.02, 0.0]]), np.zeros(1),
        np.array([[1.0, 0.0]]),
    )  # fmt: skip
    found = temper(problem, proposal_of(problem, np.array([0.6, 0.0])), random(1))
    assert 0.3 < float((found.values[:, 0] > 0.0).mean()) < 0.7


def test_a_stand_in_that_took_all_readings_for_mistakes_still_leads_to_the_posterior():
    # The answer lies so far off that the stand-in gives it up: nothing but the prior is left.
    problem = along_a_line(answer_term(6.0, 7.0), -0.9, 0.5)
    proposal = proposal_of(problem)
    found = temper(problem, replace(proposal, **NOTHING), random())
    mean, sd = moments_on_a_line(problem)
    assert found.values.mean() == pytest.approx(mean, abs=0.3 * sd)
    assert found.values.std() == pytest.approx(sd, rel=0.2)
    assert np.isfinite(found.effective)


def test_directions_without_data_stay_the_prior():
    matrix = np.zeros((1, 6))
    matrix[0, 0] = 1.0
    problem = LinearProblem((Measured(np.array([1.5]), 0.3),), matrix, np.zeros(1))
    found = temper(problem, proposal_of(problem), random())
    assert np.allclose(found.values[:, 1:].mean(axis=0), 0.0, atol=0.2)
    assert np.allclose(found.values[:, 1:].std(axis=0), 1.0, atol=0.15)


def test_the_same_seed_gives_the_same_particles():
    problem, _, _, _ = gaussian(0)
    proposal = proposal_of(problem)
    one, two, other = (temper(problem, proposal, random(seed)) for seed in (3, 3, 4))
    assert np.array_equal(one.values, two.values)
    assert not np.array_equal(one.values, other.values)


def test_as_many_particles_are_called_effective_as_their_means_scatter():
    problem, mean, covariance, _ = gaussian(0, unknowns=6, readings=4)
    proposal = proposal_of(problem)
    runs = [temper(problem, proposal, random(seed)) for seed in range(40)]
    offs = np.stack([run.values.mean(axis=0) - mean for run in runs]) @ proposal.directions
    sd = np.sqrt(np.diag(proposal.directions.T @ covariance @ proposal.directions))
    stated = np.mean([run.effective for run in runs])
    found = 1.0 / ((offs / sd) ** 2).mean()
    assert stated <= PARTICLES
    assert 0.6 < found / stated < 1.7
