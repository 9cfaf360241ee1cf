"""A Gaussian stand-in for the likelihood, moment-matched: expectation propagation (Minka 2001).

The slope at the most probable person says nothing about an answer of 0: as long as the forecast is
low enough, it is flat. Each answer is therefore replaced by the Gaussian that leaves mean and
variance of its prediction as the answer itself would, given all others.

Only a few combinations of the unknowns move what was observed by more than its error. These are
the leading eigenvectors of ``J' W J``, with J the slopes and W the precision of the sites: the
likelihood-informed subspace (Cui et al. 2014). In all other directions the posterior is the prior.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.likelihood import Term
from micropen.estimation.linearisation import Linearisation, weighted
from micropen.estimation.problem import Problem

Array = NDArray[np.float64]

_SWEEPS: Final = 8
_DAMPING: Final = 0.7
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(40)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
# A prediction at the end of its range does not move at all.
_LEAST_VARIANCE: Final = 1e-8
# Directions in which the data say less than this against the prior are left to the prior.
_LEAST_INFORMATION: Final = 0.02
MOST_DIRECTIONS: Final = 48


@dataclass(frozen=True, eq=False)
class Sites:
    """The data as a Gaussian of the predictions.

    Parameters
    ----------
    line
        The linear model that links unknowns and predictions.
    precision
        Shape ``(reading, reading)``.
    pull
        Precision times the value it pulls to, shape ``(reading,)``.
    """

    line: Linearisation
    precision: Array
    pull: Array

    def centre(self) -> Array:
        """Mean of the unknowns in the linear model, shape ``(unknown,)``."""
        jacobian, line = self.line.jacobian, self.line
        before = np.concatenate(line.predictions) - jacobian @ line.centre
        pulled = jacobian.T @ (self.pull - self.precision @ before)
        inner = np.eye(self.pull.size) + self.precision @ (jacobian @ jacobian.T)
        corrected = np.linalg.solve(inner, self.precision @ (jacobian @ pulled))
        return np.asarray(pulled - jacobian.T @ corrected)

    def directions(self) -> Array:
        """Orthonormal directions that data speak about, shape ``(unknown, direction)``."""
        values, vectors = np.linalg.eigh(self.precision)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        _, strength, rows = np.linalg.svd(root.T @ self.line.jacobian, full_matrices=False)
        kept = min(int((strength**2 > _LEAST_INFORMATION).sum()), MOST_DIRECTIONS)
        return np.ascontiguousarray(rows[:kept].T)


def matched_sites(problem: Problem, line: Linearisation) -> Sites:
    """Match the Gaussians of all answers and counts; photographs keep their slope.

    Parameters
    ----------
    problem
        Of one person.
    line
        About a person near the most probable one.
    """
    gradient, precision = weighted(problem, line)
    predictions = np.concatenate(line.predictions)
    pull = precision @ predictions + gradient
    before = predictions - line.jacobian @ line.centre
    prior = line.jacobian @ line.jacobian.T
    single = list(_single(problem.terms))
    for _ in range(_SWEEPS):
        inner = np.eye(pull.size) + prior @ precision
        covariance = np.linalg.solve(inner, prior)
        mean = np.linalg.solve(inner, before + prior @ pull)
        for term, place in single:
            own = (
                np.asarray(mean[place], np.float64),
                np.asarray(np.diag(covariance)[place], np.float64),
            )
            site = (precision[place, place], pull[place])
            precision[place, place], pull[place] = _matched(term, own, site)
    return Sites(line, precision, pull)


def _single(terms: tuple[Term, ...]) -> Iterator[tuple[Term, NDArray[np.int64]]]:
    """Terms whose readings stand alone, and where these stand among all."""
    start = 0
    for term in terms:
        place = start + np.arange(len(term.zones))
        start += place.size
        if term.single(np.zeros((1, place.size))) is not None:
            yield term, place


def _matched(
    term: Term, own: tuple[Array, Array], site: tuple[Array, Array]
) -> tuple[Array, Array]:
    """One damped update of the sites of a term."""
    mean, variance = own[0], np.maximum(own[1], _LEAST_VARIANCE)
    precision, pull = site
    without = 1.0 / np.maximum(1.0 / variance - precision, 1e-6)
    middle = without * (mean / variance - pull)
    nodes = middle + np.sqrt(without) * _NODES[:, None]
    heights = term.single(nodes)
    assert heights is not None
    mass = _WEIGHTS[:, None] * np.exp(heights - heights.max(axis=0))
    mass /= mass.sum(axis=0)
    matched = (mass * nodes).sum(axis=0)
    spread = np.maximum((mass * (nodes - matched) ** 2).sum(axis=0), _LEAST_VARIANCE)
    new_precision = np.maximum(1.0 / spread - 1.0 / without, 0.0)
    # A mistaken answer can widen what is believed; it then neither holds nor pulls.
    new_pull = np.where(new_precision > 0.0, matched / spread - middle / without, 0.0)
    return (
        precision + _DAMPING * (new_precision - precision),
        pull + _DAMPING * (new_pull - pull),
    )
