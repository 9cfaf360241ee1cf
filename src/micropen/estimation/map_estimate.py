"""The most probable person: damped Gauss-Newton (Levenberg-Marquardt).

The first step uses the slopes of all unknowns; the later ones renew only those along the directions
that data speak about. Several dampings are tried in one batch, and with them the slopes about the
undamped one, because a batch costs little more than one person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.linearisation import Linearisation, linearise, look_ahead, weighted
from micropen.estimation.problem import Problem
from micropen.estimation.sites import Sites

Array = NDArray[np.float64]

_MOST_STEPS: Final = 8
# A gain in log-posterior that no longer matters.
_ENOUGH: Final = 0.05
_DAMPINGS: Final = np.array([0.0, 1.0, 4.0, 20.0, 200.0])
_SHORTER: Final = np.array([1.0, 0.5, 0.2])


@dataclass(frozen=True, eq=False)
class MapEstimate:
    """The most probable person.

    Parameters
    ----------
    line
        The problem about them.
    steps
        How many steps were taken.
    converged
        Whether the last step no longer gained.
    """

    line: Linearisation
    steps: int
    converged: bool

    @property
    def centre(self) -> Array:
        """Standard normals, shape ``(unknown,)``."""
        return self.line.centre


def map_estimate(problem: Problem, start: Array | None = None) -> MapEstimate:
    """Climb from the prior's centre (or a start) to the most probable person."""
    centre = np.zeros(problem.unknowns.count) if start is None else start
    line = linearise(problem, centre)
    for step in range(1, _MOST_STEPS + 1):
        gradient, information = weighted(problem, line)
        tried, gain = _candidates(line, gradient, information)
        if gain < _ENOUGH:
            return MapEstimate(line, step, True)
        directions = Sites(line, information, gradient).directions()
        heights, ahead = look_ahead(problem, line, tried, directions)
        best = int(np.nanargmax(heights))
        if not heights[best] > line.log_posterior:
            return MapEstimate(line, step, True)
        if best != 0:
            _, ahead = look_ahead(problem, line, tried[best : best + 1], directions)
        line = ahead
    return MapEstimate(line, _MOST_STEPS, False)


def _candidates(line: Linearisation, gradient: Array, information: Array) -> tuple[Array, float]:
    """Damped steps of several sizes, ``(candidate, unknown)``, and what the first should gain."""
    pull = line.jacobian.T @ gradient - line.centre
    # (d I + J' W J)^-1 b by the smaller system of the readings, for each damping d.
    gram = line.jacobian @ line.jacobian.T
    reached = line.jacobian @ pull
    steps = []
    for damping in 1.0 + _DAMPINGS:
        inner = np.linalg.solve(damping * np.eye(gram.shape[0]) + information @ gram, information)
        whole = (pull - line.jacobian.T @ (inner @ reached)) / damping
        steps += [shorter * whole for shorter in (_SHORTER if damping == 1.0 else (1.0,))]
    return line.centre + np.array(steps), 0.5 * float(pull @ steps[0])
