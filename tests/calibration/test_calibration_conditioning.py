"""The joint step: slopes by regression, and what is told of a larger space."""

import numpy as np
import pytest

from micropen.calibration.conditioning import condition, regression, telling, uncertain_numbers
from micropen.calibration.fit import Fit, fit, laplace
from micropen.calibration.free import FreeSpace, free_space
from micropen.calibration.problem import Problem
from micropen.calibration.simulated import simulated_study
from micropen.evidence import prior_parameters
from micropen.studies import load_studies

PRIOR = prior_parameters()


def test_regression_finds_the_slopes_and_no_others():
    random = np.random.default_rng(3)
    normals = random.standard_normal((1000, 60))
    truth = np.zeros((2, 60))
    truth[0, [4, 17]] = 0.8, -0.5
    truth[1, 30] = 0.3
    values = normals @ truth.T + 0.4 * random.standard_normal((1000, 2)) + [2.0, -1.0]
    found = regression(normals, values)
    assert (found[truth != 0.0] != 0.0).all()
    assert np.count_nonzero(found[truth == 0.0]) <= 1  # 117 chances of one in 16,000
    assert found == pytest.approx(truth, abs=0.05)


def test_regression_of_what_never_moves_is_nothing():
    normals = np.random.default_rng(0).standard_normal((200, 5))
    assert not regression(normals, np.full((200, 1), 7.0)).any()


def test_only_what_is_uncertain_read_and_not_yet_free_joins():
    space = free_space(PRIOR, ("punctures.pain.reference_drive",))
    read = frozenset(
        {"punctures.pain.reference_drive", "punctures.pain.length_exponent", "optics.unread"}
    )
    joined = uncertain_numbers(space, [read])
    assert [number.parameter for number in joined] == ["punctures.pain.length_exponent"]
    assert joined[0].prior_sd == PRIOR["punctures.pain.length_exponent"].uncertainty_sd


def test_numbers_of_which_nothing_was_learned_are_left_out():
    space = free_space(PRIOR)
    chosen = FreeSpace(PRIOR, space.numbers[:4])
    slopes = np.array([[0.0, 0.0, 3.0, 0.05]])
    whole = Fit(
        point=np.array([0.0, 0.0, 1.0, 0.01]),
        residuals=np.zeros(1),
        prior_residuals=np.zeros(1),
        predicted=np.zeros(1),
        prior_predicted=np.zeros(1),
        slopes=slopes,
        covariance=laplace(slopes),
        evaluations=0,
    )
    smaller, told = telling(chosen, whole, listed=1)
    assert smaller.numbers == (chosen.numbers[0], chosen.numbers[2])
    assert told.point.tolist() == [0.0, 1.0]
    assert told.covariance[1, 1] == pytest.approx(0.1, abs=1e-3)


@pytest.mark.slow
def test_a_pain_study_also_teaches_what_was_not_free():
    """Needling hurt as much as published: either the drive or the exponent of length is at work."""
    study = next(s for s in load_studies().studies if s.key == "elfakahany2016")
    space = free_space(PRIOR, ("punctures.pain.reference_drive",))
    prepared, _ = simulated_study(study, space, seed=0)
    problem = Problem(space, [prepared])
    first = fit(problem)
    joint, whole = condition(problem, first, [prepared])
    names = [number.parameter for number in joint.space.numbers]
    sds = whole.standard_deviations
    assert names[0] == "punctures.pain.reference_drive"
    assert sds[0] < 0.95
    assert sds[names.index("punctures.pain.length_exponent")] < 0.99
    assert whole.residuals @ whole.residuals <= whole.prior_residuals @ whole.prior_residuals + 1e-9
    again, same = condition(problem, first, [prepared])
    assert again.space == joint.space
    assert np.array_equal(same.point, whole.point)
