"""A film that goes on from a photograph taken after a session."""

from __future__ import annotations

from collections.abc import Sequence

from micropen.appearance import Appearance
from micropen.appearance.from_a_day import appearance_from
from micropen.appearance.treated_face import TreatedFace
from micropen.evidence import ParameterSet
from micropen.healing import Course, Scenario
from micropen.rendering.film import Film, Frames, checked_days


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

    def _shown(self, day: float, scenario: Scenario) -> Appearance:
        return appearance_from(self._face, self._course, day, scenario, self._parameters)


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
    says = f"from a photograph of day {face.day:g} this course can show"
    chosen = checked_days(days, scenarios, (face.day, float(course.days[-1])), says)
    frames = FramesFrom(face, course, chosen, scenarios, parameters)
    return Film(face.portrait, course, chosen, tuple(scenarios), frames)
