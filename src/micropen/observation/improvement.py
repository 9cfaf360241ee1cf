"""Improvement as graders see it: what the skin gained, and what would have improved anyway.

People come when they are at their worst, graders know which photograph is the later one, and
people who have paid hope. In a trial without a control all of that looks like an effect:

    improvement = 1 - exp(-(placebo_drive + treatment_drive) * lean)
    placebo_drive   = -ln(1 - placebo * (1 - exp(-day / placebo.days)))
                      0 where a control takes it off or before treatment
    treatment_drive = -ln(1 - effect)
    lean            = exp(grader.lean_sd * rater + grader.person_sd * person)

Without lean the two combine as independent shares of what is left to improve. From uncontrolled
trials alone placebo and effect can hardly be told apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from micropen.observation.effects import MOST, dermal_effect
from micropen.observation.observer_error import slip
from micropen.observation.view import View

Array = NDArray[np.float64]

GRADER = ("grader.lean_sd", "grader.person_sd", "placebo.days")
GRADED = (*GRADER, "grader.slip_grades")


def emax_effect(view: View, family: str, day: float | None, factor: float | Array = 1.0) -> Array:
    """Share of a fault that new collagen takes away, shape ``(draw,)``.

    ``largest * collagen / (collagen + half_collagen)``: it saturates over a series both here and
    in the sign itself. `factor` multiplies it (kind of scar).
    """
    half = view.parameter(f"{family}.half_collagen")
    largest = view.parameter(f"{family}.largest")
    return dermal_effect(view.at("collagen", day), largest, half, factor)


def placebo(view: View, family: str, day: float | None) -> Array:
    """Share that would have improved anyway, shape ``(draw,)``."""
    if day is None or view.controlled:
        return np.zeros(view.draws)
    whole = np.clip(view.parameter(f"{family}.placebo"), 0.0, MOST)
    return whole * -np.expm1(-day / view.parameter("placebo.days"))


def improvement(view: View, family: str, day: float | None, effect: Array) -> Array:
    """Share of what was there before that graders see gone, 0 to 1, shape ``(draw,)``."""
    drive = -np.log1p(-placebo(view, family, day)) - np.log1p(-np.clip(effect, 0.0, MOST))
    lean = view.parameter("grader.lean_sd") * view.rater(f"grader.{family}") + (
        view.parameter("grader.person_sd") * view.noise(f"grader.{family}")
    )
    return -np.expm1(-drive * np.exp(lean))


def grade_error(view: View, scale: str, day: float | None) -> Array:
    """Error of one grading, in grades."""
    return view.parameter("grader.slip_grades") * slip(view, scale, day)


def score_change(view: View, scale: str, day: float | None, improved: Array) -> Array:
    """Relative change of a score that falls as things improve, with the error of one grading."""
    left = (1.0 - improved) * np.exp(view.parameter("grader.slip_share") * slip(view, scale, day))
    return np.clip(left - 1.0, -1.0, 1.0)
