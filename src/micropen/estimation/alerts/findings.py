"""What most rules ask: whether something is more than expected, and whether it rises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.contrasts import (
    Array,
    Judged,
    excess_weights,
    judge,
    rise_weights,
)
from micropen.estimation.alerts.doubt import selections
from micropen.estimation.alerts.points import Measure, Readings, readings_of
from micropen.estimation.result import ReadPoint

# A forecast that rises by less than this share of what matters is flat: medians of draws are noisy.
_FLAT: Final = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """Readings that are off, and how improbable that is.

    Parameters
    ----------
    readings
        What was looked at.
    judged
        How far off.
    """

    readings: Readings
    judged: Judged

    @property
    def probability(self) -> float:
        """Of something at least so far off."""
        return self.judged.probability

    @property
    def day(self) -> float:
        """Of the newest reading."""
        return self.readings.points[-1].day


def _gravest(findings: list[Finding]) -> Finding | None:
    return min(findings, key=lambda finding: finding.probability, default=None)


def new_readings(
    context: AlertContext, measure: Measure, wanted: Callable[[ReadPoint], bool] = lambda _: True
) -> tuple[Readings, ...]:
    """Return the new points of a measure that may be judged, without and with borne-out ones."""
    everything = readings_of(context, measure, wanted)
    return tuple(chosen.keep(chosen.new) for chosen in selections(context, everything))


def excess(
    context: AlertContext,
    measure: Measure,
    weights: Callable[[Readings], Array] = excess_weights,
    wanted: Callable[[ReadPoint], bool] = lambda _: True,
) -> Finding | None:
    """Return how far the new points of a measure lie above expectation, jointly.

    Parameters
    ----------
    context, measure
        The case and what to look at.
    weights
        Sums of the readings that are looked at.
    wanted
        Points to keep.

    Returns
    -------
    Finding or None
        None where nothing is new, or the excess is too small to matter to anybody.
    """
    found = [
        Finding(readings, judge(readings, weights(readings)))
        for readings in new_readings(context, measure, wanted)
        if readings.judged and _matters(readings, weights(readings))
    ]
    return _gravest(found)


def _matters(readings: Readings, weights: Array) -> bool:
    """Whether the mean excess of any sum, by its own weights, is as large as matters."""
    used = (weights > 0.0).astype(np.float64)
    shares = used / used.sum(axis=1, keepdims=True)
    return bool((shares @ (readings.excess / readings.least)).max() >= 1.0)


def rise(context: AlertContext, measure: Measure, after_days: float) -> Finding | None:
    """Return how far a measure has risen although the forecast says that it falls.

    Parameters
    ----------
    context, measure
        The case and what to look at.
    after_days
        Since the session: earlier looks are not compared.

    Returns
    -------
    Finding or None
        None where the newest look has no earlier one to compare with, or rose too little.
    """
    session = context.session_before(context.today)
    found = []
    everything = readings_of(context, measure, lambda p: p.day - session >= after_days)
    for readings in selections(context, everything):
        if not readings.points or not readings.new[-1]:
            continue
        rows = rise_weights(readings)
        rows = rows[rows @ readings.expected <= _FLAT * _least_step(readings, rows)]
        if rows.size and _step(readings, rows).max() >= 1.0:
            compared = readings.keep((rows != 0.0).any(axis=0))
            found.append(Finding(compared, judge(readings, rows)))
    return _gravest(found)


def _least_step(readings: Readings, rows: Array) -> Array:
    """Smallest rise that matters, shape ``(pair of looks,)``."""
    return np.asarray(np.where(rows > 0.0, rows, 0.0) @ readings.least)


def _step(readings: Readings, rows: Array) -> Array:
    """Each rise over the smallest that matters, shape ``(pair of looks,)``."""
    return np.asarray((rows @ readings.seen) / _least_step(readings, rows))
