"""Glow: a renewed, even surface reflects more; dry, loose flakes dull it.

    gloss = renewal_gain * emax(renewed_surface, half_renewal)
            + remodelling_gain * emax(collagen_iii + collagen_i, half_collagen)
            - dryness_dulling * loose_scale

It starts below zero: days 1-3 are dull before the glow shows.
"""

from typing import Final

from micropen.healing.process import Process, Readout, emax

GLOSS: Final = Process(
    name="gloss",
    summary="surface reflection: renewed surface and collagen against loose flakes",
    parameters=(
        "renewal_gain",
        "half_renewal",
        "remodelling_gain",
        "half_collagen",
        "dryness_dulling",
    ),
    states=(),
    readouts=(
        Readout(
            "gloss",
            lambda x, p: (
                p.renewal_gain * emax(x.renewed_surface, p.half_renewal)
                + p.remodelling_gain * emax(x.collagen_iii + x.collagen_i, p.half_collagen)
                - p.dryness_dulling * x.loose_scale
            ),
            with_dose="free",
            lasting=0.1,
        ),
    ),
    zone_spread=("renewal_gain",),
)
