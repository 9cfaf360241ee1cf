"""Herpes labialis that comes back: needs a history of it; needles near the mouth wake it.

    hazard      = hazard_at_mouth where upper lip or chin were needled, else hazard_elsewhere
    probability = herpes * (1 - product over sessions of (1 - hazard))

`herpes` is 1 with a history, 0 without, and the share of such people where only that is known.
"""

from typing import Final

from micropen.healing.process import Array
from micropen.healing.risk import Risk, RiskContext, over_sessions

_NEAR_MOUTH: Final = frozenset({"upper_lip", "chin"})


def _probability(context: RiskContext) -> Array:
    near = context.sample("herpes_reactivation.hazard_at_mouth")
    far = context.sample("herpes_reactivation.hazard_elsewhere")
    hazards = [near if _NEAR_MOUTH & session.zones.keys() else far for session in context.sessions]
    return context.people.herpes * over_sessions(hazards)


RISK: Final = Risk(
    name="herpes_reactivation",
    summary="herpes labialis that comes back in people who have had it",
    sources=("cassiano2022",),
    counts="3 in a trial of 64, about half of them needled; how many had a history was not seen",
    parameters=(
        "healing.risks.herpes_reactivation.hazard_at_mouth",
        "healing.risks.herpes_reactivation.hazard_elsewhere",
    ),
    probability=_probability,
)
