from __future__ import annotations

import numpy as np
import pytest
from made_up_courses import TYPICAL, course

from micropen.estimation.traits import TRAITS
from micropen.evidence import load_parameters

NUMBERS = load_parameters()
BY_NAME = {trait.name: trait for trait in TRAITS}


def value(name, made):
    return BY_NAME[name].of(made, NUMBERS)


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_redness_halves_when_an_exponential_does(factor):
    rate = factor * TYPICAL["fading"]
    speed = value("redness_speed", course(3, fading=factor))
    np.testing.assert_allclose(speed, rate / np.log(2.0), rtol=1e-4)


def test_height_of_redness_is_its_mean_over_the_first_day():
    rate = TYPICAL["fading"]
    mean = (1.0 - np.exp(-rate)) / rate
    np.testing.assert_allclose(
        value("redness_height", course(2, redness=1.5)), 1.5 * mean, rtol=5e-3
    )


@pytest.mark.parametrize("day", [2.2, 3.0, 3.55, 4.9])
def test_day_of_most_flakes_lies_between_the_days_of_the_grid(day):
    made = course(2, peeling_day=day / TYPICAL["peeling_day"])
    np.testing.assert_allclose(value("peeling_day", made), day, atol=0.02)


@pytest.mark.parametrize(
    ("name", "number", "typical"),
    [("swelling", "swelling", 0.5), ("peeling", "peeling", 0.05), ("breakouts", "spots", 3.0),
     ("pigment", "melanin", 0.97), ("glow", "glow", 0.3)],
)  # fmt: skip
def test_heights_are_those_put_in(name, number, typical):
    made = course(2, **{number: np.array([1.0, 1.2])})
    np.testing.assert_allclose(value(name, made), [typical, 1.2 * typical], rtol=2e-3)


def test_pain_begins_an_hour_after():
    np.testing.assert_allclose(value("pain", course(1)), np.exp(-2.0 / 24.0), rtol=1e-5)


def test_every_trait_is_defined_for_every_draw_even_of_nothing():
    for factor in (0.0, 1e-12, 1e3):
        made = course(
            2, **{k: factor for k in TYPICAL if k not in {"melanin", "peeling_day", "glow_day"}}
        )
        for trait in TRAITS:
            found = trait.of(made, NUMBERS)
            assert found.shape == (2,)
            assert np.isfinite(found).all(), trait.name
            assert (found > 0.0).all(), trait.name


def test_a_trait_that_the_course_does_not_reach_is_none():
    short = course(2, horizon=4.0)
    defined = {trait.name for trait in TRAITS if trait.of(short, NUMBERS) is not None}
    assert defined == {"redness_speed", "redness_height", "swelling", "breakouts", "pain"}


def test_the_second_session_has_its_own_days():
    made = course(2, session_days=(0.0, 30.0))
    made.dataset["erythema"].values[:, :, made.days >= 30.0] *= 2.0
    first, second = (BY_NAME["redness_height"].of(made, NUMBERS, s) for s in (0, 1))
    np.testing.assert_allclose(second, 2.0 * first, rtol=1e-5)


def test_every_trait_has_its_own_numbers():
    assert len(BY_NAME) == len(TRAITS)
    for trait in TRAITS:
        assert NUMBERS.value(f"estimation.traits.{trait.name}.noticed") > 0.0
