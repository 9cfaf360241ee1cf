"""Pigment as it is graded and measured."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.observation.effects import darkened, lightened
from micropen.observation.fading_scores import Range, before
from micropen.observation.improvement import (
    GRADED,
    GRADER,
    grade_error,
    improvement,
    score_change,
)
from micropen.observation.instrument_readings import relative_reading
from micropen.observation.observer_error import reading, slip
from micropen.observation.scale import Kind, Scale
from micropen.observation.skin_tone import skin_colour_at
from micropen.observation.view import View

Array = NDArray[np.float64]

_GAIN: Final = "pigment.score_gain"
_FORMULA: Final = (
    "improvement from pigment.placebo and effect = 1 - exp(pigment.score_gain * min(pigment, 0))"
)


def _lightened(view: View, day: float | None) -> Array:
    return lightened(view.at("pigment", day), view.parameter(_GAIN))


def _darker(view: View, day: float | None) -> Array:
    return darkened(view.at("pigment", day), view.parameter(_GAIN))


def _score(view: View, day: float | None, *, name: str, span: Range) -> Array:
    improved = improvement(view, "pigment", day, _lightened(view, day))
    latent = before(view, name, span) * (1.0 - improved) * _darker(view, day)
    error = span.error_per_grade * grade_error(view, name, day)
    return np.clip(latent + error, span.lower, span.upper)


def _score_change(view: View, day: float | None, *, name: str) -> Array:
    """Lightening as any fault that fades; darkening raises the score."""
    improved = improvement(view, "pigment", day, _lightened(view, day))
    fallen = 1.0 + score_change(view, name, day, improved)
    return np.clip(fallen * _darker(view, day) - 1.0, -1.0, 1.0)


def _colour_change(view: View, day: float | None, *, name: str, channel: int) -> Array:
    change = skin_colour_at(view, day)[:, channel] - skin_colour_at(view, None)[:, channel]
    return change + view.parameter("colour.reading_sd") * slip(view, name, day)


def _angle_change(view: View, day: float | None) -> Array:
    def angle(moment: float | None) -> Array:
        colour = skin_colour_at(view, moment)
        return np.degrees(np.arctan2(colour[:, 0] - 50.0, colour[:, 2]))

    return (
        angle(day)
        - angle(None)
        + 2.0 * view.parameter("colour.reading_sd") * slip(view, "ita_change", day)
    )


def _lightness_ratio(view: View, day: float | None) -> Array:
    ratio = skin_colour_at(view, day)[:, 0] / skin_colour_at(view, None)[:, 0]
    return reading(view, "lightness_change", ratio, day) - 1.0


def _relative(name: str, summary: str, sources: tuple[str, ...]) -> Scale:
    return Scale(
        name=name,
        unit="1",
        kind=Kind.LEVEL,
        lower=-1.0,
        upper=1.0,
        better="lower",
        summary=summary,
        mapping="(1 - improvement) * exp(pigment.score_gain * max(pigment, 0)) * "
        f"exp(grader.slip_share * answer) - 1; {_FORMULA}",
        sources=sources,
        parameters=("pigment.placebo", _GAIN, *GRADER, "grader.slip_share"),
        observe=partial(_score_change, name=name),
    )


def _points(name: str, summary: str, source: str, span: Range) -> Scale:
    return Scale(
        name=name,
        unit=span.unit,
        kind=Kind.LEVEL,
        lower=span.lower,
        upper=span.upper,
        better="lower",
        summary=summary,
        mapping="before * (1 - improvement) * exp(pigment.score_gain * max(pigment, 0)) + "
        f"{span.error_per_grade:g} * grader.slip_grades * answer; {_FORMULA}",
        sources=(source,),
        parameters=(f"before.{name}", "pigment.placebo", _GAIN, *GRADED),
        observe=partial(_score, name=name, span=span),
    )


def _lab(name: str, channel: int, letter: str, better: str) -> Scale:
    return Scale(
        name=name,
        unit="CIELAB",
        kind=Kind.LEVEL,
        lower=-100.0,
        upper=100.0,
        better=better,
        summary=f"{letter} by a colorimeter, value minus that before",
        mapping=f"{letter} of the layered skin model with resting blood * exp(erythema) and the "
        "phototype's melanin * exp(pigment), minus that at rest, + colour.reading_sd * answer",
        sources=("assumed",),
        parameters=("colour.reading_sd",),
        observe=partial(_colour_change, name=name, channel=channel),
    )


SCALES: Final = (
    _relative(
        "masi_change",
        "Change of the melasma area and severity index, or its modified form, over that before",
        ("kimbrough-green1994",),
    ),
    _relative(
        "spot_score_change",
        "Change of a score or count of brown spots over that before",
        ("assumed",),
    ),
    _points(
        "masi",
        "Melasma area and severity index",
        "kimbrough-green1994",
        Range(0.0, 48.0, 0.0, 1.5, "points"),
    ),
    _points(
        "mmasi",
        "Modified melasma area and severity index (without homogeneity)",
        "pandya2011",
        Range(0.0, 24.0, 0.0, 0.8, "points"),
    ),
    relative_reading(
        "melanin_index_change",
        "Melanin index of a narrow-band reflectometer, change over the value before",
        ("assumed",),
        "pigment",
        "pigment.index_gain",
        "lower",
    ),
    _lab("l_star_change", 0, "L*", "higher"),
    _lab("a_star_change", 1, "a*", "lower"),
    _lab("b_star_change", 2, "b*", "lower"),
    Scale(
        name="lightness_change",
        unit="1",
        kind=Kind.LEVEL,
        lower=-1.0,
        upper=np.inf,
        better="higher",
        summary="L* by a colorimeter, relative change over the value before",
        mapping="L* as in l_star_change over that before * exp(instrument.slip_sd * answer) - 1",
        sources=("assumed",),
        parameters=("instrument.slip_sd",),
        observe=_lightness_ratio,
    ),
    Scale(
        name="ita_change",
        unit="deg",
        kind=Kind.LEVEL,
        lower=-180.0,
        upper=180.0,
        better="higher",
        summary="Individual typology angle, value minus that before",
        mapping="arctan2(L* - 50, b*) of the layered skin model minus that at rest, + 2 * "
        "colour.reading_sd * answer",
        sources=("chardon1991",),
        parameters=("colour.reading_sd",),
        observe=_angle_change,
    ),
)
