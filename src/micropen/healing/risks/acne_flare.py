"""A flare of acne: more papules at once than a few.

    probability = P(Poisson(lesions of all zones looked at, at their most) >= papules)

Minor breakouts are expected and do not count; proneness and active acne are in the process
`lesions`.
"""

from typing import Final

import numpy as np

from micropen.healing.process import Array
from micropen.healing.risk import Risk, RiskContext

_FLARE: Final = "healing.risks.acne_flare.papules"


def _at_least(count: int, expected: Array) -> Array:
    """Probability of a Poisson count of at least `count`."""
    term = np.exp(-expected)
    below = np.zeros_like(expected)
    for number in range(count):
        below = below + term
        term = term * expected / (number + 1)
    return np.clip(1.0 - below, 0.0, 1.0)


def _probability(context: RiskContext) -> Array:
    together = context.sign("lesions").sum(axis=1, dtype=np.float64).max(axis=1)
    return _at_least(round(context.parameters.value(_FLARE)), np.maximum(together, 0.0))


RISK: Final = Risk(
    name="acne_flare",
    summary="many papules at once in the days after a session",
    sources=("acneorg",),
    counts="up to 13.3 % in one of eight studies (a web summary)",
    parameters=(_FLARE, "healing.lesions.proneness", "healing.lesions.lesions_per_face"),
    probability=_probability,
)
