"""On which photograph the pictures of the coming days are drawn, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.healing import Course
from micropen.report.words import Vocabulary, joined, whole_day

# What a picture can show; a barrier, collagen or pain it cannot.
_SHOWN: Final = (
    "erythema", "swelling", "pinpoint_bleeding", "scaling", "lesions", "pigment", "gloss", "relief",
)  # fmt: skip
_HERE: Final = "workflows.following_pictures"


@dataclass(frozen=True, slots=True)
class PictureCanvas:
    """The photograph to draw on.

    Parameters
    ----------
    latest
        Whether it is the latest photograph; else it is the one before treatment.
    reason
        Why, as a sentence.
    """

    latest: bool
    reason: str


def choose_canvas(
    course: Course,
    latest_day: float,
    days: Sequence[float],
    *,
    not_usable: str = "",
    baseline: bool = True,
    parameters: ParameterSet | None = None,
) -> PictureCanvas:
    """Choose between the latest photograph and the one before treatment.

    One canvas for all days: pictures that change pose and light in between cannot be compared.

    Parameters
    ----------
    course
        The person's course.
    latest_day
        Day of the latest photograph since the end of the first session.
    days
        Days to be shown.
    not_usable
        Why the latest photograph cannot be drawn on; empty where it can.
    baseline
        Whether there is a photograph before treatment to draw on instead.
    parameters
        Thresholds; the program's own by default.

    Returns
    -------
    PictureCanvas
        The latest photograph, unless it cannot be used, shows what later days will not have and
        no drawing can take away, or nothing visible changes after it.
    """
    if not_usable:
        return PictureCanvas(False, f"The latest photograph cannot be drawn on: {not_usable}")
    if latest_day < 0.0:
        return PictureCanvas(False, "The latest photograph was taken before the first session.")
    if not baseline:
        return PictureCanvas(True, "It is the only photograph that can be drawn on.")
    chosen = parameters or load_parameters()
    staying = _stays(course, latest_day, days, chosen)
    if staying:
        return PictureCanvas(
            False,
            f"On day {whole_day(latest_day)} this forecast expects {joined(staying)}, which cannot "
            "be taken out of a photograph; the days after would keep them.",
        )
    if not _anything_changes(course, latest_day, days, chosen):
        return PictureCanvas(
            False,
            f"After day {whole_day(latest_day)} nothing is expected to change that a picture could "
            "show; what changed since the photograph before treatment can be seen on that one.",
        )
    return PictureCanvas(
        True, "It shows this face as it is now; only what changes from then on is drawn."
    )


def _stays(
    course: Course, latest_day: float, days: Sequence[float], parameters: ParameterSet
) -> list[str]:
    """What the latest photograph shows and some later day will not."""
    now = course.at(latest_day)
    treated = np.isin(course.zones, course.treated)

    def lost(sign: str) -> NDArray[np.float64]:
        later = np.min([course.at(day)[sign] for day in days], axis=0)
        return np.asarray(now[sign] - later)[treated] if sign in now else np.zeros(1)

    found = []
    for sign, name, words, whole in (
        ("scaling", "lasting_scaling", "flakes", np.mean),
        ("pinpoint_bleeding", "lasting_pinpoints", "tiny dots of blood or crust", np.mean),
        ("lesions", "lasting_lesions", "spots", np.sum),
    ):
        values = lost(sign)
        if values.size and float(whole(values)) >= parameters.value(f"{_HERE}.{name}"):
            found.append(words)
    return found


def _anything_changes(
    course: Course, latest_day: float, days: Sequence[float], parameters: ParameterSet
) -> bool:
    """Whether any sign changes anywhere by what a person would call slight."""
    vocabulary = Vocabulary.from_parameters(parameters)
    now = course.at(latest_day)
    for day in days:
        later = course.at(day)
        for sign in _SHOWN:
            change = np.abs(later[sign] - now[sign]) if sign in now else np.zeros(1)
            if float(change.max(initial=0.0)) >= vocabulary.limit(sign, "slight"):
                return True
    return False
