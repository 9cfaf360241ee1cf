"""From readings to a person: truth inside, narrower where informed, the prior everywhere else."""

from dataclasses import replace

import numpy as np
import pytest
from made_up_courses import treatment
from simulated_person import LOOKED_AT, asked, simulated

from micropen.anatomy import ZONES
from micropen.estimation.fit import estimate
from micropen.estimation.prediction import Predictor
from micropen.estimation.readings import PhotoReading, Readings, ScoredAnswer
from micropen.healing.forecast import forecast

SECOND = 28.0
CHEEK = ZONES.index("cheek_left")


@pytest.fixture(scope="module")
def known():
    """A person, looked at over a week after the first of two sessions."""
    return simulated((0.0, SECOND))


@pytest.fixture(scope="module")
def posterior(known):
    return estimate(known.treatment, known.readings, seed=1)


@pytest.fixture(scope="module")
def prior(known):
    return estimate(known.treatment, Readings(), seed=1)


def moments(posterior) -> tuple[np.ndarray, np.ndarray]:
    mean = posterior.weights @ posterior.values
    return mean, np.sqrt(posterior.weights @ (posterior.values - mean) ** 2)


def signs(posterior, sign, days, zone=CHEEK, draws=300) -> np.ndarray:
    """Draws of a sign on some days, shape (draw, day)."""
    course = posterior.course(SECOND + 10.0, draws)
    at = [int(np.argmin(np.abs(course.days - day))) for day in days]
    return course.dataset[sign].values[:, zone][:, at].astype(np.float64)


def truth(known, sign, days) -> np.ndarray:
    problem = known.problem
    predictor = Predictor.whole(known.treatment, problem.members, SECOND + 10.0)
    course = predictor.course(problem.unknowns.parameter_set(known.person[None]), 1)
    at = [int(np.argmin(np.abs(course.days - day))) for day in days]
    return course.dataset[sign].values[0, CHEEK][at].astype(np.float64)


def width(values: np.ndarray) -> np.ndarray:
    low, high = np.quantile(values, [0.05, 0.95], axis=0)
    return high - low


def test_it_may_be_trusted_and_says_so(posterior):
    assert posterior.summary.converged
    assert posterior.summary.diagnostics["map_converged"] == 1.0
    assert posterior.summary.diagnostics["ess_bulk"] >= 200.0
    assert posterior.weights.sum() == pytest.approx(1.0)
    assert posterior.values.shape == (posterior.weights.size, posterior.problem.unknowns.count)
    assert posterior.map_estimate.shape == (posterior.problem.unknowns.count,)


def test_the_truth_lies_inside(known, posterior):
    mean, sd = moments(posterior)
    off = (known.person - mean) / sd
    assert np.abs(off).max() < 4.0
    assert 0.85 < off.std() < 1.15
    for sign in ("erythema", "scaling"):
        days = [1.0, 3.0, 5.0, 9.0]
        low, high = np.quantile(signs(posterior, sign, days), [0.002, 0.998], axis=0)
        exact = truth(known, sign, days)
        assert np.all((exact > low - 0.01) & (exact < high + 0.01)), sign


def test_what_was_read_is_known_better(posterior, prior):
    for sign in ("erythema", "scaling"):
        drawn = [signs(p, sign, [3.0, 4.0]) for p in (prior, posterior)]
        before, after = (width(each) / np.median(each, axis=0) for each in drawn)
        assert np.all(after < 0.7 * before), sign
    _, sd = moments(posterior)
    names = posterior.problem.unknowns.names
    assert sd[names.index("healing.scaling.transit_rate_per_day")] < 0.5
    assert sd[names.index("subject.use")] < 0.9


def test_what_nothing_observed_reads_stays_the_prior(posterior):
    problem = posterior.problem
    mean, sd = moments(posterior)
    left = np.setdiff1d(np.arange(problem.unknowns.engine_count), problem.engine_columns)
    assert left.size > 50
    few = posterior.summary.diagnostics["ess_bulk"]
    assert np.abs(mean[left]).max() < 4.5 / np.sqrt(few)
    assert np.abs(sd[left] - 1.0).max() < 4.5 / np.sqrt(2.0 * few)
    assert np.abs(mean[left]).mean() < 1.0 / np.sqrt(few)


def test_nothing_is_known_more_widely_than_before(posterior):
    _, sd = moments(posterior)
    assert sd.max() < 1.0 + 5.0 / np.sqrt(2.0 * posterior.summary.diagnostics["ess_bulk"])


def test_no_readings_leave_the_population(prior):
    assert prior.summary.method == "prior"
    assert prior.summary.converged
    mean, sd = moments(prior)
    assert np.abs(mean).max() < 0.2
    assert np.abs(sd - 1.0).max() < 0.15
    assert np.all(prior.map_estimate == 0.0)
    assert prior.points() == ()
    population = forecast(prior.problem.treatment, SECOND + 10.0, 400, 5)
    days = [1.0, 3.0, 7.0]
    at = [int(np.argmin(np.abs(population.days - day))) for day in days]
    for sign in ("erythema", "scaling"):
        values = population.dataset[sign].values[:, CHEEK][:, at]
        mine = signs(prior, sign, days)
        assert np.allclose(np.median(mine, axis=0), np.median(values, axis=0), rtol=0.2, atol=0.01)
        assert np.allclose(width(mine), width(values), rtol=0.3, atol=0.02)


def test_the_first_session_narrows_the_second_but_not_how_sessions_differ(posterior, prior):
    days = [SECOND + 1.0, SECOND + 3.0]
    drawn = [signs(p, "erythema", days) for p in (prior, posterior)]
    before, after = (width(each) / np.median(each, axis=0) for each in drawn)
    assert np.all(after < 0.85 * before)
    names = posterior.problem.unknowns.names
    mean, sd = moments(posterior)
    few = posterior.summary.diagnostics["ess_bulk"]
    column = names.index("healing.session.1")
    assert abs(mean[column]) < 4.0 / np.sqrt(few)
    assert abs(sd[column] - 1.0) < 4.0 / np.sqrt(2.0 * few)


def test_the_same_seed_gives_the_same_posterior(known, posterior):
    again = estimate(known.treatment, known.readings, seed=1)
    assert np.array_equal(again.values, posterior.values)
    assert np.array_equal(again.weights, posterior.weights)
    assert again.mean() == posterior.mean()


@pytest.mark.slow
def test_another_seed_gives_other_draws_and_the_same_belief(known, posterior):
    other = estimate(known.treatment, known.readings, seed=2)
    assert not np.array_equal(other.values[:10], posterior.values[:10])
    mean, sd = moments(posterior)
    few = min(p.summary.diagnostics["ess_bulk"] for p in (posterior, other))
    assert np.abs((moments(other)[0] - mean) / sd).max() < 6.0 / np.sqrt(few)


def test_persons_are_drawn_by_weight(posterior):
    mean, sd = moments(posterior)
    chosen = posterior.persons(4000)
    assert chosen.shape == (4000, mean.size)
    problem = posterior.problem
    read = np.zeros(mean.size, dtype=bool)
    read[problem.engine_columns] = read[problem.unknowns.engine_count :] = True
    assert np.abs((chosen.mean(axis=0) - mean) / sd)[read].max() < 0.02
    # What nobody observed is not repeated with a draw: it is the prior, drawn anew.
    assert np.abs(chosen[:, ~read].mean(axis=0)).max() < 5.0 / np.sqrt(4000)
    assert np.unique(chosen[:, ~read], axis=0).shape[0] == 4000
    assert np.array_equal(chosen, posterior.persons(4000))


def test_an_absurd_answer_barely_moves_the_forecast(known, posterior):
    # The person mistyped: 10 for redness on day 5, when it had faded.
    mistyped = ScoredAnswer("redness", 5.5, 10.0, 10.0)
    readings = replace(known.readings, answers=(*known.readings.answers, mistyped))
    moved = estimate(known.treatment, readings, seed=1)
    assert {p.day: p.doubt for p in moved.points() if p.key == "redness"}[5.5] > 0.9
    barely_moved(posterior, moved)


@pytest.mark.slow
def test_a_photograph_in_red_light_barely_moves_the_forecast(known, posterior):
    red = tuple(
        PhotoReading("red.jpg", 5.5, zone, "erythema", 1.6, 0.04)
        for zone in ("cheek_left", "cheek_right", "forehead")
    )
    readings = replace(known.readings, photographs=(*known.readings.photographs, *red))
    moved = estimate(known.treatment, readings, seed=1)
    assert min(p.doubt for p in moved.points() if p.source == "red.jpg") > 0.9
    assert max(p.doubt for p in moved.points() if p.source == "day 3.jpg") < 0.5
    barely_moved(posterior, moved)


def barely_moved(posterior, moved) -> None:
    for sign in ("erythema", "scaling"):
        one, other = (signs(p, sign, [1.0, 3.0, 5.0, 7.0]) for p in (posterior, moved))
        off = np.median(other, axis=0) - np.median(one, axis=0)
        assert np.all(np.abs(off) < 0.3 * width(one) + 0.005), sign


@pytest.mark.parametrize(
    "answer",
    [
        ScoredAnswer("pain", 30.0, 0.0, 0.0),  # certain for everybody
        ScoredAnswer("pain", 30.0, 10.0, 10.0),  # impossible for everybody
        ScoredAnswer("pain", 0.0, 10.0, 10.0),  # for hardly anybody
    ],
    ids=["certain", "impossible", "unlikely"],
)
def test_one_answer_alone_is_enough_for_a_posterior(answer):
    found = estimate(treatment(), Readings(answers=(answer,)), seed=0)
    assert found.summary.converged
    assert np.all(np.isfinite(list(found.summary.diagnostics.values())))
    assert 0.0 <= found.points()[0].doubt <= 1.0
    mean, sd = moments(found)
    assert np.all(np.isfinite(mean))
    if answer.day == 30.0:  # it tells nothing
        assert np.abs(mean).max() < 0.25
        assert np.abs(sd - 1.0).max() < 0.2


def test_points_stand_beside_their_readings(known, posterior):
    points = posterior.points()
    assert len(points) == known.readings.count
    for point in points:
        assert 0.0 <= point.doubt <= 1.0
    assert np.mean([p.doubt for p in points]) < 0.15


@pytest.mark.slow
def test_the_truth_lies_inside_as_often_as_it_says():
    inside, offs = [], []
    for seed in range(12):
        known = simulated((0.0,), seed, asked(LOOKED_AT))
        found = estimate(known.treatment, known.readings, seed=seed)
        mean, sd = moments(found)
        informed = sd < 0.9
        offs.append(((known.person - mean) / sd)[informed])
        predicted = found.problem.predictions(found.persons(500))
        exact = found.problem.predictions(known.person[None])
        for draws, true in zip(predicted, exact, strict=True):
            low, high = np.quantile(draws, [0.05, 0.95], axis=0)
            inside.append((true[0] >= low) & (true[0] <= high))
    share = float(np.concatenate(inside).mean())
    off = np.concatenate(offs)
    assert 0.8 < share < 0.98
    assert off.std() == pytest.approx(1.0, abs=0.25)
