"""Time: the days that a course reports, and the graded steps in which the engine works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.errors import MicropenError
from micropen.healing.collocation import NODES, STAGES
from micropen.healing.process import Array
from micropen.units import hours_to_days, minutes_to_days

# Reported times after each session: where the signs move, and what a diary or a slider asks for.
_MINUTES: Final = (0.0, 5.0, 15.0, 30.0)
_HOURS: Final = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 18.0)
_HALF_DAYS_UNTIL: Final = 14.0
HORIZON_LIMIT: Final = 400.0

# Steps in days: the first resolves rates of thousands per day; then they double and more, because
# each state settles on a scale of its own age; from half a day on they follow the transit chains.
_FIRST_STEP: Final = 2e-3
_GROWTH: Final = 2.2
_STEP_AT_START: Final = 0.4
_STEP_PER_DAY: Final = 0.4

_LOCAL_NODES: Final = (0.0, *NODES.tolist())


@dataclass(frozen=True, slots=True)
class Segment:
    """The steps from one session to the next, or to the horizon.

    Parameters
    ----------
    start, end
        Days since the first session.
    steps
        Step lengths in days, shape ``(step,)``; empty when two sessions share a moment.
    nodes
        Days at which the states are known: the start, then five per step.
    report
        Indices into the reported days that lie in this segment.
    first_node
        For each reported day, the index of the node that starts its step.
    weights
        For each reported day, the weights of its six nodes, shape ``(report, 6)``.
    """

    start: float
    end: float
    steps: Array
    nodes: Array
    report: NDArray[np.int64]
    first_node: NDArray[np.int64]
    weights: Array


def check_horizon(days: float) -> float:
    """Return `days` as a float if it is a horizon that the model covers.

    Raises
    ------
    MicropenError
        If not above 0 and at most 400.
    """
    if not 0.0 < days <= HORIZON_LIMIT:
        raise MicropenError(
            f"The horizon is {days:g} days; it must be above 0 and at most {HORIZON_LIMIT:g}. "
            "Choose a number of days in that range."
        )
    return float(days)


def day_grid(session_days: Sequence[float], days: float) -> Array:
    """Return the days that a course reports.

    Parameters
    ----------
    session_days
        Day of each session, the first being 0.
    days
        Horizon.

    Returns
    -------
    numpy.ndarray
        Increasing, from 0 to `days`: minutes and hours after each session, half days until day
        14 after it, a point one minute before each later session, whole days, and the horizon.
    """
    horizon = check_horizon(days)
    after = np.concatenate(
        [
            [minutes_to_days(minutes) for minutes in _MINUTES],
            [hours_to_days(hours) for hours in _HOURS],
            np.arange(1.0, _HALF_DAYS_UNTIL + 0.5, 0.5),
        ]
    )
    chosen = [np.arange(0.0, horizon), np.array([horizon])]
    for day in session_days:
        chosen.append(day + after)
        if day > 0.0:
            chosen.append(np.array([day - minutes_to_days(1.0)]))
    # Seconds do not matter: rounding removes copies that differ in the last bits.
    grid = np.unique(np.round(np.concatenate(chosen), 8))
    return np.asarray(grid[(grid >= 0.0) & (grid <= horizon)], dtype=np.float64)


def _graded_steps(length: float, refinement: float) -> Array:
    """Steps that sum to `length`, all of them `refinement` times shorter than the standard ones."""
    steps, time, growing = [], 0.0, _FIRST_STEP
    while time < length:
        steps.append(min(growing, _STEP_AT_START + _STEP_PER_DAY * time) / refinement)
        time += steps[-1]
        growing *= 1.0 + (_GROWTH - 1.0) / refinement
    return np.array(steps) * (length / time) if steps else np.empty(0)


def _lagrange(position: Array) -> Array:
    """Weights of the local nodes at positions 0..1 in a step, shape ``(position, 4)``."""
    weights = np.ones((position.size, len(_LOCAL_NODES)))
    for i, own in enumerate(_LOCAL_NODES):
        for j, other in enumerate(_LOCAL_NODES):
            if i != j:
                weights[:, i] *= (position - other) / (own - other)
    return weights


def _segment(start: float, end: float, grid: Array, last: bool, refinement: float) -> Segment:
    steps = _graded_steps(end - start, refinement)
    edges = start + np.concatenate([[0.0], np.cumsum(steps)])
    inside = (grid >= start) & ((grid <= end) if last else (grid < end))
    report = np.flatnonzero(inside)
    if not steps.size:
        # Two sessions at one moment: nothing passes between them.
        weights = np.tile(np.eye(1 + STAGES)[0], (report.size, 1))
        zero = np.zeros(report.size, dtype=np.int64)
        return Segment(start, end, steps, np.array([start]), report, zero, weights)
    step = np.clip(np.searchsorted(edges, grid[report], side="right") - 1, 0, steps.size - 1)
    position = (grid[report] - edges[step]) / steps[step]
    nodes = edges[:-1, None] + steps[:, None] * NODES
    return Segment(
        start=start,
        end=end,
        steps=steps,
        nodes=np.concatenate([[start], nodes.ravel()]),
        report=report,
        first_node=STAGES * step.astype(np.int64),
        weights=_lagrange(np.clip(position, 0.0, 1.0)),
    )


def segments(
    session_days: Sequence[float], grid: Array, refinement: float = 1.0
) -> tuple[Segment, ...]:
    """Cut the time into segments that each start with a session.

    Parameters
    ----------
    session_days
        Increasing, the first being 0; those after the last reported day are left out.
    grid
        Reported days.
    refinement
        How many times shorter the steps are than the standard ones.

    Returns
    -------
    tuple of Segment
        One per session; a reported day belongs to exactly one of them.
    """
    horizon = float(grid[-1])
    starts = [float(day) for day in session_days if day <= horizon]
    ends = [*starts[1:], horizon]
    final = len(starts) - 1
    return tuple(
        _segment(start, end, grid, index == final, refinement)
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
    )
