"""Tails, sums and groups against closed forms and simulation."""

from dataclasses import replace
from itertools import pairwise
from math import exp, pi
from pathlib import Path

import numpy as np
import pytest
from alert_cases import treatment
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

import micropen
from micropen.estimation.alerts import RULES, AlertContext, raise_alerts
from micropen.estimation.alerts.contrasts import excess_weights, judge, patch_weights, rise_weights
from micropen.estimation.alerts.doubt import agreed
from micropen.estimation.alerts.findings import rise
from micropen.estimation.alerts.points import PAIN, REDNESS, readings_of
from micropen.estimation.alerts.rules.spots import group_probability
from micropen.estimation.alerts.spending import tests_of_course as count_tests
from micropen.estimation.alerts.spending import thresholds
from micropen.estimation.alerts.tail import tail_probability
from micropen.estimation.predictive import Predictive
from micropen.estimation.result import FACE, Axis, ReadPoint
from micropen.evidence import load_parameters, sources


def answers(question, days, values, draws, new=None):
    points = tuple(
        ReadPoint(question, Axis.DIARY, FACE, day, value, 0.0, "check-in")
        for day, value in zip(days, values, strict=True)
    )
    is_new = np.ones(len(points), bool) if new is None else np.array(new)
    return AlertContext(treatment(), Predictive(points, draws, is_new))


def zones(values, draws, day=3.0):
    names = ("cheek_left", "cheek_right", "forehead", "jaw_left", "jaw_right")[: len(values)]
    points = tuple(
        ReadPoint("erythema", Axis.SIGN, zone, day, value, 0.05, "a.jpg")
        for zone, value in zip(names, values, strict=True)
    )
    return AlertContext(treatment(), Predictive(points, draws, np.ones(len(points), bool)))


def test_inside_the_draws_their_share_is_counted():
    draws = np.arange(1000.0)
    assert tail_probability(draws, 500.0) == pytest.approx(501 / 1001)
    assert tail_probability(draws, -1.0) == 1.0


def test_beyond_the_draws_an_exponential_tail_is_followed_exactly():
    even = -np.log1p(-(np.arange(2000) + 0.5) / 2000)  # quantiles of an exponential law
    for beyond in (8.0, 10.0):
        assert np.log(tail_probability(even, beyond)) == pytest.approx(-beyond, abs=0.5)


def test_a_normal_tail_is_never_promised_to_be_thinner_than_it_is():
    even = norm.ppf((np.arange(1000) + 0.5) / 1000)
    for z in (3.0, 3.5, 4.0, 5.0):
        assert norm.sf(z) < tail_probability(even, z) < 3.0 * norm.sf(z) ** 0.8


def test_heavier_tails_give_larger_probabilities():
    rng = np.random.default_rng(1)
    light = rng.standard_normal(2000)
    heavy = rng.standard_t(3, 2000)
    assert tail_probability(heavy / heavy.std(), 6.0) > 10 * tail_probability(light, 6.0)


@given(st.lists(st.floats(-20, 20), min_size=2, max_size=20), st.integers(0, 5))
def test_the_tail_never_rises(values, seed):
    draws = np.random.default_rng(seed).standard_normal(200).round(1)
    chances = [tail_probability(draws, value) for value in sorted(values)]
    assert all(a >= b > 0.0 for a, b in pairwise(chances))


def test_constant_draws_show_no_more_than_one_of_their_number():
    assert tail_probability(np.zeros(400), 1.0) == pytest.approx(1 / 401)


def test_p_values_of_joint_readings_are_uniform_where_it_matters():
    """Readings drawn from the same joint law: answers of three looks, all new."""
    rng = np.random.default_rng(7)
    person = rng.standard_normal((1600, 1))
    law = 4.0 + person + 1.5 * rng.standard_normal((1600, 3))
    known, judged = law[:600], law[600:]
    chances = []
    for row in judged:
        readings = readings_of(answers("pain", (1.0, 2.0, 3.0), row, known), PAIN)
        chances.append(judge(readings, excess_weights(readings)).probability)
    for level in (0.05, 0.01):
        sd = np.sqrt(level * (1 - level) / len(chances))
        assert np.mean(np.array(chances) <= level) < level + 3 * sd
    assert 0.4 < np.mean(np.array(chances) <= 0.5) < 0.6


def test_a_single_answer_is_its_own_tail():
    rng = np.random.default_rng(2)
    draws = 4.0 + rng.standard_normal((4000, 1))
    readings = readings_of(answers("pain", (3.0,), (6.0,), draws), PAIN)
    found = judge(readings, excess_weights(readings)).probability
    # The slack of half a point stands on top of the forecast's error of one.
    assert found == pytest.approx(norm.sf(2.0 / np.hypot(1.0, 0.5)), rel=0.25)


def test_several_moderate_looks_say_more_than_each():
    rng = np.random.default_rng(3)
    draws = 4.0 + rng.standard_normal((2000, 4))
    one = readings_of(answers("pain", (1.0,), (6.2,), draws[:, :1]), PAIN)
    four = readings_of(answers("pain", (1.0, 2.0, 3.0, 4.0), (6.2,) * 4, draws), PAIN)
    assert (
        judge(four, excess_weights(four)).probability
        < 0.1 * judge(one, excess_weights(one)).probability
    )


def test_rises_compare_the_last_look_with_each_before():
    draws = np.random.default_rng(4).standard_normal((100, 3))
    readings = readings_of(answers("pain", (2.5, 3.5, 4.5), (1.0, 2.0, 5.0), draws), PAIN)
    np.testing.assert_array_equal(rise_weights(readings), [[-1, 0, 1], [0, -1, 1]])


def test_patches_do_not_see_what_the_whole_face_does():
    draws = np.random.default_rng(5).standard_normal((300, 5)) * 0.1
    low = readings_of(zones((0.1, 0.5, 0.1, 0.1, 0.1), draws), REDNESS)
    high = readings_of(zones((0.6, 1.0, 0.6, 0.6, 0.6), draws), REDNESS)
    weights, places = patch_weights(low)
    assert set(places) == {"cheek_left", "cheek_right", "forehead", "jaw_left", "jaw_right",
                           "left", "right"}  # fmt: skip
    np.testing.assert_allclose(weights.sum(axis=1), 0.0, atol=1e-12)
    assert judge(low, weights).probability == pytest.approx(judge(high, weights).probability)
    assert places[judge(low, weights).row] == "cheek_right"


def test_groups_are_no_more_probable_than_simulated():
    """Poisson lesions on a square of 20 cm²; a group of three within 6 mm of one of them."""
    rng = np.random.default_rng(6)
    side, rate, found = np.sqrt(2000.0), 4.0, 0
    counts = rng.poisson(rate, 20_000)
    for count in counts:
        spots = rng.random((count, 2)) * side
        near = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1)) <= 6.0
        found += bool(count and near.sum(axis=1).max() >= 3)
    bound = group_probability(counts.astype(float), 3, pi * 36.0 / 2000.0)
    exact = rate**3 / 2.0 * (pi * 36.0 / 2000.0) ** 2  # factorial moment of a Poisson count
    assert bound == pytest.approx(exact, rel=0.05)
    assert found / counts.size < bound < 3.0 * found / counts.size


def test_a_share_of_the_face_thins_the_groups():
    counts = np.random.default_rng(8).poisson(5.0, 50_000).astype(float)
    thinned = np.random.default_rng(9).binomial(counts.astype(int), 0.3).astype(float)
    assert group_probability(counts, 3, 0.1, 0.3) == pytest.approx(
        group_probability(thinned, 3, 0.1), rel=0.1
    )


def test_false_alarms_are_spent_over_the_tests_of_a_course():
    context = answers("pain", (1.0,), (0.0,), np.zeros((60, 1)))
    tests = count_tests(RULES, context)
    assert tests == sum(
        {"check-in": 10, "photograph": 5}[look] for rule in RULES for look in rule.looks
    )
    limits = thresholds(RULES, context)
    assert limits.watch * tests == pytest.approx(0.15)
    # Two rules ask at the lower bar in people at risk, on photographs only.
    assert limits.ask * tests + 2 * 5 * (limits.watch - limits.ask) < 0.05


def test_a_longer_course_gets_half_as_many_false_alarms_for_each_block():
    def limit(looks):
        days = tuple(np.arange(looks) + 0.5)
        return thresholds(RULES, answers("pain", days, (0.0,) * looks, np.zeros((60, looks)))).ask

    assert limit(1) == limit(15) == 2 * limit(16) == 2 * limit(30) == 4 * limit(31)


def test_every_rule_is_told_once_and_cites_what_exists():
    assert len({rule.name for rule in RULES}) == len(RULES) >= 13
    for rule in RULES:
        assert rule.sources
        assert set(rule.sources) <= set(sources())
        assert rule.looks or rule.family == "red flag"


def test_slack_keeps_a_forecast_of_nothing_from_being_certain():
    """All draws say 0: an answer of 1 is no miracle, an answer of 5 is."""
    context = answers("pain", (9.0,), (1.0,), np.zeros((1000, 1)))
    readings = readings_of(context, PAIN)
    assert judge(readings, excess_weights(readings)).probability > 0.01
    five = replace(readings, values=np.array([5.0]))
    assert judge(five, excess_weights(five)).probability < exp(-10)


def test_every_rule_and_source_is_in_the_docs():
    page = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
    for rule in RULES:
        assert f"`{rule.name}`" in page, rule.name
        assert rule.family in page, rule.family
    tests = count_tests(RULES, answers("pain", (1.0,), (0.0,), np.zeros((60, 1))))
    assert f"{tests:g} tests" in page
    numbers = {name.split("estimation.alerts.")[1]: p.value for name, p in _alert_numbers()}
    assert f"{numbers['pain.least_diary']:g} of 10 for" in page
    assert f"{numbers['redness.least_photo']:g} of ln(blood)" in page
    assert f"within {numbers['group_radius_mm']:g} mm" in page
    assert f"within {numbers['agree_within_days']:g} days\n  (pigment: 21)" in page
    assert f"below {numbers['agrees_below']:g}" in page
    assert numbers["pigment.agree_within_days"] == 21.0


def _alert_numbers():
    return load_parameters().group("estimation.alerts").members.items()


def test_every_number_of_the_alerts_is_used():
    package = Path(micropen.__file__).parent / "estimation" / "alerts"
    code = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    for name, _ in _alert_numbers():
        last = name.split(".")[-1]
        built = last.rsplit("_", 1)[0] if last.startswith(("least_", "slack_")) else last
        assert built in code, name


def alerted(context):
    return {alert.key for alert in raise_alerts(context)}


def test_a_rise_that_the_forecast_foresees_is_none():
    rng = np.random.default_rng(10)
    risen = np.array([0.0, 3.5])
    draws = 1.0 + 0.5 * rng.standard_normal((800, 2))
    told = answers("pain", (3.0, 4.0), (0.0, 4.5), draws, (False, True))
    foreseen = replace(told, predictive=replace(told.predictive, draws=draws + risen))
    # The step from 0 is larger than the forecast's, but the forecast rises too.
    assert rise(told, PAIN, 2.0) is not None
    assert rise(foreseen, PAIN, 2.0) is None


def test_a_small_patch_is_none_however_improbable():
    draws = 0.001 * np.random.default_rng(11).standard_normal((800, 5))
    small, large = (zones((by, 0.0, 0.0, 0.0, 0.0), draws) for by in (0.18, 0.3))
    assert "one_sided" not in alerted(small)
    assert "one_sided" in alerted(large)


def test_only_a_rare_entry_is_borne_out():
    """Of two doubtful answers on two days the mild one stays doubtful whatever the other says."""
    draws = 2.0 + np.random.default_rng(12).standard_normal((800, 2))
    for value, expected in ((3.5, [False, False]), (8.0, [True, True])):
        context = answers("pain", (3.0, 4.0), (value, 8.0), draws)
        points = tuple(replace(p, doubt=0.9) for p in context.predictive.points)
        context = replace(context, predictive=replace(context.predictive, points=points))
        assert agreed(context, readings_of(context, PAIN)).tolist() == expected
