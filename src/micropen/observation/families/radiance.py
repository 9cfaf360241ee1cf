"""Glow, smoothness and hydration."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.observation.effects import brightened, exponential_effect
from micropen.observation.fading_scores import Range, before
from micropen.observation.improvement import GRADER, improvement
from micropen.observation.instrument_readings import relative_reading
from micropen.observation.observer_error import SUBJECT, reading, slip, subject_share
from micropen.observation.reaction_scores import noticed_sign
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

# Grades of improvement by quarters, as the trials that use them define them.
_QUARTERS: Final = np.array([0.25, 0.5, 0.75])
_SCORE: Final = Range(0.0, 10.0)


def _brighter(view: View, day: float | None) -> Array:
    weight = view.parameter("brightness.pigment_weight")
    scale = view.parameter("brightness.gloss_scale")
    return brightened(view.at("gloss", day), view.at("pigment", day), weight, scale)


def _smoother(view: View, day: float | None) -> Array:
    return exponential_effect(view.at("relief", day), view.parameter("texture.relief_scale"))


def _quarter(view: View, day: float | None, *, name: str, family: str) -> Array:
    effect = _brighter(view, day) if family == "brightness" else _smoother(view, day)
    improved = improvement(view, family, day, effect)
    seen = improved + view.parameter("grader.slip_share") * slip(view, name, day)
    return np.digitize(seen, _QUARTERS).astype(np.float64)


def _diary(view: View, day: float | None, *, name: str, sign: str, scale: str) -> Array:
    """A score that moves from its value before towards either end."""
    change = view.at(sign, day) / view.parameter(scale)
    up = subject_share(view, name, np.maximum(change, 0.0), day)
    down = subject_share(view, name, np.maximum(-change, 0.0), day)
    start = before(view, name, _SCORE)
    return start + (10.0 - start) * up - start * down


def _hydration(view: View, day: float | None) -> Array:
    ratio = np.exp(
        view.parameter("hydration.renewal_gain") * view.at("gloss", day)
        - view.parameter("hydration.scaling_loss") * view.at("scaling", day)
    )
    return reading(view, "hydration_ratio", ratio, day)


def _grade(name: str, family: str, summary: str, effect: str, parameters: tuple[str, ...]) -> Scale:
    return Scale(
        name=name,
        unit="grade",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=3.0,
        better="higher",
        summary=summary,
        mapping="how many of 0.25, 0.5, 0.75 lie below improvement + grader.slip_share * answer; "
        f"improvement from {family}.placebo and effect = {effect}",
        sources=("liang2022",),
        parameters=(f"{family}.placebo", *parameters, *GRADER, "grader.slip_share"),
        observe=partial(_quarter, name=name, family=family),
    )


def _score(name: str, sign: str, scale: str, summary: str) -> Scale:
    return Scale(
        name=name,
        unit="score",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=10.0,
        better="higher",
        summary=summary,
        mapping=f"before + (10 - before) * (1 - exp(-max({sign}, 0) / {scale} * error)) - before "
        f"* (1 - exp(-max(-{sign}, 0) / {scale} * error)); error from subject lean, use and slips",
        sources=("assumed",),
        parameters=(f"before.{name}", scale, *SUBJECT),
        observe=partial(_diary, name=name, sign=sign, scale=scale),
    )


SCALES: Final = (
    _grade(
        "brightness_grade",
        "brightness",
        "Brightness better by none (to 25 %), moderate, marked, excellent (over 75 %)",
        "1 - exp(-(gloss - brightness.pigment_weight * pigment) / brightness.gloss_scale)",
        ("brightness.pigment_weight", "brightness.gloss_scale"),
    ),
    _grade(
        "texture_grade",
        "texture",
        "Texture better by none (to 25 %), moderate, marked, excellent (over 75 %)",
        "1 - exp(-relief / texture.relief_scale)",
        ("texture.relief_scale",),
    ),
    relative_reading(
        "gloss_instrument",
        "Gloss by a glossmeter or from polarised photographs, change over the value before",
        ("assumed",),
        "gloss",
        "brightness.gloss_gain",
        "higher",
    ),
    _score("glow_subject", "gloss", "brightness.diary_scale", "A person's diary, 'how it glows'"),
    _score("smoothness_subject", "relief", "texture.diary_scale", "A person's diary, 'how smooth'"),
    noticed_sign("glow_visible", "Others would notice a glow", "gloss", better="higher"),
    Scale(
        name="hydration_ratio",
        unit="1",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=np.inf,
        better="higher",
        summary="Hydration by a corneometer, value over that before",
        mapping="exp(hydration.renewal_gain * gloss - hydration.scaling_loss * scaling) * "
        "exp(instrument.slip_sd * answer)",
        sources=("assumed",),
        parameters=(
            "hydration.renewal_gain",
            "hydration.scaling_loss",
            "instrument.slip_sd",
        ),
        observe=_hydration,
    ),
)
