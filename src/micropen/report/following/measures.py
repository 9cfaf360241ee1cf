"""What a band or a reading is called on the page, and in which unit it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.case import QUESTIONS
from micropen.estimation.result import Axis
from micropen.report.display import SIGN_DISPLAYS
from micropen.report.words import plain
from micropen.signs import SIGNS

Values = NDArray[np.float64]

# Normal quantile of 95 %: an error bar holds nine readings of ten.
NINE_OF_TEN: Final = 1.644854
# Signs whose number is a change to either side; the others start at none.
_EITHER_WAY: Final = frozenset({"gloss", "relief", "pigment", "collagen", "erythema"})
_FAMILIES: Final = (
    "erythema", "swelling", "pain", "itching", "scaling", "lesions", "gloss", "pigment", "relief",
)  # fmt: skip
_SOURCES: Final = {Axis.DIARY: 0, Axis.COUNT: 1, Axis.SIGN: 2}


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of number.

    Parameters
    ----------
    key, axis
        As in `micropen.estimation.result.Band`.
    family
        Sign that it tells of; gives the colour.
    title
        Heading of its figure.
    what
        What is counted, and who counts it.
    unit
        After a number.
    convert
        From the unit of the axis to the shown one; increasing.
    floor, ceiling
        Where the shown quantity ends.
    """

    key: str
    axis: Axis
    family: str
    title: str
    what: str
    unit: str
    convert: Callable[[Values], Values]
    floor: float
    ceiling: float

    def shown(self, value: float | Values) -> Values:
        """Values in the shown unit, kept where the quantity exists."""
        turned = self.convert(np.asarray(value, dtype=np.float64))
        return np.clip(turned, self.floor, self.ceiling)

    def number(self, value: float) -> str:
        """A shown value with its unit: ``"12 %"``, ``"3.4 of 10"``."""
        text = plain(value, signed=False)
        unit = "spot" if (self.unit, text) == ("spots", "1") else self.unit
        return f"{text} {unit}" if unit else text

    def bare_span(self, low: float, high: float) -> str:
        """A shown range beside its value: ``"4 to 25"``."""
        return f"{plain(low, signed=False)} to {plain(high, signed=False)}"

    def span(self, low: float, high: float) -> str:
        """A shown range: ``"4 to 25 %"``."""
        return f"{plain(low, signed=False)} to {self.number(high)}"

    @property
    def order(self) -> tuple[int, int, str]:
        """Place on the page: what shows most and soonest first, a person's own word before it."""
        known = self.family in _FAMILIES
        rank = _FAMILIES.index(self.family) if known else len(_FAMILIES)
        return rank, _SOURCES[self.axis], self.key


def measure(key: str, axis: Axis) -> Measure:
    """Say how the numbers of a key are shown; one that is not known is shown as it is."""
    if axis is Axis.DIARY:
        return _diary(key)
    if axis is Axis.COUNT:
        title = SIGN_DISPLAYS[key].title if key in SIGN_DISPLAYS else _words(key)
        return Measure(key, axis, key, title, "spots that you counted", "spots", _same, 0.0, np.inf)
    return _sign(key)


def _diary(key: str) -> Measure:
    question = QUESTIONS.get(key)
    asked = f"{question.asked} 0 to 10" if question else "0 to 10"
    family = (question.sign or key) if question else key
    title = f"{_words(key)}, your own score"
    return Measure(key, Axis.DIARY, family, title, asked, "of 10", _same, 0.0, 10.0)


def _sign(key: str) -> Measure:
    display = SIGN_DISPLAYS.get(key)
    if display is None or key not in SIGNS:
        return Measure(key, Axis.SIGN, key, _words(key), "", "", _same, -np.inf, np.inf)
    # A photograph tells the change; a face that looks paler than before is a reading too.
    floor = -np.inf if key in _EITHER_WAY else 0.0
    unit = "spots" if key == "lesions" else display.unit
    title = f"{display.title} on photographs"
    return Measure(key, Axis.SIGN, key, title, display.what, unit, display.convert, floor, np.inf)


def _same(values: Values) -> Values:
    return values


def _words(key: str) -> str:
    text = key.replace("_", " ")
    return text[:1].upper() + text[1:]
