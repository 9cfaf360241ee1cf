"""The forecast of given persons on the observed days."""

import numpy as np
import pytest
from made_up_courses import treatment
from simulated_person import TREATED, asked, seen

from micropen.anatomy import ZONES
from micropen.estimation.likelihood.term import face_shares
from micropen.estimation.prediction import Predictor
from micropen.estimation.problem import Problem
from micropen.estimation.readings import PhotoReading, Readings, by_photo_and_sign
from micropen.evidence import load_parameters
from micropen.healing.forecast import forecast


@pytest.fixture(scope="module")
def parameters():
    return load_parameters()


@pytest.fixture(scope="module")
def whole(parameters):
    return forecast(treatment((0.0, 5.0)), 10.0, 3, 2, parameters)


def test_it_is_the_forecast_of_the_program(whole, parameters):
    found = Predictor.whole(treatment((0.0, 5.0)), parameters, 10.0, 2).course(parameters, 3)
    assert np.array_equal(found.days, whole.days)
    assert found.treatment == whole.treatment
    assert found.origin == whole.origin
    for sign in whole.dataset.data_vars:
        assert np.array_equal(found.dataset[sign].values, whole.dataset[sign].values)


def test_some_signs_on_some_days_are_those_of_the_whole_forecast(whole, parameters):
    wanted = [3.0, 0.0, 5.0, 1.0, 6.5, 9.0]
    predictor = Predictor.of(treatment((0.0, 5.0)), parameters, ("erythema",), wanted, 2)
    found = predictor.course(parameters, 3)
    assert list(found.days) == sorted(wanted)
    at = [int(np.argmin(np.abs(whole.days - day))) for day in found.days]
    assert np.allclose(whole.days[at], found.days)
    assert np.allclose(
        found.dataset["erythema"].values,
        whole.dataset["erythema"].values[..., at],
        rtol=5e-3, atol=2e-3,
    )  # fmt: skip


def test_sessions_after_the_last_reading_change_no_prediction_but_are_unknown(parameters):
    wanted = asked((1.0, 3.0))
    one = Problem.of(treatment((0.0,)), wanted, parameters)
    two = Problem.of(treatment((0.0, 28.0)), wanted, parameters)
    assert "healing.session.1" in two.unknowns.names
    assert "healing.session.1" not in one.unknowns.names
    column = two.unknowns.names.index("healing.session.1")
    assert column not in two.engine_columns
    values = np.zeros((2, two.unknowns.count))
    values[1, column] = 3.0
    predictions = two.predictions(values)
    for both, alone in zip(
        predictions, one.predictions(np.zeros((1, one.unknowns.count))), strict=True
    ):
        assert np.array_equal(both[0], both[1])
        assert np.allclose(both[0], alone[0], rtol=1e-5, atol=1e-6)


def test_a_session_before_the_last_reading_counts(parameters):
    problem = Problem.of(treatment((0.0, 28.0)), asked((1.0,), first=28.0), parameters)
    column = problem.unknowns.names.index("healing.session.1")
    assert column in problem.engine_columns
    values = np.zeros((2, problem.unknowns.count))
    values[1, column] = 2.0
    first = problem.predictions(values)[0]
    assert np.all(first[1] > first[0])


def test_rows_do_not_depend_on_each_other(parameters):
    problem = Problem.of(treatment(), asked((1.0, 3.0)), parameters)
    values = np.random.default_rng(0).standard_normal((3, problem.unknowns.count))
    together = problem.predictions(values)
    for i in range(3):
        alone = problem.predictions(values[i : i + 1])
        for a, b in zip(together, alone, strict=True):
            assert np.allclose(a[i], b[0], rtol=1e-6, atol=1e-7)


def test_log_posterior_is_the_terms_and_the_prior(parameters):
    problem = Problem.of(treatment(), asked((1.0,)), parameters)
    values = 0.3 * np.random.default_rng(0).standard_normal((2, problem.unknowns.count))
    predictions = problem.predictions(values)
    terms = sum(t.log_likelihood(p) for t, p in zip(problem.terms, predictions, strict=True))
    assert np.allclose(problem.log_posterior(values), terms - 0.5 * (values**2).sum(axis=1))


def test_columns_that_are_left_out_move_nothing(parameters):
    problem = Problem.of(treatment(), asked((1.0, 4.0)), parameters)
    left = np.setdiff1d(np.arange(problem.unknowns.engine_count), problem.engine_columns)
    assert left.size > 20
    values = np.zeros((2, problem.unknowns.count))
    values[1, left] = np.random.default_rng(1).standard_normal(left.size)
    for predicted in problem.predictions(values):
        assert np.array_equal(predicted[0], predicted[1])


# --- what is seen: closed form -----------------------------------------


def test_change_since_a_baseline_photograph():
    days = [0.0, 1.0, 3.0]
    redness = np.zeros((2, len(ZONES), 3))
    redness[:, ZONES.index("forehead")] = [[0.9, 0.5, 0.2], [0.8, 0.4, 0.1]]
    what = seen(days, erythema=redness)
    assert np.allclose(what.change("erythema", "forehead", 3.0, -1.0), [0.2, 0.1])
    assert np.allclose(what.change("erythema", "forehead", 3.0, 1.0), [-0.3, -0.3])
    assert np.allclose(what.change("erythema", "nose", 3.0, -1.0), 0.0)


def test_the_face_is_the_mean_by_area_of_what_was_treated(parameters):
    shares = face_shares(TREATED, parameters)
    assert shares.sum() == pytest.approx(1.0)
    assert [z for z, s in zip(ZONES, shares, strict=True) if s] == sorted(TREATED, key=ZONES.index)
    areas = {z: parameters.value(f"anatomy.{z.split('_')[0]}.area") for z in TREATED}
    assert shares[ZONES.index("forehead")] == pytest.approx(areas["forehead"] / sum(areas.values()))
    redness = np.arange(len(ZONES), dtype=float)[None, :, None]
    what = seen([0.0, 1.0], erythema=redness)
    assert np.allclose(what.face("erythema"), shares @ np.arange(len(ZONES)))


def test_counts_are_summed_over_the_zones_that_were_counted():
    spots = np.arange(len(ZONES), dtype=float)[None, :, None]
    what = seen([0.0, 1.0], lesions=spots)
    treated = sum(ZONES.index(z) for z in TREATED)
    assert what.total("lesions", (), 1.0)[0] == treated
    assert what.total("lesions", ("nose", "chin"), 1.0)[0] == (
        ZONES.index("nose") + ZONES.index("chin")
    )


def test_days_hold_every_reading_and_every_later_baseline():
    readings = Readings(
        (
            PhotoReading("b.jpg", 4.0, "nose", "erythema", 0.1, 0.1, baseline_day=2.0),
            PhotoReading("a.jpg", 3.0, "nose", "erythema", 0.1, 0.1, baseline_day=-1.0),
            PhotoReading("b.jpg", 4.0, "chin", "erythema", 0.1, 0.1, baseline_day=2.0),
        )
    )
    assert readings.days == (2.0, 3.0, 4.0)
    assert readings.last_day == 4.0
    assert readings.until(4.0) == readings
    assert readings.until(4.0, before=True).days == (3.0,)
    assert Readings().last_day == -np.inf
    assert {k: len(v) for k, v in by_photo_and_sign(readings.photographs).items()} == {
        ("b.jpg", "erythema"): 2,
        ("a.jpg", "erythema"): 1,
    }
