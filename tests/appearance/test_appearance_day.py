"""Appearance of a day: driven by the course alone, neutral without one, the same for a seed."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.appearance import appearance, appearance_of_signs, canvas_of
from micropen.appearance.one_day import days_since_session
from micropen.errors import MicropenError
from micropen.healing import forecast
from micropen.treatment import Treatment


@pytest.fixture(scope="module")
def course(founding_case_file):
    return forecast(Treatment.read(founding_case_file), days=30, draws=12, seed=4)


def test_no_change_of_signs_changes_nothing(portrait, canvas):
    shown = appearance_of_signs(portrait, canvas, {}, day=2.0)
    assert shown.nothing_changes
    zero = {name: np.zeros(len(ZONES)) for name in ("erythema", "scaling", "gloss", "lesions")}
    assert appearance_of_signs(portrait, canvas, zero, day=2.0).nothing_changes


@pytest.mark.parametrize(
    ("sign", "value"),
    [
        ("erythema", 0.5), ("scaling", 0.05), ("gloss", 0.3), ("gloss", -0.2), ("relief", 0.2),
        ("swelling", 0.5), ("pigment", -0.1), ("pinpoint_bleeding", 8.0), ("lesions", 2.0),
    ],
)  # fmt: skip
def test_each_sign_is_seen(portrait, canvas, sign, value):
    shown = appearance_of_signs(portrait, canvas, {sign: np.full(len(ZONES), value)}, day=1.0)
    assert not shown.nothing_changes


@pytest.mark.parametrize("sign", ["pain", "barrier_defect"])
def test_signs_that_no_photograph_shows_are_not_painted(portrait, canvas, sign):
    shown = appearance_of_signs(portrait, canvas, {sign: np.full(len(ZONES), 1.0)}, day=1.0)
    assert shown.nothing_changes


def test_same_course_same_appearance(portrait, course):
    first, second = (appearance(portrait, course, 0.3) for _ in range(2))
    for item in fields(first):
        one, two = getattr(first, item.name), getattr(second, item.name)
        if isinstance(one, np.ndarray):
            assert one.tobytes() == two.tobytes(), item.name
    assert first.pinpoints.x.tobytes() == second.pinpoints.x.tobytes()


def test_worst_is_redder_than_expected_than_best(portrait, course):
    blood = [
        float(appearance(portrait, course, 1.0, scenario).added_blood.sum())
        for scenario in ("best", "expected", "worst")
    ]
    assert blood[0] < blood[1] < blood[2]


def test_points_are_crusts_from_day_one(portrait, course):
    assert appearance(portrait, course, 0.2).pinpoints.crust == 0.0
    assert appearance(portrait, course, 1.5).pinpoints.crust == 1.0


def test_a_day_outside_the_course_is_refused(portrait, course):
    with pytest.raises(MicropenError, match="outside the course"):
        appearance(portrait, course, 31.0)


def test_age_counts_from_the_latest_session():
    assert days_since_session(3.0, (0.0, 28.0)) == 3.0
    assert days_since_session(30.0, (0.0, 28.0)) == 2.0
    assert days_since_session(28.0, (0.0, 28.0)) == 0.0
    assert days_since_session(5.0, ()) == 5.0


def test_a_canvas_is_made_once_per_face_and_seed(portrait):
    assert canvas_of(portrait, 5) is canvas_of(portrait, 5)
    assert canvas_of(portrait, 5) is not canvas_of(portrait, 6)
