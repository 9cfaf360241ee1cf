"""Post-inflammatory hyperpigmentation, from the process `melanin`.

    probability = p^4 / (visible_pigment^4 + p^4)      p = largest pigment of any zone looked at

Half of the observers call it at the threshold. In melasma this is darkening of the patches.
"""

from typing import Final

import numpy as np

from micropen.evidence import ParameterSet
from micropen.healing.process import Array, sigmoid_emax
from micropen.healing.risk import Risk, RiskContext

_THRESHOLD: Final = "healing.milestones.visible_pigment"
# Pigment after an injury has its look from day 14 (Isedeh 2016): before, nobody can tell.
_SHOWS_AFTER_DAYS: Final = 14.0


def share_that_sees_it(largest: Array, parameters: ParameterSet) -> Array:
    """Share of observers who call a face darker, from its largest pigment anywhere.

    Parameters
    ----------
    largest
        Of any zone at any time, ln of the melanin ratio, any shape.
    parameters
        For the threshold.
    """
    threshold = np.asarray(parameters.value(_THRESHOLD))
    return sigmoid_emax(np.maximum(largest, 0.0), threshold)


def _probability(context: RiskContext) -> Array:
    pigment = context.sign("pigment")
    if context.course.days[-1] < _SHOWS_AFTER_DAYS:
        return np.full(context.people.draws, np.nan)
    largest = pigment.max(axis=(1, 2)).astype(np.float64)
    return share_that_sees_it(largest, context.parameters)


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
