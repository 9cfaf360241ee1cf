"""The barrier: most of a hole collapses within hours, the rest waits for new epidermis.

    impulse  open_gap    += collapsing_share * (1 - held_share * occlusion) * R
    impulse  held_gap    += collapsing_share * held_share * occlusion * R
    impulse  open_wound  += (1 - collapsing_share) * R      R = holes and the torn ring about each
    open_gap'     = -collapse_rate * open_gap
    held_gap'     = -held_rate * held_gap
    open_wound'   = -repair_rate * open_wound
    sealing'      = repair_rate * open_wound - repair_rate * sealing
    perturbation' = repair_rate * inflammation_gain * inflammation - repair_rate * perturbation
    barrier_defect = 1 - exp(-(open_gap + held_gap + open_wound + sealing + perturbation
                               + bare_leak * bare_surface))

Two equal repair stages give the steep re-epithelialisation that was observed (half of the holes
closed at 10-22 h, 84 % at 13-28 h), which one exponential cannot. Under occlusion part of the gaps
is held open and moist: unoccluded skin is nearly tight after 2 h, occluded channels conduct for
two days. Age slows the repair.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from micropen.healing.process import Array, Process, Readout, State, Values, as_share


def _adjust(p: Values, who: Values) -> Mapping[str, Array]:
    decades = (who.age_years - 40.0) / 10.0
    return {
        "collapsing_share": as_share(p.collapsing_share),
        "held_share": as_share(p.held_share),
        "repair_rate_per_day": p.repair_rate_per_day * np.exp(-p.age_slowing_per_decade * decades),
    }


BARRIER: Final = Process(
    name="barrier",
    summary="holes collapse within hours, new epidermis closes the rest within days",
    parameters=(
        "collapsing_share",
        "collapse_rate_per_day",
        "held_share",
        "held_rate_per_day",
        "repair_rate_per_day",
        "inflammation_gain",
        "bare_leak",
        "age_slowing_per_decade",
    ),
    states=(
        State(
            name="open_gap",
            meaning="barrier opened by gaps that collapse",
            loss="collapse_rate_per_day",
            impulse=lambda w, p: (
                p.collapsing_share * (1.0 - p.held_share * w.occlusion) * w.torn_area
            ),
        ),
        State(
            name="held_gap",
            meaning="barrier opened by gaps that occlusion holds open",
            loss="held_rate_per_day",
            impulse=lambda w, p: p.collapsing_share * p.held_share * w.occlusion * w.torn_area,
        ),
        State(
            name="open_wound",
            meaning="barrier opened by holes that must be covered again",
            loss="repair_rate_per_day",
            impulse=lambda w, p: (1.0 - p.collapsing_share) * w.torn_area,
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
            lambda x, p: (
                1.0
                - np.exp(
                    -(
                        x.open_gap
                        + x.held_gap
                        + x.open_wound
                        + x.sealing
                        + x.perturbation
                        + p.bare_leak * x.bare_surface
                    )
                )
            ),
        ),
    ),
    adjust=_adjust,
)
