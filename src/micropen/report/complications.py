"""What can go wrong, and how likely: plain records, and the words for them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

# The same number of people in every row, so that rows compare at a glance.
_PEOPLE: Final = 1000
# A share of the gain that nobody could tell from none is not worth a sentence.
_WORTH_A_NOTE: Final = 0.03


@dataclass(frozen=True, slots=True)
class Complication:
    """One complication of the treatment.

    Parameters
    ----------
    key
        Name of the complication (``"pih"``).
    summary
        What it is, in one line.
    probability, low, high
        Of people like this one, 0-1: mean, and 5 and 95 % over what is not known of the model; nan
        where the course ends before it could show.
    grade
        Weakest evidence grade behind it.
    counts
        What was counted, in one line.
    sources
        Keys of the sources of the counts.
    with_history
        Probability for somebody who has had it before, where the person is not known to; else nan.
    """

    key: str
    summary: str
    probability: float
    low: float
    high: float
    grade: str
    counts: str
    sources: tuple[str, ...] = ()
    with_history: float = float("nan")


@dataclass(frozen=True, slots=True)
class OverTreatment:
    """Share of the lasting gain that too deep, too dense or too soon costs, 0-1."""

    median: float
    low: float
    high: float
    grade: str


@dataclass(frozen=True, slots=True)
class ComplicationDisplay:
    """How a complication is shown: its name, whom it concerns, and when to call whom."""

    title: str
    concerns: str
    call: str


@dataclass(frozen=True, slots=True)
class ComplicationRow:
    """One row of the page."""

    key: str
    shown: ComplicationDisplay
    answer: str
    band: str
    grade: str
    counts: str


DISPLAYS: Final[Mapping[str, ComplicationDisplay]] = MappingProxyType(
    {
        "pih": ComplicationDisplay(
            "Dark marks (hyperpigmentation)",
            "Darker phototypes, melasma, much sun; deep, dense or early repeated needling.",
            "New or darker patches that stay beyond two weeks: see a clinician.",
        ),
        "acne_flare": ComplicationDisplay(
            "A flare of acne",
            "Skin that breaks out easily, and acne on the day.",
            "Many inflamed spots, or spots with pus: see a clinician.",
        ),
        "herpes_reactivation": ComplicationDisplay(
            "Cold sores come back",
            "Only people who ever had them; more when upper lip or chin are needled.",
            "Tingling, burning or blisters: call a clinician the same day.",
        ),
        "prolonged_erythema": ComplicationDisplay(
            "Redness that others notice beyond a week",
            "Sensitive skin; deep, dense or early repeated needling.",
            "Redness or heat that spreads or grows after day 2: call a clinician.",
        ),
        "tram_track": ComplicationDisplay(
            "Rows of fine scars (tram-track marks)",
            "Rollers with long needles under pressure; hardly pens and stamps.",
            "Lines of dots that stay: see a clinician.",
        ),
        "infection": ComplicationDisplay(
            "Serious infection",
            "Anyone: too rare in studies to tell whom more.",
            "Fever, pus, or pain that grows: call a clinician at once.",
        ),
    }
)
"""By key, in the order of the page."""

_OTHERWISE: Final = "Ask the person who treats you."


def _in_thousand(probability: float) -> str:
    people = _PEOPLE * probability
    return "fewer than 1" if people < 1.0 else f"{round(people, 1 - int(math.log10(people))):g}"


def _answer(line: Complication) -> tuple[str, str]:
    """How many of 1,000, and the band of it."""
    if math.isnan(line.probability):
        return "cannot be told", "the forecast ends before it could show"
    if line.probability == 0.0 and not math.isnan(line.with_history):
        return "none expected", f"no history stated; with one, {_in_thousand(line.with_history)}"
    low, high = _in_thousand(line.low), _in_thousand(line.high)
    return _in_thousand(line.probability), high if low == high else f"{low} to {high}"


def complication_title(key: str, summary: str) -> str:
    """Return the title of a complication; one without words of its own is called by its summary."""
    return DISPLAYS[key].title if key in DISPLAYS else summary[:1].upper() + summary[1:]


def complication_rows(lines: Sequence[Complication]) -> list[ComplicationRow]:
    """Put the complications into words, in the order of the page; new ones come last."""
    order = list(DISPLAYS)
    rows = []
    for line in sorted(lines, key=lambda x: order.index(x.key) if x.key in order else len(order)):
        shown = DISPLAYS.get(line.key) or ComplicationDisplay(
            complication_title(line.key, line.summary), "", _OTHERWISE
        )
        answer, band = _answer(line)
        rows.append(ComplicationRow(line.key, shown, answer, band, line.grade, line.counts))
    return rows


def over_treatment_note(price: OverTreatment | None) -> str:
    """Say what over-treatment costs; empty where it is a few per cent at most."""
    if price is None or price.median < _WORTH_A_NOTE:
        return ""
    return (
        f"Too deep, too dense or too soon: about {price.median:.0%} of the lasting gain is lost to "
        f"the wounding itself ({price.low:.0%} to {price.high:.0%} in 9 of 10 forecasts; evidence "
        f"grade {price.grade}). Fewer passes, shorter needles or more days between sessions lose "
        "less of it, and bring less redness and fewer dark marks."
    ).replace("%", " %")
