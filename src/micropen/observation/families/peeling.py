"""Peeling, dryness, itching, blood points and breakouts as they are scored and counted."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from micropen.observation.answers import (
    CLINICIAN,
    SUBJECT,
    THRESHOLD,
    clinician_share,
    from_baseline,
    graded,
    noticed_from,
    subject_share,
    uniform,
)
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

DRYNESS: Final = ("dryness.barrier_scale", "dryness.scaling_scale")
_DRY: Final = (
    "dry = barrier_defect / dryness.barrier_scale + scaling / dryness.scaling_scale; "
    "error from subject lean, use and slips"
)


def dryness_drive(view: View, day: float | None) -> Array:
    """How tight and dry skin feels: an open barrier and flakes."""
    return view.at("barrier_defect", day) / view.parameter(DRYNESS[0]) + view.at(
        "scaling", day
    ) / view.parameter(DRYNESS[1])


def _scaling_drive(view: View, day: float | None) -> Array:
    return view.at("scaling", day) / view.parameter("peeling.grade_scale")


def _blood_drive(view: View, day: float | None) -> Array:
    return view.at("pinpoint_bleeding", day) / view.parameter("bleeding.grade_scale")


def _grade(view: View, day: float | None, *, name: str, top: float) -> Array:
    drive = _blood_drive(view, day) if name.startswith("bleeding") else _scaling_drive(view, day)
    share = clinician_share(view, name, drive, day)
    return graded(from_baseline(view, name, share, top), 0.0, top)


def _felt(view: View, day: float | None, *, name: str) -> Array:
    drive = dryness_drive(view, day)
    if name == "itching_subject":
        drive = view.parameter("itching.share") * drive
    return from_baseline(view, name, subject_share(view, name, drive, day), 10.0)


def _peeling_subject(view: View, day: float | None) -> Array:
    share = subject_share(view, "peeling_subject", _scaling_drive(view, day), day)
    return from_baseline(view, "peeling_subject", share, 10.0)


def _visible(view: View, day: float | None) -> Array:
    limit = noticed_from(view, "visible_scaling", "scaling")
    return (view.at("scaling", day) > limit).astype(np.float64)


def _count(view: View, day: float | None) -> Array:
    before = np.maximum(view.baseline("lesion_count", 0.0, 0.0), 0.0)
    share = np.clip(view.parameter("lesions.counted_share"), 0.0, 1.0)
    expected = before + share * np.maximum(view.count_at("lesions", day), 0.0)
    counted = poisson.ppf(uniform(view, "lesion_count"), expected)
    return np.where(expected > 0.0, np.maximum(counted, 0.0), 0.0)


def _clinician(name: str, top: float, summary: str, sign: str, scale: str) -> Scale:
    return Scale(
        name=name,
        unit="grade",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=top,
        better="lower",
        summary=summary,
        mapping=f"round({top:g} * (1 - exp(-{sign} / {scale} * error))); "
        "error = exp(clinician.lean_sd * rater + clinician.slip_sd * answer)",
        sources=("assumed",),
        parameters=(scale, *CLINICIAN),
        observe=partial(_grade, name=name, top=top),
    )


def _feeling(name: str, summary: str, factor: str = "") -> Scale:
    return Scale(
        name=name,
        unit="score",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=10.0,
        better="lower",
        summary=summary,
        mapping=f"10 * (1 - exp(-{factor + ' * ' if factor else ''}dry * error)); {_DRY}",
        sources=("assumed",),
        parameters=(*((factor,) if factor else ()), *DRYNESS, *SUBJECT),
        observe=partial(_felt, name=name),
    )


SCALES: Final = (
    _clinician(
        "scaling_clinician",
        4.0,
        "Scaling by a clinician, none to severe in five grades",
        "scaling",
        "peeling.grade_scale",
    ),
    _clinician(
        "scaling_four_point",
        3.0,
        "Scaling none, mild, moderate, severe",
        "scaling",
        "peeling.grade_scale",
    ),
    _clinician(
        "bleeding_four_point",
        3.0,
        "Pinpoint bleeding or crusts none, few, many, confluent",
        "pinpoint_bleeding",
        "bleeding.grade_scale",
    ),
    _feeling("dryness_subject", "A person's own diary, 'how dry', 0-10"),
    _feeling("tightness_subject", "A person's own diary, 'how tight', 0-10"),
    _feeling("itching_subject", "A person's own diary, 'how itchy', 0-10", "itching.share"),
    Scale(
        name="peeling_subject",
        unit="score",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=10.0,
        better="lower",
        summary="A person's own diary, 'how much it peels', 0-10",
        mapping="10 * (1 - exp(-scaling / peeling.grade_scale * error)); error from subject lean, "
        "use and slips",
        sources=("assumed",),
        parameters=("peeling.grade_scale", *SUBJECT),
        observe=_peeling_subject,
    ),
    Scale(
        name="peeling_visible",
        unit="1",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=1.0,
        better="lower",
        summary="Flakes can be seen in the mirror: 1 yes, 0 no",
        mapping="scaling > healing.milestones.visible_scaling * exp(observer.lean_sd * rater + "
        "observer.person_sd * person)",
        sources=("assumed",),
        parameters=THRESHOLD,
        observe=_visible,
    ),
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
