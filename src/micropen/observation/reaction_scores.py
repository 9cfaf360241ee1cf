"""Scores of a reaction that was not there before: redness, swelling, flakes, blood points, dryness.

A reaction becomes a *drive* (0 when nothing was done), of which observers use up a share of their
scale (`micropen.observation.observer_error`)::

    share = 1 - exp(-drive * error)
    score = before + (top - before) * share          before: by default 0
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micropen.observation.event_times import NOTICED
from micropen.observation.observer_error import (
    CLINICIAN,
    SUBJECT,
    THRESHOLD,
    clinician_share,
    from_baseline,
    graded,
    noticed_from,
    subject_share,
)
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

_ASSUMED = ("assumed",)


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the scores of one reaction share.

    Parameters
    ----------
    drive
        ``drive(view, day)``, at or above 0, shape ``(draw,)``.
    formula
        The same in words.
    parameters
        That `drive` reads.
    where
        Says what the words of the formula stand for; may be empty.
    """

    drive: Callable[[View, float | None], Array]
    formula: str
    parameters: tuple[str, ...]
    where: str = ""

    def share(self, top: float) -> str:
        """The score before its error, in words."""
        return f"{top:g} * (1 - exp(-{self.formula} * error))"

    @property
    def explained(self) -> str:
        """`where`, to be put between two parts of a mapping."""
        return f"; {self.where}" if self.where else ""


def clinician_grade(
    name: str, top: float, summary: str, reaction: Reaction, sources: tuple[str, ...] = _ASSUMED
) -> Scale:
    """Build a clinician's ordinal scale, whole grades from 0 to `top`."""

    def observe(view: View, day: float | None) -> Array:
        share = clinician_share(view, name, reaction.drive(view, day), day)
        return graded(from_baseline(view, name, share, top), 0.0, top)

    return Scale(
        name=name,
        unit="grade",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=top,
        better="lower",
        summary=summary,
        mapping=f"round({reaction.share(top)}){reaction.explained}; "
        "error = exp(clinician.lean_sd * rater + clinician.slip_sd * answer)",
        sources=sources,
        parameters=(*reaction.parameters, *CLINICIAN),
        observe=observe,
    )


def _mark(name: str, top: float, summary: str, reaction: Reaction, by: str) -> Scale:
    used, names = (subject_share, SUBJECT) if by == "subject" else (clinician_share, CLINICIAN)

    def observe(view: View, day: float | None) -> Array:
        share = used(view, name, reaction.drive(view, day), day)
        return from_baseline(view, name, share, top)

    return Scale(
        name=name,
        unit="score",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=top,
        better="lower",
        summary=summary,
        mapping=f"{reaction.share(top)}{reaction.explained}; error from {by} lean, use and slips",
        sources=_ASSUMED,
        parameters=(*reaction.parameters, *names),
        observe=observe,
    )


def subject_mark(name: str, summary: str, reaction: Reaction) -> Scale:
    """Build a person's own score from 0 to 10, not rounded."""
    return _mark(name, 10.0, summary, reaction, "subject")


def clinician_mark(name: str, top: float, summary: str, reaction: Reaction) -> Scale:
    """Build a mark that a clinician makes on a line from 0 to `top`, not rounded."""
    return _mark(name, top, summary, reaction, "clinician")


def noticed_sign(
    name: str,
    summary: str,
    sign: str,
    better: str = "lower",
    seen: Reaction | None = None,
) -> Scale:
    """Build a scale that says whether a sign is noticed: 1 yes, 0 no.

    Parameters
    ----------
    name, summary, better
        Of the scale.
    sign
        One that `healing.milestones` has a threshold for.
    seen
        What an eye makes of the sign; by default the sign itself.
    """
    eye = seen or Reaction(lambda view, day: view.at(sign, day), sign, ())

    def observe(view: View, day: float | None) -> Array:
        limit = noticed_from(view, NOTICED[sign], sign)
        return (eye.drive(view, day) > limit).astype(np.float64)

    return Scale(
        name=name,
        unit="1",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=1.0,
        better=better,
        summary=f"{summary}: 1 yes, 0 no",
        mapping=f"{eye.formula} > healing.milestones.{NOTICED[sign]} * exp(observer.lean_sd * "
        f"rater + observer.person_sd * person){eye.explained}",
        sources=_ASSUMED,
        parameters=(*eye.parameters, *THRESHOLD),
        observe=observe,
    )
