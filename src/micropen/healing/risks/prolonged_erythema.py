"""Redness that others still notice more than a week after a session.

    probability = r^4 / (visible_redness^4 + r^4)      r = largest redness later than after_days

r is the mean over the zones looked at.
"""

from typing import Final

import numpy as np

from micropen.healing.process import Array, sigmoid_emax
from micropen.healing.risk import Risk, RiskContext

_THRESHOLD: Final = "healing.milestones.visible_redness"
_AFTER: Final = "healing.risks.prolonged_erythema.after_days"


def _probability(context: RiskContext) -> Array:
    late = context.days_since_session() >= context.parameters.value(_AFTER)
    if not late.any():
        return np.full(context.people.draws, np.nan)
    largest = context.face("erythema")[:, late].max(axis=1)
    return sigmoid_emax(largest, np.asarray(context.parameters.value(_THRESHOLD)))


RISK: Final = Risk(
    name="prolonged_erythema",
    summary="redness that others notice more than a week after a session",
    sources=("chu2021", "vietnam-roller"),
    counts="85 articles give up to 7 days as the expected time; no count of longer redness seen",
    parameters=(
        _THRESHOLD,
        _AFTER,
        "healing.inflammation.response",
        "healing.inflammation.resolution_rate_per_day",
        "healing.inflammation.deep_rate_per_day",
    ),
    probability=_probability,
)
