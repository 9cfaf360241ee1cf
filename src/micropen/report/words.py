"""Which word a person would use for a value of a sign, and how numbers are said."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from micropen.evidence import ParameterSet
from micropen.healing.noticed import STEPS, Step, noticed_limits

# For each sign: the words for no, slight, clear and strong.
_MORE: Final[Mapping[str, tuple[str, str, str, str]]] = MappingProxyType(
    {
        "erythema": ("none", "faint pink", "pink", "red"),
        "swelling": ("none", "slight", "puffy", "swollen"),
        "pinpoint_bleeding": ("none", "a dot or two", "tiny dots", "many dots"),
        "barrier_defect": ("closed", "a little tight", "tight and dry", "open"),
        "scaling": ("none", "a few flakes", "light flaking", "peeling"),
        "lesions": ("none", "one or two", "a few", "many"),
        "pigment": ("usual", "slightly darker", "darker", "much darker"),
        "gloss": ("usual", "a hint", "glowing", "radiant"),
        "relief": ("usual", "a little smoother", "smoother", "much smoother"),
        "collagen": ("usual", "a little more", "more", "much more"),
        "pain": ("none", "mild", "moderate", "strong"),
    }
)

# Signs that can also fall below the untreated state.
_LESS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "erythema": ("a little paler", "paler", "much paler"),
        "pigment": ("slightly lighter", "lighter", "much lighter"),
        "gloss": ("a little dull", "dull", "very dull"),
        "relief": ("a little rough", "rough", "very rough"),
        "collagen": ("a little less", "less", "much less"),
    }
)

# More odds than this and a share is no longer said as one of a thousand.
_ONE_OF: Final = (20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 500, 750, 1000)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Thresholds of the words, from the parameter set.

    Parameters
    ----------
    limits
        Per sign, from which absolute value it is slight, clear and strong, in the sign's unit.
    """

    limits: Mapping[str, tuple[float, float, float]]

    @classmethod
    def from_parameters(cls, parameters: ParameterSet) -> Vocabulary:
        """Read the thresholds (`micropen.healing.noticed`)."""
        return cls(noticed_limits(parameters))

    def limit(self, sign: str, step: Step) -> float:
        """Value from which a sign is ``"slight"``, ``"clear"`` or ``"strong"``."""
        return self.limits[sign][STEPS.index(step)]

    def level(self, sign: str, value: float) -> int:
        """Level of a value: 0 none to 3 strong, negative below the untreated state."""
        steps = sum(abs(value) >= limit for limit in self.limits[sign])
        return -steps if value < 0 else steps

    def word(self, sign: str, value: float) -> str:
        """The word for a value."""
        level = self.level(sign, value)
        if level < 0:
            return _LESS[sign][-level - 1] if sign in _LESS else _MORE[sign][0]
        return _MORE[sign][level]

    def strength(self, sign: str, value: float) -> float:
        """How much of a meter to fill: a trace below slight, half at clear, 1 from strong on."""
        slight, clear, strong = self.limits[sign]
        scale = ((0.0, 0.0), (slight, 0.12), (clear, 0.5), (strong, 1.0))
        size = abs(value)
        for (low, at_low), (high, at_high) in pairwise(scale):
            if size < high:
                return at_low + (at_high - at_low) * (size - low) / (high - low)
        return 1.0


def share_words(share: float) -> str:
    """Say a probability: ``"about 8 of 10"``, ``"about 1 of 20"``, ``"fewer than 1 of 30"``."""
    if share >= 0.97:
        return "nearly all"
    if share < 0.03:
        return "fewer than 1 of 30"
    if share < 0.08:
        return "about 1 of 20"
    return f"about {max(round(share * 10), 1)} of 10" if share < 0.94 else "19 of 20"


def rarity(probability: float) -> str:
    """How rarely a forecast goes so far off: ``"about 1 of 40"``; empty where not known."""
    if not math.isfinite(probability):
        return ""
    if probability >= 0.05:
        return share_words(probability)
    if probability < 1.0 / _ONE_OF[-1]:
        return "fewer than 1 of 1000"
    return f"about 1 of {min(_ONE_OF, key=lambda n: abs(math.log(n * probability)))}"


def whole_day(day: float) -> int:
    """Nearest whole day; halves go up, since a day counts until it is over."""
    return math.floor(day + 0.5)


def until(day: float) -> str:
    """Say until when: hours on the day itself, then ``"until day 2"``.

    An infinite day is one that the forecast does not reach.
    """
    if math.isinf(day):
        return "longer than this forecast"
    if day < 1.0 / 24.0:
        return "minutes"
    if day < 0.5:
        hours = max(round(day * 24), 1)
        return f"about {hours} hour{'s' if hours > 1 else ''}"
    return f"until day {whole_day(day)}"


def by_day(day: float) -> str:
    """``"day 4"``, or that the forecast does not reach so far."""
    return "the end of this forecast or later" if math.isinf(day) else f"day {whole_day(day)}"


def day_range(first: float, last: float) -> str:
    """``"1–3"`` in whole days, one number where both round to the same, ``"7 or later"``."""
    if math.isinf(first):
        return "after this forecast"
    low = whole_day(first)
    if math.isinf(last):
        return f"{low} or later"
    high = whole_day(last)
    return f"{low}" if low == high else f"{low}–{high}"


def day_label(day: float) -> str:
    """Name of a stop: ``"Right after"``, ``"Day 0, evening"``, ``"Day 3"``."""
    whole, part = divmod(day, 1.0)
    if day < 1.0 / 24.0:
        return "Right after"
    if whole == 0 and part < 0.2:
        return f"Day 0, {round(day * 24)} h"
    if part == 0.0:
        return f"Day {whole:.0f}"
    moment = "morning" if part < 0.15 else "evening" if part < 0.7 else "night"
    return f"Day {whole:.0f}, {moment}"


def stop_label(day: float) -> str:
    """Short label under the slider: ``"0"``, ``"3"``, ``"14"``."""
    return f"{math.floor(day + 1e-9):d}"


def date_words(start: date | None, day: float) -> str:
    """``"Sunday 15 March"`` for a day after the first session; empty without a date."""
    if start is None:
        return ""
    moment = start + timedelta(days=math.floor(day + 1e-9))
    return f"{moment:%A} {moment.day} {moment:%B}"


def plain(value: float, *, signed: bool = True, fine: int = 1) -> str:
    """A number with the digits it deserves: ``"+62"``, ``"−3.1"``, ``"0"``; `fine` below ten."""
    if not math.isfinite(value):
        return "–"
    digits = 0 if abs(value) >= 9.95 or value == round(value) else fine
    text = f"{value:.{digits}f}"
    amount = float(text)
    text = text if amount else "0"
    return (f"+{text}" if signed and amount > 0.0 else text).replace("-", "−")


def tied(text: str) -> str:
    """Keep a number and its per cent sign on one line."""
    return text.replace(" %", "\u00a0%")


def joined(parts: list[str]) -> str:
    """``"a, b and c"``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentence(text: str) -> str:
    """Capitalise the first letter and end with a full stop."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
