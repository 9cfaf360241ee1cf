"""When others notice a sign: first and last days above a threshold, per draw.

Each threshold is a parameter with its grade (``healing.milestones.*``). A quantile over draws is
never a promise: it says in which share of possible people, by this model, a day has come.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import zone_record
from micropen.errors import MicropenError, unknown_name
from micropen.evidence import ParameterSet, load_parameters
from micropen.healing.course import Course
from micropen.healing.process import Array

_VISIBLE: Final = {
    "erythema": "visible_redness",
    "swelling": "visible_swelling",
    "scaling": "visible_scaling",
    "gloss": "visible_gloss",
}

# Grids are rounded to 1e-8 days; a point this near to a session is the session itself.
_SAME_MOMENT: Final = 1e-6


def _crossing(days: Array, values: Array, index: NDArray[np.int64], threshold: float) -> Array:
    """Day at which each row crosses the threshold between ``index`` and ``index + 1``."""
    rows = np.arange(values.shape[0])
    before, after = values[rows, index], values[rows, index + 1]
    gap = np.where(after == before, 1.0, after - before)
    share = np.clip((threshold - before) / gap, 0.0, 1.0)
    return np.asarray(days[index] + share * (days[index + 1] - days[index]))


def first_day_above(days: Array, values: Array, threshold: float) -> Array:
    """Return the first day on which each row exceeds a threshold.

    Parameters
    ----------
    days
        Shape ``(day,)``.
    values
        Shape ``(draw, day)``.
    threshold
        In the unit of `values`.

    Returns
    -------
    numpy.ndarray
        Shape ``(draw,)``; NaN where it never does. Between reported days taken as straight.
    """
    above = values > threshold
    index = np.maximum(above.argmax(axis=1) - 1, 0)
    crossing = np.where(above[:, 0], days[0], _crossing(days, values, index, threshold))
    return np.where(above.any(axis=1), crossing, np.nan)


def last_day_above(days: Array, values: Array, threshold: float) -> Array:
    """Return the last day on which each row exceeds a threshold; parameters as the first.

    Returns
    -------
    numpy.ndarray
        Shape ``(draw,)``; NaN where it never does, infinite where it still does at the end.
    """
    above = values > threshold
    index = days.size - 1 - above[:, ::-1].argmax(axis=1)
    inside = np.minimum(index, days.size - 2)
    crossing = _crossing(days, values, inside, threshold)
    crossing = np.where(above[:, -1], np.inf, crossing)
    return np.where(above.any(axis=1), crossing, np.nan)


def visible_face(course: Course, sign: str, parameters: ParameterSet) -> Array:
    """Return a sign as others see it: the mean over the treated area, shape ``(draw, day)``.

    One reddened nostril is not a red face, so zones count by their area (`anatomy`).
    """
    treated = [course.zones.index(zone) for zone in course.treated]
    if not treated:
        raise MicropenError("No zone of this course was treated, so it has no downtime.")
    areas = [zone_record(course.zones[zone], parameters).area_cm2 for zone in treated]
    values = course.dataset[sign].values[:, treated]
    return np.average(values.astype(np.float64), axis=1, weights=areas)


def days_after_session(
    days: Array, session_days: Sequence[float], session: int
) -> tuple[Array, NDArray[np.int64]]:
    """Take out the days from one session until the next one or the horizon.

    Parameters
    ----------
    days
        Reported days of a course, shape ``(day,)``.
    session_days
        Day of every session.
    session
        Counted from 0.

    Returns
    -------
    since, chosen
        Days since that session, and their indices in `days`.

    Raises
    ------
    MicropenError
        For a session that there is not, or that the days do not reach.
    """
    if not 0 <= session < len(session_days):
        raise MicropenError(
            f"Session {session + 1} was asked for; this course has {len(session_days)}. "
            "Count from 0."
        )
    start = session_days[session]
    end = session_days[session + 1] if session + 1 < len(session_days) else np.inf
    chosen = np.flatnonzero((days >= start - _SAME_MOMENT) & (days < end - _SAME_MOMENT))
    if chosen.size < 2:
        raise MicropenError(
            f"Session {session + 1} lies beyond the horizon of day {days[-1]:g}; forecast further."
        )
    return np.maximum(days[chosen] - start, 0.0), chosen


def visible_days(
    course: Course, sign: str, session: int = 0, parameters: ParameterSet | None = None
) -> tuple[Array, Array]:
    """Return when others first and last notice a sign after one session.

    Parameters
    ----------
    course
        A forecast.
    sign
        ``"erythema"``, ``"swelling"``, ``"scaling"`` or ``"gloss"``.
    session
        Counted from 0.
    parameters
        Thresholds; by default those of the program.

    Returns
    -------
    first, last
        Days since that session, each of shape ``(draw,)``; NaN where nobody notices, ``last``
        infinite where it is still there at the next session or the horizon.

    Raises
    ------
    UnknownNameError
        For another sign.
    MicropenError
        For a session that the course does not have or does not reach.
    """
    if sign not in _VISIBLE:
        raise unknown_name("visible sign", sign, _VISIBLE)
    members = parameters or load_parameters()
    days, chosen = days_after_session(course.days, course.origin.session_days, session)
    face = visible_face(course, sign, members)[:, chosen]
    limit = members.value(f"healing.milestones.{_VISIBLE[sign]}")
    return first_day_above(days, face, limit), last_day_above(days, face, limit)
