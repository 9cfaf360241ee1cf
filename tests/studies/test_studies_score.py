"""Scores against closed forms and published values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from micropen.evidence import Grade
from micropen.observation import Kind, Scale
from micropen.studies.prediction import Prediction
from micropen.studies.score import (
    Score,
    ScoredRow,
    binomial_interval,
    compare,
    interval_score,
    overall,
    score,
    scoring_unit,
)
from micropen.studies.study import Claim, Finding, Role, Statistic

NAN = float("nan")
INF = float("inf")


def finding(value=1.0, statistic=Statistic.MEAN, **changes):
    base = Finding(
        "s.row", "pen", "", "level", statistic, NAN, 1.0, Claim.EQUALS, value, value, NAN, NAN, 20,
        Grade.A, Role.FIT, (), "",
    )  # fmt: skip
    return replace(base, **changes)


def scale(lower=0.0, upper=4.0, kind=Kind.LEVEL, name="level"):
    return Scale(name, "1", kind, lower, upper, "lower", "", "", (), (), lambda v, d: v.noise("x"))


def row(study="a", inside=True, interval=0.5, claim=Claim.EQUALS, width=0.3):
    return ScoredRow(study, Role.FIT, claim, Score(inside, inside, 0.5, interval, width, 1.0))


@pytest.mark.parametrize(
    ("value", "expected"), [(0.5, 1.0), (1.0, 1.0), (1.1, 1.0 + 2.0), (-0.2, 1.0 + 4.0)]
)
def test_interval_score_of_a_unit_band(value, expected):
    """Gneiting and Raftery 2007, eq. 43, alpha 0.1: a miss costs 20 times its distance."""
    assert interval_score(0.0, 1.0, value, 0.1) == pytest.approx(expected)


def test_the_interval_score_is_best_for_the_true_quantiles():
    values = np.random.default_rng(0).standard_normal(20_000)

    def mean(half):
        return np.mean([interval_score(-half, half, v) for v in values])

    assert mean(1.645) < min(mean(1.2), mean(2.2))


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(-10, 10))
def test_the_interval_score_is_the_width_and_twenty_times_the_miss(a, b, value):
    low, high = min(a, b), max(a, b)
    missed = max(low - value, value - high, 0.0)
    assert interval_score(low, high, value) == pytest.approx(high - low + 20.0 * missed)


@pytest.mark.parametrize(
    ("inside", "rows", "low", "high"),
    [
        (0, 10, 0.0, 0.2589),
        (5, 10, 0.2224, 0.7776),
        (10, 10, 0.7411, 1.0),
        (18, 20, 0.7174, 0.9819),
    ],
)
def test_binomial_interval_against_tables(inside, rows, low, high):
    """Clopper and Pearson 90 % intervals."""
    assert binomial_interval(inside, rows) == pytest.approx((low, high), abs=1e-4)


def test_a_right_model_is_inside_nine_times_of_ten_and_its_pit_is_flat():
    random = np.random.default_rng(3)
    found = [
        score(
            finding(float(random.normal(2.0, 0.5)), key=f"s.{k}"),
            scale(),
            Prediction(random.normal(2.0, 0.5, 200), NAN),
        )
        for k in range(1500)
    ]
    assert np.mean([s.inside for s in found]) == pytest.approx(0.9, abs=0.025)
    assert np.mean([s.inside_half for s in found]) == pytest.approx(0.5, abs=0.04)
    assert kstest([s.pit for s in found], "uniform").pvalue > 0.01


def test_ties_are_split_at_random_so_that_shares_are_flat_too():
    random = np.random.default_rng(4)
    pits = [
        score(
            finding(random.binomial(5, 0.3) / 5, key=f"s.{k}"),
            scale(upper=1.0),
            Prediction(random.binomial(5, 0.3, 300) / 5, NAN),
        ).pit
        for k in range(1500)
    ]
    assert kstest(pits, "uniform").pvalue > 0.01


@pytest.mark.parametrize(("probability", "inside"), [(0.049, False), (0.05, True), (1.0, True)])
def test_a_bound_is_compatible_from_five_per_cent(probability, inside):
    bound = finding(claim=Claim.AT_MOST, low=-INF, high=2.0)
    found = score(bound, scale(), Prediction(np.linspace(0, 4, 50), probability))
    assert found.inside is inside
    assert found.inside_half is None
    assert np.isnan(found.interval)


@pytest.mark.parametrize(
    ("row", "on", "expected"),
    [
        (finding(2.0), scale(), 4.0),
        (finding(0.3, Statistic.SHARE), scale(), 1.0),
        (finding(-0.4, Statistic.RELATIVE_CHANGE), scale(), 1.0),
        (finding(-0.4), scale(-1.0, 10.0, name="masi_change"), 1.0),
        (finding(1.0), scale(-1.0, 3.0, name="gais"), 4.0),
        (finding(6.0, day=None), scale(0.0, INF, Kind.EVENT), 6.0),
        (finding(0.1, day=None), scale(0.0, INF, Kind.EVENT), 0.5),
        (finding(1.4, Statistic.RATIO), scale(), 1.4),
        (finding(12.0), scale(0.0, INF), 12.0),
    ],
)
def test_rows_are_scored_in_a_measure_that_can_be_averaged(row, on, expected):
    assert scoring_unit(row, on) == pytest.approx(expected)


def test_scores_do_not_depend_on_the_unit():
    """The same finding in grades of 0-4 and of 0-40."""
    sample = np.random.default_rng(0).normal(2.0, 0.4, 200)
    small = score(finding(3.1), scale(), Prediction(sample, NAN))
    large = score(finding(31.0), scale(upper=40.0), Prediction(10.0 * sample, NAN))
    assert large.interval == pytest.approx(small.interval)


def test_overall_counts_rows_and_gives_each_study_one_vote():
    rows = [row("a", True)] * 9 + [row("a", False)] + [row("b", False)] * 2
    found = overall(rows)
    assert (found.rows, found.studies, found.inside) == (12, 2, 9)
    assert found.share == pytest.approx(0.75)
    assert found.by_study == pytest.approx(0.45)
    assert found.by_study_low == pytest.approx(0.0)
    assert found.by_study_high == pytest.approx(0.9)
    assert found.share_low < 0.75 < found.share_high


def test_bounds_have_no_part_in_scores_of_bands():
    rows = [row(interval=0.4), row(interval=NAN, claim=Claim.AT_MOST, width=NAN)]
    found = overall(rows)
    assert (found.numbers, found.interval, found.width) == (1, 0.4, 0.3)


def test_overall_of_nothing_is_nothing():
    found = overall([])
    assert (found.rows, found.inside) == (0, 0)
    assert np.isnan(found.share)
    assert np.isnan(found.interval)


def test_comparison_is_on_the_rows_that_both_predict():
    model = [row("a", interval=0.2), row("b", interval=0.4), row("c", interval=NAN)]
    prior = [row("a", interval=0.4), row("b", interval=0.3), row("c", interval=1.0)]
    found = compare(model, prior)
    assert (found.rows, found.better) == (2, 1)
    assert found.ratio == pytest.approx(0.6 / 0.7)
    assert found.ratio_low <= found.ratio <= found.ratio_high
    assert compare([], []).rows == 0
