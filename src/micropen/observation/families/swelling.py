"""Swelling as clinicians and subjects write it down."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.observation.reaction_scores import (
    Reaction,
    clinician_grade,
    noticed_sign,
    subject_mark,
)
from micropen.observation.scale import Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

_SCALE: Final = "swelling.grade_scale"


def _drive(view: View, day: float | None) -> Array:
    return np.maximum(view.at("swelling", day), 0.0) / view.parameter(_SCALE)


_SWELLING: Final = Reaction(_drive, f"swelling / {_SCALE}", (_SCALE,))

SCALES: Final[tuple[Scale, ...]] = (
    clinician_grade(
        "oedema_clinician", 4.0, "Oedema by a clinician, none to severe in five grades", _SWELLING
    ),
    clinician_grade("oedema_four_point", 3.0, "Oedema none, mild, moderate, severe", _SWELLING),
    subject_mark("swelling_subject", "A person's own diary, 'how swollen', 0-10", _SWELLING),
    noticed_sign("swelling_visible", "The person notices the swelling", "swelling"),
)
