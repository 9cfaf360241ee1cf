"""Counted spots: probabilities that sum to one, shared luck, doubt and replicas."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from linear_problem import count_term
from scipy.integrate import quad
from scipy.stats import norm, poisson
from simulated_person import TREATED, seen

from micropen.anatomy import ZONES
from micropen.estimation.likelihood.counts import LUCK, CountTerm, log_luck
from micropen.estimation.readings import SpotCount
from micropen.evidence import load_parameters

SURE = {"mistaken": 1e-300}


@pytest.mark.parametrize("rate", [1e-3, 0.3, 2.0, 9.0])
def test_all_counts_together_are_certain(rate):
    numbers = np.arange(400.0)
    term = count_term(*numbers)
    chances = np.exp(term.single(np.full((1, 400), np.log(rate)))[0])
    assert chances.sum() == pytest.approx(1.0, abs=1e-9)
    mean = 0.95 * rate + 0.05 * 6.0
    assert chances @ numbers == pytest.approx(mean, rel=1e-6)


def test_a_sure_count_is_poisson():
    term = replace(count_term(0.0, 3.0, 8.0), **SURE)
    found = term.single(np.log([[2.5, 2.5, 2.5]]))[0]
    assert np.allclose(found, poisson.logpmf([0, 3, 8], 2.5))
    assert term.log_likelihood(np.log([[2.5, 2.5, 2.5]]))[0] == pytest.approx(found.sum())


def test_a_count_with_an_error_is_a_wider_normal():
    term = replace(count_term(4.0, sd=1.5), **SURE)
    found = term.single(np.log([[2.5]]))[0, 0]
    assert found == pytest.approx(norm.logpdf(4.0, 2.5, np.sqrt(2.5 + 1.5**2)))

    def density(count: float) -> float:
        own = replace(term, counts=(SpotCount(1.0, count, 1.5),))
        return float(np.exp(own.single(np.log([[2.5]]))[0, 0]))

    assert quad(density, -30.0, 40.0, points=[2.5], limit=200)[0] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("count", [0.0, 2.0, 15.0])
def test_the_gradient_is_that_of_the_probability(count):
    term = count_term(count)
    for predicted in (-2.0, 0.5, 2.0):
        gradient, _ = term.slope(np.array([predicted]))
        low, high = (term.log_likelihood(np.array([[predicted + s * 1e-5]]))[0] for s in (-1, 1))
        assert gradient[0] == pytest.approx((high - low) / 2e-5, rel=1e-4, abs=1e-6)


def test_a_blurred_count_pulls_less():
    sharp, steep = count_term(6.0).slope(np.log([3.0]))
    blurred, flat = count_term(6.0, sd=3.0).slope(np.log([3.0]))
    assert 0.0 < blurred[0] < sharp[0]
    assert 0.0 < flat[0, 0] < steep[0, 0]


@given(st.lists(st.floats(-7.0, 5.0), min_size=3, max_size=3), st.sampled_from([0.0, 1.0]))
def test_information_is_positive_and_doubt_a_probability(predicted, sd):
    term = count_term(0.0, 3.0, 40.0, sd=sd)
    gradient, information = term.slope(np.array(predicted))
    assert np.all(np.isfinite(gradient))
    assert np.all(np.diag(information) >= 0.0)
    doubt = term.doubt(np.array([predicted]))
    assert np.all((doubt >= 0.0) & (doubt <= 1.0 + 1e-12))


def test_good_counts_are_hardly_doubted_and_an_absurd_one_is():
    doubt = count_term(2.0, 0.0, 25.0).doubt(np.log([[1.5, 1.5, 1.5]]))[0]
    assert doubt[:2].max() < 0.06
    assert doubt[2] > 0.9


@pytest.mark.parametrize("mistakes", [False, True])
def test_replicas_come_as_often_as_the_likelihood_says(mistakes):
    draws, numbers = 40_000, np.arange(12.0)
    term = count_term(*numbers) if mistakes else replace(count_term(*numbers), **SURE)
    expected = np.exp(term.single(np.full((1, 12), np.log(2.0)))[0])
    new = count_term(0.0).replica(
        np.full((draws, 1), np.log(2.0)), np.random.default_rng(2), mistakes=mistakes
    )
    found = np.array([(new == number).mean() for number in numbers])
    assert np.allclose(found, expected, atol=4.5 * np.sqrt(0.25 / draws))


def test_replicas_of_a_count_with_an_error_are_wider():
    new = count_term(0.0, sd=2.0).replica(
        np.full((40_000, 1), np.log(3.0)), np.random.default_rng(2)
    )
    assert new.mean() == pytest.approx(3.0, abs=0.06)
    assert new.var() == pytest.approx(3.0 + 4.0, rel=0.04)


# --- luck ------------------------------------------------------------------


def spots(per_face: float, draws: int, luck: np.ndarray, days=(0.0, 2.0, 5.0)):
    """A typical face whose spots peak on day 2."""
    over_time = np.array([0.0, 1.0, 0.5]) * per_face / len(TREATED)
    lesions = np.zeros((draws, len(ZONES), 3))
    for zone in TREATED:
        lesions[:, ZONES.index(zone)] = over_time
    return seen(days, {LUCK: luck}, lesions=lesions)


@pytest.mark.parametrize("peak", [0.2, 2.0, 10.0])
def test_luck_keeps_the_mean_and_has_the_spread_of_a_count(peak):
    luck = np.random.default_rng(0).standard_normal(200_000)
    factor = np.exp(log_luck(spots(peak, luck.size, luck)))
    spread = 1.0 / (peak + 0.5)
    assert factor.mean() == pytest.approx(1.0, abs=5.0 * np.sqrt(spread / luck.size))
    assert np.log(factor).var() == pytest.approx(np.log1p(spread), rel=0.02)


def test_the_prediction_is_what_is_expected_what_is_found_and_luck():
    counts = (
        SpotCount(2.0, 1.0),
        SpotCount(5.0, 1.0, source="a.jpg"),
        SpotCount(2.0, 1.0, 0.5, ("forehead",), "b.jpg"),
    )
    term = CountTerm.of(counts, load_parameters())
    luck = np.array([0.0, 1.3])
    what = spots(6.0, 2, luck)
    found, shared = term.predicted(what), log_luck(what)
    share = load_parameters().value("observation.lesions.counted_share")
    exact = np.log(np.array([share * 6.0, 3.0, 2.0]) + 1e-3)
    assert np.allclose(found, exact + shared[:, None], atol=1e-6)
    assert shared[1] > shared[0]
    assert term.zones == (-1, -1, ZONES.index("forehead"))


def test_points_are_the_counts():
    point = count_term(3.0, sd=0.5).points[0]
    assert (point.key, point.zone, point.value, point.sd) == ("lesions", "face", 3.0, 0.5)
