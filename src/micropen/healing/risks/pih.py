"""Post-inflammatory hyperpigmentation, from the process `melanin`.

    probability = p^4 / (visible_pigment^4 + p^4)      p = largest pigment of any zone looked at

Half of the observers call it at the threshold. In melasma this is darkening of the patches.
"""

from typing import Final

import numpy as np

from micropen.healing.process import Array, sigmoid_emax
from micropen.healing.risk import Risk, RiskContext

_THRESHOLD: Final = "healing.milestones.visible_pigment"
# Pigment after an injury has its look from day 14 (Isedeh 2016): before, nobody can tell.
_SHOWS_AFTER_DAYS: Final = 14.0


def _probability(context: RiskContext) -> Array:
    pigment = context.sign("pigment")
    if context.course.days[-1] < _SHOWS_AFTER_DAYS:
        return np.full(context.people.draws, np.nan)
    largest = np.maximum(pigment.max(axis=(1, 2)).astype(np.float64), 0.0)
    return sigmoid_emax(largest, np.asarray(context.parameters.value(_THRESHOLD)))


RISK: Final = Risk(
    name="pih",
    summary="post-inflammatory hyperpigmentation: inflammation on susceptible melanocytes",
    sources=("dogra2014", "alqarqaz", "vietnam-roller", "fabbrocini2009"),
    counts="5 of 30 (types IV-V, five sessions, roller); 0 of 39, 0 of 31 and 0 of 32 elsewhere",
    parameters=(
        _THRESHOLD,
        "healing.melanin.susceptibility",
        "healing.melanin.phototype_slope",
        "healing.melanin.half_activation",
    ),
    probability=_probability,
)
