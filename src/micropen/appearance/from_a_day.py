"""A later day drawn on a photograph that already shows an earlier one: only the change.

Redness fades where the photograph has it, in its own pattern; what the course brings anew is laid
on top. Gloss, relief, fullness, pigment and swelling go by the difference of the two days. Flakes,
papules and crusts that are in the photograph stay: there is nothing beneath them to show.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.appearance.canvas import Canvas, canvas_of
from micropen.appearance.one_day import (
    Appearance,
    Signs,
    appearance_of_signs,
    days_since_session,
    papules_of,
    pinpoints_of,
)
from micropen.appearance.papules import Papules
from micropen.appearance.pinpoints import Pinpoints
from micropen.appearance.redness import added_blood
from micropen.appearance.treated_face import CalmSkin, TreatedFace, treated_face
from micropen.errors import MicropenError
from micropen.evidence import ParameterSet
from micropen.healing import Course, Scenario
from micropen.portrait import Portrait
from micropen.portrait.decomposition import mixed_saturation

Array = NDArray[np.float32]

# A map that differs by less than this shows nothing at 16 bits: residue of float32 arithmetic.
_RESIDUE: Final = 1e-5
# The edge of a fading over that of an added redness: a quarter of its width.
_STEEPER: Final = 4.0
_HERE: Final = "appearance.from_a_day"


def treated_face_of(
    portrait: Portrait,
    course: Course,
    day: float,
    scenario: Scenario = "expected",
    calm: CalmSkin | None = None,
    parameters: ParameterSet | None = None,
) -> TreatedFace:
    """Read a photograph of one day of a course.

    Parameters
    ----------
    portrait
        The photograph.
    course
        The person's course.
    day
        Day of the photograph since the first session, inside the course.
    scenario
        ``"best"``, ``"expected"`` or ``"worst"``.
    calm
        The untreated face laid over it; None where there is none.
    parameters
        Defaults to the program's own.

    Raises
    ------
    MicropenError
        The day is outside the course, or the scenario unknown.
    """
    erythema = course.at(day, scenario).get("erythema", np.zeros(len(ZONES)))
    return treated_face(portrait, erythema, day, calm, parameters)


def appearance_from(
    face: TreatedFace,
    course: Course,
    day: float,
    scenario: Scenario = "expected",
    parameters: ParameterSet | None = None,
) -> Appearance:
    """Work out what changes from the day of a photograph to a later day.

    Parameters
    ----------
    face
        The photograph, from `treated_face_of`.
    course
        The person's course.
    day
        At or after the photograph's, inside the course.
    scenario
        ``"best"``, ``"expected"`` or ``"worst"``.
    parameters
        Defaults to the program's own.

    Returns
    -------
    Appearance
        Against the photograph, not against the untreated face; to be drawn on ``face.portrait``.
        Blood never falls below resting blood unless the course itself says so.

    Raises
    ------
    MicropenError
        The day lies before the photograph's or outside the course, or the scenario is unknown.
    """
    if day < face.day:
        raise MicropenError(
            f"The picture of day {day:g} was asked for on a photograph of day {face.day:g}; choose "
            f"a day from {face.day:g} on, or draw on the photograph before treatment."
        )
    canvas = canvas_of(face.portrait, course.origin.seed, parameters)
    signs = (course.at(face.day, scenario), course.at(day, scenario))
    since = days_since_session(day, course.origin.session_days)
    then, later = (
        appearance_of_signs(
            face.portrait, canvas, _without_points(s), day=day, scenario=scenario, since=since
        )
        for s in signs
    )
    left = _redness_left(canvas, *signs)
    blood = _change_of_blood(face, canvas, left, *signs)
    tan = np.exp(face.tan * (left - 1.0) * _reach(face, canvas))
    return replace(
        later,
        added_blood=blood,
        saturation=mixed_saturation(face.portrait.skin, blood, later.added_saturation),
        melanin_factor=_ratio(later.melanin_factor, then.melanin_factor) * tan,
        scale_coverage=_new_cover(later.scale_coverage, then.scale_coverage),
        gloss_factor=_ratio(later.gloss_factor, then.gloss_factor),
        # Sheen is light; light that a photograph shows is in its own highlights and goes by them.
        sheen=np.maximum(_difference(later.sheen, then.sheen), 0.0),
        relief_reduction=_of_what_is_left(later.relief_reduction, then.relief_reduction),
        plumpness=_of_what_is_left(later.plumpness, then.plumpness),
        swelling_mm=_difference(later.swelling_mm, then.swelling_mm),
        pinpoints=_new_pinpoints(face.portrait, canvas, *signs, crust=later.pinpoints.crust),
        papules=_new_papules(face.portrait, canvas, *signs),
    )


def _without_points(signs: Signs) -> Signs:
    """Points are told apart one by one, not by a difference of maps."""
    return {k: v for k, v in signs.items() if k not in ("pinpoint_bleeding", "lesions")}


def _sign(signs: Signs, name: str) -> NDArray[np.float64]:
    return np.asarray(signs.get(name, np.zeros(len(ZONES))), dtype=np.float64)


def _reach(face: TreatedFace, canvas: Canvas) -> Array:
    """How far a fading reaches, ``(h, w)`` in 0-1.

    Measured redness fades nearly to the edge of where colour may change, or a red rim would be
    left. Redness that was only expected runs out as softly as if it were added.
    """
    if not face.compared:
        return canvas.colour
    return np.minimum(canvas.colour * np.float32(_STEEPER), np.float32(1.0))


def _redness_left(canvas: Canvas, then: Signs, later: Signs) -> Array:
    """Share of the photograph's redness that is left, ``(h, w)`` in 0-1."""
    before, after = (np.expm1(np.maximum(_sign(s, "erythema"), 0.0)) for s in (then, later))
    least = np.expm1(canvas.parameters.value(f"{_HERE}.least_erythema"))
    return _kept(before, after, canvas.zone_weights, float(least))


def _change_of_blood(
    face: TreatedFace, canvas: Canvas, left: Array, then: Signs, later: Signs
) -> Array:
    """Fading of the photograph's own redness, plus what the course adds to it."""
    redness = (_sign(then, "erythema"), _sign(later, "erythema"))
    before, after = (np.expm1(np.maximum(sign, 0.0)) for sign in redness)
    pale_before, pale_after = (np.expm1(np.minimum(sign, 0.0)) for sign in redness)
    spots_left = _kept(
        _sign(then, "lesions"),
        _sign(later, "lesions"),
        canvas.zone_weights,
        canvas.parameters.value(f"{_HERE}.least_lesions"),
    )
    faded = face.diffuse * (left - 1.0) + face.spots * (spots_left - 1.0)
    # Only the photograph's own redness can fade; what the course adds has the course's pattern.
    added = np.maximum(after - before, 0.0) + pale_after - pale_before
    new = added_blood(
        np.log1p(added), canvas.zone_weights, canvas.colour, canvas.vessels, face.resting_blood
    )
    return np.asarray(faded * _reach(face, canvas) + new, dtype=np.float32)


def _kept(
    before: NDArray[np.float64], after: NDArray[np.float64], weights: Array, least: float
) -> Array:
    """Share of what a photograph shows that is left, ``(h, w)`` in 0-1; 1 where it tells nothing.

    Zones blend by what they had, so that a zone that had nothing does not hold its neighbour's.
    """
    told = before > least
    had = np.where(told, before, 0.0)
    left = np.where(told, np.minimum(after, before), 0.0)
    total = np.tensordot(had.astype(np.float32), weights, axes=1)
    kept = np.tensordot(left.astype(np.float32), weights, axes=1)
    known = total > np.float32(0.25 * least)
    return np.divide(kept, total, out=np.ones_like(total), where=known)


def _ratio(later: Array, then: Array) -> Array:
    ratio = later / np.maximum(then, np.float32(0.05))
    return np.where(np.abs(ratio - 1.0) < _RESIDUE, np.float32(1.0), ratio)


def _difference(later: Array, then: Array) -> Array:
    change = later - then
    return np.where(np.abs(change) < _RESIDUE, np.float32(0.0), change)


def _of_what_is_left(later: Array, then: Array) -> Array:
    """Reduction against a photograph that shows part of it already."""
    change = _difference(later, then)
    return np.asarray(change / np.maximum(1.0 - then, np.float32(0.2)), dtype=np.float32)


def _new_cover(later: Array, then: Array) -> Array:
    """Cover of flakes on what the photograph's own leave free; those stay."""
    return np.maximum(_of_what_is_left(later, then), 0.0)


def _new_pinpoints(
    portrait: Portrait, canvas: Canvas, then: Signs, later: Signs, crust: float
) -> Pinpoints:
    """Points that the later day shows and the photograph's day did not."""
    before, after = _sign(then, "pinpoint_bleeding"), _sign(later, "pinpoint_bleeding")
    more = np.maximum(after - before, 0.0)
    more = np.where(more < _RESIDUE, 0.0, more)
    # The photograph has its own points in its own places: as many new ones as the course adds.
    return pinpoints_of(portrait, canvas, more, crust)


def _new_papules(portrait: Portrait, canvas: Canvas, then: Signs, later: Signs) -> Papules:
    """Papules that the later day shows and the photograph's day did not."""
    more = np.maximum(_sign(later, "lesions") - _sign(then, "lesions"), 0.0)
    more = np.where(more < _RESIDUE, 0.0, more)
    return papules_of(portrait, canvas, more)
