"""Swelling: vessels leak under mediators and inflammation, lymph carries the fluid away.

    oedema'  = drainage_rate * (mediator + inflammation_share * inflammation)
               - drainage_rate * oedema
    swelling = largest * (1 - exp(-millimetres_per_oedema * zone_swelling * oedema / largest))

Loose skin around the eyes swells most; `largest` is how far skin gives.
"""

from typing import Final

from micropen.healing.process import Process, Readout, State, approach

SWELLING: Final = Process(
    name="swelling",
    summary="oedema: leaking vessels against drainage",
    parameters=(
        "drainage_rate_per_day",
        "inflammation_share",
        "millimetres_per_oedema",
        "largest",
    ),
    states=(
        State(
            name="oedema",
            meaning="fluid outside the vessels",
            loss="drainage_rate_per_day",
            production=lambda x, p: (
                p.drainage_rate_per_day * (x.mediator + p.inflammation_share * x.inflammation)
            ),
        ),
    ),
    readouts=(
        Readout(
            "swelling",
            lambda x, p: approach(p.millimetres_per_oedema * p.zone_swelling * x.oedema, p.largest),
        ),
    ),
    zone_factors=("swelling",),
    zone_spread=("millimetres_per_oedema",),
)
