"""How ratios, lengths of time and probabilities are said to a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import floor
from typing import Final

# More than this is never said: a model is not sure of itself.
_ALMOST: Final = 0.985
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """How a trait is compared.

    Parameters
    ----------
    begin
        Subject and verb: ``"Your redness fades"``.
    more, less, much
        ``"faster"``, ``"slower"``, ``"fast"``.
    claim
        Subject and verb of what one is sure of: ``"it fades"``.
    same
        What is said where there is no difference; by default from `begin` and `much`.
    """

    begin: str
    more: str
    less: str
    much: str
    claim: str
    same: str = ""

    def direction(self, ratio: float) -> str:
        """``"faster"`` above 1, ``"slower"`` below."""
        return self.more if ratio > 1.0 else self.less

    def compared(self, ratio: float) -> str:
        """``"Your redness fades about 30 % faster than is typical"``."""
        many = _many_times(ratio)
        if many:
            return f"{self.begin} {many} as {self.much} as is typical"
        return f"{self.begin} {_per_cent(ratio)} {self.direction(ratio)} than is typical"

    def alike(self) -> str:
        """``"Your redness fades about as fast as is typical"``."""
        return self.same or f"{self.begin} about as {self.much} as is typical"

    def sure(self, ratio: float, probability: float) -> str:
        """``"(80 % sure that it fades faster)"``."""
        return f"({sure(probability)} that {self.claim} {self.direction(ratio).split()[0]})"


_MULTIPLES: Final = (
    (0.2, "less than a fifth"),
    (0.28, "about a quarter"),
    (0.42, "about a third"),
    (0.575, "about half"),
    (1.75, ""),
    (2.25, "about twice"),
    (2.75, "about two and a half times"),
    (3.5, "about three times"),
    (4.5, "about four times"),
    (5.5, "about five times"),
)


def _many_times(ratio: float) -> str:
    """``"about twice"``, ``"about half"``; empty where per cent say it better."""
    return next((words for end, words in _MULTIPLES if ratio < end), "more than five times")


def _per_cent(ratio: float) -> str:
    """``"about 30 %"``, to the nearest 5."""
    return f"about {max(5 * _nearest(20.0 * abs(ratio - 1.0)), 5)} %"


def _nearest(value: float) -> int:
    """Nearest whole number, halves up."""
    return floor(value + 0.5)


def sure(probability: float) -> str:
    """``"80 % sure"``, never rounded up; ``"almost sure"`` from 98.5 % on."""
    if probability >= _ALMOST:
        return "almost sure"
    step = 1 if probability >= 0.95 else 5
    return f"{step * floor(100.0 * probability / step + 1e-9)} % sure"


def number(value: float) -> str:
    """A count: ``"about 3"``, ``"hardly any"``."""
    whole = _nearest(value)
    return f"about {whole}" if whole else "hardly any"


def duration(days: float) -> str:
    """``"an hour"``, ``"30 hours"``, ``"2 days"``, ``"2½ days"``, ``"9 days"``."""
    hours = max(_nearest(24.0 * days), 1)
    if hours < 42:
        return "an hour" if hours == 1 else f"{hours} hours"
    halves = _nearest(2.0 * days) if days < 7.0 else 2 * _nearest(days)
    return f"{_halves(halves)} days"


def _halves(halves: int) -> str:
    whole = str(halves // 2) if halves != 1 else ""
    return f"{whole}½" if halves % 2 else whole


def half_points(value: float) -> str:
    """A mark to the nearest half, at least a half: ``"½"``, ``"2"``, ``"3½"``."""
    return _halves(max(_nearest(2.0 * value), 1))


def half_days(days: float) -> str:
    """A difference to the nearest half day: ``"half a day"``, ``"a day"``, ``"1½ days"``."""
    halves = max(_nearest(2.0 * abs(days)), 1)
    return {1: "half a day", 2: "a day"}.get(halves, f"{_halves(halves)} days")


def of_ten(share: float) -> str:
    """A share, never rounded up: ``"9 of 10"``, ``"19 of 20"``, ``"nearly all"``."""
    if share >= 0.97:
        return "nearly all"
    if share >= 0.95:
        return "19 of 20"
    tenths = floor(10.0 * share + 1e-9)
    return "fewer than 1 of 10" if tenths == 0 else f"{tenths} of 10"


def short_date(day: date) -> str:
    """``"Tue 9 June"``, whatever language the machine speaks."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
