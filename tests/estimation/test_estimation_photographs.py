"""Readings of photographs: a density that integrates to one, its slope, its doubt, its replicas."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal
from simulated_person import seen

from micropen.anatomy import ZONES
from micropen.estimation.likelihood.photographs import PhotoError, PhotoTerm
from micropen.estimation.readings import PhotoReading
from micropen.evidence import load_parameters

ERROR = PhotoError(
    gain_sd=0.2,
    shared_share=0.5,
    model_share=0.1,
    model_least=0.03,
    day_share=0.15,
    day_least=0.02,
    mistake_sd=0.7,
    photo_mistaken=0.03,
    zone_mistaken=0.03,
)
# Variances that do not move with the prediction; no way to be mistaken.
STEADY = replace(ERROR, model_share=0.0, day_share=0.0)
SURE = replace(ERROR, photo_mistaken=1e-300, zone_mistaken=1e-300)


def term(*changes: float, error: PhotoError = ERROR, sd: float = 0.05) -> PhotoTerm:
    """One photograph of as many zones as there are changes."""
    readings = tuple(
        PhotoReading("a.jpg", 2.0, zone, "erythema", change, sd)
        for zone, change in zip(ZONES, changes, strict=False)
    )
    return PhotoTerm(readings, error)


def likelihood(changes, predicted, error=ERROR) -> float:
    return float(np.exp(term(*changes, error=error).log_likelihood(np.array([predicted]))[0]))


@pytest.mark.parametrize("predicted", [0.0, 0.4, -0.3])
def test_the_density_of_one_zone_integrates_to_one(predicted):
    edges = [predicted - 0.5, predicted, predicted + 0.5]
    mass, _ = quad(lambda y: likelihood([y], [predicted]), -9.0, 9.0, points=edges, limit=200)
    assert mass == pytest.approx(1.0, abs=1e-6)


def test_the_density_of_two_zones_integrates_to_one():
    # The residual alone matters where the variances stand still: moving the prediction will do.
    axis = np.linspace(-5.0, 5.0, 501)
    off = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    mass = np.exp(term(0.0, 0.0, error=STEADY).log_likelihood(off)).sum() * (axis[1] - axis[0]) ** 2
    assert mass == pytest.approx(1.0, abs=1e-3)


def test_without_mistakes_it_is_a_normal_with_a_shared_part():
    predicted = np.array([0.3, 0.5, 0.1])
    own = 0.5 * 0.05**2 + (0.1 * predicted) ** 2 + 0.03**2
    shared = 0.5 * 0.05**2 + (0.15 * 0.3) ** 2 + 0.02**2
    oracle = multivariate_normal(predicted, np.diag(own) + shared)
    for values in ([0.3, 0.5, 0.1], [0.4, 0.6, 0.2], [0.2, 0.7, 0.0]):
        found = term(*values, error=SURE).log_likelihood(predicted[None])[0]
        assert found == pytest.approx(oracle.logpdf(values), abs=1e-9)


def test_mistakes_are_a_mixture_of_stated_weights():
    predicted, values = np.array([0.3, 0.5]), [1.1, 0.4]
    own = 0.5 * 0.05**2 + (0.1 * predicted) ** 2 + 0.03**2
    shared = 0.5 * 0.05**2 + (0.15 * 0.4) ** 2 + 0.02**2
    ways = [
        (0.94, np.diag(own) + shared),
        (0.03, np.diag(4.0 * own) + shared + 0.7**2),
        (0.015, np.diag(own + np.array([0.49, 0.0])) + shared),
        (0.015, np.diag(own + np.array([0.0, 0.49])) + shared),
    ]
    exact = sum(w * multivariate_normal(predicted, c).pdf(values) for w, c in ways)
    assert likelihood(values, predicted) == pytest.approx(exact, rel=1e-9)
    doubted = [ways[1][0] * multivariate_normal(predicted, ways[1][1]).pdf(values)] * 2
    for k in (0, 1):
        doubted[k] += ways[2 + k][0] * multivariate_normal(predicted, ways[2 + k][1]).pdf(values)
    found = term(*values).doubt(predicted[None])[0]
    assert np.allclose(found, np.array(doubted) / exact, rtol=1e-9)


@pytest.mark.parametrize("values", [(0.3, 0.5), (0.35, 0.4), (1.2, 0.5), (1.2, 1.4)])
def test_the_gradient_is_that_of_the_density(values):
    photo, predicted, step = term(*values, error=STEADY), np.array([0.3, 0.45]), 1e-5
    gradient, _ = photo.slope(predicted)
    moved = predicted + step * np.concatenate([np.eye(2), -np.eye(2)])
    heights = photo.log_likelihood(moved)
    assert np.allclose(gradient, (heights[:2] - heights[2:]) / (2.0 * step), rtol=1e-5)


def test_the_information_of_a_sure_reading_is_the_inverse_of_its_covariance():
    photo = term(0.3, 0.5, error=replace(STEADY, photo_mistaken=1e-300, zone_mistaken=1e-300))
    own, shared = 0.5 * 0.05**2 + 0.03**2, 0.5 * 0.05**2 + 0.02**2
    _, information = photo.slope(np.array([0.2, 0.2]))
    assert np.allclose(information, np.linalg.inv(own * np.eye(2) + shared), rtol=1e-9)


changes = st.lists(st.floats(-3.0, 3.0), min_size=3, max_size=3)


@given(changes, changes)
def test_information_is_positive_and_doubt_a_probability(values, predicted):
    photo = term(*values)
    gradient, information = photo.slope(np.array(predicted))
    assert np.all(np.isfinite(gradient))
    assert np.allclose(information, information.T)
    assert np.linalg.eigvalsh(information).min() >= -1e-9 * np.abs(information).max()
    doubt = photo.doubt(np.array([predicted]))
    assert np.all((doubt >= 0.0) & (doubt <= 1.0 + 1e-12))


def test_a_good_photograph_is_hardly_doubted():
    predicted = np.full((1, 5), 0.4)
    assert term(0.42, 0.38, 0.45, 0.4, 0.36).doubt(predicted).max() < 0.06


def test_red_light_is_named_as_a_whole():
    predicted = np.full((1, 5), 0.3)
    assert term(1.1, 1.2, 1.05, 1.15, 1.1).doubt(predicted).min() > 0.9


def test_one_bad_zone_is_named_alone():
    predicted = np.full((1, 5), 0.3)
    doubt = term(0.32, 0.28, 1.3, 0.31, 0.27).doubt(predicted)[0]
    assert doubt[2] > 0.9
    assert np.delete(doubt, 2).max() < 0.1


def test_an_absurd_photograph_pulls_less_than_a_good_one():
    predicted = np.full(3, 0.3)
    good, _ = term(0.4, 0.4, 0.4).slope(predicted)
    absurd, _ = term(1.9, 1.9, 1.9).slope(predicted)
    assert 0.0 < absurd.sum() < good.sum()


@pytest.mark.parametrize("mistakes", [False, True])
def test_replicas_have_the_moments_of_the_likelihood(mistakes):
    photo, predicted, draws = term(0.0, 0.0), np.array([0.2, 0.6]), 40_000
    new = photo.replica(np.tile(predicted, (draws, 1)), np.random.default_rng(0), mistakes=mistakes)
    own = 0.5 * 0.05**2 + (0.1 * predicted) ** 2 + 0.03**2
    shared = 0.5 * 0.05**2 + (0.15 * 0.4) ** 2 + 0.02**2
    exact = np.diag(own) + shared
    if mistakes:
        exact = exact + 0.03 * (np.diag(3.0 * own) + 0.49) + 0.015 * 0.49 * np.eye(2)
    assert np.allclose(new.mean(axis=0), predicted, atol=0.006)
    assert np.allclose(np.cov(new.T), exact, rtol=0.08)


def test_each_draw_has_the_spread_of_its_own_prediction():
    predicted = np.repeat([[0.0], [2.0]], 20_000, axis=0)
    new = term(0.0).replica(predicted, np.random.default_rng(0), mistakes=True)
    small, large = new[:20_000], new[20_000:] - 2.0
    middle = [np.diff(np.quantile(each, [0.16, 0.84]))[0] / 2.0 for each in (small, large)]
    base = 0.05**2 + 0.03**2 + 0.02**2
    assert middle[0] == pytest.approx(np.sqrt(base), rel=0.08)
    assert middle[1] == pytest.approx(np.sqrt(base + 0.2**2 + 0.3**2), rel=0.08)


def test_the_prediction_is_the_change_times_the_persons_gain():
    redness = np.zeros((2, len(ZONES), 3))
    redness[:, ZONES.index("forehead")] = [0.9, 0.5, 0.2]
    readings = (
        PhotoReading("a.jpg", 3.0, "forehead", "erythema", 0.0, 0.05),
        PhotoReading("a.jpg", 3.0, "forehead", "erythema", 0.0, 0.05, baseline_day=1.0),
        PhotoReading("a.jpg", 1.0, "nose", "erythema", 0.0, 0.05),
    )
    photo = PhotoTerm(readings, ERROR)
    own = {"photograph.gain.erythema": np.array([0.0, 1.5])}
    assert photo.own == tuple(own)
    assert photo.zones == (0, 0, ZONES.index("nose"))
    found = photo.predicted(seen([0.0, 1.0, 3.0], own, erythema=redness))
    assert np.allclose(found[0], [0.2, -0.3, 0.0], atol=1e-7)
    assert np.allclose(found[1], np.exp(0.2 * 1.5) * found[0])


def test_every_sign_that_photographs_follow_has_an_error_model():
    for sign in ("erythema", "scaling", "pigment", "gloss", "relief"):
        error = PhotoError.of(sign, load_parameters())
        assert 0.0 < error.photo_mistaken + error.zone_mistaken < 0.2
        assert error.mistake_sd > 3.0 * error.model_least


def test_points_are_the_readings():
    photo = term(0.3, 0.5)
    assert [(p.zone, p.value, p.sd, p.source) for p in photo.points] == [
        (ZONES[0], 0.3, 0.05, "a.jpg"),
        (ZONES[1], 0.5, 0.05, "a.jpg"),
    ]
