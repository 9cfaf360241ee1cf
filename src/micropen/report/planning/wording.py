"""How the numbers of a plan are said: no finer than they are known."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

from micropen.estimation.phrases import of_ten, short_date
from micropen.evidence import Grade, sources
from micropen.planning.result import Spread
from micropen.report.words import rarity

_COUNTS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip
_ORDINALS: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
# Changes of a probability smaller than this are not told apart by a few thousand draws.
_SMALLEST_CHANGE: Final = 0.0005
LONGER: Final = "longer than the forecast reaches"
GRADE_WORDS: Final = {
    Grade.A: "trials or a regulator",
    Grade.B: "the maker's label",
    Grade.C: "clinics' practice",
    Grade.D: "our own judgement",
}


def counted(count: int, what: str) -> str:
    """``"three sessions"``, ``"one session"``, ``"12 sessions"``."""
    number = _COUNTS[count] if 0 <= count < len(_COUNTS) else str(count)
    return f"{number} {what}{'' if count == 1 else 's'}"


def ordinal(number: int) -> str:
    """``"third"``; ``"number 12"`` beyond ten."""
    return _ORDINALS[number - 1] if 1 <= number <= len(_ORDINALS) else f"number {number}"


def centre(spread: Spread) -> float:
    """What is told first: the mean, as everywhere in a plan; the median where that is infinite."""
    return spread.mean if math.isfinite(spread.mean) else spread.median


def points(share: float) -> str:
    """A share in per cent without its sign: ``"28"``, ``"under 1"``, ``"–"`` where not known."""
    if not math.isfinite(share):
        return "–"
    if 0.0 < share < 0.005:
        return "under 1"
    return f"{round(100.0 * share)}".replace("-", "−")


def per_cent(share: float) -> str:
    """``"28 %"``."""
    return f"{points(share)} %"


def per_cent_band(spread: Spread) -> str:
    """``"14 to 44 %"``; empty where both ends are the same."""
    low, high = points(spread.low), points(spread.high)
    return "" if low == high else f"{low} to {high} %"


def halves(value: float) -> str:
    """To the nearest half: ``"0"``, ``"½"``, ``"2½"``, ``"3"``; infinity is ``"∞"``."""
    if not math.isfinite(value):
        return "∞" if value > 0.0 else "–"
    number = math.floor(2.0 * max(value, 0.0) + 0.5)
    whole = str(number // 2) if number != 1 else ""
    return f"{whole}½" if number % 2 else whole


def days(value: float) -> str:
    """``"2½ days"``, ``"1 day"``, ``"under half a day"``, or that the forecast ends before."""
    if math.isinf(value):
        return LONGER
    if value < 0.25:
        return "no day" if value <= 0.0 else "under half a day"
    number = halves(value)
    return f"{number} day{'s' if number not in {'1', '½'} else ''}"


def band(spread: Spread) -> str:
    """Both ends to the nearest half: ``"1½ to 4½"``, ``"2 or more"``, empty where alike."""
    low, high = halves(spread.low), halves(spread.high)
    if low == high:
        return ""
    return f"{low} or more" if high == "∞" else f"{low} to {high}"


def months(value: float) -> str:
    """A long time: ``"40 days"``, ``"about 8 months"``, ``"about 2½ years"``, ``"for good"``."""
    if not math.isfinite(value):
        return "longer than the forecast reaches"
    if value < 75.0:
        return f"about {round(value)} days"
    if value < 700.0:
        return f"about {round(value / 30.44)} months"
    return f"about {halves(value / 365.25)} years"


def chance(probability: float) -> str:
    """A good chance, never rounded up: ``"19 of 20"``, ``"8 of 10"``, ``"nearly all"``."""
    return of_ten(probability) if math.isfinite(probability) else "–"


def risk(probability: float) -> str:
    """A bad chance: ``"about 1 of 40"``; ``"fewer than 1 of 1000"``; ``"–"`` where not known."""
    return rarity(probability) or "–"


def risk_band(spread: Spread) -> str:
    """``"1 of 300 to 1 of 20"``; empty where both ends read the same.

    Empty too where the mean lies outside: then few carry nearly all of the risk, and a band that
    leaves them out would soothe falsely.
    """
    if not spread.low <= centre(spread) <= spread.high:
        return ""
    low, high = (risk(p).removeprefix("about ") for p in (spread.low, spread.high))
    return "" if low == high else f"{low} to {high}"


def people(case_readings: int) -> str:
    """Of whom a share is told: a case replaces people like this one by their own forecasts."""
    return "of your forecasts" if case_readings else "people like you"


def more_points(share: float) -> str:
    """``"4 points more"``, ``"6 points less"``, ``"about the same"``."""
    if not math.isfinite(share):
        return "–"
    number = round(100.0 * abs(share))
    if not number:
        return "about the same"
    return f"{number} point{'s' if number != 1 else ''} {_direction(share)}"


def more_days(value: float) -> str:
    """``"a day more"`` as ``"1 day more"``; to the nearest half day."""
    if math.isinf(value):
        return LONGER if value > 0.0 else "–"
    if not math.isfinite(value) or abs(value) < 0.25:
        return "about the same"
    return f"{days(abs(value))} {_direction(value)}"


def more_risk(probability: float) -> str:
    """``"6 of 1000 more"``, ``"3 of 100 more"``, ``"about the same"``."""
    size = abs(probability)
    if not math.isfinite(size):
        return "–"
    if size < _SMALLEST_CHANGE:
        return "about the same"
    of = 1000 if size < 0.0195 else 100
    return f"{round(of * size)} of {of} people {_direction(probability)}"


def _direction(change: float) -> str:
    return "more" if change > 0.0 else "less"


def dated(day: date) -> str:
    """``"Fri 8 January 2027"``."""
    return f"{short_date(day)} {day.year}"


def dates_from_to(first: date, last: date) -> str:
    """``"from Fri 8 January to Tue 9 March 2027"``; the first year only where it differs."""
    begin = short_date(first) if first.year == last.year else dated(first)
    return f"from {begin} to {dated(last)}"


def lag(count: int) -> str:
    """``"8 days"``, ``"1 day"``: whole days between two dates."""
    return f"{count} day{'' if count == 1 else 's'}"


def stopped(text: str) -> str:
    """A clause after a colon: ends with a full stop, keeps its first letter."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def cited(key: str) -> tuple[str, str]:
    """Title of a source and its address; the key itself where the bibliography has none."""
    found = sources().get(key)
    if found is None:
        return key, ""
    if key == "assumed":
        return "assumed by the authors of micropen", ""
    return f"{found.title.strip('[]')} ({found.year})", found.link
