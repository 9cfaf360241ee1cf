"""Persons as standard normals: they become what a forecast would have drawn."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from made_up_courses import treatment

from micropen.anatomy import ZONES
from micropen.estimation.prediction import Predictor
from micropen.estimation.problem import Problem
from micropen.estimation.readings import PhotoReading, Readings, ScoredAnswer
from micropen.estimation.unknowns import Asked, Unknowns
from micropen.evidence import Grade, Parameter, ParameterSet, load_parameters, stream
from micropen.evidence.parameter_set import Together
from micropen.healing.forecast import forecast

HORIZON = 10.0
READINGS = Readings(
    (PhotoReading("a.jpg", 1.0, "forehead", "erythema", 0.3, 0.05),),
    (ScoredAnswer("redness", 1.0, 4.0, 4.0),),
)


@pytest.fixture(scope="module")
def problem():
    return Problem.of(treatment(), READINGS, replace(load_parameters(), together=None))


def course_of(problem, values):
    predictor = Predictor.whole(problem.treatment, problem.members, HORIZON)
    return predictor.course(problem.unknowns.parameter_set(values), values.shape[0])


def same_signs(one, other) -> None:
    for sign in one.dataset.data_vars:
        assert np.allclose(
            one.dataset[sign].values, other.dataset[sign].values, rtol=1e-4, atol=1e-5
        ), sign


def test_persons_are_what_a_forecast_draws_from_the_same_normals(problem):
    draws, members, unknowns = 4, problem.members, problem.unknowns
    random = np.random.default_rng(5)
    one_each = {name: random.standard_normal(draws) for name in unknowns.parameters}
    scattered = {
        purpose: random.standard_normal((draws, count)) for purpose, count in unknowns.scatter
    }

    def normals(_seed, purpose, count):
        # u (u z / T) + b (b z / T) = T z, T^2 = u^2 + b^2: both spreads are one.
        name = purpose.removesuffix(", uncertainty")
        member = members[name]
        own = member.uncertainty_sd if purpose != name else member.between_person_sd
        assert count == draws
        return one_each[name] * own / np.hypot(member.uncertainty_sd, member.between_person_sd)

    def scatter(_seed, purpose, count):
        assert count == scattered[purpose].size
        return scattered[purpose].ravel()

    drawn = forecast(
        problem.treatment,
        HORIZON,
        draws,
        parameters=replace(members, normals=normals, scatter=scatter),
    )
    values = np.empty((draws, unknowns.count))
    for i, name in enumerate(unknowns.names):
        purpose, _, zone = name.partition(" [")
        if name in one_each:
            values[:, i] = one_each[name]
        elif purpose in scattered:
            column = ZONES.index(zone[:-1]) if zone else 0
            values[:, i] = scattered[purpose][:, column]
        else:
            values[:, i] = 7.0  # only observations read it
    same_signs(course_of(problem, values), drawn)


def test_a_zero_person_is_the_typical_course(problem):
    typical = forecast(
        problem.treatment,
        HORIZON,
        1,
        parameters=replace(
            load_parameters().without_spread(), scatter=lambda _s, _p, count: np.zeros(count)
        ),
    )
    same_signs(course_of(problem, np.zeros((1, problem.unknowns.count))), typical)


def test_scatter_goes_to_its_own_zone_and_no_other(problem):
    unknowns = problem.unknowns
    values = np.zeros((2, unknowns.count))
    values[1, unknowns.names.index("healing.zones.inflammation.response [cheek_left]")] = 2.0
    redness = course_of(problem, values).dataset["erythema"].values
    moved = np.abs(redness[1] - redness[0]).max(axis=1) > 0.0
    assert [zone for zone, was in zip(ZONES, moved, strict=True) if was] == ["cheek_left"]
    at_a_day = redness[:, ZONES.index("cheek_left"), -10]
    assert at_a_day[1] > at_a_day[0] > 0.0


def test_every_unknown_has_one_name_and_one_place(problem):
    unknowns = problem.unknowns
    assert len(set(unknowns.names)) == len(unknowns.names) == unknowns.count
    assert unknowns.names[unknowns.engine_count :] == unknowns.own
    blocks = unknowns.blocks()
    places = np.concatenate([np.arange(b.start, b.stop) for b in blocks.values()])
    assert np.array_equal(places, np.arange(len(unknowns.parameters), unknowns.engine_count))
    for purpose, block in blocks.items():
        assert all(name.startswith(purpose) for name in unknowns.names[block])
    values = np.arange(2.0 * unknowns.count).reshape(2, -1)
    for i, (name, column) in enumerate(unknowns.own_normals(values).items()):
        assert name == unknowns.own[i]
        assert np.array_equal(column, values[:, unknowns.engine_count + i])


def test_what_is_not_among_the_unknowns_is_drawn_as_usual(problem):
    persons = problem.unknowns.parameter_set(np.zeros((3, problem.unknowns.count)))
    risk = "healing.risks.infection.hazard"
    name = risk if risk in persons.members else next(
        m.name for m in problem.members
        if m.between_person_sd and m.name not in problem.unknowns.parameters
    )  # fmt: skip
    assert name not in problem.unknowns.parameters
    member = persons[name]
    expected = member.value * np.exp(member.between_person_sd * stream(9, name).standard_normal(3))
    assert np.allclose(persons.sample(name, 3, 9), expected)
    fresh = stream(9, "healing.session.7").standard_normal(3)
    assert np.array_equal(persons.scattered("healing.session.7", 3, 9), fresh)


def test_all_that_a_forecast_asks_for_is_among_the_unknowns(problem):
    asked = Asked()
    forecast(problem.treatment, HORIZON, 2, parameters=asked.on(problem.members, 2))
    assert set(asked.parameters) <= set(problem.unknowns.parameters)
    assert asked.scatter == dict(problem.unknowns.scatter)
    assert set(asked.scatter.values()) == {1, len(ZONES)}
    drawn = asked.on(problem.members, 2).scattered("a purpose", 2, 4)
    assert np.array_equal(drawn, stream(4, "a purpose").standard_normal(2))


# --- parameters whose uncertainties move together: closed form ----------

RHO = np.array([[1.0, 0.8, -0.5], [0.8, 1.0, -0.2], [-0.5, -0.2, 1.0]])
SPREADS = {"c.first": (0.3, 0.1), "c.second": (0.2, 0.4), "c.third": (0.5, 0.0)}


def correlated(order=("c.third", "c.first", "c.second")) -> ParameterSet:
    """Three parameters that move together, and one that stands alone."""
    members = {
        name: Parameter(name, 2.0, "1", u, b, True, "assumed", Grade.D, "")
        for name, (u, b) in (SPREADS | {"c.alone": (0.2, 0.2)}).items()
    }
    index = [list(SPREADS).index(name) for name in order]
    together = Together(tuple(order), RHO[np.ix_(index, index)])
    return ParameterSet("made up", MappingProxyType(members), together=together)


def logs_of(members: ParameterSet, draws: int) -> np.ndarray:
    names = (*SPREADS, "c.alone")
    return np.stack([np.log(members.sample(name, draws, 3)) for name in names])


def test_persons_correlate_as_the_population_does():
    members, asked = correlated(), Asked()
    logs_of(asked.on(members, 2), 2)
    unknowns = Unknowns.of(asked, members)
    draws = 20_000
    values = np.random.default_rng(0).standard_normal((draws, unknowns.count))
    found = np.cov(logs_of(unknowns.parameter_set(values), draws))
    u = np.array([SPREADS[name][0] for name in SPREADS] + [0.2])
    b = np.array([SPREADS[name][1] for name in SPREADS] + [0.2])
    exact = np.diag(u**2 + b**2)
    exact[:3, :3] = RHO * np.outer(u[:3], u[:3]) + np.diag(b[:3] ** 2)
    scale = np.sqrt(np.outer(np.diag(exact), np.diag(exact)))
    assert np.allclose(found / scale, exact / scale, atol=0.03)
    population = np.cov(logs_of(members, draws))
    assert np.allclose(found / scale, population / scale, atol=0.04)


def test_the_mixing_is_the_root_of_the_exact_correlation():
    members, asked = correlated(), Asked()
    logs_of(asked.on(members, 2), 2)
    unknowns = Unknowns.of(asked, members)
    assert unknowns.parameters == (*SPREADS, "c.alone")
    share = np.array([u / np.hypot(u, b) for u, b in SPREADS.values()])
    exact = np.eye(4)
    exact[:3, :3] = RHO * np.outer(share, share) + np.diag(1.0 - share**2)
    assert np.allclose(unknowns.mixing @ unknowns.mixing.T, exact)


def test_only_what_is_asked_for_is_mixed_in():
    members, asked = correlated(), Asked()
    recording = asked.on(members, 2)
    recording.sample("c.alone", 2, 0)
    recording.sample("c.second", 2, 0)
    unknowns = Unknowns.of(asked, members)
    assert unknowns.parameters == ("c.alone", "c.second")
    assert np.array_equal(unknowns.mixing, np.eye(2))


def test_correlated_normals_stay_standard_and_the_set_no_longer_moves_them():
    members, asked = correlated(), Asked()
    logs_of(asked.on(members, 2), 2)
    unknowns = Unknowns.of(asked, members)
    assert np.allclose((unknowns.mixing @ unknowns.mixing.T).diagonal(), 1.0)
    persons = unknowns.parameter_set(np.zeros((2, 4)))
    assert persons.together is None
    for name in SPREADS:
        assert np.allclose(persons.sample(name, 2, 11), 2.0)
