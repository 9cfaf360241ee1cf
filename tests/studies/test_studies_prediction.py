"""From virtual trials to a statistic at the study's n, against closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.errors import MicropenError
from micropen.evidence import Grade
from micropen.observation import Kind, Scale
from micropen.studies.prediction import (
    Prediction,
    is_share,
    predict,
    shares_at,
    statistic,
    to_size,
)
from micropen.studies.study import Claim, Finding, Role, Statistic
from micropen.studies.trial import ArmTrials, Look

NAN = float("nan")
INF = float("inf")


def finding(statistic=Statistic.MEAN, **changes):
    base = Finding(
        "s.row", "pen", "", "level", statistic, NAN, 1.0, Claim.EQUALS, 1.0, 1.0, NAN, NAN, 4,
        Grade.A, Role.FIT, (), "",
    )  # fmt: skip
    return replace(base, **changes)


def scale(kind=Kind.LEVEL, lower=-100.0, upper=100.0, name="level"):
    return Scale(name, "1", kind, lower, upper, "lower", "", "", (), (), lambda v, d: v.noise("x"))


def trials(after, before=None, day=1.0, name="level"):
    values = {Look(name, day): np.asarray(after, dtype=np.float64)}
    if before is not None:
        values[Look(name, None)] = np.asarray(before, dtype=np.float64)
    return ArmTrials(values)


TWO_TRIALS = [[1.0, 2.0, 3.0, 6.0], [0.0, 0.0, 4.0, 4.0]]
BEFORE = [[2.0, 2.0, 2.0, 2.0], [4.0, 4.0, 4.0, 4.0]]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Statistic.MEAN, [3.0, 2.0]),
        (Statistic.MEDIAN, [2.5, 2.0]),
        (Statistic.SD, [np.sqrt(14.0 / 3.0), np.sqrt(16.0 / 3.0)]),
        (Statistic.MEAN_CHANGE, [1.0, -2.0]),
        (Statistic.RELATIVE_CHANGE, [0.5, -0.5]),
    ],
)
def test_statistics_of_one_arm(kind, expected):
    found = statistic(finding(kind), scale(), {"pen": trials(TWO_TRIALS, BEFORE)})
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("kind", "expected"), [(Statistic.DIFFERENCE, [0.5, -3.0]), (Statistic.RATIO, [1.2, 2.0 / 5.0])]
)
def test_statistics_of_two_arms(kind, expected):
    arms = {
        "pen": trials(TWO_TRIALS, BEFORE),
        "sham": trials([[2.5] * 4, [5.0] * 4], BEFORE),
    }
    found = statistic(finding(kind, versus="sham"), scale(), arms)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("threshold", "expected"), [(2.0, [0.75, 0.5]), (4.0, [0.25, 0.5]), (-1.0, [0.0, 0.0])]
)
def test_a_share_counts_people_at_or_beyond_the_threshold(threshold, expected):
    row = finding(Statistic.SHARE, threshold=threshold)
    assert statistic(row, scale(), {"pen": trials(TWO_TRIALS)}) == pytest.approx(expected)


def test_beyond_a_negative_threshold_means_below_it():
    row = finding(Statistic.SHARE, threshold=-0.5)
    values = [[-0.6, -0.5, -0.4, 0.7]]
    assert statistic(row, scale(), {"pen": trials(values)}) == pytest.approx([0.5])


def test_a_share_of_an_event_counts_who_had_it_by_then():
    row = finding(Statistic.SHARE, threshold=2.0, day=None)
    seen = {"pen": trials([[1.0, 2.0, 3.0, INF]], day=None)}
    assert statistic(row, scale(Kind.EVENT, 0.0, INF), seen) == pytest.approx([0.5])


def test_events_that_never_come_are_left_out_of_a_mean_and_kept_in_a_median():
    seen = {"pen": trials([[1.0, 3.0, INF, INF], [2.0, 2.0, 4.0, INF], [INF] * 4], day=None)}
    event = scale(Kind.EVENT, 0.0, INF)
    mean = statistic(finding(Statistic.MEAN, day=None), event, seen)
    assert mean[:2] == pytest.approx([2.0, 8.0 / 3.0])
    assert np.isnan(mean[2])
    median = statistic(finding(Statistic.MEDIAN, day=None), event, seen)
    assert median.tolist() == [INF, 3.0, INF]


def test_a_statistic_that_mostly_does_not_exist_cannot_be_predicted():
    seen = {"pen": trials([[INF] * 4] * 8 + [[1.0] * 4] * 2, day=None)}
    with pytest.raises(MicropenError, match=r"8 of 10 virtual trials"):
        predict(finding(Statistic.MEAN, day=None), scale(Kind.EVENT, 0.0, INF), seen)


def test_only_the_people_behind_a_finding_count():
    seen = {"pen": trials([[1.0, 3.0, 100.0, 100.0]] * 20)}
    assert predict(finding(n=2), scale(), seen).median == pytest.approx(2.0)


@pytest.mark.parametrize("wanted", [10, 240, 4000])
def test_the_sampling_part_of_a_mean_goes_with_n(wanted):
    """Trials of 60 people, true means with sd 0.2, people with sd 1: var = 0.04 + 1/n."""
    random = np.random.default_rng(5)
    people = 0.2 * random.standard_normal((4000, 1)) + random.standard_normal((4000, 60))
    halves = people[:, :30].mean(axis=1), people[:, 30:].mean(axis=1)
    found = to_size(people.mean(axis=1), halves, 60, wanted)
    assert found.var() == pytest.approx(0.04 + 1.0 / wanted, rel=0.08)
    assert found.mean() == pytest.approx(people.mean(), abs=1e-9)


@pytest.mark.parametrize("wanted", [200, 2000])
def test_shares_at_another_n_have_the_mean_and_variance_of_the_beta_binomial(wanted):
    random = np.random.default_rng(7)
    true = random.beta(2.0, 18.0, 20_000)
    counts = random.binomial(60, true)
    found = shares_at(counts.astype(float), 60, wanted, 0, "test")
    between = true.var()
    expected = between + (true.mean() * (1 - true.mean()) - between) / wanted
    assert found.mean() == pytest.approx(0.1, rel=0.03)
    assert found.var() == pytest.approx(expected, rel=0.06)
    assert np.allclose(found * wanted, np.round(found * wanted))


def test_shares_that_hardly_differ_between_trials_are_binomial():
    counts = np.random.default_rng(1).binomial(60, 0.3, 5000).astype(float)
    found = shares_at(counts, 60, 300, 0, "test")
    assert found.var() == pytest.approx(0.3 * 0.7 / 300, rel=0.15)


def test_a_finding_of_more_people_than_simulated_has_the_narrower_band():
    random = np.random.default_rng(2)
    seen = {"pen": trials(random.standard_normal((400, 60)))}
    few, many = (predict(finding(n=n), scale(), seen) for n in (60, 600))
    assert (many.high - many.low) == pytest.approx((few.high - few.low) / np.sqrt(10), rel=0.3)


def test_the_probability_of_a_bound_is_the_share_of_trials_in_which_it_holds():
    seen = {"pen": trials([[x] * 4 for x in range(10)])}
    for claim, low, high, expected in (
        (Claim.AT_MOST, -INF, 3.0, 0.4),
        (Claim.AT_LEAST, 3.0, INF, 0.7),
        (Claim.BETWEEN, 2.0, 4.0, 0.3),
    ):
        row = finding(claim=claim, low=low, high=high)
        assert predict(row, scale(), seen).probability == pytest.approx(expected)
    assert np.isnan(predict(finding(), scale(), seen).probability)


def test_what_is_added_stays_in_the_range_of_the_statistic():
    seen = {"pen": trials(np.random.default_rng(0).uniform(0.0, 4.0, (50, 4)))}

    def widen(sample, row, on, seed):
        return sample + 10.0 * np.random.default_rng(seed).standard_normal(sample.size)

    wide = predict(finding(), scale(lower=0.0, upper=4.0), seen, widen=widen)
    assert wide.sample.min() == 0.0
    assert wide.sample.max() == 4.0


@pytest.mark.parametrize(
    ("kind", "upper", "stat", "expected"),
    [
        (Kind.OUTCOME, 1.0, Statistic.MEAN, True),
        (Kind.LEVEL, 1.0, Statistic.MEAN, True),
        (Kind.LEVEL, 4.0, Statistic.MEAN, False),
        (Kind.LEVEL, 4.0, Statistic.SHARE, True),
        (Kind.EVENT, INF, Statistic.MEDIAN, False),
    ],
)
def test_what_is_a_share(kind, upper, stat, expected):
    assert is_share(finding(stat), scale(kind, 0.0, upper)) is expected


def test_quantiles_are_calibrated_for_a_new_trial():
    """Of a new draw from the same distribution a share q lies below quantile q."""
    random = np.random.default_rng(11)
    hits = [
        random.standard_normal() < Prediction(random.standard_normal(19), NAN).quantile(0.95)
        for _ in range(4000)
    ]
    assert np.mean(hits) == pytest.approx(0.95, abs=0.012)


@given(
    values=st.lists(st.floats(-50, 50) | st.just(INF), min_size=20, max_size=60),
    q=st.floats(0, 1),
    other=st.floats(0, 1),
)
def test_quantiles_rise_and_stay_inside_the_sample(values, q, other):
    sample = Prediction(np.array(values), NAN)
    low, high = sample.quantile(min(q, other)), sample.quantile(max(q, other))
    assert low <= high
    assert min(values) <= low
    assert high <= max(values)


@given(
    shift=st.floats(-20, 20),
    factor=st.floats(0.1, 5.0),
    n=st.sampled_from([2, 4, 40]),
    kind=st.sampled_from([Statistic.MEAN, Statistic.MEDIAN]),
)
def test_a_prediction_moves_with_its_values(shift, factor, n, kind):
    values = np.random.default_rng(4).standard_normal((30, 4))
    wide = scale(lower=-INF, upper=INF)
    plain = predict(finding(kind, n=n), wide, {"pen": trials(values)})
    moved = predict(finding(kind, n=n), wide, {"pen": trials(shift + factor * values)})
    assert moved.sample == pytest.approx(shift + factor * plain.sample, abs=1e-9)
