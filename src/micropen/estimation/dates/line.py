"""Dates from which something holds: what goes away by itself, and what one may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from micropen.estimation.dates.plan import (
    Answer,
    Array,
    Plan,
    by_then,
    holds,
    since_first,
    waits_of,
)
from micropen.estimation.phrases import half_days, of_ten
from micropen.estimation.result import DateLine
from micropen.healing.recovery import DaySpread, Recovery, day_of_event

# Half a day, the grid of the reported days; less cannot be told.
_WORTH_SAYING: Final = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """One date: a day per draw from which something holds.

    Parameters
    ----------
    key, title
        Of the line.
    days
        One per draw since the session; NaN where there was never anything to wait for.
    word
        ``"by"`` what goes away by itself, ``"from"`` what one may do.
    past
        What is said when it already holds.
    level
        Name of the share of forecasts in which it holds on the date told.
    detail
        One sentence more.
    whole
        Whole day told for a day.
    """

    key: str
    title: str
    days: Callable[[Recovery], Array]
    word: str
    past: str
    level: str = "date_share"
    detail: str = ""
    whole: Callable[[float], int] = by_then


LINES: Final = (
    Line("redness", "Redness others can see", Recovery.redness_seen, "by", "already gone"),
    Line("swelling", "Swelling", Recovery.swelling_seen, "by", "already gone"),
    Line("peeling", "Peeling", Recovery.peeling_seen, "by", "already over"),
    Line(
        "makeup",
        "Make-up",
        Recovery.makeup_allowed,
        "from",
        "already fine",
        detail="Once the skin has closed and the dots are gone, and never on the first day.",
    ),
    Line(
        "event",
        "Photographs and big events",
        lambda after: after.settled("clear"),
        "from",
        "already fine",
        level="event_share",
        detail="Nothing that others would notice is left: no redness, swelling, dots, flakes or "
        "spots.",
        whole=day_of_event,
    ),
)
NEXT: Final = Line(
    "next",
    "Next session",
    Recovery.next_session_allowed,
    "from",
    "already possible",
    detail="When all has settled, and not before the device's label allows it.",
)


def _answer(line: Line, days: Array, plan: Plan) -> Answer:
    """First whole day by which it holds in enough draws."""
    waits = waits_of(days)
    if np.isnan(days).mean() > 1.0 - plan.limit("hardly_any"):
        return Answer("hardly any to be seen", float("nan"), float(np.isnan(days).mean()))
    level = plan.limit(line.level)
    needed = float(np.quantile(waits, level, method="higher"))
    if np.isfinite(needed):
        day = line.whole(needed)
        return Answer(f"{line.word} {plan.calendar.name(day)}", day, holds(waits, day))
    ends = float(np.isfinite(waits).mean())
    return Answer(f"perhaps not {plan.end}", float("inf"), 1.0 - ends)


def dated(line: Line, plan: Plan) -> DateLine:
    """The line with both answers."""
    typical = line.days(plan.typical)
    own = line.days(plan.personal)
    expected, answer = _answer(line, typical, plan), _answer(line, own, plan)
    now = holds(waits_of(own), plan.today)
    past = now >= plan.limit(line.level) and np.isfinite(answer.day)
    words, share = (f"{line.past}, by your forecast", now) if past else (answer.words, answer.share)
    details = [] if past else [_half(line, own, answer, plan), _against(own, typical)]
    typically = expected.words
    if np.isfinite(expected.day):
        typically += f" in {of_ten(expected.share)}"
    spread = since_first(DaySpread.of(own), plan)
    detail = " ".join(part for part in (line.detail, *details) if part)
    return DateLine(line.key, line.title, typically, words, *spread, share, detail)


def _half(line: Line, own: Array, answer: Answer, plan: Plan) -> str:
    """When it holds in half of the forecasts, where that is sooner."""
    waits = waits_of(own)
    middle = float(np.quantile(waits, 0.5, method="higher"))
    if np.isinf(middle) or np.isnan(answer.day):
        return ""
    day = line.whole(middle)
    if day >= answer.day or day <= plan.today:
        return ""
    return f"In half of your forecasts already {line.word} {plan.calendar.name(day)}."


def _against(own: Array, typical: Array) -> str:
    """How much sooner or later than typical, by the medians.

    Not by the dates told: those come sooner as soon as more is known, for a person who is in
    every way typical.
    """
    middles = [float(np.quantile(waits_of(d), 0.5, method="higher")) for d in (own, typical)]
    if not np.isfinite(middles).all():
        return ""
    later = middles[0] - middles[1]
    if abs(later) < _WORTH_SAYING:
        return ""
    return f"About {half_days(later)} {'later' if later > 0 else 'sooner'} than is typical."
