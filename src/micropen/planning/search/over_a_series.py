"""What a series does to the signs that a goal reads, and to pigment, at any moment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from micropen.planning.goals.goal import Goal, Sample
from micropen.planning.search.adding_up import Made, made_of
from micropen.planning.search.face import Face, FaceSettings, GroupPart
from micropen.planning.search.series import face_mean, sums_of_series, worst_zone

Array = NDArray[np.float64]
Gaps = tuple[float, ...]
"""Days of the sessions of a series, as `Face.counted` counts them."""

PIGMENT = "pigment"
# Pigment is highest some days after a session: on these two its probability of being seen lies
# within 2 % of that on the worst of all days, from phototype II to VI, after one session or three.
_PIGMENT_AFTER = (5.0, 8.0)


def made_for(goal: Goal) -> tuple[Made, ...]:
    """How the signs are made that a plan for this goal reads over the series."""
    return made_of(tuple(dict.fromkeys((*goal.signs, PIGMENT))))


def effect_at(
    goal: Goal,
    sample: Sample,
    face: Face,
    settings: FaceSettings,
    sessions: Gaps,
    moments: tuple[float, ...],
) -> Array:
    """Share of the fault taken away at some moments.

    Parameters
    ----------
    goal, sample
        With as many draws as the face.
    face, settings
        Every session alike.
    sessions, moments
        Days, as `Face.counted` counts them; without a session, what earlier ones have left.

    Returns
    -------
    numpy.ndarray
        Shape ``(moment, draw)``.
    """
    signs = signs_at(goal, face, settings, sessions, moments)
    return np.asarray(goal.effect(signs, sample), dtype=np.float64)


def added_at(
    goal: Goal,
    sample: Sample,
    face: Face,
    settings: FaceSettings,
    sessions: Gaps,
    moment: float,
) -> Array:
    """Share of the fault that sessions take away beyond what earlier ones have, ``(draw,)``."""
    gained: Array = effect_at(goal, sample, face, settings, sessions, (moment,))[0]
    if face.earlier_days:
        gained = gained - effect_at(goal, sample, face, settings, (), (moment,))[0]
    return gained


def signs_at(
    goal: Goal,
    face: Face,
    settings: FaceSettings,
    sessions: Gaps,
    moments: tuple[float, ...],
) -> dict[str, Array]:
    """Signs that a goal reads, over the treated area, each of shape ``(moment, draw)``."""
    sums = sums_of_series(sessions, moments, face.earlier_days)
    parts = face.chosen(settings)
    return {one.sign: face_mean(parts, one, sums) for one in made_of(goal.signs)}


def largest_pigment(parts: Sequence[GroupPart], gaps: Gaps, earlier: Gaps) -> Array:
    """Largest pigment in any zone over a series after earlier sessions, shape ``(draw,)``."""
    moments = tuple(sorted({start + after for start in gaps for after in _PIGMENT_AFTER}))
    (made,) = made_of((PIGMENT,))
    return worst_zone(parts, made, sums_of_series(gaps, moments, earlier))
