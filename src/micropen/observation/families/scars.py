"""Scars as they are graded: depth follows new collagen, and most of it only in wide scars."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.observation.fading_scores import Fault, Range, before, fading_change, fading_score
from micropen.observation.improvement import GRADED, emax_effect, grade_error, improvement
from micropen.observation.instrument_readings import relative_reading
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

_GRADES: Final = Range(1.0, 4.0)
_EMAX: Final = ("scars.largest", "scars.half_collagen")
_FORMULA: Final = "scars.largest * collagen / (collagen + scars.half_collagen)"


def _scar_effect(view: View, day: float | None, factor: str = "") -> Array:
    return emax_effect(view, "scars", day, view.parameter(factor) if factor else 1.0)


def _of_kind(factor: str) -> Fault:
    return Fault(
        "scars",
        partial(_scar_effect, factor=factor),
        f"{factor} * {_FORMULA}",
        (*_EMAX, factor),
    )


SCARS: Final = Fault("scars", _scar_effect, _FORMULA, _EMAX)


def _grades_lost(view: View, day: float | None) -> Array:
    improved = improvement(view, "scars", day, _scar_effect(view, day))
    start = before(view, "goodman_baron_qualitative", _GRADES)
    latent = np.clip(start * (1.0 - improved) + grade_error(view, "goodman_baron_lost", day), 1, 4)
    return np.round(start) - np.round(latent)


SCALES: Final = (
    fading_score(
        "goodman_baron_qualitative",
        "Global grade of acne scars: macular, mild, moderate, severe",
        ("goodman2006a",),
        SCARS,
        _GRADES,
    ),
    fading_score(
        "goodman_baron_quantitative",
        "Points for number and kind of acne scars, summed",
        ("goodman2006b",),
        SCARS,
        Range(0.0, 84.0, 0.0, 4.0, "points"),
    ),
    fading_score(
        "ecca",
        "ECCA sum of six weighted kinds of acne scars",
        ("dreno2007",),
        SCARS,
        Range(0.0, 540.0, 0.0, 20.0, "points"),
    ),
    fading_score(
        "acne_scar_assessment",
        "Five-grade assessment of acne scars, clear to very severe",
        ("assumed",),
        SCARS,
        Range(0.0, 4.0),
    ),
    fading_score(
        "vancouver_scar",
        "Vancouver scar scale: pigment, vessels, pliability and height, summed",
        ("assumed",),
        SCARS,
        Range(0.0, 13.0, 0.0, 1.5, "points"),
    ),
    Scale(
        name="goodman_baron_lost",
        unit="grade",
        kind=Kind.LEVEL,
        lower=-3.0,
        upper=3.0,
        better="higher",
        summary="Grades of Goodman and Baron's qualitative scale lost since before; the share at "
        "or beyond 1 are people who improved by a grade",
        mapping="round(before) - round(before * (1 - improvement) + grader.slip_grades * answer); "
        f"improvement from scars.placebo and effect = {_FORMULA}",
        sources=("goodman2006a",),
        parameters=("before.goodman_baron_qualitative", "scars.placebo", *_EMAX, *GRADED),
        observe=_grades_lost,
    ),
    fading_change(
        "acne_scar_score_change",
        "Change of any sum score of acne scars over its value before",
        ("assumed",),
        SCARS,
    ),
    fading_change(
        "scar_boxcar_change",
        "Change of the score or count of boxcar scars",
        ("garg-chaudhary", "leelavathy2021"),
        _of_kind("scars.boxcar_factor"),
    ),
    fading_change(
        "scar_rolling_change",
        "Change of the score or count of rolling scars",
        ("garg-chaudhary", "leelavathy2021"),
        _of_kind("scars.rolling_factor"),
    ),
    fading_change(
        "scar_icepick_change",
        "Change of the score or count of ice-pick scars",
        ("garg-chaudhary",),
        _of_kind("scars.icepick_factor"),
    ),
    relative_reading(
        "scar_depth_change",
        "Depth or volume of scars by profilometry, change over the value before",
        ("assumed",),
        "collagen",
        "scars.depth_gain",
        "lower",
    ),
)
