from __future__ import annotations

from datetime import date

import pytest

from micropen.estimation.phrases import (
    Wording,
    duration,
    half_days,
    number,
    of_ten,
    short_date,
    sure,
)

FADES = Wording("Your redness fades", "faster", "slower", "fast", "it fades")


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.75, "75 % sure"), (0.81, "80 % sure"), (0.93, "90 % sure"), (0.949, "90 % sure"),
     (0.956, "95 % sure"), (0.98, "98 % sure"), (0.986, "almost sure"), (1.0, "almost sure")],
)  # fmt: skip
def test_nobody_is_quite_sure(probability, words):
    assert sure(probability) == words


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(1.1, "about 10 % faster than is"), (1.31, "about 30 % faster than is"),
     (1.74, "about 75 % faster than is"), (2.0, "about twice as fast as is"),
     (2.5, "about two and a half times as fast as is"), (3.2, "about three times as fast as is"),
     (9.0, "more than five times as fast as is"), (0.9, "about 10 % slower than is"),
     (0.62, "about 40 % slower than is"), (0.5, "about half as fast as is"),
     (0.33, "about a third as fast as is"), (0.25, "about a quarter as fast as is"),
     (0.1, "less than a fifth as fast as is")],
)  # fmt: skip
def test_ratios_in_words(ratio, words):
    assert FADES.compared(ratio) == f"Your redness fades {words} typical"


@pytest.mark.parametrize(
    ("days", "words"),
    [(0.01, "an hour"), (0.05, "an hour"), (0.125, "3 hours"), (1.0, "24 hours"),
     (1.7, "41 hours"), (2.0, "2 days"), (2.4, "2½ days"), (9.4, "9 days")],
)  # fmt: skip
def test_lengths_of_time(days, words):
    assert duration(days) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [(0.3, "half a day"), (-0.6, "half a day"), (1.1, "a day"), (-1.5, "1½ days"), (3.2, "3 days")],
)
def test_differences_of_days(days, words):
    assert half_days(days) == words


def test_counts():
    assert [number(n) for n in (0.3, 0.6, 3.4)] == ["hardly any", "about 1", "about 3"]


@pytest.mark.parametrize(
    ("share", "words"),
    [(1.0, "nearly all"), (0.96, "19 of 20"), (0.949, "9 of 10"), (0.899, "8 of 10"),
     (0.7, "7 of 10"), (0.02, "fewer than 1 of 10")],
)  # fmt: skip
def test_a_share_is_never_rounded_up_to_the_next_tenth(share, words):
    assert of_ten(share) == words


def test_dates_are_english_whatever_the_machine_speaks():
    assert short_date(date(2026, 6, 9)) == "Tue 9 June"
    assert short_date(date(2027, 1, 1)) == "Fri 1 January"
