from __future__ import annotations

import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.healing.treated_area import TreatedArea
from micropen.report.captions import Moment, caption, moment
from micropen.report.series import scenario_series
from micropen.report.words import Vocabulary
from micropen.signs import SIGNS

NUMBERS = load_parameters()
VOCABULARY = Vocabulary.from_parameters(NUMBERS)
ONCE = (0.0, float("inf"))


def at(day: float, now: dict[str, float], peak: dict[str, float] | None = None) -> str:
    value = dict.fromkeys(SIGNS, 0.0) | now
    height = value | (peak or {})
    words = caption(Moment(day, day, value, height, height, VOCABULARY))
    return f"{words.headline} | {words.text}"


def test_words_follow_the_values_and_not_the_calendar():
    late = at(9.0, {"erythema": 0.9})
    assert late.startswith("Still clearly red")
    assert at(0.3, {"erythema": 0.9}).startswith("Red like a strong sunburn")
    assert "flak" not in at(3.0, {})
    assert at(11.0, {"scaling": 0.05}).startswith("Light flaking")


def test_what_has_gone_is_said():
    words = at(3.0, {"scaling": 0.05, "erythema": 0.2}, {"erythema": 1.2})
    assert words.startswith("Light flaking")
    assert "most redness gone" in words
    assert "redness gone" in at(4.0, {"scaling": 0.05}, {"erythema": 1.2})


def test_a_picture_like_before_is_not_passed_off_as_no_effect():
    words = at(40.0, {"collagen": 0.04})
    assert words.startswith("Back to your usual skin")
    assert "4 % more collagen" in words
    assert "collagen" not in at(40.0, {"collagen": 0.001})


def test_dots_become_crusts():
    assert "blood dots" in at(0.3, {"pinpoint_bleeding": 2.0})
    assert "crusts" in at(1.0, {"pinpoint_bleeding": 2.0})


def test_every_value_gets_a_caption():
    rng = np.random.default_rng(0)
    for _ in range(300):
        drawn = {
            s.name: float(rng.choice([0, 0.02, 0.3, 1, 4]) * (-1 if s.lower < 0 else 1))
            for s in SIGNS.values()
        }
        words = at(float(rng.uniform(0, 60)), drawn)
        headline, text = words.split(" | ")
        assert headline
        assert headline[0].isupper()
        assert ".." not in text
        assert "  " not in words


def test_captions_of_a_course_tell_the_story(course):
    curves = scenario_series(course, TreatedArea.of(ZONES, NUMBERS), "expected")
    story = {d: caption(moment(curves, d, ONCE, VOCABULARY)) for d in (0.3, 4.0, 8.0, 60.0)}
    assert "sunburn" in story[0.3].headline or "ink" in story[0.3].headline
    assert "lak" in story[4.0].headline
    assert "glow" in story[8.0].headline.lower()
    assert "usual skin" in story[60.0].headline


@pytest.mark.parametrize("window", [(0.0, 28.0), (28.0, float("inf"))])
def test_a_window_looks_only_at_its_own_session(course, window):
    curves = scenario_series(course, TreatedArea.of(("cheek_left",), NUMBERS), "expected")
    now = moment(curves, window[0] + 2.0, window, VOCABULARY)
    inside = (curves["erythema"].days >= window[0]) & (curves["erythema"].days <= window[0] + 2)
    assert now.since_session == 2.0
    assert now.peak["erythema"] == curves["erythema"].median[inside].max()


def test_soreness_and_pigment_are_said():
    sore = at(1.0, {"pain": 4.0, "erythema": 0.5})
    assert "sore" in sore
    assert "darker" in at(20.0, {"pigment": 0.2, "gloss": 0.2})
    assert "lighter" in at(20.0, {"pigment": -0.2})
