"""Findings on their scale of comparison, with their errors."""

from dataclasses import replace
from math import inf, isclose, log, nan, pi, sqrt
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.calibration.free import FreeSpace, free_space
from micropen.calibration.target import (
    Target,
    Transform,
    discrepancy,
    target_of,
    transformed,
    vote_weights,
)
from micropen.errors import MicropenError
from micropen.evidence import Grade, Quantity, prior_parameters
from micropen.observation import scale
from micropen.studies import Claim, Finding, Role, Statistic

PRIOR = prior_parameters()


def finding(**changes):
    given_ = {
        "key": "one.row",
        "arm": "a",
        "versus": "",
        "scale": "erythema_clinician",
        "statistic": Statistic.MEAN,
        "threshold": nan,
        "day": 1.0,
        "claim": Claim.EQUALS,
        "low": 2.0,
        "high": 2.0,
        "sd": nan,
        "standard_error": nan,
        "n": 25,
        "grade": Grade.A,
        "role": Role.FIT,
        "facts": (),
        "note": "",
    }
    return Finding(**{**given_, **changes})


def test_anscombe_angle_makes_the_variance_of_shares_constant():
    rng = np.random.default_rng(0)
    for share in (0.1, 0.5, 0.85):
        counts = rng.binomial(40, share, 20_000) / 40
        spread = np.std([transformed(Transform.ANGLE, float(x), 40) for x in counts])
        assert spread == pytest.approx(1.0 / sqrt(40.5), rel=0.06)
    assert transformed(Transform.ANGLE, 0.5, 10**9) == pytest.approx(pi / 2, abs=1e-4)


def test_other_scales_are_what_they_say():
    assert transformed(Transform.LOG_DAYS, 1.75, 5) == pytest.approx(log(2.0))
    assert transformed(Transform.LOG, 0.5, 5) == pytest.approx(log(0.5))
    assert transformed(Transform.PLAIN, -0.4, 5) == -0.4
    assert transformed(Transform.LOG_DAYS, inf, 5) == pytest.approx(log(365.25))


@given(
    st.floats(-5, 5),
    st.floats(0, 3),
    st.floats(-9, 9),
    st.floats(0.1, 3),
)
def test_a_bound_costs_nothing_inside_and_its_distance_outside(low, width, value, sd):
    target = Target("s", "s.k", Transform.PLAIN, low, low + width, 9, sd, 0.0, 1.0)
    outside = max(low - value, value - low - width, 0.0)
    assert isclose(abs(target.residual(value)), outside / sd, abs_tol=1e-12)


def test_a_share_at_most_nothing_bounds_from_one_side_only():
    trials = np.full(40, 0.2)
    row = finding(scale="pih", statistic=Statistic.SHARE, low=-inf, high=0.1)
    target = target_of(row, "one", scale("pih"), trials, 1.0, PRIOR)
    assert target.transform is Transform.ANGLE
    assert target.residual(0.05) == 0.0
    assert target.residual(0.3) > 0.0


def test_the_published_error_counts_where_it_is_larger_than_the_simulated_one():
    trials = np.array([2.0, 2.1] * 20)
    row = finding(sd=2.0)
    target = target_of(row, "one", scale(row.scale), trials, 1.0, PRIOR)
    own = 2.0 / sqrt(25)
    assert target.sampling_sd == pytest.approx(np.hypot(own, 0.05 / sqrt(40)))
    widest = target_of(replace(row, standard_error=1.0), "one", scale(row.scale), trials, 1, PRIOR)
    assert widest.sampling_sd > 1.0


def test_weaker_evidence_may_differ_more():
    plain = [
        discrepancy(Transform.PLAIN, grade, scale("erythema_clinician"), 2.0, PRIOR)
        for grade in Grade
    ]
    assert plain == sorted(plain)
    assert plain[0] == pytest.approx(np.hypot(0.04 * 4.0, 0.1 * 2.0))
    angle = discrepancy(Transform.ANGLE, Grade.A, scale("erythema_visible"), 0.1, PRIOR)
    assert angle == PRIOR.value("calibration.discrepancy.angle")
    rare = discrepancy(Transform.ANGLE, Grade.A, scale("pih"), 0.1, PRIOR)
    assert rare == PRIOR.value("calibration.discrepancy.complication") > angle


def test_rows_of_one_scale_share_two_votes():
    weights = vote_weights(["redness"] * 4 + ["peeling"], [0.3] * 5, 2.0)
    assert weights == [0.5, 0.5, 0.5, 0.5, 1.0]


def test_rows_that_say_the_same_whatever_is_true_use_up_no_vote():
    weights = vote_weights(["redness"] * 4, [0.6, 0.6, 0.6, 0.0], 2.0)
    assert weights == pytest.approx([2 / 3] * 4)
    assert vote_weights(["redness"] * 4, [0.0] * 4, 2.0) == [0.5] * 4


@pytest.fixture
def space() -> FreeSpace:
    return free_space(PRIOR)


def test_every_free_number_has_a_prior_a_reason_and_rows(space):
    assert space.size > 40
    for number in space.numbers:
        assert number.prior_sd > 0
        assert number.why
        assert number.rows
        assert number.standardised(number.number(0.7)) == pytest.approx(0.7)


def test_a_point_of_the_space_is_a_parameter_set(space):
    step = np.zeros(space.size)
    step[0] = 1.0
    free, moved = space.numbers[0], space.parameters(step)
    now = moved[free.parameter]
    number = now.value if free.quantity is Quantity.VALUE else now.between_person_sd
    assert number == pytest.approx(free.number(1.0))
    assert all(member.uncertainty_sd == 0.0 for member in moved)
    fixed = next(p for p in PRIOR if p.uncertainty_sd and p.name not in _names(space))
    assert space.at(step)[fixed.name].uncertainty_sd == fixed.uncertainty_sd


def _names(space):
    return {number.parameter for number in space.numbers}


def test_an_unknown_free_parameter_is_refused(monkeypatch):
    text = '[[free]]\nparameter = "healing.nothing.at_all"\nwhy = "x"\nrows = "y"\n'
    file = SimpleNamespace(read_text=lambda encoding: text)
    monkeypatch.setattr("micropen.calibration.free.files", lambda _room: _Folder(file))
    with pytest.raises(MicropenError, match=r"healing\.nothing\.at_all"):
        free_space(PRIOR)


class _Folder:
    def __init__(self, file):
        self.file = file

    def __truediv__(self, name):
        return self.file if name.endswith(".toml") else self
