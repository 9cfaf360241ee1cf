"""Maximum a posteriori: the point where studies and priors together are least unlikely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from micropen.calibration.free import Array
from micropen.calibration.problem import Problem

# Steps of Gauss and Newton, and shortenings of a step that does not help.
_ROUNDS: Final = 3
_SHORTER: Final = (1.0, 0.5, 0.25)
# Prior sds that a number may move in one step, and beyond which it is not sought.
_LONGEST: Final = 1.5
_FARTHEST: Final = 4.0
# Expected gain, in nats, that is not worth another step; and a move after which slopes are stale.
_LITTLE: Final = 0.02
_MOVED: Final = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What the fit found.

    Parameters
    ----------
    point
        In prior sds from the prior, shape ``(number,)``.
    residuals, prior_residuals
        Weighted, at the point and at the prior, shape ``(finding,)``.
    predicted, prior_predicted
        The statistics, untransformed, shape ``(finding,)``.
    slopes
        Of the residuals at the point, shape ``(finding, number)``.
    covariance
        Posterior, in squared prior sds, shape ``(number, number)``.
    evaluations
        Studies simulated on the way.
    """

    point: Array
    residuals: Array
    prior_residuals: Array
    predicted: Array
    prior_predicted: Array
    slopes: Array
    covariance: Array
    evaluations: int

    @property
    def precision(self) -> Array:
        """Inverse of the covariance: of studies and prior together."""
        return self.slopes.T @ self.slopes + np.eye(self.point.size)

    @property
    def standard_deviations(self) -> Array:
        """Posterior sd of each number, in prior sds: 1 where nothing was learned."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def cost(self) -> float:
        """Minus the logarithm of the posterior density, up to a constant."""
        return 0.5 * float(self.residuals @ self.residuals + self.point @ self.point)

    @property
    def prior_cost(self) -> float:
        """The same at the prior."""
        return 0.5 * float(self.prior_residuals @ self.prior_residuals)


class _Objective:
    """The problem with what was computed once kept."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._known: dict[bytes, Array] = {}

    def predicted(self, point: Array) -> Array:
        key = point.tobytes()
        if key not in self._known:
            self._known[key] = self.problem.predict(point)
        return self._known[key]

    def residuals(self, point: Array) -> Array:
        return self.problem.misfit(self.predicted(point))

    def cost(self, point: Array) -> float:
        residuals = self.residuals(point)
        return 0.5 * float(residuals @ residuals + point @ point)

    def better(self, point: Array, step: Array) -> Array | None:
        """The first of ever shorter steps that lowers the cost; None if none does."""
        for length in _SHORTER:
            tried = np.clip(point + length * step, -_FARTHEST, _FARTHEST)
            if self.cost(tried) < self.cost(point):
                return np.asarray(tried, dtype=np.float64)
        return None


def laplace(slopes: Array) -> Array:
    """Posterior covariance of standardised numbers: ``(J'J + 1)^-1``, shape (number, number)."""
    precision = slopes.T @ slopes + np.eye(slopes.shape[1])
    return np.asarray(np.linalg.inv(precision), dtype=np.float64)


def fit(problem: Problem, rounds: int = _ROUNDS) -> Fit:
    """Find the maximum a posteriori and the Laplace covariance about it.

    Steps of Gauss and Newton with shortening: slopes are dear, and the prior keeps every step
    well determined.

    Parameters
    ----------
    problem
        Studies and free numbers.
    rounds
        Steps at most.

    Returns
    -------
    Fit
    """
    objective, start = _Objective(problem), np.zeros(problem.space.size)
    point = sloped = start
    slopes = problem.slopes(point, "slopes 1")
    for step_number in range(1, rounds + 1):
        gradient = slopes.T @ objective.residuals(point) + point
        step = -laplace(slopes) @ gradient
        if -0.5 * float(step @ gradient) < _LITTLE:
            break
        better = objective.better(point, np.clip(step, -_LONGEST, _LONGEST))
        if better is None:
            break
        point = better
        if step_number < rounds or np.abs(point - sloped).max() > _MOVED:
            slopes, sloped = problem.slopes(point, f"slopes {step_number + 1}"), point
    return Fit(
        point=point,
        residuals=objective.residuals(point),
        prior_residuals=objective.residuals(start),
        predicted=objective.predicted(point),
        prior_predicted=objective.predicted(start),
        slopes=slopes,
        covariance=laplace(slopes),
        evaluations=problem.evaluations,
    )
