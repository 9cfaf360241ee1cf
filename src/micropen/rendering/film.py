"""The film: the same face on every day, rendered when looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from micropen.appearance import Appearance, appearance
from micropen.errors import MicropenError
from micropen.evidence import ParameterSet
from micropen.healing import Course, Scenario
from micropen.portrait import Portrait
from micropen.rendering.frame import render_frame
from micropen.units import HOURS_PER_DAY

Picture = NDArray[Any]
FrameKey = tuple[str, float]
Progress = Callable[[float], None]

# The evening of the treatment, then fine while the face changes from day to day.
EVENING: Final = 0.3
_EVENING_HOUR: Final = 17
_LEAST_HOURS: Final = 2
DEFAULT_DAYS: Final = (
    EVENING, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 14.0, 18.0, 21.0, 28.0, 30.0,
    45.0, 60.0,
)  # fmt: skip
# After a later session the first week is shown again.
_AFTER_SESSION: Final = (EVENING, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 14.0, 30.0)
# After the last one the film goes on to the horizon.
_LATER: Final = (60.0, 90.0, 120.0, 180.0, 240.0, 300.0, 365.0)


class Frames(Mapping[FrameKey, Picture]):
    """Frames by scenario and day, rendered at each access and not kept.

    Parameters
    ----------
    portrait
        The face.
    course
        The forecast.
    days
        Days of the film.
    scenarios
        Scenarios of the film.
    parameters
        Defaults to the program's own.
    """

    def __init__(
        self,
        portrait: Portrait,
        course: Course,
        days: Sequence[float],
        scenarios: Sequence[Scenario],
        parameters: ParameterSet | None = None,
    ) -> None:
        self._portrait = portrait
        self._course = course
        self._keys: dict[FrameKey, Scenario] = {
            (scenario, day): scenario for scenario in scenarios for day in days
        }
        self._parameters = parameters

    def __getitem__(self, key: FrameKey) -> Picture:
        shown = self._shown(key[1], self._keys[key])
        return render_frame(self._portrait, shown, self._parameters)

    def _shown(self, day: float, scenario: Scenario) -> Appearance:
        return appearance(self._portrait, self._course, day, scenario, self._parameters)

    def __iter__(self) -> Iterator[FrameKey]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


@dataclass(frozen=True, eq=False)
class Film:
    """The same face on every day.

    Parameters
    ----------
    portrait
        The face.
    course
        The forecast.
    days
        Days shown, increasing.
    scenarios
        Scenarios shown.
    frames
        Encoded pictures by ``(scenario, day)``, of the photograph's own shape and type.
    """

    portrait: Portrait = field(repr=False)
    course: Course = field(repr=False)
    days: tuple[float, ...]
    scenarios: tuple[Scenario, ...]
    frames: Mapping[FrameKey, Picture] = field(repr=False)

    def stream(self, progress: Progress | None = None) -> Iterator[tuple[FrameKey, Picture]]:
        """Render all frames one by one, so that only one is in memory.

        Parameters
        ----------
        progress
            Called with the share done after each frame, 0-1.

        Yields
        ------
        key, picture
            ``(scenario, day)`` and its picture.
        """
        total = len(self.frames)
        for done, key in enumerate(self.frames, start=1):
            yield key, self.frames[key]
            if progress is not None:
                progress(done / total)


def evenings(course: Course) -> dict[float, float]:
    """Evening of each session's day, as the share of a day after its end.

    A session that ends late leaves a shorter evening; a course of bare doses knows no clock.
    """
    sessions = course.treatment.sessions if course.treatment is not None else ()
    known = {
        session.day: max(_EVENING_HOUR - session.time_of_day.hour, _LEAST_HOURS) / HOURS_PER_DAY
        for session in sessions
    }
    return {day: known.get(day, EVENING) for day in course.origin.session_days or (0.0,)}


def film_days(course: Course) -> tuple[float, ...]:
    """Days worth showing of a course: fine after each session, coarse later, up to its horizon."""
    first, *later = course.origin.session_days or (0.0,)
    evening = evenings(course)
    days = {first + (evening[first] if day == EVENING else day) for day in DEFAULT_DAYS}
    for session in later:
        days |= {session + (evening[session] if d == EVENING else d) for d in _AFTER_SESSION}
        days.add(max(session - 1.0, 0.0))
    horizon = float(course.days[-1])
    days |= {max(later, default=first) + day for day in _LATER} | {horizon}
    chosen = {round(day, 3) for day in days if 0.0 <= day <= horizon}
    return tuple(sorted(chosen or {horizon}))


def checked_days(
    days: Sequence[float], scenarios: Sequence[Scenario], known: tuple[float, float], says: str
) -> tuple[float, ...]:
    """Return the days of a film, increasing, each once.

    Parameters
    ----------
    days, scenarios
        What is to be shown.
    known
        First and last day that can be.
    says
        Words before these two where a day lies outside.

    Raises
    ------
    MicropenError
        Nothing to show, or a day outside.
    """
    chosen = tuple(sorted({float(day) for day in days}))
    if not chosen or not scenarios:
        raise MicropenError("There is nothing to render: give at least one day and one scenario.")
    first, last = known
    if not np.isfinite(chosen).all() or chosen[0] < first or chosen[-1] > last:
        raise MicropenError(
            f"The days to render run from {chosen[0]:g} to {chosen[-1]:g}, but {says} "
            f"day {first:g} to {last:g}; choose days inside or forecast further."
        )
    return chosen


def render(
    portrait: Portrait,
    course: Course,
    days: Sequence[float] | None = None,
    scenarios: Sequence[Scenario] = ("expected",),
    parameters: ParameterSet | None = None,
) -> Film:
    """Show a course on a face.

    Parameters
    ----------
    portrait
        The face.
    course
        The forecast.
    days
        Days to show; by default `film_days`.
    scenarios
        ``"best"``, ``"expected"``, ``"worst"``.
    parameters
        Defaults to the program's own.

    Returns
    -------
    Film
        Its frames are rendered when looked at.

    Raises
    ------
    MicropenError
        A day outside the course, or nothing to show.
    """
    wanted = film_days(course) if days is None else days
    known = (float(course.days[0]), float(course.days[-1]))
    chosen = checked_days(wanted, scenarios, known, "the course covers")
    frames = Frames(portrait, course, chosen, scenarios, parameters)
    return Film(portrait, course, chosen, tuple(scenarios), frames)
