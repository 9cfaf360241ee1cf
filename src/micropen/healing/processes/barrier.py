"""The barrier: most of a hole collapses within hours, the rest waits for new epidermis.

    impulse  open_gap    += collapsing_share * opened * A    A = breached area, share of surface
    impulse  open_wound  += (1 - collapsing_share) * opened * A
    open_gap'     = -collapse_rate * open_gap
    open_wound'   = -repair_rate * open_wound
    sealing'      = repair_rate * open_wound - repair_rate * sealing
    perturbation' = repair_rate * inflammation_gain * inflammation - repair_rate * perturbation
    barrier_defect = 1 - exp(-(open_gap + open_wound + sealing + perturbation))

Two equal repair stages give the steep re-epithelialisation that was observed (half of the holes
closed at 10-22 h, 84 % at 13-28 h), which one exponential cannot. Age slows the repair.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from micropen.healing.process import Array, Process, Readout, State, Values, as_share


def _adjust(p: Values, who: Values) -> Mapping[str, Array]:
    decades = (who.age_years - 40.0) / 10.0
    return {
        "collapsing_share": as_share(p.collapsing_share),
        "repair_rate_per_day": p.repair_rate_per_day * np.exp(-p.age_slowing_per_decade * decades),
    }


BARRIER: Final = Process(
    name="barrier",
    summary="holes collapse within hours, new epidermis closes the rest within days",
    parameters=(
        "opened",
        "collapsing_share",
        "collapse_rate_per_day",
        "repair_rate_per_day",
        "inflammation_gain",
        "age_slowing_per_decade",
    ),
    states=(
        State(
            name="open_gap",
            meaning="barrier opened by gaps that collapse",
            loss="collapse_rate_per_day",
            impulse=lambda w, p: p.collapsing_share * p.opened * w.breached_area_fraction,
        ),
        State(
            name="open_wound",
            meaning="barrier opened by holes that must be covered again",
            loss="repair_rate_per_day",
            impulse=lambda w, p: (1.0 - p.collapsing_share) * p.opened * w.breached_area_fraction,
        ),
        State(
            name="sealing",
            meaning="holes covered but not yet tight",
            loss="repair_rate_per_day",
            production=lambda x, p: p.repair_rate_per_day * x.open_wound,
        ),
        State(
            name="perturbation",
            meaning="leakiness of intact barrier under inflammation",
            loss="repair_rate_per_day",
            production=lambda x, p: p.repair_rate_per_day * p.inflammation_gain * x.inflammation,
        ),
    ),
    readouts=(
        Readout(
            "barrier_defect",
            lambda x, _p: 1.0 - np.exp(-(x.open_gap + x.open_wound + x.sealing + x.perturbation)),
        ),
    ),
    adjust=_adjust,
)
