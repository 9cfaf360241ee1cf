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
# From one forecast in five on it is said that a sign may not show at all.
_PERHAPS_NONE: Final = 0.2
_HALF_OF_THEM: Final = 0.5
_NONE: Final = "hardly any to be seen"


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
        ``"gone by"`` what goes away by itself, ``"from"`` what one may do.
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
    Line("redness", "Redness others can see", Recovery.redness_seen, "gone by", "already gone"),
    Line(
        "swelling",
        "Swelling",
        Recovery.swelling_seen,
        "gone by",
        "already gone",
        detail="The last that you notice yourself.",
    ),
    Line(
        "peeling",
        "Peeling",
        Recovery.peeling_seen,
        "gone by",
        "already over",
        detail="The last flakes that you notice yourself.",
    ),
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
    none = _none(days)
    if none > 1.0 - plan.limit("hardly_any"):
        return Answer(_NONE, float("nan"), none)
    level = plan.limit(line.level)
    needed = float(np.quantile(waits, level, method="higher"))
    if np.isfinite(needed):
        day = line.whole(needed)
        words = f"{line.word} {plan.calendar.name(day)}"
        if none >= _HALF_OF_THEM:
            words = f"perhaps none; if any, {words}"
        return Answer(words, day, holds(waits, day))
    ends = float(np.isfinite(waits).mean())
    return Answer(f"perhaps not {plan.end}", float("inf"), 1.0 - ends)


def dated(line: Line, plan: Plan) -> DateLine:
    """The line with both answers."""
    typical = line.days(plan.typical)
    own = line.days(plan.personal)
    expected, answer = _answer(line, typical, plan), _answer(line, own, plan)
    now = holds(waits_of(own), plan.today)
    past = now >= plan.limit(line.level) and np.isfinite(answer.day)
    words, share = answer.words, answer.share
    if past:
        never = _none(own) >= plan.limit(line.level)
        words, share = _NONE if never else f"{line.past}, by your forecast", now
    details = [_half(line, own, answer, plan), _perhaps_none(own)]
    details = [] if past else [*details, _against((own, answer), (typical, expected))]
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


def _none(days: Array) -> float:
    """Share of draws in which there was never anything to wait for."""
    return float(np.isnan(days).mean())


def _perhaps_none(own: Array) -> str:
    """In how many forecasts the sign never shows, where these are many."""
    none = _none(own)
    if none < _PERHAPS_NONE:
        return ""
    return f"None to be noticed in {of_ten(none)} of your forecasts."


def _against(own: tuple[Array, Answer], typical: tuple[Array, Answer]) -> str:
    """How much sooner or later than typical, by the medians of the forecasts that show it at all.

    Not by the dates told: those come sooner as soon as more is known, for a person who is in
    every way typical. Where the dates told go the other way round nothing is said, for a reader
    takes both for one statement.
    """
    if _none(own[0]) >= _HALF_OF_THEM or _none(typical[0]) >= _HALF_OF_THEM:
        return ""
    middles = [
        float(np.quantile(days[~np.isnan(days)], 0.5, method="higher"))
        for days in (own[0], typical[0])
    ]
    if not np.isfinite(middles).all():
        return ""
    later = middles[0] - middles[1]
    against = (own[1].day - typical[1].day) * later < 0.0
    if abs(later) < _WORTH_SAYING or against:
        return ""
    return f"About {half_days(later)} {'later' if later > 0 else 'sooner'} than is typical."
