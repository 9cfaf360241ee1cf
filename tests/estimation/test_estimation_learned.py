from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_courses import course, evenly_normal
from scipy.stats import norm

from micropen.estimation.learned import findings
from micropen.evidence import load_parameters

NUMBERS = load_parameters()
SPREAD = 0.3
NUMBER_OF = {
    "redness_speed": "fading", "redness_height": "redness", "swelling": "swelling",
    "peeling": "peeling", "breakouts": "spots", "pain": "pain", "glow": "glow",
}  # fmt: skip


def population(draws=1000):
    names = (*NUMBER_OF.values(), "peeling_day")
    spread = {n: np.exp(SPREAD * evenly_normal(draws, k)) for k, n in enumerate(names)}
    return course(draws, melanin=np.exp(0.03 * evenly_normal(draws, 99)), **spread)


EVERYBODY = population()
FEW = population(200)


def person(draws=400, width=1.0, own=0.1, **shift):
    """As the population times `width`; numbers in `shift` are known to `own`, that much off."""
    made = {}
    for k, name in enumerate((*NUMBER_OF.values(), "peeling_day")):
        sd, middle = (own, shift[name]) if name in shift else (width * SPREAD, 0.0)
        made[name] = np.exp(middle + sd * evenly_normal(draws, 50 + k))
    melanin = shift.get("melanin", 0.0) + 0.03 * evenly_normal(draws, 77)
    return course(draws, melanin=np.exp(melanin), **made)


def found(own):
    return {f.key: f for f in findings(EVERYBODY, own, NUMBERS)}


# Redness of the first day also depends on how fast it fades; it has its own test below.
@pytest.mark.parametrize("trait", sorted(NUMBER_OF.keys() - {"redness_height"}))
def test_figures_are_those_of_the_log_normal_put_in(trait):
    finding = found(person(**{NUMBER_OF[trait]: 0.6}, own=0.15))[trait]
    assert finding.learned == pytest.approx(1.0 - 0.15 / SPREAD, abs=0.03)
    assert finding.ratio == pytest.approx(np.exp(0.6), rel=0.05)
    assert finding.low == pytest.approx(np.exp(0.6 - 1.645 * 0.15), rel=0.07)
    assert finding.high == pytest.approx(np.exp(0.6 + 1.645 * 0.15), rel=0.07)
    assert finding.probability == pytest.approx(norm.cdf(4.0), abs=1e-3)


def test_probability_is_that_of_the_direction():
    finding = found(person(redness=-0.15, own=0.2))["redness_height"]
    assert finding.probability == pytest.approx(norm.cdf(0.75), abs=0.02)
    assert finding.sentence == (
        "Your redness on the first day is about 15 % weaker than is typical "
        "(75 % sure that it is weaker)."
    )


def test_nothing_is_claimed_where_person_and_population_are_one():
    assert findings(EVERYBODY, EVERYBODY, NUMBERS) == ()
    assert findings(EVERYBODY, person(), NUMBERS) == ()


def test_nothing_is_claimed_of_what_hardly_narrowed():
    assert found(person(width=0.9)) == {}


def test_a_direction_that_is_not_likely_is_not_told():
    assert "redness_height" not in found(person(redness=0.12, own=0.25))


def test_known_well_and_about_typical_is_said_after_what_differs():
    told = findings(EVERYBODY, person(glow=0.02, fading=0.5, own=0.08), NUMBERS)
    assert [f.key for f in told] == ["redness_speed", "glow"]
    assert told[1].sentence == "Your glow is about as strong as is typical (almost sure)."
    assert told[1].probability > 0.98


def test_what_was_learned_most_and_is_farthest_comes_first():
    told = findings(EVERYBODY, person(fading=0.3, peeling=0.9, glow=-0.5, own=0.1), NUMBERS)
    assert [f.key for f in told] == ["peeling", "glow", "redness_speed"]


def test_a_difference_that_nobody_notices_is_not_called_one():
    faint = course(1000, pain=0.2 * np.exp(SPREAD * evenly_normal(1000)))
    own = course(400, pain=0.3 * np.exp(0.05 * evenly_normal(400)))
    told = {f.key: f.sentence for f in findings(faint, own, NUMBERS)}
    assert told["pain"] == "Afterwards your skin hurts about as much as is typical (almost sure)."


@pytest.mark.parametrize(
    ("shift", "sentence"),
    [
        ({"fading": 0.262}, "Your redness fades about 30 % faster than is typical, halving in "
         "about 16 hours instead of 21 (almost sure that it fades faster)."),
        ({"fading": -0.35}, "Your redness fades about 30 % slower than is typical, halving in "
         "about 30 hours instead of 21 (almost sure that it fades slower)."),
        ({"peeling": 0.7}, "Your skin peels about twice as much as is typical (almost sure that it "
         "peels more)."),
        ({"peeling": -0.7}, "Your skin peels about half as much as is typical (almost sure that it "
         "peels less)."),
        ({"peeling_day": 0.25}, "Your peeling is at its height about a day later than is typical "
         "(almost sure that it is later)."),
        ({"peeling_day": -0.15}, "Your peeling is at its height about half a day earlier than is "
         "typical (almost sure that it is earlier)."),
        ({"spots": 1.0}, "You get about two and a half times as many spots as is typical: about 8 "
         "at their height, typically about 3 (almost sure that you get more)."),
        ({"spots": -0.5}, "You get about 40 % fewer spots than is typical: about 2 at their "
         "height, typically about 3 (almost sure that you get fewer)."),
    ],
)  # fmt: skip
def test_sentences(shift, sentence):
    assert sentence in {f.sentence for f in findings(EVERYBODY, person(**shift, own=0.04), NUMBERS)}


def test_pigment_is_told_beside_what_it_was_before():
    own = course(400, melanin=1.06 * np.exp(0.01 * evenly_normal(400)))
    told = {f.key: f.sentence for f in findings(EVERYBODY, own, NUMBERS)}
    assert told["pigment"] == (
        "In the weeks after, your skin has about 6 % more pigment than is typical: about 3 % more "
        "than before the session, typically about 3 % less than before (almost sure that it has "
        "more)."
    )


@settings(max_examples=12)
@given(
    shift=st.floats(-2.0, 2.0),
    own=st.floats(0.01, 1.0),
    number=st.sampled_from([*NUMBER_OF.values(), "peeling_day", "melanin"]),
)
def test_figures_of_a_finding_are_possible(shift, own, number):
    for finding in findings(FEW, person(60, own=own, **{number: shift}), NUMBERS):
        assert 0.75 <= finding.probability <= 1.0
        assert 0.0 < finding.low <= finding.ratio <= finding.high
        assert 0.15 <= finding.learned <= 1.0
        assert finding.sentence.endswith(").")
        assert "100 %" not in finding.sentence
        assert "nan" not in finding.sentence
        assert "99 % sure" not in finding.sentence


@settings(max_examples=5)
@given(seed=st.integers(0, 1000))
def test_the_order_of_the_draws_means_nothing(seed):
    own = person(60, fading=0.4, glow=-0.5)
    order = np.random.default_rng(seed).permutation(own.draws)
    shuffled = dataclasses.replace(own, dataset=own.dataset.isel(draw=order))
    told, again = findings(FEW, own, NUMBERS), findings(FEW, shuffled, NUMBERS)
    assert [f.sentence for f in told] == [f.sentence for f in again]
    np.testing.assert_allclose([f.learned for f in told], [f.learned for f in again])


def test_pain_is_told_in_steps_of_the_scale_for_its_ratios_are_to_next_to_nothing():
    faint = course(1000, pain=0.2 * np.exp(SPREAD * evenly_normal(1000)))
    own = course(400, pain=2.0 * np.exp(0.05 * evenly_normal(400)))
    told = {f.key: f.sentence for f in findings(faint, own, NUMBERS)}
    # An hour after the session it is a little lower than at its end.
    assert told["pain"] == (
        "Afterwards your skin hurts more than is typical: about 2 of 10 at most, typically hardly "
        "at all (almost sure that it hurts more)."
    )


def test_no_dark_patches_so_far_is_no_promise_of_none():
    """Photographs of the first week narrow it to what is typical, and patches come later."""
    own = course(400, melanin=np.exp(0.005 * evenly_normal(400)))
    assert "pigment" not in found(own)
