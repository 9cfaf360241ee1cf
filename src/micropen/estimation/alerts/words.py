"""Words of the alerts: values, expectations, probabilities and readings as sentences."""

from __future__ import annotations

from math import exp, floor, isnan, log10

from micropen.anatomy import label
from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.contrasts import Judged
from micropen.estimation.alerts.findings import Finding
from micropen.estimation.alerts.points import Readings
from micropen.estimation.result import FACE, Axis, Level, ReadPoint

# Readings that one alert lists; more would bury them.
_MOST_EVIDENCE = 6

# Share of the smallest excess that matters from which a reading is listed.
_OFF = 0.5

NOW = (
    "Fever or chills, pus, a group of blisters, redness and heat that spread, or an eye that is "
    "red, painful or sees worse always mean: see a clinician today."
)

DO_FIRST = {
    Level.WATCH: "Look again tomorrow, in the same light, and write it down.",
    Level.ASK: "Ask your practitioner today or tomorrow, and show them these readings.",
    Level.CLINICIAN: "See a clinician today, and show them these readings.",
}

# Signs that are logarithms of a ratio to the skin before.
_LOGARITHMS = frozenset({"erythema", "pigment"})

_HARD_TO_SEE = (
    "On brown or black skin redness can be hard to see: go by warmth, tightness, tenderness and "
    "a darker, violet or greyish colour."
)


def day_words(day: float) -> str:
    """Return ``"day 3"`` or ``"day 3.4"``, with hours on the first."""
    if 0.0 <= day < 0.95:
        return f"day 0 ({day * 24.0:.0f} h after)"
    return f"day {round(day, 1):g}"


def value_words(point: ReadPoint, value: float) -> str:
    """Return a value of the point's axis as a person reads it; logarithms as change in percent."""
    if point.axis is Axis.COUNT:
        return f"{round(value):d} spot{'' if round(value) == 1 else 's'}"
    if point.axis is Axis.DIARY:
        return f"{round(value, 1):g} of 10"
    if point.key in _LOGARITHMS:
        return f"{round(100.0 * (exp(value) - 1.0)):+d} %"
    if point.key == "scaling":
        return f"{round(100.0 * value):d} % of the skin flaking"
    return f"{value:.2g}"


def _range_words(point: ReadPoint, low: float, high: float) -> str:
    ends = [value_words(point, low), value_words(point, high)]
    short = [end.split(" ")[0] for end in ends]
    unit = " %" if ends[0].endswith(" %") else ""
    return f"{short[0]}{unit}" if short[0] == short[1] else f"{short[0]} to {short[1]}{unit}"


def _seen_words(point: ReadPoint) -> str:
    """Return ``"was 6 of 10"`` or ``"had changed by +40 %"``."""
    verb = "had changed by" if point.key in _LOGARITHMS and point.axis is Axis.SIGN else "was"
    return f"{verb} {value_words(point, point.value)}"


def where_words(zone: str) -> str:
    """Return the zone in words."""
    if zone == FACE:
        return "the whole face"
    # Labels explain themselves in brackets: too long for a sentence.
    return "the " + label(zone).split(" (")[0]


def reading_words(readings: Readings, index: int) -> str:
    """Return one reading and what was expected, as a sentence of the evidence."""
    point = readings.points[index]
    source = "answer" if point.axis is Axis.DIARY or point.source == "check-in" else point.source
    place = "" if point.axis is Axis.DIARY else f", {where_words(point.zone)}"
    expected = value_words(point, float(readings.expected[index]))
    band = _range_words(point, float(readings.low[index]), float(readings.high[index]))
    doubt = " (may be a mistake)" if point.doubt > 0.5 else ""
    return (
        f"{day_words(point.day).capitalize()}, {source}{place}: "
        f"{readings.measure.name} {value_words(point, point.value)}{doubt}; expected {expected} "
        f"({band} in 9 of 10 of your forecasts)."
    )


def worst_first(readings: Readings) -> list[int]:
    """Return the points by how far they lie above expectation, the newest look before others."""
    over = readings.excess / readings.least
    return sorted(range(len(readings.points)), key=lambda i: (-readings.moments[i], -over[i]))


def evidence(finding: Finding) -> tuple[str, ...]:
    """Return the readings that a finding rests on, the farthest off first."""
    readings = finding.readings
    order = worst_first(readings)
    over = readings.excess / readings.least
    off = [i for i in order if over[i] >= _OFF] or order[:1]
    lines = [reading_words(readings, i) for i in off[:_MOST_EVIDENCE]]
    left = len(order) - len(lines)
    if left == 0:
        return tuple(lines)
    some = "and more of them are high" if len(off) > len(lines) else "none of them as far off"
    return (*lines, f"{left} other reading{'' if left == 1 else 's'} looked at, {some}.")


def rounded_odds(probability: float) -> str:
    """Return ``"1 in 300"``, with one figure beyond 20."""
    odds = 1.0 / probability
    if odds > 1e5:
        return "less than 1 in 100,000"
    step = 10.0 ** floor(log10(odds)) if odds > 20.0 else 1.0
    return f"1 in {max(round(odds / step) * step, 1.0):,.0f}"


def probability_words(judged: Judged) -> str:
    """Return how rare something so far off is among the person's forecasts.

    What the draws can show is counted; rarer than one of them, the sentence says that it is
    carried on beyond them.
    """
    if isnan(judged.probability):
        return ""
    odds = rounded_odds(judged.probability)
    if judged.probability >= 1.0 / judged.draws:
        return f"Something at least so far off comes in about {odds} of your forecasts."
    beyond = odds if odds.startswith("less") else f"about {odds}"
    return (
        f"Something at least so far off comes in less than 1 in {judged.draws} of your forecasts "
        f"(extrapolated from them: {beyond})."
    )


def expectation_words(finding: Finding, name: str) -> str:
    """Return what was seen and what was expected, at the reading that is farthest off."""
    readings = finding.readings
    worst = worst_first(readings)[0]
    point = readings.points[worst]
    place = "" if point.zone == FACE else f" ({where_words(point.zone)})"
    expected = value_words(point, float(readings.expected[worst]))
    band = _range_words(point, float(readings.low[worst]), float(readings.high[worst]))
    return (
        f"On {day_words(point.day)} {name}{place} {_seen_words(point)}; your own "
        f"forecast expected {expected} ({band} in 9 of 10)."
    )


def by_skin(context: AlertContext, advice: str) -> str:
    """Return advice on redness, with how to tell it on skin where it is hard to see."""
    return f"{_HARD_TO_SEE} {advice}" if context.redness_is_hard_to_see else advice


def told(finding: Finding, name: str) -> str:
    """Return the sentence of an alert: seen, expected, probability."""
    return f"{expectation_words(finding, name)} {probability_words(finding.judged)}"
