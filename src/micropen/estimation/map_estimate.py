"""The most probable person: damped Gauss-Newton (Levenberg-Marquardt).

The first steps use the slopes of all unknowns, the later ones only those of the directions that
data speak about; several dampings are tried in one batch, because a batch costs little more than
one person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.linearisation import Linearisation, linearise, weighted
from micropen.estimation.problem import Problem

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
        tried = _candidates(problem, line)
        heights = problem.log_posterior(tried)
        best = int(np.nanargmax(heights))
        if not heights[best] > line.log_posterior:
            return MapEstimate(line, step, True)
        gained = heights[best] - line.log_posterior
        line = linearise(problem, tried[best])
        if gained < _ENOUGH:
            return MapEstimate(line, step, True)
    return MapEstimate(line, _MOST_STEPS, False)


def _candidates(problem: Problem, line: Linearisation) -> Array:
    """Damped steps of several sizes, shape ``(candidate, unknown)``."""
    gradient, information = weighted(problem, line)
    pull = line.jacobian.T @ gradient - line.centre
    # (d I + J' W J)^-1 b by the smaller system of the readings, for each damping d.
    gram = line.jacobian @ line.jacobian.T
    reached = line.jacobian @ pull
    steps = []
    for damping in 1.0 + _DAMPINGS:
        inner = np.linalg.solve(damping * np.eye(gram.shape[0]) + information @ gram, information)
        whole = (pull - line.jacobian.T @ (inner @ reached)) / damping
        steps += [shorter * whole for shorter in (_SHORTER if damping == 1.0 else (1.0,))]
    return line.centre + np.array(steps)
