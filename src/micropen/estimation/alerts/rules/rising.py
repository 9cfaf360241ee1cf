"""Redness, swelling or pain that rises after day 2, when the forecast says that it falls.

Signs of needling are greatest within two days. An infection or a contact reaction comes later and
grows, so that the step between two looks says more than either of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.findings import Finding, rise
from micropen.estimation.alerts.points import PAIN, REDNESS, SWELLING, Measure
from micropen.estimation.alerts.rule import Look, Rule, Suspicion
from micropen.estimation.alerts.words import (
    NOW,
    by_skin,
    day_words,
    evidence,
    probability_words,
    value_words,
)

_HARMLESS: Final = (
    "A warm room, exercise, a new product or sun just before the check can raise it for some hours."
)

_ADVICE: Final = (
    "Leave out every new product and check again in the evening. Signs that grow from one check "
    "to the next after the second day may be an infection or a contact reaction."
)


def _step_words(finding: Finding, measure: Measure) -> str:
    """The last look against the lowest earlier one told in the same way, in a zone seen twice."""
    readings = finding.readings
    last = readings.moments[-1]
    steps = [
        (float(readings.seen[now] - readings.seen[then]), now, then)
        for now in np.flatnonzero(readings.moments == last)
        for then in np.flatnonzero(readings.moments < last)
        if (readings.points[now].axis, readings.points[now].zone)
        == (readings.points[then].axis, readings.points[then].zone)
    ]
    _, now, then = max(steps)
    before, after = readings.points[then], readings.points[now]
    return (
        f"Your {measure.name} rose from {value_words(before, before.value)} on "
        f"{day_words(before.day)} to {value_words(after, after.value)} on {day_words(after.day)}; "
        f"your own forecast goes from {value_words(before, float(readings.expected[then]))} to "
        f"{value_words(after, float(readings.expected[now]))}."
    )


def _suspect(context: AlertContext, measure: Measure) -> tuple[Suspicion, ...]:
    finding = rise(context, measure, context.value("rising_after_days"))
    if finding is None:
        return ()
    advice = f"{_ADVICE} {NOW}"
    return (
        Suspicion(
            title=f"{measure.name.capitalize()} that rises when it should fall",
            sentence=f"{_step_words(finding, measure)} {probability_words(finding.judged)}",
            probability=finding.probability,
            evidence=evidence(finding),
            harmless=_HARMLESS,
            advice=by_skin(context, advice) if measure is REDNESS else advice,
            day=finding.day,
        ),
    )


def _of(measure: Measure) -> Callable[[AlertContext], tuple[Suspicion, ...]]:
    return lambda context: _suspect(context, measure)


RULES: Final = tuple(
    Rule(
        name=f"rising_{measure.name}",
        family=measure.name,
        summary=f"{measure.name} that goes up after day 2 although the forecast falls",
        looks=(Look.CHECK_IN, Look.PHOTOGRAPH) if measure is REDNESS else (Look.CHECK_IN,),
        sources=("dermapen-downtime", "nhs-cellulitis", "nhs-contact-dermatitis"),
        look=_of(measure),
    )
    for measure in (REDNESS, SWELLING, PAIN)
)
