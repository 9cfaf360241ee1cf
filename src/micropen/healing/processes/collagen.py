"""Collagen: platelets call macrophages, these fibroblasts, which lay collagen III, then I.

    impulse  platelet_signal += D                        D = dermal wound volume (reference = 1)
    platelet_signal' = -platelet_rate * platelet_signal
    macrophage'      = platelet_rate * platelet_signal - macrophage_rate * macrophage
    growth_factor'   = growth_factor_rate * macrophage - growth_factor_rate * growth_factor
    repairing        = 1 - sigmoid_emax(lasting_signal, half_lasting_signal)
    fibroblast'      = fibroblast_rate * repairing * emax(growth_factor, half_growth_factor)
                       - fibroblast_rate * fibroblast
    kept             = 1 - sigmoid_emax(protease, half_protease)
    collagen_iii'    = synthesis_per_day * kept * fibroblast - conversion_rate * collagen_iii
    collagen_i'      = conversion_rate * kept_share * collagen_iii - turnover_rate * collagen_i
    collagen         = plateau * (1 - exp(-(collagen_iii + collagen_i) / plateau))

Sessions add up in collagen I, whose turnover takes years; the plateau bounds a series. Synthesis
falls with age. The price of over-treatment: fibroblasts called under a wound signal that is too
large or too lasting make scar, not gain (`repairing`), and what is laid while proteases are high
is cut again (`kept`).
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
    decades = (who.age_years - 40.0) / 10.0
    return {
        "kept_share": as_share(p.kept_share),
        "synthesis_per_day": p.synthesis_per_day * np.exp(-p.age_decline_per_decade * decades),
    }


def _called(x: Values, p: Values) -> Array:
    """Fibroblasts called per day that will repair, not scar."""
    repairing = 1.0 - sigmoid_emax(x.lasting_signal, p.half_lasting_signal)
    called: Array = (
        p.fibroblast_rate_per_day * repairing * emax(x.growth_factor, p.half_growth_factor)
    )
    return called


def _laid(x: Values, p: Values) -> Array:
    """Collagen III laid per day and not cut again."""
    kept = 1.0 - sigmoid_emax(x.protease, p.half_protease)
    laid: Array = p.synthesis_per_day * kept * x.fibroblast
    return laid


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
        "half_protease",
        "half_lasting_signal",
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
            meaning="active fibroblasts that repair, most possible = 1",
            loss="fibroblast_rate_per_day",
            production=_called,
        ),
        State(
            name="collagen_iii",
            meaning="new organised collagen III over resting collagen",
            loss="conversion_rate_per_day",
            production=_laid,
        ),
        State(
            name="collagen_i",
            meaning="new organised collagen I over resting collagen",
            loss="turnover_rate_per_day",
            production=lambda x, p: p.conversion_rate_per_day * p.kept_share * x.collagen_iii,
        ),
    ),
    readouts=(
        Readout(
            "collagen",
            lambda x, p: approach(x.collagen_iii + x.collagen_i, p.plateau),
            lasting=0.6,
        ),
    ),
    zone_spread=("synthesis_per_day",),
    adjust=_adjust,
)
