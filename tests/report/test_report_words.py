from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.evidence import load_parameters
from micropen.report.words import (
    Vocabulary,
    by_day,
    date_words,
    day_label,
    day_range,
    joined,
    sentence,
    share_words,
    until,
    whole_day,
)
from micropen.signs import SIGNS

VOCABULARY = Vocabulary.from_parameters(load_parameters())


def test_thresholds_ascend_for_every_sign():
    for name in SIGNS:
        slight, clear, strong = VOCABULARY.limits[name]
        assert 0 < slight < clear < strong


@pytest.mark.parametrize(
    ("day", "label"),
    [(0.0, "Right after"), (0.02, "Right after"), (0.1, "Day 0, 2 h"), (0.3, "Day 0, evening"),
     (1.0, "Day 1"), (1.5, "Day 1, evening"), (30.3, "Day 30, evening"), (60.0, "Day 60")],
)  # fmt: skip
def test_a_stop_has_a_name(day, label):
    assert day_label(day) == label


@pytest.mark.parametrize(
    ("day", "words"),
    [(0.01, "minutes"), (0.05, "about 1 hour"), (0.3, "about 7 hours"), (0.5, "until day 1"),
     (1.86, "until day 2"), (2.4, "until day 2"), (float("inf"), "longer than this forecast")],
)  # fmt: skip
def test_until_when(day, words):
    assert until(day) == words


def test_half_days_round_up_and_ranges_collapse():
    assert whole_day(2.5) == 3
    assert day_range(0.75, 3.14) == "1–3"
    assert day_range(1.9, 2.2) == "2"
    assert day_range(2.0, float("inf")) == "2 or later"
    assert by_day(3.6) == "day 4"
    assert by_day(float("inf")) == "the end of this forecast or later"


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "fewer than 1 of 30"), (0.05, "about 1 of 20"), (0.1, "about 1 of 10"),
     (0.84, "about 8 of 10"), (0.95, "19 of 20"), (1.0, "nearly all")],
)  # fmt: skip
def test_probabilities_are_said(share, words):
    assert share_words(share) == words


def test_dates_follow_the_first_session():
    assert date_words(dt.date(2026, 2, 27), 2.3) == "Sunday 1 March"
    assert date_words(None, 3.0) == ""


def test_lists_and_sentences():
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert joined([]) == ""
    assert sentence("light flaking") == "Light flaking."
    assert sentence("") == ""


@given(st.sampled_from(sorted(SIGNS)), st.floats(-5, 500), st.floats(-5, 500))
def test_words_and_meters_grow_with_the_value(name, a, b):
    low, high = sorted((a, b))
    assert VOCABULARY.level(name, low) <= VOCABULARY.level(name, high)
    if low >= 0:
        assert 0 <= VOCABULARY.strength(name, low) <= VOCABULARY.strength(name, high) <= 1
    assert VOCABULARY.word(name, low)


def test_falling_below_the_untreated_state_has_its_own_words():
    assert VOCABULARY.word("pigment", -0.15) == "lighter"
    assert VOCABULARY.word("pigment", 0.15) == "darker"
    assert VOCABULARY.word("scaling", -1.0) == "none"
