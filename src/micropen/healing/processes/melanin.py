"""Pigment: some is carried off with the renewed surface; inflammation may bring more.

    melanin_carried'       = dispersal_per_day * renewed_surface - return_rate * melanin_carried
    melanocyte_activation' = activation_rate * susceptibility * inflammation
                             - activation_rate * melanocyte_activation
    melanin_made'          = fading_rate * largest_gain
                             * sigmoid_emax(melanocyte_activation, half_activation)
                             - fading_rate * melanin_made
    pigment                = melanin_made - melanin_carried        (ln of the melanin ratio)

`susceptibility` rises with phototype, sun and melasma and differs widely between people; the
steep response makes post-inflammatory hyperpigmentation a risk of few, not a shade of all.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from micropen.healing.process import Array, Process, Readout, State, Values, sigmoid_emax


def _adjust(p: Values, who: Values) -> Mapping[str, Array]:
    exponent = (
        p.phototype_slope * (who.phototype - 3.0)
        + p.sun_slope * (who.sun_exposure - 0.5)
        + p.melasma_slope * who.melasma
    )
    return {"susceptibility": p.susceptibility * np.exp(exponent)}


MELANIN: Final = Process(
    name="melanin",
    summary="dispersal of pigment with scaling, and the risk of hyperpigmentation",
    parameters=(
        "dispersal_per_day",
        "return_rate_per_day",
        "susceptibility",
        "phototype_slope",
        "sun_slope",
        "melasma_slope",
        "activation_rate_per_day",
        "half_activation",
        "largest_gain",
        "fading_rate_per_day",
    ),
    states=(
        State(
            name="melanin_carried",
            meaning="ln of the melanin carried off with shed cells",
            loss="return_rate_per_day",
            production=lambda x, p: p.dispersal_per_day * x.renewed_surface,
        ),
        State(
            name="melanocyte_activation",
            meaning="activation of melanocytes by inflammation",
            loss="activation_rate_per_day",
            production=lambda x, p: p.activation_rate_per_day * p.susceptibility * x.inflammation,
        ),
        State(
            name="melanin_made",
            meaning="ln of the melanin added after inflammation",
            loss="fading_rate_per_day",
            production=lambda x, p: (
                p.fading_rate_per_day
                * p.largest_gain
                * sigmoid_emax(x.melanocyte_activation, p.half_activation)
            ),
        ),
    ),
    readouts=(Readout("pigment", lambda x, _p: x.melanin_made - x.melanin_carried),),
    zone_spread=("dispersal_per_day", "susceptibility"),
    adjust=_adjust,
)
