"""Inflammation: early mediators, then the cells they call; deep wounds keep a slower one going.

    primed = 1 + priming_gain * sigmoid_emax(U, half_priming)       U = unfinished at the session
    U      = inflammation + deep_inflammation + bare_surface + proliferation
             + transit_1 + transit_2 + transit_3                    (all as the session found them)
    impulse  mediator          += primed * response * V ** dose_exponent     V = vascular injury
    impulse  deep_inflammation += response * emax(W, half_deep)     W = deep wound
    mediator'          = -mediator_rate * mediator
    inflammation'      = resolution_rate * (largest * emax(mediator, half_mediator)
                         + bare_gain * bare_surface) - resolution_rate * inflammation
    deep_inflammation' = -deep_rate * deep_inflammation

V and W are 1 in the reference session; W is the dermal wound and what needles did beyond the
dermis. Because of the deep part redness lasts longer the deeper the needles go. Skin that is still
inflamed, bare or rebuilding its epidermis reacts more: a session too soon after another is primed,
one a week later hardly. A person's sensitivity multiplies `response`; sensitivity and age slow
resolution.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from micropen.healing.process import Array, Process, State, Values, emax, sigmoid_emax


def _adjust(p: Values, who: Values) -> Mapping[str, Array]:
    sensitivity = who.sensitivity - 0.5
    decades = (who.age_years - 40.0) / 10.0
    slowed = np.exp(-p.sensitivity_slowing * sensitivity - p.age_slowing_per_decade * decades)
    return {
        "response": p.response * np.exp(p.sensitivity_slope * sensitivity),
        "resolution_rate_per_day": p.resolution_rate_per_day * slowed,
        "deep_rate_per_day": p.deep_rate_per_day * slowed,
    }


def _primed(w: Values, p: Values) -> Array:
    """How much more skin reacts that has not finished with the session before."""
    before = w.before
    unfinished = (
        before.inflammation
        + before.deep_inflammation
        + before.bare_surface
        + before.proliferation
        + before.transit_1
        + before.transit_2
        + before.transit_3
    )
    factor: Array = 1.0 + p.priming_gain * sigmoid_emax(unfinished, p.half_priming)
    return factor


INFLAMMATION: Final = Process(
    name="inflammation",
    summary="early mediators and the cells they call; the drive of redness, swelling and lesions",
    parameters=(
        "response",
        "dose_exponent",
        "priming_gain",
        "half_priming",
        "sensitivity_slope",
        "sensitivity_slowing",
        "age_slowing_per_decade",
        "mediator_rate_per_day",
        "half_mediator",
        "largest",
        "resolution_rate_per_day",
        "bare_gain",
        "half_deep",
        "deep_rate_per_day",
    ),
    states=(
        State(
            name="mediator",
            meaning="early mediators (histamine, prostaglandins); 1 = after the reference session",
            loss="mediator_rate_per_day",
            impulse=lambda w, p: _primed(w, p) * p.response * w.vascular_injury**p.dose_exponent,
        ),
        State(
            name="inflammation",
            meaning="inflammatory cells and their signals",
            loss="resolution_rate_per_day",
            production=lambda x, p: (
                p.resolution_rate_per_day
                * (p.largest * emax(x.mediator, p.half_mediator) + p.bare_gain * x.bare_surface)
            ),
        ),
        State(
            name="deep_inflammation",
            meaning="slow inflammation around channels in the dermis, most possible = 1",
            loss="deep_rate_per_day",
            impulse=lambda w, p: p.response * emax(w.deep_wound, p.half_deep),
        ),
    ),
    zone_spread=("response",),
    adjust=_adjust,
)
