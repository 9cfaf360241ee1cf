"""Peeling, dryness, itching, blood points and breakouts as they are scored and counted."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from micropen.observation.observer_error import uniform
from micropen.observation.reaction_scores import (
    Reaction,
    clinician_grade,
    noticed_sign,
    subject_mark,
)
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

DRYNESS: Final = ("dryness.barrier_scale", "dryness.scaling_scale")
_ITCHING: Final = "itching.share"


def dryness_drive(view: View, day: float | None) -> Array:
    """How tight and dry skin feels: an open barrier and flakes."""
    return view.at("barrier_defect", day) / view.parameter(DRYNESS[0]) + view.at(
        "scaling", day
    ) / view.parameter(DRYNESS[1])


def _drive(view: View, day: float | None, *, sign: str, scale: str) -> Array:
    return view.at(sign, day) / view.parameter(scale)


def _itching_drive(view: View, day: float | None) -> Array:
    return view.parameter(_ITCHING) * dryness_drive(view, day)


def _count(view: View, day: float | None) -> Array:
    before = np.maximum(view.baseline("lesion_count", 0.0, 0.0), 0.0)
    share = np.clip(view.parameter("lesions.counted_share"), 0.0, 1.0)
    expected = before + share * np.maximum(view.count_at("lesions", day), 0.0)
    counted = poisson.ppf(uniform(view, "lesion_count"), expected)
    return np.where(expected > 0.0, np.maximum(counted, 0.0), 0.0)


def _graded_sign(sign: str, scale: str) -> Reaction:
    return Reaction(partial(_drive, sign=sign, scale=scale), f"{sign} / {scale}", (scale,))


_SCALING: Final = _graded_sign("scaling", "peeling.grade_scale")
_BLOOD: Final = _graded_sign("pinpoint_bleeding", "bleeding.grade_scale")
_DRY: Final = f"dry = barrier_defect / {DRYNESS[0]} + scaling / {DRYNESS[1]}"
_DRYNESS: Final = Reaction(dryness_drive, "dry", DRYNESS, _DRY)
_ITCH: Final = Reaction(_itching_drive, f"{_ITCHING} * dry", (_ITCHING, *DRYNESS), _DRY)

SCALES: Final = (
    clinician_grade(
        "scaling_clinician",
        4.0,
        "Scaling by a clinician, none to severe in five grades",
        _SCALING,
    ),
    clinician_grade("scaling_four_point", 3.0, "Scaling none, mild, moderate, severe", _SCALING),
    clinician_grade(
        "bleeding_four_point",
        3.0,
        "Pinpoint bleeding or crusts none, few, many, confluent",
        _BLOOD,
    ),
    subject_mark("dryness_subject", "A person's own diary, 'how dry', 0-10", _DRYNESS),
    subject_mark("tightness_subject", "A person's own diary, 'how tight', 0-10", _DRYNESS),
    subject_mark("itching_subject", "A person's own diary, 'how itchy', 0-10", _ITCH),
    subject_mark("peeling_subject", "A person's own diary, 'how much it peels', 0-10", _SCALING),
    noticed_sign("peeling_visible", "Flakes can be seen in the mirror", "scaling"),
    Scale(
        name="lesion_count",
        unit="count",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=np.inf,
        better="lower",
        summary="Inflamed papules counted in all zones that are looked at",
        mapping="Poisson count with mean before (default 0) + lesions.counted_share * sum over "
        "zones of lesions; a person keeps the same quantile on all days",
        sources=("assumed",),
        parameters=("lesions.counted_share",),
        observe=_count,
    ),
)
