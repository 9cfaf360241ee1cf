"""Serious infection of the needled skin: none was counted, so only a bound is known.

    probability = 1 - (1 - hazard)^sessions

Nothing is known of what it depends on; open wounds and active infection are contraindications.
"""

from typing import Final

from micropen.healing.process import Array
from micropen.healing.risk import Risk, RiskContext, over_sessions

_HAZARD: Final = "infection.hazard"


def _probability(context: RiskContext) -> Array:
    return over_sessions([context.sample(_HAZARD)] * len(context.sessions))


RISK: Final = Risk(
    name="infection",
    summary="serious infection of the needled skin",
    sources=("juhasz2020",),
    counts="no serious event in 1,845 people: below 1 in 600 (rule of three)",
    parameters=("healing.risks.infection.hazard",),
    probability=_probability,
)
