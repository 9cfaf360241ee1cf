"""A film that goes on from a photograph taken after a session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micropen.appearance.from_a_day import appearance_from
from micropen.appearance.treated_face import TreatedFace
from micropen.errors import MicropenError
from micropen.evidence import ParameterSet
from micropen.healing import Course, Scenario
from micropen.rendering.film import Film, FrameKey, Frames
from micropen.rendering.frame import render_frame


class FramesFrom(Frames):
    """Frames that go on from a photograph, rendered at each access and not kept."""

    def __init__(
        self,
        face: TreatedFace,
        course: Course,
        days: Sequence[float],
        scenarios: Sequence[Scenario],
        parameters: ParameterSet | None = None,
    ) -> None:
        super().__init__(face.portrait, course, days, scenarios, parameters)
        self._face = face

    def __getitem__(self, key: FrameKey) -> NDArray[Any]:
        scenario, day = self._keys[key], key[1]
        shown = appearance_from(self._face, self._course, day, scenario, self._parameters)
        return render_frame(self._face.portrait, shown, self._parameters)


def film_from(
    face: TreatedFace,
    course: Course,
    days: Sequence[float],
    scenarios: Sequence[Scenario] = ("expected",),
    parameters: ParameterSet | None = None,
) -> Film:
    """Show how a course goes on from a photograph of one of its days.

    Parameters
    ----------
    face
        The photograph, from `micropen.appearance.treated_face_of`.
    course
        The person's course.
    days
        Days to show, none before the photograph's.
    scenarios
        ``"best"``, ``"expected"``, ``"worst"``.
    parameters
        Defaults to the program's own.

    Returns
    -------
    Film
        Its frames are rendered when looked at. The frame of the photograph's own day is the
        photograph.

    Raises
    ------
    MicropenError
        A day before the photograph's or outside the course, or nothing to show.
    """
    chosen = tuple(sorted({float(day) for day in days}))
    if not chosen or not scenarios:
        raise MicropenError("There is nothing to render: give at least one day and one scenario.")
    last = float(course.days[-1])
    if not np.isfinite(chosen).all() or chosen[0] < face.day or chosen[-1] > last:
        raise MicropenError(
            f"The days to render run from {chosen[0]:g} to {chosen[-1]:g}, but from a photograph "
            f"of day {face.day:g} this course can show day {face.day:g} to {last:g}; choose days "
            "inside or forecast further."
        )
    frames = FramesFrom(face, course, chosen, scenarios, parameters)
    return Film(face.portrait, course, chosen, tuple(scenarios), frames)
