"""Pigment: some is carried off with the renewed surface; inflammation may bring more.

    melanin_carried'       = dispersal_per_day * renewed_surface - return_rate * melanin_carried
    call                   = susceptibility * (inflammation + deep_gain * deep_inflammation)
    melanocyte_activation' = activation_rate * emax(call, 1)
                             - activation_rate * melanocyte_activation
    melanin_made'          = fading_rate * largest_gain
                             * sigmoid_emax(melanocyte_activation, half_activation)
                             - fading_rate * melanin_made
    pigment                = melanin_made - approach(melanin_carried, largest_loss)
                                                                   (ln of the melanin ratio)

With melasma `pigment` is that of the brown patches. Without it there is nothing to even out:
`dispersal_per_day` and `largest_loss` are then `ordinary_share` of themselves. `susceptibility`
rises with phototype and sun and differs widely between people; melasma adds its own, in any
phototype. The steep response makes darkening a risk of few, not a shade of all; inflammation that
is stronger or lasts longer (too deep, too dense, too soon) brings more people over it.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from micropen.healing.process import (
    Array,
    Process,
    Readout,
    State,
    Values,
    approach,
    as_share,
    emax,
    sigmoid_emax,
)


def _adjust(p: Values, who: Values) -> Mapping[str, Array]:
    by_phototype = np.exp(p.phototype_slope * (who.phototype - 3.0))
    by_sun = np.exp(p.sun_slope * (who.sun_exposure - 0.5))
    own = p.susceptibility * by_phototype + p.melasma_susceptibility * who.melasma
    share = as_share(p.ordinary_share)
    share = share + who.melasma * (1.0 - share)
    return {
        "susceptibility": own * by_sun,
        "dispersal_per_day": p.dispersal_per_day * share,
        "largest_loss": p.largest_loss * share,
    }


# The unit of the call: 1 activates half of the melanocytes.
_HALF_CALL: Final = np.array(1.0)


def _call(x: Values, p: Values) -> Array:
    """How strongly inflammation calls melanocytes."""
    call: Array = p.susceptibility * (x.inflammation + p.deep_gain * x.deep_inflammation)
    return call


MELANIN: Final = Process(
    name="melanin",
    summary="dispersal of pigment with scaling, and the risk of hyperpigmentation",
    parameters=(
        "dispersal_per_day",
        "return_rate_per_day",
        "largest_loss",
        "ordinary_share",
        "susceptibility",
        "phototype_slope",
        "sun_slope",
        "melasma_susceptibility",
        "activation_rate_per_day",
        "deep_gain",
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
            meaning="share of melanocytes activated by inflammation",
            loss="activation_rate_per_day",
            production=lambda x, p: p.activation_rate_per_day * emax(_call(x, p), _HALF_CALL),
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
    readouts=(
        Readout(
            "pigment",
            lambda x, p: x.melanin_made - approach(x.melanin_carried, p.largest_loss),
            with_dose="free",
        ),
    ),
    zone_spread=("dispersal_per_day", "susceptibility"),
    adjust=_adjust,
)
