"""How long a gain lasts: against closed forms, and what keeps it."""

import numpy as np
import pytest

from micropen.evidence import Grade, load_parameters
from micropen.planning.goals import goal, lasting, sampler
from micropen.planning.goals.lasting import TURNOVER, gain_over_time, span_in_words

DRAWS = 60
SEED = 5


@pytest.fixture(scope="module")
def typical():
    return load_parameters().without_spread()


def flat(each, size, days):
    """Signs that stay as they are until the last known day, as if nothing had decayed."""
    return {name: np.full((DRAWS, days.size), size) for name in each.signs}


def decaying(parameters, start, days, draws=DRAWS, seed=SEED):
    """Collagen that fades by its turnover alone, through its plateau, shape (draw, day)."""
    plateau = parameters.sample("healing.collagen.plateau", draws, seed)[:, None]
    rate = parameters.sample(TURNOVER, draws, seed)[:, None]
    laid = -plateau * np.log1p(-np.minimum(start / plateau, 0.9))
    return plateau * -np.expm1(-laid * np.exp(-rate * days) / plateau)


def closed_half_life(parameters, start, read_on):
    """Of the scars' effect on typical collagen that fades from day 0 by its turnover."""
    largest = parameters.value("observation.scars.largest")
    half = parameters.value("observation.scars.half_collagen")
    plateau = parameters.value("healing.collagen.plateau")
    rate = parameters.value(TURNOVER)
    then = decaying(parameters, start, np.array([read_on]), 1)[0, 0]
    gain = 0.5 * largest * then / (then + half)
    left = half * gain / (largest - gain)
    laid_then = -plateau * np.log1p(-then / plateau)
    laid_left = -plateau * np.log1p(-left / plateau)
    return np.log(laid_then / laid_left) / rate


def test_the_half_life_of_scars_is_the_closed_form(typical):
    each, days = goal("acne scars"), np.arange(0.0, 401.0, 2.0)
    signs = {"collagen": decaying(typical, 0.1, days)}
    found = lasting(each, days, signs, np.full(DRAWS, 0.05), typical, SEED)
    expected = closed_half_life(typical, 0.1, typical.value(each.read_after))
    assert found.half_life_days.median == pytest.approx(expected, rel=0.005)
    # Saturation: what is halved last was there in plenty.
    assert expected > 1.1 * np.log(2.0) / typical.value(TURNOVER)


@pytest.mark.parametrize("start", [0.02, 0.2])
def test_the_horizon_does_not_matter_once_only_turnover_is_left(start):
    parameters, each = load_parameters(), goal("laxity")
    one = np.full(DRAWS, 0.02)
    found = []
    for horizon in (120.0, 1200.0):
        days = np.arange(0.0, horizon + 1.0, 2.0)
        signs = {"collagen": decaying(parameters, start, days)}
        found.append(lasting(each, days, signs, one, parameters, SEED))
    near, far = found
    assert near.half_life_days.median == pytest.approx(far.half_life_days.median, rel=0.01)
    assert near.maintenance_days == pytest.approx(far.maintenance_days, rel=0.01)


def test_the_gain_never_rises_beyond_the_horizon():
    parameters = load_parameters()
    days = np.arange(0.0, 101.0, 10.0)
    for name in ("acne scars", "laxity", "texture", "glow"):
        each = goal(name)
        signs = {sign: np.full((DRAWS, days.size), 0.05) for sign in each.signs}
        signs["pigment"] = np.zeros((DRAWS, days.size))
        later, gain = gain_over_time(each, days, signs, parameters, SEED)
        assert np.all(np.diff(later) > 0.0)
        assert np.all(np.diff(gain[days.size - 1 :], axis=0) <= 1e-12)
        assert gain.shape == (later.size, DRAWS)


def test_up_to_the_horizon_the_gain_is_the_effect_on_the_signs():
    parameters, each = load_parameters(), goal("texture")
    days = np.linspace(0.0, 90.0, 10)
    relief = np.random.default_rng(2).uniform(0.0, 0.3, (DRAWS, days.size))
    _, gain = gain_over_time(each, days, {"relief": relief}, parameters, SEED)
    expected = each.effect({"relief": relief.T}, sampler(each, parameters, DRAWS, SEED))
    assert np.array_equal(gain[: days.size], expected)


def falling(each, days, per_day):
    """Gloss of a glow that fades by itself."""
    return {
        "gloss": np.tile(0.3 * np.exp(-per_day * days), (DRAWS, 1)),
        "pigment": np.zeros((DRAWS, days.size)),
    }


def test_a_glow_is_due_again_after_the_label_s_interval(typical):
    each, days = goal("glow"), np.arange(0.0, 200.0)
    one = np.full(DRAWS, 0.3)
    found = lasting(each, days, falling(each, days, 0.2), one, typical, SEED)
    assert found.maintenance_days == typical.value("healing.milestones.session_interval")
    assert found.half_life_days.median == pytest.approx(np.log(2.0) / 0.2, abs=0.6)
    assert "after about 4 days" in found.sentence
    assert found.grade is Grade.D


def test_maintenance_is_when_the_loss_is_what_one_session_brings(typical):
    each, days = goal("glow"), np.arange(0.0, 400.0)
    signs = falling(each, days, 0.01)
    later, gain = gain_over_time(each, days, signs, typical, SEED)
    mean, read_on = gain.mean(axis=1), typical.value(each.read_after)
    one = 0.4 * np.interp(read_on, later, mean)
    found = lasting(each, days, signs, np.full(DRAWS, one), typical, SEED)
    lost = np.interp(read_on, later, mean) - np.interp(
        read_on + found.maintenance_days, later, mean
    )
    assert lost == pytest.approx(one, rel=1e-6)


def test_a_session_that_brings_more_is_due_later():
    parameters, each = load_parameters(), goal("acne scars")
    days = np.arange(0.0, 401.0, 2.0)
    signs = {"collagen": decaying(parameters, 0.1, days)}
    due = [
        lasting(each, days, signs, np.full(DRAWS, one), parameters, SEED).maintenance_days
        for one in (0.01, 0.05, 0.1)
    ]
    assert due == sorted(due)
    assert due[0] < due[-1]


def test_a_session_that_brings_nothing_keeps_nothing(typical):
    each, days = goal("acne scars"), np.arange(0.0, 401.0, 2.0)
    signs = {"collagen": decaying(typical, 0.1, days)}
    found = lasting(each, days, signs, np.zeros(DRAWS), typical, SEED)
    assert found.maintenance_days == np.inf
    assert "would add nothing" in found.sentence


def test_without_a_gain_nothing_lasts(typical):
    each, days = goal("pigment"), np.arange(0.0, 201.0)
    darker = {"pigment": np.full((DRAWS, days.size), 0.1)}
    found = lasting(each, days, darker, np.full(DRAWS, 0.1), typical, SEED)
    assert found.half_life_days.high == 0.0
    assert found.sentence == "This series brings no gain that could last."
    assert found.maintenance_days == np.inf


def test_a_draw_without_a_gain_is_left_out(typical):
    each, days = goal("acne scars"), np.arange(0.0, 401.0, 2.0)
    collagen = decaying(typical, 0.1, days)
    whole = lasting(each, days, {"collagen": collagen}, np.ones(DRAWS), typical, SEED)
    collagen[::2] = 0.0
    half = lasting(each, days, {"collagen": collagen}, np.ones(DRAWS), typical, SEED)
    assert half.half_life_days.low == whole.half_life_days.low
    assert half.half_life_days.mean == pytest.approx(whole.half_life_days.mean)


def test_signs_that_end_before_the_goal_is_read_are_read_at_their_end(typical):
    each, days = goal("acne scars"), np.arange(0.0, 31.0)
    found = lasting(each, days, flat(each, 0.1, days), np.full(DRAWS, 0.05), typical, SEED)
    assert 300.0 < found.half_life_days.median < 3000.0


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1.0, "about 1 day"),
        (17.6, "about 18 days"),
        (122.0, "about 4 months"),
        (365.25 * 3.1, "about 3 years"),
        (np.inf, "longer than can be foreseen"),
    ],
)
def test_a_span_in_words(days, words):
    assert span_in_words(days) == words
