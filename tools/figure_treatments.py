"""The treatments that the pictures of docs/model.md are about, and what over-treatment costs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np

from micropen.evidence import ParameterSet, load_parameters
from micropen.healing.state_course import StateCourse, state_course
from micropen.treatment import Treatment

SEED: Final = 0
DRAWS: Final = 1000
ZONE: Final = "cheek_left"
AFTER: Final = 180.0  # days after the last session at which a gain is read


def plan(
    needle_length_mm: float = 1.0,
    passes: float = 4.0,
    sessions: int = 1,
    interval_days: float = 30.0,
    phototype: float = 3.0,
) -> Treatment:
    """Return the reference treatment with some settings changed."""
    zones = {ZONE: {"needle_length_mm": needle_length_mm, "passes": passes}}
    first = date(2026, 1, 5)
    return Treatment.from_dict(
        {
            "person": {"age_years": 40, "sex": "female", "phototype": phototype},
            "session": [
                {
                    "date": first + timedelta(days=interval_days * number),
                    "device": "SkinPen Precision",
                    "anaesthetic": "topical",
                    "zones": zones,
                }
                for number in range(sessions)
            ],
        }
    )


def _without_price(parameters: ParameterSet) -> ParameterSet:
    """The same model in which nothing laid is cut again and no fibroblast makes scar."""
    never = 1e9
    return parameters.with_values(
        {f"healing.collagen.{name}": never for name in ("half_protease", "half_lasting_signal")}
    )


def share_lost(treatment: Treatment, course: StateCourse) -> np.ndarray:
    """Share of the collagen gain that over-treatment costs at the end, shape (draw,)."""
    free = state_course(
        treatment, ZONE, course.days, DRAWS, SEED, _without_price(load_parameters())
    )
    gains = [c.states["collagen_iii"] + c.states["collagen_i"] for c in (course, free)]
    kept = gains[0][:, -1] / np.maximum(gains[1][:, -1], np.finfo(np.float32).tiny)
    return np.asarray(1.0 - np.clip(kept, 0.0, 1.0))
