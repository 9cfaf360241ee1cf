"""What the fit learned: from which study, how much, and together with what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from micropen.calibration.fit import Fit
from micropen.calibration.free import Array
from micropen.calibration.problem import Problem

# A study "moved" a number when without it the mode lies this far off (in prior sds), or the
# variance is larger by this share.
_MOVED: Final = 0.1
_SHARPENED: Final = 0.05
_PARTNER: Final = 0.3


@dataclass(frozen=True, slots=True)
class Influence:
    """What one study did to one number.

    Parameters
    ----------
    study
        Its key.
    shift
        How far it moved the mode, in prior sds.
    variance_without
        Posterior variance without the study over that with it; at least 1.
    """

    study: str
    shift: float
    variance_without: float

    @property
    def counts(self) -> bool:
        """Whether the number would be another without the study."""
        return abs(self.shift) > _MOVED or self.variance_without > 1.0 + _SHARPENED


def influences(fit: Fit, studies: Sequence[str]) -> list[list[Influence]]:
    """Return for each number what each study did to it, strongest first.

    Leave-one-study-out by linearisation about the mode, no refit.

    Parameters
    ----------
    fit
        The fit.
    studies
        Study of each finding.
    """
    keys = list(dict.fromkeys(studies))
    owner = np.array(studies)
    shifts, ratios = [], []
    for key in keys:
        own = fit.slopes[owner == key]
        without = np.linalg.inv(fit.precision - own.T @ own)
        shifts.append(-without @ own.T @ fit.residuals[owner == key])
        ratios.append(np.diag(without) / np.diag(fit.covariance))
    return [
        sorted(
            (
                Influence(key, float(shift[number]), float(ratio[number]))
                for key, shift, ratio in zip(keys, shifts, ratios, strict=True)
            ),
            key=lambda influence: -max(abs(influence.shift), influence.variance_without - 1.0),
        )
        for number in range(fit.point.size)
    ]


def correlation(covariance: Array) -> Array:
    """Return the correlation matrix of a covariance, shape ``(number, number)``."""
    scale = np.sqrt(np.diag(covariance))
    matrix = covariance / np.outer(scale, scale)
    np.fill_diagonal(matrix, 1.0)
    return np.asarray(matrix)


def partners(covariance: Array) -> list[list[tuple[int, float]]]:
    """Return for each number those it is correlated with, strongest first."""
    matrix = correlation(covariance)
    return [
        [
            (int(other), float(row[other]))
            for other in np.argsort(-np.abs(row))
            if other != number and abs(row[other]) >= _PARTNER
        ]
        for number, row in enumerate(matrix)
    ]


@dataclass(frozen=True, slots=True)
class Excursion:
    """How the true posterior compares with the Laplace normal along one direction.

    Parameters
    ----------
    direction
        Free number that weighs most in it.
    steps
        In posterior sds from the mode.
    costs
        How much less likely the posterior is there, in nats; ``steps ** 2 / 2`` if it were normal.
    """

    direction: int
    steps: tuple[float, ...]
    costs: tuple[float, ...]


def excursions(problem: Problem, fit: Fit, directions: int, step: float = 1.5) -> list[Excursion]:
    """Walk away from the mode along the best-determined directions and look at the true cost.

    Parameters
    ----------
    problem, fit
        What was fitted, and what came out.
    directions
        How many, best-determined first.
    step
        How far, in posterior sds.
    """
    variances, vectors = np.linalg.eigh(fit.covariance)
    found = []
    for index in range(min(directions, fit.point.size)):
        walk = np.sqrt(variances[index]) * vectors[:, index]
        costs = []
        for side in (-step, step):
            point = fit.point + side * walk
            residuals = problem.misfit(problem.predict(point, "posterior"))
            costs.append(0.5 * float(residuals @ residuals + point @ point) - fit.cost)
        largest = int(np.argmax(np.abs(vectors[:, index])))
        found.append(Excursion(largest, (-step, step), tuple(costs)))
    return found
