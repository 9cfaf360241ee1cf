"""Points that may be mistakes: they speak only where others agree.

What is improbable enough for an alert is always more probably a slip, as long as it stands alone: a
likelihood that allows for slips doubts it. So agreement is what tells a reaction from a mistyped
number, and it must be rare by chance and by two slips at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.contrasts import excess_weights, judge, zone_weights
from micropen.estimation.alerts.points import (
    ITCHING,
    PAIN,
    PIGMENT,
    REDNESS,
    SWELLING,
    Measure,
    Readings,
    readings_of,
)
from micropen.estimation.result import Axis, ReadPoint

Mask = NDArray[np.bool_]

_REACTION = (REDNESS, SWELLING, PAIN, ITCHING)


@dataclass(frozen=True, slots=True)
class Look:
    """One way in which one measure was told at one time: an answer, or a photograph's zones.

    Parameters
    ----------
    measure
        What was told.
    source, axis, day
        Of its points.
    probability
        Of something at least so far above expectation, all its points together or one of them.
    trusted
        Whether none of its points is doubtful.
    """

    measure: str
    source: str
    axis: Axis
    day: float
    probability: float
    trusted: bool


def doubtful(context: AlertContext, readings: Readings) -> Mask:
    """Which points are more likely mistaken than not, shape ``(point,)``."""
    limit = context.value("doubtful_from")
    return np.array([point.doubt > limit for point in readings.points], dtype=bool)


def _name(point: ReadPoint) -> tuple[str, Axis, float]:
    return point.source, point.axis, point.day


def _looks(context: AlertContext, readings: Readings) -> list[Look]:
    names = [_name(point) for point in readings.points]
    is_doubtful = doubtful(context, readings)
    found = []
    for name in dict.fromkeys(names):
        members = np.array([each == name for each in names])
        one = readings.keep(members)
        rows = np.concatenate([excess_weights(one), zone_weights(one)])
        chance = judge(one, rows).probability
        found.append(Look(readings.measure.name, *name, chance, not is_doubtful[members].any()))
    return found


def agreed(context: AlertContext, readings: Readings) -> Mask:
    """Which doubtful points others bear out, shape ``(point,)``.

    The look of such a point must be rare by itself (``agrees_below``), and one of these must be so
    too, within ``agree_within_days`` (``pigment.agree_within_days`` for what comes slowly):

    - the same measure at another time, or told in another way;
    - two other measures of a reaction (redness, swelling, pain, itching);
    - one look without doubt of such a measure, however many there are to choose from.

    Zones of one photograph are one look: red light would make all of them agree.
    """
    suspect = doubtful(context, readings)
    if not suspect.any():
        return suspect
    own = {(look.source, look.axis, look.day): look for look in _looks(context, readings)}
    others = [*own.values(), *_related_looks(context, readings.measure)]
    out = {name: _borne_out(context, look, others) for name, look in own.items()}
    return suspect & np.array([out[_name(point)] for point in readings.points], dtype=bool)


def _related_looks(context: AlertContext, measure: Measure) -> list[Look]:
    if measure not in _REACTION:
        return []
    related = [readings_of(context, other) for other in _REACTION if other is not measure]
    return [look for readings in related for look in _looks(context, readings)]


def _borne_out(context: AlertContext, look: Look, others: Sequence[Look]) -> bool:
    rare = context.value("agrees_below")
    slow = "pigment." if look.measure == PIGMENT.name else ""
    near = context.value(f"{slow}agree_within_days")
    around = [o for o in others if o != look and abs(o.day - look.day) <= near]
    high = [other for other in around if other.probability <= rare]
    same = any(other.measure == look.measure for other in high)
    several = len({other.measure for other in high} - {look.measure}) >= 2
    sure = any(other.trusted and other.probability * len(around) <= rare for other in high)
    return look.probability <= rare and (same or several or sure)


def selections(context: AlertContext, readings: Readings) -> tuple[Readings, ...]:
    """Return what may be judged: the points without doubt, and these with the ones borne out.

    Returns
    -------
    tuple of Readings
        One or two, each perhaps without points; the more serious judgement counts.
    """
    sure = ~doubtful(context, readings)
    with_agreed = sure | agreed(context, readings)
    if (with_agreed == sure).all():
        return (readings.keep(sure),)
    return readings.keep(sure), readings.keep(with_agreed)
