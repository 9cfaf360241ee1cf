"""What a goal reads beyond a person's unknowns goes along with them, as a calibration left it."""

import numpy as np
import pytest

from micropen.estimation.going_along import total_correlation
from micropen.estimation.unknowns import Asked, Unknowns
from micropen.evidence import load_parameters

MEMBERS = load_parameters()
# What the forecast reads, and what only a grader's eye reads; their product was learned.
READ, BEYOND = "healing.relief.remodelling_gain", "observation.texture.relief_scale"
DRAWS = 20_000


@pytest.fixture(scope="module")
def unknowns():
    asked = Asked(parameters={READ: None, "healing.inflammation.response": None})
    return Unknowns.of(asked, MEMBERS)


def shift(members, name, draws=DRAWS, seed=0):
    return np.log(members.sample(name, draws, seed) / members.value(name))


def test_people_of_the_prior_are_the_population(unknowns):
    values = np.random.default_rng(0).standard_normal((DRAWS, unknowns.count))
    own = unknowns.parameter_set(values)
    (expected,) = total_correlation([READ, BEYOND], MEMBERS)[:1, 1]
    found = np.corrcoef(shift(own, READ), shift(own, BEYOND))[0, 1]
    assert abs(expected) > 0.1
    assert found == pytest.approx(expected, abs=0.03)
    population = shift(MEMBERS, BEYOND).std()
    assert shift(own, BEYOND).std() == pytest.approx(population, rel=0.03)


def test_a_known_person_moves_what_goes_along(unknowns):
    column = unknowns.parameters.index(READ)
    values = np.random.default_rng(0).standard_normal((DRAWS, unknowns.count))
    values[:, column] = 2.0
    mean = shift(unknowns.parameter_set(values), BEYOND).mean()
    (expected,) = total_correlation([READ, BEYOND], MEMBERS)[:1, 1]
    assert np.sign(mean) == np.sign(expected)


def test_another_number_of_draws_is_drawn_as_usual(unknowns):
    own = unknowns.parameter_set(np.zeros((3, unknowns.count)))
    assert own.sample(BEYOND, 5, 0).shape == (5,)


def test_two_that_go_along_are_correlated_with_each_other(unknowns):
    names = ["observation.scars.largest", "observation.scars.half_collagen"]
    values = np.random.default_rng(1).standard_normal((DRAWS, unknowns.count))
    own = unknowns.parameter_set(values)
    expected = total_correlation(names, MEMBERS)[0, 1]
    assert np.corrcoef(*(shift(own, n) for n in names))[0, 1] == pytest.approx(expected, abs=0.03)


def test_correlations_are_those_of_draws():
    names = ["observation.texture.relief_scale", "healing.relief.remodelling_gain"]
    drawn = [np.log(MEMBERS.sample(name, 20_000, 0)) for name in names]
    told = total_correlation([*names, "healing.population.between_zone_sd"], MEMBERS)
    assert told[0, 1] == pytest.approx(np.corrcoef(drawn)[0, 1], abs=0.03)
    assert abs(told[0, 1]) > 0.1
    assert not told[2, :2].any()
