"""Forecasts of given persons and their bands, against closed forms and the engine's own course."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest
from simulated_person import TREATED, simulated

from micropen.anatomy import ZONES
from micropen.case import QUESTIONS
from micropen.estimation.fit import estimate
from micropen.estimation.foreseen import (
    PHOTOGRAPHED,
    bands,
    curves,
    face_points,
    personal,
    population,
)
from micropen.estimation.kept_forecast import Line
from micropen.estimation.likelihood.photographs import PhotoError, gain_name
from micropen.estimation.posterior import Posterior
from micropen.estimation.readings import Readings
from micropen.estimation.result import FACE, Axis, FitSummary, ReadPoint

DRAWS = 200
HORIZON = 20.0


@pytest.fixture(scope="module")
def one():
    return simulated(session_days=(0.0,))


@pytest.fixture(scope="module")
def anybody(one):
    return population(one.problem, HORIZON, DRAWS)


@pytest.fixture(scope="module")
def drawn(one, anybody):
    return curves(one.problem, anybody)


def known(problem, person) -> Posterior:
    """A posterior that is sure of one person."""
    summary = FitSummary("prior", True, "")
    return Posterior(problem, person[None], np.ones(1), person, summary, 0)


def test_every_band_is_there_once(one, drawn):
    zones = (FACE, *one.treatment.zones)
    signs = {Line(s, Axis.SIGN, z) for s in PHOTOGRAPHED for z in zones}
    answers = {Line(q, Axis.DIARY, FACE) for q in QUESTIONS}
    assert set(drawn) == signs | answers | {Line("lesions", Axis.COUNT, FACE)}


def test_marks_lie_on_the_line_and_counts_are_whole(drawn, anybody):
    for line, values in drawn.items():
        assert values.shape == (DRAWS, anybody.days.size)
        if line.axis is Axis.DIARY:
            assert values.min() >= 0.0
            assert values.max() <= 10.0
    spots = drawn[Line("lesions", Axis.COUNT, FACE)]
    assert (spots >= 0.0).all()
    assert (spots == np.round(spots)).all()


def test_bands_are_the_quantiles_of_the_draws(drawn, anybody):
    for band in bands(drawn, anybody.days):
        values = np.sort(drawn[Line(band.key, band.axis, band.zone)], axis=0)
        assert (band.low <= band.median).all()
        assert (band.median <= band.high).all()
        # 5, 50 and 95 % of 200: straight between neighbours of rank .05 * 199 and so on.
        assert band.low == pytest.approx(0.05 * values[9] + 0.95 * values[10], abs=1e-12)
        assert band.median == pytest.approx(0.5 * (values[99] + values[100]), abs=1e-12)


def test_a_known_person_shows_one_curve_with_their_own_gain(one):
    seen = personal(known(one.problem, one.person), HORIZON, 3)
    drawn = curves(one.problem, seen)
    own = one.problem.unknowns.own_normals(one.person[None])
    treated = one.treatment.zones
    for sign in ("erythema", "scaling"):
        gain = np.exp(PhotoError.of(sign, one.problem.members).gain_sd * own[gain_name(sign)][0])
        for zone in treated:
            course = seen.course.dataset[sign].values[0, ZONES.index(zone)]
            values = drawn[Line(sign, Axis.SIGN, zone)]
            assert values == pytest.approx(np.tile(gain * course, (3, 1)), rel=1e-6)
        mean = sum(
            one.problem.shares[ZONES.index(z)] * drawn[Line(sign, Axis.SIGN, z)] for z in treated
        )
        assert drawn[Line(sign, Axis.SIGN, FACE)] == pytest.approx(mean, rel=1e-5, abs=1e-9)


def test_a_forecast_agrees_with_what_the_readings_were_compared_with(one):
    """The fit solves only the days that were read, the forecast all: both say the same."""
    seen = personal(known(one.problem, one.person), HORIZON, 1)
    fitted = one.problem.seen(one.person[None])
    for day in (1.0, 3.0, 7.0):
        for zone in TREATED:
            assert seen.change("erythema", zone, day, -1.0) == pytest.approx(
                fitted.change("erythema", zone, day, -1.0), rel=1e-3
            )


def test_without_readings_a_person_is_anybody(one, drawn, anybody):
    nobody = estimate(one.treatment, Readings(), one.problem.members)
    own = curves(nobody.problem, personal(nobody, HORIZON, 400))
    for line in (Line("erythema", Axis.SIGN, FACE), Line("redness", Axis.DIARY, FACE)):
        for day in (1.0, 4.0):
            at = int(np.argmin(np.abs(anybody.days - day)))
            p = kstest(own[line][:, at], drawn[line][:, at]).pvalue
            assert p > 0.001, (line, day)


def test_the_same_seed_gives_the_same_forecast(one, drawn):
    again = curves(one.problem, population(one.problem, HORIZON, DRAWS))
    other = curves(one.problem, population(one.problem, HORIZON, DRAWS, seed=1))
    line = Line("erythema", Axis.SIGN, FACE)
    assert all((again[name] == drawn[name]).all() for name in drawn)
    assert not (other[line] == drawn[line]).all()


# Readings of the whole face.


def point(zone: str, value: float, source: str = "a.jpg", axis: Axis = Axis.SIGN) -> ReadPoint:
    return ReadPoint("erythema", axis, zone, 1.0, value, 0.1 * value, source, 0.02 * value)


SHARES = np.array([{"chin": 0.2, "forehead": 0.5, "nose": 0.3}.get(z, 0.0) for z in ZONES])


def test_the_face_is_the_mean_by_area():
    (face,) = face_points([point("chin", 1.0), point("forehead", 2.0), point("nose", 4.0)], SHARES)
    assert (face.zone, face.source, face.key) == (FACE, "a.jpg", "erythema")
    assert face.value == pytest.approx(2.4)
    assert face.sd == pytest.approx(0.24)
    assert face.doubt == pytest.approx(0.048)


def test_a_face_is_not_made_of_a_small_part_of_it():
    assert face_points([point("chin", 1.0), point("nose", 2.0)], SHARES) == ()
    (face,) = face_points([point("chin", 1.0), point("forehead", 2.0)], SHARES)
    assert face.value == pytest.approx(12.0 / 7.0)


def test_each_photograph_and_untreated_zones_and_answers_stand_for_themselves():
    points = [
        point("forehead", 1.0), point("nose", 1.0), point("jaw_left", 9.0),
        point("forehead", 3.0, "b.jpg"), point("nose", 3.0, "b.jpg"),
        replace(point(FACE, 5.0, "check-in"), axis=Axis.DIARY),
    ]  # fmt: skip
    assert [(p.source, p.value) for p in face_points(points, SHARES)] == [
        ("a.jpg", pytest.approx(1.0)), ("b.jpg", pytest.approx(3.0))]  # fmt: skip


@given(st.lists(st.floats(-1.0, 1.0), min_size=3, max_size=3))
def test_the_face_lies_between_its_zones(values):
    zones = ("chin", "forehead", "nose")
    (face,) = face_points([point(z, v) for z, v in zip(zones, values, strict=True)], SHARES)
    assert min(values) - 1e-12 <= face.value <= max(values) + 1e-12
