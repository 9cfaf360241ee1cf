"""What an earlier posterior expects of all readings: who is carried over, and what is new."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest
from simulated_person import asked, simulated

from micropen.estimation.expectation import carried, expectation
from micropen.estimation.posterior import Posterior
from micropen.estimation.problem import Problem
from micropen.estimation.result import Axis, FitSummary
from micropen.evidence import stream

UNTIL = 1.5


@pytest.fixture(scope="module")
def one():
    return simulated(session_days=(0.0,), wanted=asked((0.2, 1.0, 2.0, 4.0)))


@pytest.fixture(scope="module")
def early(one):
    return Problem.of(one.treatment, one.readings.until(UNTIL), one.problem.members)


def believing(problem: Problem, values: np.ndarray) -> Posterior:
    count = values.shape[0]
    summary = FitSummary("prior", True, "")
    return Posterior(problem, values, np.full(count, 1.0 / count), values[0], summary, 0)


def anybody(problem: Problem, count: int = 300) -> Posterior:
    values = stream(0, "anybody").standard_normal((count, problem.unknowns.count))
    return believing(problem, values)


def test_what_both_know_by_name_is_carried_and_the_rest_drawn_anew(one, early):
    nothing = Problem.of(one.treatment, one.readings.until(-1.0), one.problem.members)
    source, target = nothing.unknowns, early.unknowns
    shared = [n for n in target.names if n in source.names]
    new = [n for n in target.names if n not in source.names]
    assert shared
    assert new
    values = np.arange(400.0)[:, None] + np.arange(source.count) / 1000.0
    moved = carried(values, source, target, stream(1, "test"))
    assert moved.shape == (400, target.count)
    for name in shared:
        there, here = target.names.index(name), source.names.index(name)
        assert (moved[:, there] == values[:, here]).all()
    fresh = moved[:, [target.names.index(name) for name in new]]
    assert kstest(fresh.ravel(), "norm").pvalue > 0.001


def test_carrying_to_the_same_list_changes_nothing(one):
    values = stream(2, "test").standard_normal((5, one.problem.unknowns.count))
    unknowns = one.problem.unknowns
    assert (carried(values, unknowns, unknowns, stream(0, "test")) == values).all()


def test_points_are_those_of_the_latest_and_the_new_are_marked(one, early):
    latest = anybody(one.problem, 20)
    found = expectation(anybody(early, 20), latest, UNTIL, 30)
    assert found.points == latest.points()
    assert found.draws.shape == (30, len(found.points))
    assert [p.day > UNTIL for p in found.points] == found.new.tolist()
    assert 0 < found.new.sum() < found.new.size


def test_draws_are_readings_in_the_unit_of_their_axis(one, early):
    found = expectation(anybody(early), anybody(one.problem, 20), UNTIL, 200)
    for i, p in enumerate(found.points):
        column = found.draws[:, i]
        if p.axis is Axis.DIARY:
            assert set(np.unique(column)) <= set(np.arange(11.0))
        if p.axis is Axis.COUNT:
            assert (column == np.round(column)).all()
        assert column.std() > 0.0


def test_a_sure_person_is_expected_to_show_what_they_show(one, early):
    """Known to the last digit, only the errors of reading are left."""
    latest = believing(one.problem, np.tile(one.person, (2, 1)))
    person = carried(one.person[None], one.problem.unknowns, early.unknowns, stream(3, "test"))
    found = expectation(believing(early, np.tile(person, (2, 1))), latest, UNTIL, 400)
    wanted = np.concatenate([p[0] for p in one.problem.predictions(one.person[None])])
    for i, p in enumerate(found.points):
        if p.axis is Axis.SIGN and p.key == "erythema":
            error = found.draws[:, i].std() / np.sqrt(400.0)
            assert abs(found.draws[:, i].mean() - wanted[i]) < 5.0 * error, p


def test_zones_of_one_photograph_move_together(one, early):
    found = expectation(anybody(early), anybody(one.problem, 20), UNTIL, 400)
    columns = [
        i for i, p in enumerate(found.points) if p.key == "erythema" and p.source == "day 2.jpg"
    ]
    together = np.corrcoef(found.draws[:, columns].T)
    assert together[np.triu_indices(len(columns), 1)].min() > 0.3


def test_the_same_posteriors_give_the_same_draws(one, early):
    latest, before = anybody(one.problem, 20), anybody(early, 20)
    first, again = (expectation(before, latest, UNTIL, 10).draws for _ in range(2))
    assert (first == again).all()


def test_nothing_read_expects_nothing(one):
    nothing = Problem.of(one.treatment, one.readings.until(-1.0), one.problem.members)
    found = expectation(anybody(nothing, 5), anybody(nothing, 5), -np.inf, 7)
    assert found.points == ()
    assert found.draws.shape == (7, 0)
    assert found.new.shape == (0,)
