"""The Pareto front: plans that no other beats in result, downtime and risk at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from micropen.planning.result import FrontPoint
from micropen.planning.search.face import FaceSettings
from micropen.planning.search.objective import Outcome
from micropen.planning.search.problem import Problem

Array = NDArray[np.float64]

# Differences below these are no differences: a tenth of a point, a twentieth of a day, .05 %.
_SAME = np.array([0.001, 0.05, 0.0005])


def best_of(values: Array) -> NDArray[np.bool_]:
    """Return which rows no other row beats.

    Parameters
    ----------
    values
        Shape ``(plan, aim)``; less is better in every column.

    Returns
    -------
    numpy.ndarray
        Shape ``(plan,)``; of equal rows all are kept.
    """
    no_worse = (values[:, None, :] <= values[None, :, :]).all(axis=2)
    better = (values[:, None, :] < values[None, :, :]).any(axis=2)
    return np.asarray(~(no_worse & better).any(axis=0))


def front(
    problem: Problem, chosen: Sequence[tuple[str, FaceSettings, Outcome]]
) -> tuple[FrontPoint, ...]:
    """Return the front over settings and numbers of sessions, and the named plans.

    Dates matter little to result, downtime per session and risk; the front is drawn for sessions
    at the shortest allowed interval, whether or not the person tolerates what they cost.

    Parameters
    ----------
    problem
        Of one person.
    chosen
        Key, settings and outcome of each named plan; they are on the drawing in any case.

    Returns
    -------
    tuple of FrontPoint
        By gain, lowest first.
    """
    least = problem.space.intervals[0]
    points = [_point(key, settings, outcome) for key, settings, outcome in chosen]
    for settings in dict.fromkeys((*problem.space.table(), *(s for _, s, _ in chosen))):
        for count in range(1, problem.space.most_sessions + 1):
            sessions = tuple(range(0, least * count, least))
            outcome = problem.with_sessions(settings, sessions)
            points.append(_point("", settings, outcome))
    values = np.array([[-p.gain, p.downtime_days, p.pigment_risk] for p in points])
    kept = best_of(np.round(values / _SAME))
    found = _once(point for point, keep in zip(points, kept, strict=True) if keep or point.plan)
    return tuple(sorted(found, key=lambda point: point.gain))


def _once(points: Iterable[FrontPoint]) -> list[FrontPoint]:
    """Points that differ, named ones first."""
    seen: dict[tuple[int, ...], FrontPoint] = {}
    found = []
    for point in points:
        values = np.array([point.gain, point.downtime_days, point.pigment_risk])
        place = tuple(int(v) for v in np.round(values / (10.0 * _SAME)))
        if point.plan or place not in seen:
            found.append(point)
        seen.setdefault(place, point)
    return found


def _point(key: str, settings: FaceSettings, outcome: Outcome) -> FrontPoint:
    return FrontPoint(
        gain=outcome.gain,
        downtime_days=outcome.downtime_days,
        pigment_risk=outcome.pigment_risk,
        sessions=len(outcome.days),
        deepest_mm=max(settings.lengths_mm),
        passes=settings.passes,
        plan=key,
    )
