"""The fit against closed forms: linear studies with normal errors have a normal posterior."""

import numpy as np
import pytest
from linear_studies import linear_space, linear_study

from micropen.calibration.fit import fit
from micropen.calibration.posterior import correlation, excursions, influences, partners
from micropen.calibration.problem import Problem

SD = 0.3


def closed_form(coefficients, found):
    precision = coefficients.T @ coefficients / SD**2 + np.eye(coefficients.shape[1])
    return np.linalg.solve(precision, coefficients.T @ found / SD**2), np.linalg.inv(precision)


@pytest.fixture(scope="module")
def linear():
    space = linear_space()
    rng = np.random.default_rng(3)
    coefficients = [rng.normal(size=(4, 3)), rng.normal(size=(3, 3))]
    found = [rng.normal(size=4), rng.normal(size=3)]
    studies = [
        linear_study(space, key, c, f, SD)
        for key, c, f in zip(["one", "two"], coefficients, found, strict=True)
    ]
    problem = Problem(space, studies)
    return problem, fit(problem), coefficients, found


def test_linear_studies_give_the_closed_form_posterior(linear):
    _, answer, coefficients, found = linear
    mean, covariance = closed_form(np.concatenate(coefficients), np.concatenate(found))
    assert np.allclose(answer.point, mean, atol=1e-6)
    assert np.allclose(answer.covariance, covariance, rtol=1e-6)
    assert answer.cost < answer.prior_cost


def test_leaving_one_study_out_is_what_a_refit_without_it_gives(linear):
    problem, answer, coefficients, found = linear
    moved = influences(answer, [t.study for t in problem.targets])
    mean, covariance = closed_form(coefficients[1], found[1])
    for number, own in enumerate(moved):
        (one,) = [i for i in own if i.study == "one"]
        assert np.isclose(answer.point[number] - one.shift, mean[number], atol=1e-6)
        assert np.isclose(
            one.variance_without * answer.covariance[number, number], covariance[number, number]
        )


def test_the_walk_along_a_linear_posterior_costs_what_a_normal_does(linear):
    problem, answer, *_ = linear
    for walk in excursions(problem, answer, 3):
        assert walk.costs == pytest.approx([1.5**2 / 2.0] * 2, rel=1e-4)


def test_a_number_that_no_study_feels_keeps_its_prior():
    space = linear_space()
    answer = fit(Problem(space, [linear_study(space, "one", [[1.0, 0.0, 0.0]], [1.0], SD)]))
    assert answer.standard_deviations[1:] == pytest.approx([1.0, 1.0])
    assert answer.point[1:] == pytest.approx([0.0, 0.0])
    assert answer.standard_deviations[0] == pytest.approx(SD / np.hypot(1.0, SD), rel=1e-6)


def test_two_numbers_that_only_act_as_a_sum_are_found_to_be_partners():
    space = linear_space()
    answer = fit(Problem(space, [linear_study(space, "one", [[1.0, 1.0, 0.0]], [1.0], SD)]))
    (other, strength) = partners(answer.covariance)[0][0]
    assert other == 1
    assert strength == pytest.approx(-(1.0 / (1.0 + SD**2)), rel=1e-6)
    assert partners(answer.covariance)[2] == []
    assert np.linalg.eigvalsh(correlation(answer.covariance))[0] > 0


def test_a_bound_pulls_only_from_outside():
    space = linear_space()
    inside = linear_study(space, "one", [[1.0, 0.0, 0.0]], [0.0], SD, low=-np.inf, high=0.5)
    outside = linear_study(space, "one", [[1.0, 0.0, 0.0]], [0.0], SD, low=-np.inf, high=-1.0)
    assert fit(Problem(space, [inside])).point == pytest.approx([0.0, 0.0, 0.0])
    pulled = fit(Problem(space, [outside])).point[0]
    assert -1.0 < pulled < -0.8


def test_intervals_of_simulated_data_cover_as_often_as_they_say():
    """90 % intervals, 60 simulated worlds of 3 numbers: 162 expected of 180, binomial sd 4.0."""
    space = linear_space()
    covered = 0
    for world in range(60):
        rng = np.random.default_rng(world)
        truth, coefficients = rng.normal(size=3), rng.normal(size=(5, 3))
        found = coefficients @ truth + SD * rng.normal(size=5)
        answer = fit(Problem(space, [linear_study(space, "one", coefficients, found, SD)]))
        covered += int(np.sum(np.abs(answer.point - truth) <= 1.6449 * answer.standard_deviations))
    assert abs(covered - 162) <= 12
