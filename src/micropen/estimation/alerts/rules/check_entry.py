"""One entry that fits nothing, and that the forecast therefore takes for a mistake.

It is asked about, not acted on: a mistyped 10 is commoner than a true one that nothing else shows.
Where another reading agrees, the entry counts in its own rule instead.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.contrasts import Judged, excess_weights, judge, zone_weights
from micropen.estimation.alerts.doubt import agreed, doubtful
from micropen.estimation.alerts.findings import Finding
from micropen.estimation.alerts.points import (
    BREAKOUTS,
    ITCHING,
    PAIN,
    PEELING,
    PIGMENT,
    REDNESS,
    SWELLING,
    Measure,
    readings_of,
)
from micropen.estimation.alerts.rule import Look, Rule, Suspicion
from micropen.estimation.alerts.words import NOW, expectation_words, probability_words
from micropen.estimation.result import Level

_MEASURES: Final = (REDNESS, SWELLING, PAIN, ITCHING, PEELING, PIGMENT, BREAKOUTS)


def _alone(context: AlertContext, measure: Measure) -> list[Finding]:
    """New doubtful points: each answer, or all such zones of one photograph together."""
    limit = context.value("doubtful_from")
    if not any(measure.has(p) and p.doubt > limit for p in context.predictive.points):
        return []
    readings = readings_of(context, measure)
    suspect = readings.new & doubtful(context, readings) & ~agreed(context, readings)
    names = [(p.source, p.axis, p.day) for p in readings.points]
    found = []
    for name in dict.fromkeys(n for n, is_in in zip(names, suspect, strict=True) if is_in):
        one = readings.keep(suspect & np.array([n == name for n in names]))
        # One zone far off is as odd as all of them a little.
        if (one.excess / one.least).max() >= 1.0:
            rows = np.concatenate([excess_weights(one), zone_weights(one)])
            found.append(Finding(one, judge(one, rows)))
    return found


def _look(context: AlertContext) -> tuple[Suspicion, ...]:
    found = [(f, m) for m in _MEASURES for f in _alone(context, m)]
    if not found:
        return ()
    finding, measure = min(found, key=lambda each: each[0].probability)
    # The most improbable of several entries is less improbable than one picked beforehand.
    probability = min(1.0, len(found) * finding.probability)
    judged = Judged(probability, finding.judged.draws, 0)
    point = finding.readings.points[0]
    name = point.source if point.source != "check-in" else "your check-in"
    return (
        Suspicion(
            title="Please check one entry",
            sentence=(
                f"{expectation_words(finding, f'your {measure.name}')} Nothing else shows it, so "
                f"that it is taken for a mistake. {probability_words(judged)}"
            ),
            probability=probability,
            evidence=(
                f"From {name}: {100.0 * point.doubt:.0f} % likely to be mistaken under the model.",
            ),
            harmless="A slip of the finger, red light or makeup gives such a reading.",
            advice=(
                "Please look in the mirror and at this entry, and correct or repeat it if it is "
                f"wrong. If it is true, ask your practitioner today. {NOW}"
            ),
            day=finding.day,
            most=Level.WATCH,
        ),
    )


RULE: Final = Rule(
    name="check_entry",
    family="entry",
    summary="a single absurd entry that nothing else agrees with",
    looks=(Look.CHECK_IN, Look.PHOTOGRAPH),
    sources=("assumed",),
    look=_look,
)
