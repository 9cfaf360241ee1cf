"""Redness as clinicians, subjects and instruments write it down."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.observation.observer_error import reading
from micropen.observation.reaction_scores import (
    Reaction,
    clinician_grade,
    clinician_mark,
    noticed_sign,
    subject_mark,
)
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

# Phototype up to which redness shows in full.
_LIGHT: Final = 2.5
_TONE: Final = "redness.tone_masking"
_GRADE: Final = "redness.grade_scale"
_SEEN: Final = "seen = erythema * exp(-redness.tone_masking * max(phototype - 2.5, 0))"


def seen_redness(view: View, redness: Array) -> Array:
    """Redness less what melanin hides from an eye; the last axes may be anything, draws first."""
    darker = np.maximum(view.people.phototype - _LIGHT, 0.0)
    mask = np.exp(-view.parameter(_TONE) * darker)
    return np.maximum(redness, 0.0) * (mask[:, None] if redness.ndim > 1 else mask)


def _seen(view: View, day: float | None) -> Array:
    return seen_redness(view, view.at("erythema", day))


def _drive(view: View, day: float | None) -> Array:
    return _seen(view, day) / view.parameter(_GRADE)


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


_REDNESS: Final = Reaction(_drive, f"seen / {_GRADE}", (_GRADE, _TONE), _SEEN)

SCALES: Final = (
    clinician_grade(
        "erythema_clinician",
        4.0,
        "Clinician's erythema assessment: clear, almost clear, mild, moderate, severe",
        _REDNESS,
        ("tan2014",),
    ),
    clinician_grade("erythema_four_point", 3.0, "Erythema none, mild, moderate, severe", _REDNESS),
    subject_mark("erythema_subject", "A person's own diary, 'how red', 0-10", _REDNESS),
    clinician_mark(
        "erythema_vas", 100.0, "Erythema marked by a clinician on a line of 100 mm", _REDNESS
    ),
    noticed_sign(
        "erythema_visible",
        "Others would notice the redness",
        "erythema",
        seen=Reaction(_seen, "seen", (_TONE,), _SEEN),
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
