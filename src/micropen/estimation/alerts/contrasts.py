"""Statistics of a rule: weighted sums of readings, compared with the same sums of the draws.

Every rule looks at several sums at once (the last look, the last two, ...) and takes the largest,
each over its own standard deviation. The draws go through the same search, so that looking at
many sums costs no false alarms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import unpaired
from micropen.estimation.alerts.points import Readings
from micropen.estimation.alerts.tail import tail_probability
from micropen.estimation.result import Axis

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """How far off some readings are.

    Parameters
    ----------
    probability
        Of something at least so far off, in the bad direction.
    draws
        How many draws it was compared with.
    row
        Which of the sums was largest.
    """

    probability: float
    draws: int
    row: int


def judge(readings: Readings, weights: Array) -> Judged:
    """Compare the largest of several sums with the same of the draws.

    Parameters
    ----------
    readings
        Points and draws.
    weights
        Shape ``(sum, point)``, at least one row.

    Returns
    -------
    Judged
        Its probability never rises when a reading of only positive weights rises.
    """
    centre = readings.draws.mean(axis=0)
    simulated = (readings.draws - centre) @ weights.T
    seen = (readings.values - centre) @ weights.T
    scale = simulated.std(axis=0)
    row = int(np.argmax(seen / scale))
    largest = (simulated / scale).max(axis=1)
    probability = tail_probability(largest, float(seen[row] / scale[row]))
    return Judged(probability, readings.draws.shape[0], row)


def _groups(readings: Readings) -> dict[tuple[int, Axis], NDArray[np.int64]]:
    """Points of one look told in one way: a photograph's zones, or the answer."""
    keys = [(int(m), p.axis) for m, p in zip(readings.moments, readings.points, strict=True)]
    return {
        key: np.array([i for i, k in enumerate(keys) if k == key]) for key in dict.fromkeys(keys)
    }


def excess_weights(readings: Readings) -> Array:
    """Sums that grow where readings lie above expectation.

    Each look's photograph and answer weigh alike: the mean over zones of the standardised
    excess, standardised again. One row for the last look, one for the last two, and so on.

    Returns
    -------
    numpy.ndarray
        Shape ``(window, point)``, all at or above 0.
    """
    scale = readings.draws.std(axis=0)
    groups = _groups(readings)
    last = int(readings.moments[-1])
    weights = np.zeros((last + 1, len(readings.points)))
    for (moment, _), members in groups.items():
        even = 1.0 / scale[members] / members.size
        even = even / (readings.draws[:, members] @ even).std()
        weights[last - moment :, members] += even
    return weights


def zone_weights(readings: Readings) -> Array:
    """One row per point of the last look: each alone."""
    at_last = np.flatnonzero(readings.moments == readings.moments[-1])
    return np.eye(len(readings.points))[at_last]


def rise_weights(readings: Readings) -> Array:
    """Sums that grow where the last look lies above an earlier one of the same kind.

    One row per earlier look: mean over the zones (or the answer) of now minus then. Empty where
    the last look has nothing to compare with.

    Returns
    -------
    numpy.ndarray
        Shape ``(pair of looks, point)``.
    """
    groups = _groups(readings)
    last = int(readings.moments[-1])
    rows = []
    for (moment, axis), then in groups.items():
        now = groups.get((last, axis))
        if moment == last or now is None:
            continue
        zones = {readings.points[i].zone for i in then} & {readings.points[i].zone for i in now}
        row = np.zeros(len(readings.points))
        for members, sign in ((now, 1.0), (then, -1.0)):
            shared = [i for i in members if readings.points[i].zone in zones]
            row[shared] = sign / max(len(shared), 1)
        if zones:
            rows.append(row)
    return np.array(rows).reshape(len(rows), len(readings.points))


def patch_weights(readings: Readings) -> tuple[Array, tuple[str, ...]]:
    """Sums that grow where one zone, or one side, lies above the rest of the last look.

    Returns
    -------
    numpy.ndarray
        Shape ``(place, point)``.
    tuple of str
        The places: zones, ``"left"``, ``"right"``.
    """
    members = np.flatnonzero(readings.moments == readings.moments[-1])
    zones = [readings.points[i].zone for i in members]
    rows, places = [], []
    for index, zone in zip(members, zones, strict=True):
        row = np.zeros(len(readings.points))
        row[members] = -1.0 / (members.size - 1)
        row[index] = 1.0
        rows.append(row)
        places.append(zone)
    pairs = [z for z in zones if z.endswith("_left") and f"{unpaired(z)}_right" in zones]
    if len(pairs) > 1:  # one pair alone is told by its zones
        left = [members[zones.index(z)] for z in pairs]
        right = [members[zones.index(f"{unpaired(z)}_right")] for z in pairs]
        row = np.zeros(len(readings.points))
        row[left], row[right] = 1.0 / len(pairs), -1.0 / len(pairs)
        rows += [row, -row]
        places += ["left", "right"]
    return np.array(rows), tuple(places)
