"""Smoothness: fluid and a renewed surface fill fine relief for days, collagen for months.

    relief = largest * (1 - exp(-(plumping_gain * oedema + renewal_gain * renewed_surface
                                  + remodelling_gain * (collagen_iii + collagen_i)) / largest))

`largest` is the share of fine relief that a series can take away at most.
"""

from typing import Final

from micropen.healing.process import Process, Readout, approach

RELIEF: Final = Process(
    name="relief",
    summary="fine relief: plumped for days, smoothed by renewal, remodelled for months",
    parameters=("plumping_gain", "renewal_gain", "remodelling_gain", "largest"),
    states=(),
    readouts=(
        Readout(
            "relief",
            lambda x, p: approach(
                p.plumping_gain * x.oedema
                + p.renewal_gain * x.renewed_surface
                + p.remodelling_gain * (x.collagen_iii + x.collagen_i),
                p.largest,
            ),
            lasting=0.3,
        ),
    ),
    zone_spread=("remodelling_gain",),
)
