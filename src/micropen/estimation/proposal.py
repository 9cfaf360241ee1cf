"""Where persons are drawn from: about the most probable one, as wide as the data leave them.

In the directions that data speak about a multivariate Student-t (its tails are heavier than the
posterior's), in all others the prior. The model is not linear, so what the data say depends on the
others: for each draw of these the centre is moved by one Gauss-Newton step of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from micropen.estimation.problem import Problem
from micropen.estimation.sites import Sites

Array = NDArray[np.float64]

DEGREES_OF_FREEDOM: Final = 30.0
# The posterior is no Gaussian: draws reach further than its stand-in by this factor.
_WIDER: Final = 1.1
# Longest move of a centre, in standard deviations of the proposal.
_LONGEST_MOVE: Final = 3.0


@dataclass(frozen=True, eq=False)
class Proposal:
    """A distribution of persons that can be drawn from and evaluated.

    Parameters
    ----------
    sites
        The data as a Gaussian of the predictions.
    directions
        That data speak about: orthonormal, shape ``(unknown, direction)``.
    centre
        There, shape ``(direction,)``.
    covariance
        There, shape ``(direction, direction)``.
    outside
        Centre in all other directions, shape ``(unknown,)``, orthogonal to `directions`.
    """

    sites: Sites
    directions: Array
    centre: Array
    covariance: Array
    outside: Array

    @classmethod
    def of(cls, sites: Sites) -> Proposal:
        """Build it from the data as a Gaussian."""
        directions, mean = sites.directions(), sites.centre()
        slopes = sites.line.jacobian @ directions
        information = np.eye(directions.shape[1]) + slopes.T @ sites.precision @ slopes
        covariance = np.linalg.inv(information)
        centre = directions.T @ mean
        covariance = 0.5 * (covariance + covariance.T)
        return cls(sites, directions, centre, covariance, mean - directions @ centre)

    def free(self, count: int, random: np.random.Generator) -> Array:
        """Draws of the prior in all other directions, shape ``(draw, unknown)``."""
        normal = random.standard_normal((count, self.outside.size))
        return np.asarray(normal - (normal @ self.directions) @ self.directions.T)

    @property
    def root(self) -> Array:
        """Lower triangular root of the covariance of what is drawn."""
        return np.asarray(_WIDER * np.linalg.cholesky(self.covariance))

    def draw(
        self, problem: Problem, count: int, random: np.random.Generator
    ) -> tuple[Array, Array]:
        """Draw persons, and the logarithm of the density with which each was drawn.

        Returns
        -------
        values
            Shape ``(draw, unknown)``.
        log_density
            Shape ``(draw,)``, up to the constant of a normal in the other directions.
        """
        size = self.centre.size
        free = self.free(count, random)
        base = free + self.outside
        moved = self.centre + self._moves(problem, base)
        normal = random.standard_normal((count, size))
        chi = random.chisquare(DEGREES_OF_FREEDOM, count) / DEGREES_OF_FREEDOM
        own = normal / np.sqrt(chi)[:, None]
        values = base + (moved + own @ self.root.T) @ self.directions.T
        return values, self._log_student(own) - 0.5 * (free**2).sum(axis=1)

    def _moves(self, problem: Problem, base: Array) -> Array:
        """Gauss-Newton step in the directions, for each draw of the others, (draw, direction)."""
        start = base + self.centre @ self.directions.T
        predicted = np.concatenate(problem.predictions(start), axis=1)
        slopes = self.sites.line.jacobian @ self.directions
        pull = (self.sites.pull - predicted @ self.sites.precision) @ slopes - self.centre
        step = pull @ self.covariance
        length = np.sqrt((np.linalg.solve(self.root, step.T) ** 2).sum(axis=0))
        shorter = np.minimum(1.0, _LONGEST_MOVE / np.maximum(length, 1e-12))
        return np.asarray(step * shorter[:, None])

    def _log_student(self, own: Array) -> Array:
        """Log-density of standardised draws in the directions, shape ``(draw,)``."""
        size, nu = self.centre.size, DEGREES_OF_FREEDOM
        constant = gammaln(0.5 * (nu + size)) - gammaln(0.5 * nu) - 0.5 * size * np.log(nu * np.pi)
        constant -= np.log(np.diag(self.root)).sum()
        square = (own**2).sum(axis=1)
        return np.asarray(constant - 0.5 * (nu + size) * np.log1p(square / nu))
