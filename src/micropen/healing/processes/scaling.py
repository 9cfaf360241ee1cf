"""Peeling: injured keratinocytes make new ones, which rise in a transit chain and flake off.

    impulse  epidermal_injury += emax(E, half_injury)   E = epidermal wound volume (reference = 1)
    epidermal_injury' = -transit_rate * epidermal_injury
    proliferation'    = transit_rate * (epidermal_injury - proliferation)
    transit_1'        = transit_rate * (proliferation    - transit_1)
    transit_2'        = transit_rate * (transit_1        - transit_2)
    transit_3'        = transit_rate * (transit_2        - transit_3)
    loose_scale'      = transit_rate * (transit_3        - loose_scale)
    renewed_surface'  = transit_rate * loose_scale - ageing_rate * renewed_surface
    scaling = 1 - exp(-coverage_gain * zone_scaling * loose_scale)

Six equal stages peak after 5/transit_rate days. What has flaked off leaves young corneocytes,
which age like all others; `melanin`, `gloss` and `relief` read them.
"""

from typing import Final

import numpy as np

from micropen.healing.process import Process, Production, Readout, State, emax


def _from(upstream: str) -> Production:
    return lambda x, p: p.transit_rate_per_day * getattr(x, upstream)


SCALING: Final = Process(
    name="scaling",
    summary="epidermal proliferation, transit to the surface, flakes, young surface",
    parameters=("half_injury", "transit_rate_per_day", "coverage_gain", "ageing_rate_per_day"),
    states=(
        State(
            name="epidermal_injury",
            meaning="injured keratinocytes, most possible = 1",
            loss="transit_rate_per_day",
            impulse=lambda w, p: emax(w.epidermal_wound, p.half_injury),
        ),
        State(
            name="proliferation",
            meaning="keratinocytes dividing in answer",
            loss="transit_rate_per_day",
            production=_from("epidermal_injury"),
        ),
        State(
            name="transit_1",
            meaning="new cells in the lower epidermis",
            loss="transit_rate_per_day",
            production=_from("proliferation"),
        ),
        State(
            name="transit_2",
            meaning="new cells in the upper epidermis",
            loss="transit_rate_per_day",
            production=_from("transit_1"),
        ),
        State(
            name="transit_3",
            meaning="new corneocytes under the old ones",
            loss="transit_rate_per_day",
            production=_from("transit_2"),
        ),
        State(
            name="loose_scale",
            meaning="old corneocytes lifted off",
            loss="transit_rate_per_day",
            production=_from("transit_3"),
        ),
        State(
            name="renewed_surface",
            meaning="share of the surface with young corneocytes, most possible = 1",
            loss="ageing_rate_per_day",
            production=_from("loose_scale"),
        ),
    ),
    readouts=(
        Readout(
            "scaling",
            lambda x, p: 1.0 - np.exp(-p.coverage_gain * p.zone_scaling * x.loose_scale),
        ),
    ),
    zone_factors=("scaling",),
    zone_spread=("coverage_gain",),
)
