"""Importance sampling with a gate: enough effective draws, and no draw that outweighs the rest.

The weights are smoothed by the Pareto tail that fits them (PSIS; Vehtari et al. 2024), whose shape
k tells whether they may be trusted: above 0.7 they may not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.problem import Problem
from micropen.estimation.proposal import Proposal

Array = NDArray[np.float64]

ENOUGH: Final = 400.0
TRUSTED_K: Final = 0.7
_BATCH: Final = 600
# Draws after which another method is cheaper.
_MOST_DRAWS: Final = 9600
# Largest weights that differ by no more than rounding have no tail to fit: readings that tell
# nothing. The shape of a tail that ends in a step.
_LEVEL: Final = 1e-6
_PLATEAU: Final = -1.0


@dataclass(frozen=True, eq=False)
class Weighted:
    """Weighted draws.

    Parameters
    ----------
    values
        Shape ``(draw, unknown)``.
    weights
        Sum to 1, shape ``(draw,)``.
    effective
        Effective number of draws.
    pareto_k
        Shape of the tail of the weights.
    """

    values: Array
    weights: Array
    effective: float
    pareto_k: float

    @property
    def passed(self) -> bool:
        """Whether it may be trusted."""
        return self.effective >= ENOUGH and self.pareto_k <= TRUSTED_K


def importance_sample(
    problem: Problem, proposal: Proposal, random: np.random.Generator, most: int = _MOST_DRAWS
) -> Weighted:
    """Draw until enough draws count, or until it is clear that this will not do."""
    values: list[Array] = []
    logs: list[Array] = []
    while True:
        drawn, density = proposal.draw(problem, _BATCH, random)
        values.append(drawn)
        logs.append(problem.log_posterior(drawn) - density)
        found = smoothed(np.concatenate(values), np.concatenate(logs))
        count = found.weights.size
        hopeless = found.effective * most / count < ENOUGH
        if found.passed or count >= most or hopeless:
            return found


def smoothed(values: Array, log_weights: Array) -> Weighted:
    """Smooth and normalise weights."""
    from arviz_stats.base import array_stats  # noqa: PLC0415  (slow to import)

    logs, k = log_weights, _PLATEAU
    if np.ptp(np.sort(logs)[-int(3.0 * np.sqrt(logs.size)) :]) > _LEVEL:
        # It takes log-likelihoods that are left out, so the negative of the log-weights.
        logs, k = array_stats.psislw(log_weights.max() - log_weights)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    return Weighted(values, weights, float(1.0 / (weights**2).sum()), float(k))
