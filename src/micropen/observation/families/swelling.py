"""Swelling as clinicians and subjects write it down."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.observation.answers import (
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

_SCALE: Final = "swelling.grade_scale"


def _drive(view: View, day: float | None) -> Array:
    return np.maximum(view.at("swelling", day), 0.0) / view.parameter(_SCALE)


def _grade(view: View, day: float | None, *, name: str, top: float) -> Array:
    share = clinician_share(view, name, _drive(view, day), day)
    return graded(from_baseline(view, name, share, top), 0.0, top)


def _mark(view: View, day: float | None) -> Array:
    share = subject_share(view, "swelling_subject", _drive(view, day), day)
    return from_baseline(view, "swelling_subject", share, 10.0)


def _visible(view: View, day: float | None) -> Array:
    limit = noticed_from(view, "visible_swelling", "swelling")
    return (view.at("swelling", day) > limit).astype(np.float64)


def _clinician(name: str, top: float, summary: str) -> Scale:
    return Scale(
        name=name,
        unit="grade",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=top,
        better="lower",
        summary=summary,
        mapping=f"round({top:g} * (1 - exp(-swelling / swelling.grade_scale * error))); "
        "error = exp(clinician.lean_sd * rater + clinician.slip_sd * answer)",
        sources=("assumed",),
        parameters=(_SCALE, *CLINICIAN),
        observe=partial(_grade, name=name, top=top),
    )


SCALES: Final = (
    _clinician("oedema_clinician", 4.0, "Oedema by a clinician, none to severe in five grades"),
    _clinician("oedema_four_point", 3.0, "Oedema none, mild, moderate, severe"),
    Scale(
        name="swelling_subject",
        unit="score",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=10.0,
        better="lower",
        summary="A person's own diary, 'how swollen', 0-10",
        mapping="10 * (1 - exp(-swelling / swelling.grade_scale * error)); error from subject "
        "lean, use and slips",
        sources=("assumed",),
        parameters=(_SCALE, *SUBJECT),
        observe=_mark,
    ),
    Scale(
        name="swelling_visible",
        unit="1",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=1.0,
        better="lower",
        summary="The person notices the swelling: 1 yes, 0 no",
        mapping="swelling > healing.milestones.visible_swelling * exp(observer.lean_sd * rater + "
        "observer.person_sd * person)",
        sources=("assumed",),
        parameters=THRESHOLD,
        observe=_visible,
    ),
)
