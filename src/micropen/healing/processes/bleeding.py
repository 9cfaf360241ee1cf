"""Pinpoint bleeding: fresh points clot and are wiped off; some leave a crust that sheds.

    impulse  fresh_blood += bleeding_tendency * bleeding_density
    fresh_blood' = -clearing_rate * fresh_blood
    young_crust' = crust_share * clearing_rate * fresh_blood - shedding_rate * young_crust
    old_crust'   = shedding_rate * young_crust - shedding_rate * old_crust
    pinpoint_bleeding = fresh_blood + young_crust + old_crust

Two shedding stages keep most crusts for a day before any falls.
"""

from collections.abc import Mapping
from typing import Final

from micropen.healing.process import Array, Process, Readout, State, Values, as_share


def _adjust(p: Values, _who: Values) -> Mapping[str, Array]:
    return {"crust_share": as_share(p.crust_share)}


BLEEDING: Final = Process(
    name="bleeding",
    summary="blood points that clot, and the crusts that some of them leave",
    parameters=(
        "bleeding_tendency",
        "clearing_rate_per_day",
        "crust_share",
        "shedding_rate_per_day",
    ),
    states=(
        State(
            name="fresh_blood",
            meaning="visible fresh blood points per cm²",
            loss="clearing_rate_per_day",
            impulse=lambda w, p: p.bleeding_tendency * w.bleeding_density_cm2,
        ),
        State(
            name="young_crust",
            meaning="fresh crusts per cm²",
            loss="shedding_rate_per_day",
            production=lambda x, p: p.crust_share * p.clearing_rate_per_day * x.fresh_blood,
        ),
        State(
            name="old_crust",
            meaning="loosening crusts per cm²",
            loss="shedding_rate_per_day",
            production=lambda x, p: p.shedding_rate_per_day * x.young_crust,
        ),
    ),
    readouts=(
        Readout("pinpoint_bleeding", lambda x, _p: x.fresh_blood + x.young_crust + x.old_crust),
    ),
    zone_spread=("bleeding_tendency",),
    adjust=_adjust,
)
