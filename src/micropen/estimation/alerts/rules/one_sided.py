"""One zone, or one side, far redder than the rest of the same photograph.

Each zone is compared with its own forecast first, so that a zone that was needled deeper is not
suspect. Needling reddens both sides alike; a product, a pillow or an infection does not.
"""

from __future__ import annotations

from typing import Final

from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.contrasts import judge, patch_weights
from micropen.estimation.alerts.findings import Finding, new_readings
from micropen.estimation.alerts.points import REDNESS, Readings, readings_of
from micropen.estimation.alerts.rule import Look, Rule, Suspicion
from micropen.estimation.alerts.words import (
    NOW,
    by_skin,
    day_words,
    evidence,
    probability_words,
    where_words,
)
from micropen.estimation.result import FACE, Axis, Level, ReadPoint

# Fewer zones have no rest to be compared with.
_FEWEST_ZONES: Final = 3


def _of_a_zone(point: ReadPoint) -> bool:
    return point.axis is Axis.SIGN and point.zone != FACE


def _last_look(readings: Readings) -> Readings:
    return readings.keep(readings.moments == readings.moments[-1])


def _judged(context: AlertContext, chosen: Readings) -> tuple[Finding, str] | None:
    if not chosen.points:
        return None
    readings = _last_look(chosen)
    if len(readings.points) < _FEWEST_ZONES:
        return None
    weights, places = patch_weights(readings)
    if (weights @ readings.excess).max() < context.value("patch.least_photo"):
        return None
    judged = judge(readings, weights)
    return Finding(readings, judged), places[judged.row]


def _surest(context: AlertContext) -> tuple[Finding, str, Level] | None:
    """What may be judged; else a photograph that is doubted as a whole, to be looked at again.

    Two red places make a photograph doubtful, yet what shifts all of its zones alike (red light)
    takes no part in how they differ.
    """
    sure = [_judged(context, chosen) for chosen in new_readings(context, REDNESS, _of_a_zone)]
    told = [found for found in sure if found is not None]
    if told:
        return (*min(told, key=lambda each: each[0].probability), Level.CLINICIAN)
    everything = readings_of(context, REDNESS, _of_a_zone)
    doubted = _judged(context, everything.keep(everything.new))
    return None if doubted is None else (*doubted, Level.WATCH)


def _look(context: AlertContext) -> tuple[Suspicion, ...]:
    found = _surest(context)
    if found is None:
        return ()
    finding, place, most = found
    where = f"the {place} side" if place in {"left", "right"} else where_words(place)
    return (
        Suspicion(
            title="One place redder than the rest",
            sentence=(
                f"On {day_words(finding.day)} {where} was redder than the rest of your face, by "
                f"more than the forecast for each place explains. "
                f"{probability_words(finding.judged)}"
            ),
            probability=finding.probability,
            evidence=evidence(finding),
            harmless=(
                "Sleeping on one side, a phone, a scratch or light from one side can redden one "
                "place for some hours."
            ),
            advice=by_skin(
                context,
                "Take another photograph in even light. Think of what touched this place alone: a "
                "product, a patch, a mask, a dressing. One place that is also hot, tender or "
                f"swollen may be infected. {NOW}",
            ),
            day=finding.day,
            most=most,
        ),
    )


RULE: Final = Rule(
    name="one_sided",
    family="one place",
    summary="a zone or a side far redder than the rest, relative to its own forecast",
    looks=(Look.PHOTOGRAPH,),
    sources=("nhs-contact-dermatitis", "nhs-cellulitis"),
    look=_look,
)
