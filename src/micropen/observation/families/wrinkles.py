"""Wrinkles, laxity, texture and pores as they are graded and measured."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.observation.effects import exponential_effect
from micropen.observation.fading_scores import Fault, Range, fading_change, fading_score
from micropen.observation.improvement import emax_effect
from micropen.observation.instrument_readings import relative_reading
from micropen.observation.view import View

Array = NDArray[np.float64]


def _dermal(family: str) -> Fault:
    """A fault that only new collagen lessens."""
    names = (f"{family}.largest", f"{family}.half_collagen")

    def effect(view: View, day: float | None) -> Array:
        return emax_effect(view, family, day)

    return Fault(family, effect, f"{names[0]} * collagen / (collagen + {names[1]})", names)


def _smoothed(view: View, day: float | None, *, family: str) -> Array:
    return exponential_effect(view.at("relief", day), view.parameter(f"{family}.relief_scale"))


def fine(family: str) -> Fault:
    """A fault of fine relief: what smooths the surface lessens it."""
    scale = f"{family}.relief_scale"
    return Fault(family, partial(_smoothed, family=family), f"1 - exp(-relief / {scale})", (scale,))


WRINKLES: Final = _dermal("wrinkles")

SCALES: Final = (
    fading_score(
        "lemperle_wrinkle",
        "Facial wrinkles against reference photographs, none to very deep, mean of the areas",
        ("lemperle2001",),
        WRINKLES,
        Range(0.0, 5.0, 0.0),
    ),
    fading_score(
        "fitzpatrick_wrinkle",
        "Fitzpatrick's classification of wrinkles and elastosis",
        ("assumed",),
        WRINKLES,
        Range(1.0, 9.0, 1.0, 2.0),
    ),
    fading_score(
        "glogau",
        "Glogau's classification of photoageing, I to IV",
        ("assumed",),
        WRINKLES,
        Range(1.0, 4.0),
    ),
    fading_score(
        "wrinkle_severity",
        "Severity of one kind of wrinkle (crow's feet, nasolabial fold), none to extreme",
        ("assumed",),
        WRINKLES,
        Range(0.0, 4.0),
    ),
    fading_score(
        "fine_lines_grade",
        "Fine lines, five-point photographic scale",
        ("carruthers2016",),
        fine("texture"),
        Range(0.0, 4.0),
    ),
    fading_score(
        "laxity_grade",
        "Laxity, Alexiades-Armenakas, in half grades",
        ("alexiades2006",),
        _dermal("laxity"),
        Range(0.0, 4.0, 0.5),
    ),
    fading_score(
        "texture_alexiades",
        "Texture, Alexiades-Armenakas, in half grades",
        ("alexiades2006",),
        fine("texture"),
        Range(0.0, 4.0, 0.5),
    ),
    fading_change(
        "wrinkle_score_change",
        "Change of any wrinkle score over its value before",
        ("assumed",),
        WRINKLES,
    ),
    fading_change(
        "pore_score_change",
        "Change of number or score of visible pores over its value before",
        ("assumed",),
        fine("pores"),
    ),
    relative_reading(
        "wrinkle_depth_change",
        "Depth or volume of wrinkles by profilometry, change over the value before",
        ("assumed",),
        "collagen",
        "wrinkles.depth_gain",
        "lower",
    ),
    relative_reading(
        "roughness_change",
        "Roughness (Ra, Rz) of skin by profilometry, change over the value before",
        ("assumed",),
        "relief",
        "texture.roughness_gain",
        "lower",
    ),
)
