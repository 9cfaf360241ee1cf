"""Redness as clinicians, subjects and instruments write it down."""

from __future__ import annotations

from collections.abc import Callable
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
    reading,
    subject_share,
)
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]
Share = Callable[[View, str, Array, float | None], Array]

# Phototype up to which redness shows in full.
_LIGHT: Final = 2.5
_TONE: Final = "redness.tone_masking"
_SEEN: Final = "seen = erythema * exp(-redness.tone_masking * max(phototype - 2.5, 0))"


def seen_redness(view: View, redness: Array) -> Array:
    """Redness less what melanin hides from an eye; the last axes may be anything, draws first."""
    darker = np.maximum(view.people.phototype - _LIGHT, 0.0)
    mask = np.exp(-view.parameter(_TONE) * darker)
    return np.maximum(redness, 0.0) * (mask[:, None] if redness.ndim > 1 else mask)


def _drive(view: View, day: float | None) -> Array:
    return seen_redness(view, view.at("erythema", day)) / view.parameter("redness.grade_scale")


def _score(
    view: View, day: float | None, *, name: str, top: float, step: float, share: Share
) -> Array:
    used = share(view, name, _drive(view, day), day)
    score = from_baseline(view, name, used, top)
    return graded(score, 0.0, top, step) if step else score


def _visible(view: View, day: float | None) -> Array:
    limit = noticed_from(view, "visible_redness", "erythema")
    return (seen_redness(view, view.at("erythema", day)) > limit).astype(np.float64)


def _index_change(view: View, day: float | None) -> Array:
    darker = np.maximum(view.people.phototype - _LIGHT, 0.0)
    gain = view.parameter("redness.index_gain") * np.exp(
        -view.parameter("redness.index_tone_fading") * darker
    )
    ratio = 1.0 + gain * view.at("erythema", day)
    return reading(view, "erythema_index_change", ratio, day) - 1.0


def _flow_change(view: View, day: float | None) -> Array:
    ratio = np.exp(view.parameter("redness.flow_gain") * view.at("erythema", day))
    return reading(view, "blood_flow_change", ratio, day) - 1.0


def _grade(name: str, top: float, summary: str, sources: tuple[str, ...]) -> Scale:
    return Scale(
        name=name,
        unit="grade",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=top,
        better="lower",
        summary=summary,
        mapping=f"round({top:g} * (1 - exp(-seen / redness.grade_scale * error))); {_SEEN}; "
        "error = exp(clinician.lean_sd * rater + clinician.slip_sd * answer)",
        sources=sources,
        parameters=("redness.grade_scale", _TONE, *CLINICIAN),
        observe=partial(_score, name=name, top=top, step=1.0, share=clinician_share),
    )


def _mark(name: str, top: float, summary: str, by: str) -> Scale:
    share, names = (subject_share, SUBJECT) if by == "subject" else (clinician_share, CLINICIAN)
    return Scale(
        name=name,
        unit="score",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=top,
        better="lower",
        summary=summary,
        mapping=f"{top:g} * (1 - exp(-seen / redness.grade_scale * error)); {_SEEN}; "
        f"error from {by} lean, use and slips",
        sources=("assumed",),
        parameters=("redness.grade_scale", _TONE, *names),
        observe=partial(_score, name=name, top=top, step=0.0, share=share),
    )


SCALES: Final = (
    _grade(
        "erythema_clinician",
        4.0,
        "Clinician's erythema assessment: clear, almost clear, mild, moderate, severe",
        ("tan2014",),
    ),
    _grade("erythema_four_point", 3.0, "Erythema none, mild, moderate, severe", ("assumed",)),
    _mark("erythema_subject", 10.0, "A person's own diary, 'how red', 0-10", "subject"),
    _mark("erythema_vas", 100.0, "Erythema marked by a clinician on a line of 100 mm", "clinician"),
    Scale(
        name="erythema_visible",
        unit="1",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=1.0,
        better="lower",
        summary="Others would notice the redness: 1 yes, 0 no",
        mapping="seen > healing.milestones.visible_redness * exp(observer.lean_sd * rater "
        f"+ observer.person_sd * person); {_SEEN}",
        sources=("assumed",),
        parameters=(_TONE, *THRESHOLD),
        observe=_visible,
    ),
    Scale(
        name="erythema_index_change",
        unit="1",
        kind=Kind.LEVEL,
        lower=-1.0,
        upper=np.inf,
        better="lower",
        summary="Erythema index of a narrow-band reflectometer (Mexameter and the like), change "
        "over the value before",
        mapping="(1 + redness.index_gain * exp(-redness.index_tone_fading * max(phototype - 2.5, "
        "0)) * erythema) * exp(instrument.slip_sd * answer) - 1",
        sources=("assumed",),
        parameters=("redness.index_gain", "redness.index_tone_fading", "instrument.slip_sd"),
        observe=_index_change,
    ),
    Scale(
        name="blood_flow_change",
        unit="1",
        kind=Kind.LEVEL,
        lower=-1.0,
        upper=np.inf,
        better="lower",
        summary="Blood flow by laser Doppler or OCT, change over the value before",
        mapping="exp(redness.flow_gain * erythema) * exp(instrument.slip_sd * answer) - 1",
        sources=("assumed",),
        parameters=("redness.flow_gain", "instrument.slip_sd"),
        observe=_flow_change,
    ),
)
