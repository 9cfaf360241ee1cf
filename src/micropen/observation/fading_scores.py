"""Scores of something that treatment should lessen: scars, wrinkles, patches.

A score before treatment lessens by the improvement that graders see::

    value  = before * (1 - improvement) + grade error, on the steps and in the range of the scale
    change = (1 - improvement) * exp(grader.slip_share * answer) - 1
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micropen.observation.improvement import (
    GRADED,
    GRADER,
    grade_error,
    improvement,
    score_change,
)
from micropen.observation.observer_error import graded
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]
Effect = Callable[[View, float | None], Array]


@dataclass(frozen=True, slots=True)
class Fault:
    """What the scores of one family share.

    Parameters
    ----------
    family
        Group of its parameters; ``observation.<family>.placebo`` is its placebo.
    effect
        Share of the fault that the treatment takes away.
    formula
        The same in words.
    parameters
        That `effect` reads.
    """

    family: str
    effect: Effect
    formula: str
    parameters: tuple[str, ...]

    @property
    def placebo(self) -> str:
        """Name of the parameter of what improves anyway."""
        return f"{self.family}.placebo"


@dataclass(frozen=True, slots=True)
class Range:
    """Range and steps of a score; a step of 0 means that it is a mean or a sum, not rounded.

    `error_per_grade` says how many points of the score a grader's slip of one grade is worth.
    """

    lower: float
    upper: float
    step: float = 1.0
    error_per_grade: float = 1.0
    unit: str = "grade"


def before(view: View, scale: str, span: Range) -> Array:
    """A score before treatment, within its range; ``observation.before.<scale>`` if unknown."""
    usual = view.parameters[f"observation.before.{scale}"]
    known = view.baseline(scale, usual.value, usual.between_person_sd)
    return np.clip(known, span.lower, span.upper)


def faded(view: View, day: float | None, name: str, fault: Fault, span: Range) -> Array:
    """A score at a day, before rounding."""
    improved = improvement(view, fault.family, day, fault.effect(view, day))
    error = span.error_per_grade * grade_error(view, name, day)
    return np.clip(before(view, name, span) * (1.0 - improved) + error, span.lower, span.upper)


def fading_score(
    name: str, summary: str, sources: tuple[str, ...], fault: Fault, span: Range
) -> Scale:
    """Build a scale that is a score falling as the fault lessens."""

    def observe(view: View, day: float | None) -> Array:
        score = faded(view, day, name, fault, span)
        return graded(score, span.lower, span.upper, span.step) if span.step else score

    rounding = f", to steps of {span.step:g}" if span.step else ""
    return Scale(
        name=name,
        unit=span.unit,
        kind=Kind.LEVEL,
        lower=span.lower,
        upper=span.upper,
        better="lower",
        summary=summary,
        mapping=f"before * (1 - improvement) + {span.error_per_grade:g} * grader.slip_grades * "
        f"answer{rounding}; improvement from {fault.placebo} and effect = {fault.formula}",
        sources=sources,
        parameters=(f"before.{name}", fault.placebo, *fault.parameters, *GRADED),
        observe=observe,
    )


def fading_change(name: str, summary: str, sources: tuple[str, ...], fault: Fault) -> Scale:
    """Build a scale that is the relative change of such a score (negative is better)."""

    def observe(view: View, day: float | None) -> Array:
        improved = improvement(view, fault.family, day, fault.effect(view, day))
        return score_change(view, name, day, improved)

    return Scale(
        name=name,
        unit="1",
        kind=Kind.LEVEL,
        lower=-1.0,
        upper=1.0,
        better="lower",
        summary=summary,
        mapping="(1 - improvement) * exp(grader.slip_share * answer) - 1; improvement from "
        f"{fault.placebo} and effect = {fault.formula}",
        sources=sources,
        parameters=(fault.placebo, *fault.parameters, *GRADER, "grader.slip_share"),
        observe=observe,
    )
