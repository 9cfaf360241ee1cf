"""Courses in closed form, so that every trait and date of them is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import xarray as xr
from scipy.stats import norm

from micropen.evidence import Grade
from micropen.healing.course import Course, CourseOrigin
from micropen.healing.time_grid import day_grid
from micropen.signs import SIGNS
from micropen.treatment import Treatment

ZONES = ("cheek_left", "cheek_right", "forehead")
TYPICAL: dict[str, float] = {
    "redness": 1.0,  # at the end of the session
    "fading": 0.8,  # per day
    "swelling": 0.5,
    "peeling": 0.05,
    "peeling_day": 4.0,
    "spots": 3.0,  # on the face
    "pain": 1.0,
    "glow": 0.3,
    "glow_day": 8.0,
    "melanin": 0.97,
}


def evenly_normal(count: int, seed: int = 0) -> np.ndarray:
    """Normal scores: mean exactly 0, quantiles those of the normal, in a shuffled order."""
    scores = norm.ppf((np.arange(count) + 0.5) / count)
    return np.random.default_rng(seed).permutation(scores)


def treatment(session_days: tuple[float, ...] = (0.0,), **person: Any) -> Treatment:
    """Sessions on the cheeks and forehead, from Friday 5 June 2026, 10:00."""
    first = dt.date(2026, 6, 5)
    zones = {"cheek": {}, "forehead": {}}
    return Treatment.from_dict(
        {
            "person": {"age_years": 35, "phototype": "II", **person},
            "session": [
                {
                    "date": first + dt.timedelta(days=day),
                    "time": dt.time(10, 0),
                    "device": "SkinPen Precision",
                    "face": {"needle_length_mm": 1.0, "passes": 3},
                    "zones": zones,
                }
                for day in session_days
            ],
        }
    )


def course(
    draws: int = 500,
    horizon: float = 60.0,
    session_days: tuple[float, ...] = (0.0,),
    **factors: np.ndarray | float,
) -> Course:
    """Each number of `TYPICAL`, times a factor, the same after every session.

    Redness fades as exp(-k t), pain too; flakes and glow are humps; melanin is a constant.
    """
    days = day_grid(session_days, horizon)
    since = days - np.array(session_days)[np.searchsorted(session_days, days + 1e-6) - 1]
    t = np.maximum(since, 0.0)[None]
    one = np.ones((draws, 1))
    p = {k: v * one * np.reshape(factors.get(k, 1.0), (-1, 1)) for k, v in TYPICAL.items()}
    zero = 0.0 * one * t
    hump = lambda day, width: np.exp(-0.5 * ((t - day) / width) ** 2)  # noqa: E731
    signs = dict.fromkeys(SIGNS, zero) | {
        "erythema": p["redness"] * np.exp(-p["fading"] * t),
        "swelling": p["swelling"] * hump(0.5, 0.6),
        "scaling": p["peeling"] * hump(p["peeling_day"], 1.5),
        "lesions": p["spots"] / len(ZONES) * hump(2.0, 1.5),
        "pain": p["pain"] * np.exp(-2.0 * t),
        "gloss": p["glow"] * hump(p["glow_day"], 3.0),
        "pigment": np.log(p["melanin"]) + zero,
    }
    stacked = {
        name: (("draw", "zone", "day"), np.repeat(v[:, None], len(ZONES), 1).astype(np.float32))
        for name, v in signs.items()
    }
    origin = CourseOrigin("made up", "0" * 16, "0", 0, draws, session_days, Grade.D, ("assumed",))
    return Course(xr.Dataset(stacked, {"zone": list(ZONES), "day": days}), origin)
