"""When the glow is at its best."""

from __future__ import annotations

from typing import Final

import numpy as np

from micropen.estimation.dates.plan import (
    ROUNDING,
    Answer,
    Array,
    Plan,
    by_then,
    holds,
    since_first,
    waits_of,
)
from micropen.estimation.result import DateLine
from micropen.healing.recovery import DaySpread, Recovery

# 10 and 90 %: the days between which a best day lies in 8 of 10 forecasts.
_MIDDLE: Final = (0.1, 0.9)


def _best_days(after: Recovery) -> Array:
    """Day on which a glow that others notice is best; NaN without one, infinite if still rising."""
    best = after.glow_best()
    best = np.where(best >= after.days[-1], np.inf, best)
    return np.where(np.isnan(after.glow_seen()), np.nan, best)


def _best(days: Array, plan: Plan) -> Answer:
    """Between which days the glow is best."""
    seen = days[~np.isnan(days)]
    if seen.size < plan.limit("glow_worth_saying") * days.size:
        share = 1.0 - seen.size / days.size
        return Answer("subtle; others are unlikely to notice", float("nan"), share)
    low, high = np.quantile(seen, _MIDDLE, method="nearest")
    if np.isinf(high):
        share = float(np.isinf(days).mean())
        return Answer("perhaps after the days forecast", float("inf"), share)
    first, last = int(np.floor(low + ROUNDING)), by_then(high)
    inside = float(np.mean((days >= first - ROUNDING) & (days <= last + ROUNDING)))
    return Answer(plan.calendar.between(first, last), float(last), inside)


def glow(plan: Plan) -> DateLine:
    """When the glow is at its best."""
    own = _best_days(plan.personal)
    expected, answer = _best(_best_days(plan.typical), plan), _best(own, plan)
    ends = plan.personal.glow_seen()
    words, share, detail = answer.words, answer.share, ""
    gone = holds(waits_of(ends), plan.today)
    over = float(np.mean(own <= plan.today)) / max(float(np.mean(~np.isnan(own))), ROUNDING)
    last = DaySpread.of(ends).median
    if np.isfinite(answer.day) and gone >= plan.limit("date_share"):
        words, share = "already faded, by your forecast", gone
    elif np.isfinite(answer.day) and np.isfinite(last):
        if over >= plan.limit("date_share"):
            words, share = "its best days are over, by your forecast", over
        detail = f"Others may notice it until about {plan.calendar.name(by_then(last))}."
    spread = since_first(DaySpread.of(own), plan)
    return DateLine("glow", "Glow at its best", expected.words, words, *spread, share, detail)
