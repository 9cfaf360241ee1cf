"""Verdicts: what is called a change, what no change, and when nobody can tell."""

from __future__ import annotations

import math

import numpy as np
import pytest

from micropen.measurement.change import change_that_matters, smallest_real_change, verdict
from micropen.measurement.measured_signs import kin_of, sign_definition, sign_label
from micropen.measurement.method import ZoneReading
from micropen.measurement.methods import METHODS
from micropen.measurement.result import Verdict
from micropen.signs import SIGNS


def reading(change: float, sd: float = 0.1, change_sd: float = 0.0) -> ZoneReading:
    return ZoneReading(math.nan, math.nan, change, change_sd or sd, sd)


@pytest.mark.parametrize(
    ("change", "sd", "matters", "said"),
    [
        (0.197, 0.1, 0.2, Verdict.INCREASED),
        (-0.197, 0.1, 0.2, Verdict.DECREASED),
        (0.195, 0.1, 0.2, Verdict.CANNOT_TELL),  # neither beyond the error nor surely small
        (0.0, 0.1, 0.165, Verdict.NO_CHANGE),
        (0.0, 0.1, 0.164, Verdict.CANNOT_TELL),
        (0.05, 0.01, 0.2, Verdict.INCREASED),  # small, but real
        (0.0, 0.0, 0.2, Verdict.NO_CHANGE),
        (0.0, 0.01, math.nan, Verdict.CANNOT_TELL),
        (math.nan, 0.1, 0.2, Verdict.CANNOT_TELL),
    ],
)
def test_verdict_follows_the_two_limits(change, sd, matters, said):
    assert verdict(reading(change, sd), matters) is said


def test_a_refused_reading_is_never_judged():
    assert verdict(ZoneReading.refused("too dark"), 0.2) is Verdict.CANNOT_TELL


def test_one_unchanged_reading_in_twenty_is_called_changed():
    z = np.random.default_rng(3).normal(size=20_000)
    changed = [verdict(reading(0.1 * float(x)), 0.2) for x in z]
    share = np.mean([v in (Verdict.INCREASED, Verdict.DECREASED) for v in changed])
    assert share == pytest.approx(0.05, abs=0.005)


def test_a_change_that_matters_is_called_none_in_one_case_of_twenty():
    z = np.random.default_rng(4).normal(size=20_000)
    said = [verdict(reading(0.5 + 0.1 * float(x)), 0.5) for x in z]
    assert np.mean([v is Verdict.NO_CHANGE for v in said]) <= 0.05


def test_smallest_real_change_is_two_sided_at_95_percent():
    assert smallest_real_change(reading(0.0, 0.1)) == pytest.approx(0.196)


def test_every_method_has_words_and_a_change_that_matters():
    for method in METHODS:
        assert sign_label(method.sign)
        assert sign_definition(method.sign)
        assert change_that_matters(method.sign) > 0.0, method.sign
        assert kin_of(method.sign) in SIGNS or method.sign == kin_of(method.sign)


def test_methods_share_unit_with_the_forecast_and_one_a_sign_is_main():
    for method in METHODS:
        if method.sign in SIGNS:
            assert method.unit == SIGNS[method.sign].unit
    main = [m.sign for m in METHODS if m.main]
    assert len(main) == len(set(main))
