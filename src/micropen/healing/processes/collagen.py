"""Collagen: platelets call macrophages, these fibroblasts, which lay collagen III, then I.

    impulse  platelet_signal += D                        D = dermal wound volume (reference = 1)
    platelet_signal' = -platelet_rate * platelet_signal
    macrophage'      = platelet_rate * platelet_signal - macrophage_rate * macrophage
    growth_factor'   = growth_factor_rate * macrophage - growth_factor_rate * growth_factor
    fibroblast'      = fibroblast_rate * emax(growth_factor, half_growth_factor)
                       - fibroblast_rate * fibroblast
    collagen_iii'    = synthesis_per_day * fibroblast - conversion_rate * collagen_iii
    collagen_i'      = conversion_rate * kept_share * collagen_iii - turnover_rate * collagen_i
    collagen         = plateau * (1 - exp(-(collagen_iii + collagen_i) / plateau))

Sessions add up in collagen I, whose turnover takes years; the plateau bounds a series. Synthesis
falls with age.
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
)


def _adjust(p: Values, who: Values) -> Mapping[str, Array]:
    decades = (who.age_years - 40.0) / 10.0
    return {
        "kept_share": as_share(p.kept_share),
        "synthesis_per_day": p.synthesis_per_day * np.exp(-p.age_decline_per_decade * decades),
    }


COLLAGEN: Final = Process(
    name="collagen",
    summary="wound signal to fibroblasts to collagen III to collagen I, with slow turnover",
    parameters=(
        "platelet_rate_per_day",
        "macrophage_rate_per_day",
        "growth_factor_rate_per_day",
        "half_growth_factor",
        "fibroblast_rate_per_day",
        "synthesis_per_day",
        "age_decline_per_decade",
        "conversion_rate_per_day",
        "kept_share",
        "turnover_rate_per_day",
        "plateau",
    ),
    states=(
        State(
            name="platelet_signal",
            meaning="signals of platelets in the punctured dermis",
            loss="platelet_rate_per_day",
            impulse=lambda w, _p: w.dermal_wound,
        ),
        State(
            name="macrophage",
            meaning="macrophages called in",
            loss="macrophage_rate_per_day",
            production=lambda x, p: p.platelet_rate_per_day * x.platelet_signal,
        ),
        State(
            name="growth_factor",
            meaning="growth factor (TGF-beta) released by macrophages",
            loss="growth_factor_rate_per_day",
            production=lambda x, p: p.growth_factor_rate_per_day * x.macrophage,
        ),
        State(
            name="fibroblast",
            meaning="active fibroblasts, most possible = 1",
            loss="fibroblast_rate_per_day",
            production=lambda x, p: (
                p.fibroblast_rate_per_day * emax(x.growth_factor, p.half_growth_factor)
            ),
        ),
        State(
            name="collagen_iii",
            meaning="new collagen III over resting collagen",
            loss="conversion_rate_per_day",
            production=lambda x, p: p.synthesis_per_day * x.fibroblast,
        ),
        State(
            name="collagen_i",
            meaning="new collagen I over resting collagen",
            loss="turnover_rate_per_day",
            production=lambda x, p: p.conversion_rate_per_day * p.kept_share * x.collagen_iii,
        ),
    ),
    readouts=(
        Readout("collagen", lambda x, p: approach(x.collagen_iii + x.collagen_i, p.plateau)),
    ),
    zone_spread=("synthesis_per_day",),
    adjust=_adjust,
)
