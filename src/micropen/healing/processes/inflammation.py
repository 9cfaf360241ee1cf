"""Inflammation: early mediators, then the cells they call; deep wounds keep a slower one going.

    impulse  mediator          += response * V ** dose_exponent     V = vascular injury
    impulse  deep_inflammation += response * emax(D, half_deep)     D = dermal wound
    mediator'          = -mediator_rate * mediator
    inflammation'      = resolution_rate * largest * emax(mediator, half_mediator)
                         - resolution_rate * inflammation
    deep_inflammation' = -deep_rate * deep_inflammation

V and D are 1 in the reference session. Because of the deep part redness lasts longer the deeper
the needles go. A person's sensitivity multiplies `response`; sensitivity and age slow resolution.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from micropen.healing.process import Array, Process, State, Values, emax


def _adjust(p: Values, who: Values) -> Mapping[str, Array]:
    sensitivity = who.sensitivity - 0.5
    decades = (who.age_years - 40.0) / 10.0
    slowed = np.exp(-p.sensitivity_slowing * sensitivity - p.age_slowing_per_decade * decades)
    return {
        "response": p.response * np.exp(p.sensitivity_slope * sensitivity),
        "resolution_rate_per_day": p.resolution_rate_per_day * slowed,
        "deep_rate_per_day": p.deep_rate_per_day * slowed,
    }


INFLAMMATION: Final = Process(
    name="inflammation",
    summary="early mediators and the cells they call; the drive of redness, swelling and lesions",
    parameters=(
        "response",
        "dose_exponent",
        "sensitivity_slope",
        "sensitivity_slowing",
        "age_slowing_per_decade",
        "mediator_rate_per_day",
        "half_mediator",
        "largest",
        "resolution_rate_per_day",
        "half_deep",
        "deep_rate_per_day",
    ),
    states=(
        State(
            name="mediator",
            meaning="early mediators (histamine, prostaglandins); 1 = after the reference session",
            loss="mediator_rate_per_day",
            impulse=lambda w, p: p.response * w.vascular_injury**p.dose_exponent,
        ),
        State(
            name="inflammation",
            meaning="inflammatory cells and their signals",
            loss="resolution_rate_per_day",
            production=lambda x, p: (
                p.resolution_rate_per_day * p.largest * emax(x.mediator, p.half_mediator)
            ),
        ),
        State(
            name="deep_inflammation",
            meaning="slow inflammation around channels in the dermis, most possible = 1",
            loss="deep_rate_per_day",
            impulse=lambda w, p: p.response * emax(w.dermal_wound, p.half_deep),
        ),
    ),
    zone_spread=("response",),
    adjust=_adjust,
)
