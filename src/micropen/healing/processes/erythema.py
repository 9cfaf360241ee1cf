"""Redness: inflammation opens vessels; the sign is the logarithm of the blood.

    impulse  vasodilation += redness_at_end * V ** dose_exponent     V = vascular injury
    vasodilation' = vessel_rate * (mediator_gain * mediator + inflammation_gain * inflammation
                                   + deep_gain * deep_inflammation)
                    - vessel_rate * vasodilation
    erythema      = ln(1 + zone_redness * (vasodilation + flush))

V is 1 in the reference session. The impulse is what has opened while the session still ran: day 0
is its end.
"""

from typing import Final

import numpy as np

from micropen.healing.process import Process, Readout, State

ERYTHEMA: Final = Process(
    name="erythema",
    summary="vasodilation and the redness that it gives",
    parameters=(
        "vessel_rate_per_day",
        "redness_at_end",
        "dose_exponent",
        "mediator_gain",
        "inflammation_gain",
        "deep_gain",
    ),
    states=(
        State(
            name="vasodilation",
            meaning="added blood of inflammation over resting blood",
            loss="vessel_rate_per_day",
            impulse=lambda w, p: p.redness_at_end * w.vascular_injury**p.dose_exponent,
            production=lambda x, p: (
                p.vessel_rate_per_day
                * (
                    p.mediator_gain * x.mediator
                    + p.inflammation_gain * x.inflammation
                    + p.deep_gain * x.deep_inflammation
                )
            ),
        ),
    ),
    readouts=(
        Readout("erythema", lambda x, p: np.log(1.0 + p.zone_redness * (x.vasodilation + x.flush))),
    ),
    zone_factors=("redness",),
)
