"""Milestones: downtime in words, from the draws of a course and the devices' labels.

Each threshold is a parameter with its grade (``healing.milestones.*``). A quantile over draws is
never a promise: it says in which share of possible people, by this model, a day has come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import zone_record
from micropen.errors import MicropenError, unknown_name
from micropen.evidence import Grade, ParameterSet, load_parameters
from micropen.healing.course import HIGH, LOW, MIDDLE, Course
from micropen.healing.process import Array

_GROUP: Final = "healing.milestones"
_VISIBLE: Final = {
    "erythema": "visible_redness",
    "swelling": "visible_swelling",
    "scaling": "visible_scaling",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day with its band over the draws.

    Parameters
    ----------
    expected, early, late
        Days since the session: 50, 5 and 95 % of the draws that come there; NaN when fewer than
        half do.
    share
        Share of the draws in which it happens at all.
    """

    expected: float
    early: float
    late: float
    share: float

    @property
    def words(self) -> str:
        """As ``"day 2 (1-3)"``."""
        if np.isnan(self.expected):
            return "not expected"
        if round(self.early) == round(self.late):
            return f"day {round(self.expected)}"
        return f"day {round(self.expected)} ({round(self.early)}-{round(self.late)})"


@dataclass(frozen=True, slots=True)
class Milestone:
    """One line of the downtime of one session.

    Parameters
    ----------
    name
        Key, such as ``"redness"``.
    sentence
        For a client.
    start, end
        When it begins and ends, where that means something.
    grade
        Weakest evidence grade of its thresholds.
    sources
        Bibliography keys of its thresholds.
    """

    name: str
    sentence: str
    start: Moment | None
    end: Moment | None
    grade: Grade
    sources: tuple[str, ...]


def _moment(days: Array) -> Moment:
    """Summarise one day per draw; NaN where it never comes."""
    came = days[np.isfinite(days)]
    share = came.size / days.size
    if share < 0.5:
        return Moment(np.nan, np.nan, np.nan, share)
    early, expected, late = np.quantile(came, (LOW, MIDDLE, HIGH))
    return Moment(float(expected), float(early), float(late), share)


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


def _after_session(course: Course, session: int) -> tuple[Array, NDArray[np.int64]]:
    """Days since one session, and their indices, until the next one or the horizon."""
    starts = course.origin.session_days
    if not 0 <= session < len(starts):
        raise MicropenError(
            f"Session {session + 1} was asked for; this course has {len(starts)}. Count from 0."
        )
    end = starts[session + 1] if session + 1 < len(starts) else np.inf
    chosen = np.flatnonzero((course.days >= starts[session]) & (course.days < end))
    if chosen.size < 2:
        raise MicropenError(
            f"Session {session + 1} lies beyond the horizon of day {course.days[-1]:g}; "
            "forecast further."
        )
    return course.days[chosen] - starts[session], chosen


def probability_gone(
    course: Course,
    day: float,
    session: int = 0,
    sign: str = "erythema",
    parameters: ParameterSet | None = None,
) -> float:
    """Return the share of draws in which a sign is no longer visible to others by a day.

    Parameters
    ----------
    course
        A forecast.
    day
        Days since that session.
    session
        Counted from 0.
    sign
        ``"erythema"``, ``"scaling"`` or ``"swelling"``.
    parameters
        Thresholds; by default those of the program.

    Raises
    ------
    UnknownNameError
        For another sign.
    """
    if sign not in _VISIBLE:
        raise unknown_name("visible sign", sign, _VISIBLE)
    members = parameters or load_parameters()
    days, chosen = _after_session(course, session)
    face = visible_face(course, sign, members)[:, chosen]
    last = last_day_above(days, face, members.value(f"{_GROUP}.{_VISIBLE[sign]}"))
    return float(np.mean(~(last > day)))


@dataclass(frozen=True, slots=True)
class _Window:
    """One session of a course, with the thresholds."""

    course: Course
    days: Array
    chosen: NDArray[np.int64]
    parameters: ParameterSet

    def value(self, name: str) -> float:
        return self.parameters.value(f"{_GROUP}.{name}")

    def face(self, sign: str) -> Array:
        return visible_face(self.course, sign, self.parameters)[:, self.chosen]

    def build(
        self,
        name: str,
        sentence: str,
        thresholds: tuple[str, ...],
        start: Moment | None = None,
        end: Moment | None = None,
    ) -> Milestone:
        used = [self.parameters[f"{_GROUP}.{threshold}"] for threshold in thresholds]
        return Milestone(
            name=name,
            sentence=sentence,
            start=start,
            end=end,
            grade=max((p.grade for p in used), key=lambda grade: grade.value),
            sources=tuple(sorted({p.source for p in used})),
        )


def _ending(window: _Window, name: str, sign: str, words: str) -> Milestone:
    threshold = _VISIBLE[sign]
    end = _moment(last_day_above(window.days, window.face(sign), window.value(threshold)))
    sentence = (
        f"{words} until {end.words}"
        if np.isfinite(end.expected)
        else f"{words}: not expected ({end.share:.0%} of draws)"
    )
    return window.build(name, sentence, (threshold,), end=end)


def _stretch(window: _Window, name: str, threshold: str, sign: str, words: str) -> Milestone:
    face, limit = window.face(sign), window.value(threshold)
    start = _moment(first_day_above(window.days, face, limit))
    end = _moment(last_day_above(window.days, face, limit))
    if np.isnan(start.expected):
        sentence = f"{words}: not expected ({start.share:.0%} of draws)"
    elif np.isinf(end.expected):
        sentence = f"{words} from {start.words}, beyond the last day of this forecast"
    else:
        sentence = f"{words} from {start.words} to {end.words}"
    return window.build(name, sentence, (threshold,), start=start, end=end)


def _makeup(window: _Window) -> Milestone:
    barrier = last_day_above(
        window.days, window.face("barrier_defect"), window.value("open_barrier")
    )
    redness = last_day_above(window.days, window.face("erythema"), window.value("makeup_redness"))
    closed = np.maximum(np.nan_to_num(barrier, nan=0.0), np.nan_to_num(redness, nan=0.0))
    start = _moment(np.maximum(closed, window.value("makeup_wait")))
    sentence = (
        f"Makeup and sunscreen from {start.words}; the label says not before "
        f"{window.value('makeup_wait') * 24:.0f} h"
    )
    return window.build(
        "makeup", sentence, ("makeup_wait", "open_barrier", "makeup_redness"), start=start
    )


def _labelled(window: _Window) -> tuple[Milestone, ...]:
    exercise = window.value("exercise_wait")
    sun, sunscreen = window.value("sun_wait"), window.value("sunscreen_wait")
    interval = window.value("session_interval")
    lines: Mapping[str, tuple[str, float, tuple[str, ...]]] = {
        "sport": (f"Sport from day {exercise:.0f} (label)", exercise, ("exercise_wait",)),
        "sun": (
            f"Keep out of the sun for {sun:.0f} days, sunscreen for {sunscreen:.0f} (label)",
            sun,
            ("sun_wait", "sunscreen_wait"),
        ),
        "next_session": (
            f"Next session from day {interval:.0f} (label)",
            interval,
            ("session_interval",),
        ),
    }
    return tuple(
        window.build(name, sentence, thresholds, start=Moment(day, day, day, 1.0))
        for name, (sentence, day, thresholds) in lines.items()
    )


def milestones(
    course: Course, session: int = 0, parameters: ParameterSet | None = None
) -> tuple[Milestone, ...]:
    """Return the downtime of one session, in words and numbers.

    Parameters
    ----------
    course
        A forecast.
    session
        Counted from 0.
    parameters
        Thresholds; by default those of the program.

    Returns
    -------
    tuple of Milestone
        Redness, swelling, peeling, glow, makeup, sport, sun and the next session. Days count from
        the session; a band is 5-95 % of the draws.

    Raises
    ------
    MicropenError
        For a session that the course does not have or does not reach.
    """
    days, chosen = _after_session(course, session)
    window = _Window(course, days, chosen, parameters or load_parameters())
    return (
        _ending(window, "redness", "erythema", "Redness visible to others"),
        _ending(window, "swelling", "swelling", "Swelling"),
        _stretch(window, "peeling", "visible_scaling", "scaling", "Peeling"),
        _stretch(window, "glow", "visible_gloss", "gloss", "Glow"),
        _makeup(window),
        *_labelled(window),
    )
