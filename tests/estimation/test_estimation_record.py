from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, poisson

from micropen.estimation.kept_forecast import KeptForecast, Line, Made
from micropen.estimation.record import predictive, record, score, typical_spread
from micropen.estimation.result import FACE, Axis, ReadPoint, Score
from micropen.evidence import load_parameters

NUMBERS = load_parameters()
DAYS = np.arange(0.0, 15.0)
MADE = Made(datetime(2026, 6, 6, 20, 0), 1.0, "0" * 16, 3, "1" * 16)
REDNESS = Line("erythema", Axis.SIGN, FACE)
SPOTS = Line("lesions", Axis.COUNT, FACE)
PAIN = Line("pain", Axis.DIARY, FACE)
SCALE = NUMBERS.value("estimation.record.spread.sign.erythema")


def normal(middle, sd, draws=20_000):
    column = middle + sd * norm.ppf((np.arange(draws) + 0.5) / draws)
    return np.repeat(column[:, None], DAYS.size, axis=1)


def kept(line=REDNESS, personal=(0.5, 0.1), population=(0.5, 0.3)):
    return KeptForecast.of(MADE, DAYS, {line: normal(*personal)}, {line: normal(*population)})


def point(value, day=4.0, sd=0.0, line=REDNESS, doubt=0.0):
    return ReadPoint(line.key, line.axis, line.zone, day, value, sd, "photo", doubt)


def interval_score_of_a_normal(sd):
    """Expected interval score of the true 90 % band of a normal: 2 sd phi(z) / (alpha / 2)."""
    return 2.0 * sd * norm.pdf(norm.ppf(0.95)) / 0.05


@pytest.mark.parametrize("sd", [0.0, 0.05, 0.4])
def test_a_reading_adds_its_own_error(sd):
    draws = predictive(kept(), "personal", point(9.9, sd=sd))
    whole = np.hypot(0.1, sd)
    assert np.mean(draws) == pytest.approx(0.5, abs=0.05 * whole)
    np.testing.assert_allclose(
        np.quantile(draws, (0.05, 0.95)), 0.5 + whole * norm.ppf((0.05, 0.95)), atol=0.07 * whole
    )


def test_the_chance_of_a_count_is_in_the_forecast_and_not_added_again():
    """The levels kept of a Poisson count give that count back, to what 21 levels can hold."""
    counts = poisson.ppf((np.arange(2000) + 0.5) / 2000, 4.0)
    forecast = KeptForecast.of(
        MADE, DAYS, *({SPOTS: np.repeat(counts[:, None], DAYS.size, axis=1)} for _ in range(2))
    )
    draws = predictive(forecast, "personal", point(0.0, line=SPOTS))
    assert np.var(draws) == pytest.approx(4.0, rel=0.1)
    for count in range(9):
        assert np.mean(draws == count) == pytest.approx(poisson.pmf(count, 4.0), abs=0.035)


@pytest.mark.parametrize(
    ("value", "sd", "one_off", "steps"),
    [(3.0, 0.0, 0.0, {0.0}), (2.5, 0.0, 0.0, {-0.5, 0.0}), (3.0, 0.0, 0.3, {-1.0, 0.0, 1.0})],
)
def test_answers_are_expected_as_a_person_gives_them(value, sd, one_off, steps):
    """2.8 of 10 is marked 3, or 2.5 and 3 by halves where it is about 2.7 to 2.8."""
    sure = kept(PAIN, (2.8 if step_is_whole(value) else 2.75, 1e-3), (5.0, 1.0))
    draws = predictive(sure, "personal", point(value, sd=sd, line=PAIN), one_off)
    assert set(np.unique(draws) - 3.0) == steps
    if one_off:
        assert np.mean(draws != 3.0) == pytest.approx(one_off * 2.0 / 3.0, abs=0.02)


def step_is_whole(value):
    return float(value).is_integer()


def test_a_word_keeps_its_range_and_is_not_rounded():
    draws = predictive(kept(PAIN, (2.8, 1e-3), (5, 1)), "personal", point(2.0, sd=1.5, line=PAIN))
    assert np.unique(draws).size > 1000


def test_answers_stay_on_their_scale():
    draws = predictive(
        kept(PAIN, (9.0, 2.0), (5.0, 2.0)), "personal", point(0.0, sd=1.0, line=PAIN)
    )
    assert draws.min() >= 0.0
    assert draws.max() == 10.0


def test_the_same_numbers_every_time():
    made = [predictive(kept(), "personal", point(0.5, sd=0.1)) for _ in range(2)]
    np.testing.assert_array_equal(*made)


@pytest.mark.parametrize("value", [0.5, 0.9, 0.1])
def test_score_of_one_reading_is_width_and_miss(value):
    low, high = 0.5 + 0.1 * norm.ppf((0.05, 0.95))
    miss = max(low - value, 0.0) + max(value - high, 0.0)
    found = score(kept(), [point(value)], NUMBERS)
    assert found.readings == 1
    assert found.interval_score == pytest.approx((high - low + 20.0 * miss) / SCALE, rel=0.04)
    assert found.coverage == (value == 0.5)


def test_score_and_coverage_of_many_readings_are_those_of_the_normal():
    values = 0.5 + np.hypot(0.1, 0.05) * norm.ppf((np.arange(300) + 0.5) / 300)
    found = score(kept(), [point(v, sd=0.05) for v in values], NUMBERS)
    assert found.readings == 300
    assert found.coverage == pytest.approx(0.9, abs=0.02)
    own = interval_score_of_a_normal(np.hypot(0.1, 0.05)) / SCALE
    assert found.interval_score == pytest.approx(own, rel=0.04)
    # The population's band is wide enough to hold nearly all of them: its width is its score.
    wide = 2.0 * np.hypot(0.3, 0.05) * norm.ppf(0.95) / SCALE
    assert found.population_interval_score == pytest.approx(wide, rel=0.04)


def test_only_what_came_after_and_is_not_doubted_judges():
    known = [point(0.5, day=0.5), point(0.5, day=1.0)]
    doubted, unknown = point(0.5, doubt=0.51), point(0.5, line=Line("gloss", Axis.SIGN, FACE))
    beyond, good = point(0.5, day=15.0), point(0.5, day=1.01, doubt=0.5)
    found = score(kept(), [*known, doubted, unknown, beyond, good], NUMBERS)
    assert found.readings == 1
    assert (found.made_at, found.data_until_day) == (MADE.at, 1.0)


def test_without_readings_there_is_no_score():
    found = score(kept(), [], NUMBERS)
    assert found.readings == 0
    assert np.isnan([found.coverage, found.interval_score, found.population_interval_score]).all()


def test_a_miss_is_measured_in_the_spread_of_its_sign():
    assert typical_spread(kept(), REDNESS, NUMBERS) == SCALE
    assert typical_spread(kept(PAIN), PAIN, NUMBERS) == NUMBERS.value(
        "estimation.record.spread.diary"
    )
    new = Line("sharpness", Axis.SIGN, FACE)
    assert typical_spread(kept(new), new, NUMBERS) == pytest.approx(0.3, rel=0.01)


def one(readings=20, coverage=0.9, own=1.0, typical=1.0, hours=0.0):
    return Score(MADE.at + timedelta(hours=hours), 1.0, readings, coverage, own, typical)


def test_nothing_to_judge_is_said():
    empty = score(kept(), [], NUMBERS)
    found = record([empty], NUMBERS)
    assert found.scores == ()
    assert found.sentence == (
        "No forecast for you could be judged yet: nothing was read after one was made."
    )


@pytest.mark.parametrize(
    ("readings", "words"), [(1, "One reading came after"), (11, "Only 11 readings came after")]
)
def test_few_readings_are_called_few(readings, words):
    said = record([one(readings), one(min(readings, 3))], NUMBERS).sentence
    assert said.startswith(words)
    assert "too few" in said
    assert "%" not in said


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (one(own=0.7), "did 30 % better than the typical one would have"),
        (one(own=1.3), "did 30 % worse than the typical one would have (interval score, which "
         "rewards narrow bands that hold)."),
        (one(own=1.03), "no better and no worse"),
        (one(coverage=0.7), "70 % lay inside the 90 % band: fewer than should; the bands "
         "may be too narrow."),
        (one(coverage=0.9), "90 % lay inside the 90 % band: about as many as should."),
        (one(coverage=1.0), "or a few more: they were wide enough"),
        (one(), "Readings of one day go together"),
        (one(), "your earlier forecast,"),
    ],
)  # fmt: skip
def test_the_record_is_told_as_it_is(given, words):
    assert words in record([given], NUMBERS).sentence


def test_advice_is_drawn_from_several_forecasts_only():
    bad = [one(own=1.3, coverage=0.7, hours=hours) for hours in range(3)]
    advice = ("trust the typical band more than your own.", "so think of them as wider.")
    assert all(words in record(bad, NUMBERS).sentence for words in advice)
    assert not any(words in record(bad[:2], NUMBERS).sentence for words in advice)


def test_forecasts_count_by_their_readings_and_stand_by_time():
    found = record([one(30, 0.9, 0.5, 1.0, hours=5), one(10, 0.5, 2.0, 1.0)], NUMBERS)
    assert [s.readings for s in found.scores] == [10, 30]
    assert "your 2 earlier forecasts, 80 % lay" in found.sentence
    assert "did 12 % better" in found.sentence


@settings(max_examples=20)
@given(values=st.lists(st.floats(-1.0, 3.0), min_size=1, max_size=5), shift=st.floats(0.0, 5.0))
def test_a_reading_farther_off_never_scores_better(values, shift):
    near = score(FORECAST, [point(v) for v in values], NUMBERS)
    away = score(FORECAST, [point(v + np.copysign(shift, v - 0.5)) for v in values], NUMBERS)
    assert 0.0 <= near.coverage <= 1.0
    assert away.interval_score >= near.interval_score - 1e-9


FORECAST = kept()
