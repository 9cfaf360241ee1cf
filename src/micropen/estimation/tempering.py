"""Tempered sequential Monte Carlo, for posteriors that importance sampling cannot hold.

Particles start from the Gaussian stand-in q and go to the posterior p over ``q^(1-t) p^t``. Each
step of t is as long as half of the particles stay effective; then they are drawn anew and moved by
Metropolis steps that leave q alone (preconditioned Crank-Nicolson), until they have forgotten where
they started (Del Moral et al. 2006; Cotter et al. 2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from micropen.estimation.problem import Problem
from micropen.estimation.proposal import Proposal

Array = NDArray[np.float64]

PARTICLES: Final = 800
# Groups that never exchange particles: how far their means differ tells how well all have mixed.
_ISLANDS: Final = 4
_KEPT: Final = 0.5
_MOST_MOVES: Final = 20
# Correlation with the start at which particles are taken as moved: on the way, and at the end.
_MOVED: Final = (0.6, 0.3)
_WANTED_ACCEPTANCE: Final = 0.3
_SHORTEST, _LONGEST = 0.05, 1.0


@dataclass(frozen=True, eq=False)
class Tempered:
    """Equally weighted particles.

    Parameters
    ----------
    values
        Shape ``(particle, unknown)``.
    steps
        How many temperatures were taken.
    acceptance
        Of the last moves.
    correlation
        Of the last particles with where they started, mean over the directions.
    effective
        Effective number of particles, by how far the means of groups apart differ.
    r_hat
        Largest potential scale reduction of a direction between these groups.
    """

    values: Array
    steps: int
    acceptance: float
    correlation: float
    effective: float
    r_hat: float


class _Walkers:
    """Particles with their two log-densities."""

    def __init__(self, problem: Problem, proposal: Proposal, random: np.random.Generator) -> None:
        self.problem, self.proposal, self.random = problem, proposal, random
        self.root = proposal.root
        self.centre = proposal.outside + proposal.directions @ proposal.centre
        self.values = self.centre + self.around(PARTICLES)
        self.target = problem.log_posterior(self.values)
        self.reference = self.log_reference(self.values)
        self.step = 0.5
        self.acceptance = 0.0

    def around(self, count: int) -> Array:
        """Draws of the reference about zero."""
        normal = self.random.standard_normal((count, self.proposal.centre.size))
        inside = (normal @ self.root.T) @ self.proposal.directions.T
        return np.asarray(inside + self.proposal.free(count, self.random))

    def log_reference(self, values: Array) -> Array:
        """Up to a constant."""
        off = values - self.centre
        inside = off @ self.proposal.directions
        rest = off - inside @ self.proposal.directions.T
        scaled = np.linalg.solve(self.root, inside.T)
        return np.asarray(-0.5 * ((scaled**2).sum(axis=0) + (rest**2).sum(axis=1)))

    def choose(self, log_weights: Array) -> None:
        """Draw the particles of each island anew by weight, systematically."""
        each = PARTICLES // _ISLANDS
        weights = np.exp(log_weights - log_weights.max()).reshape(_ISLANDS, each)
        edges = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
        places = (self.random.random((_ISLANDS, 1)) + np.arange(each)) / each
        chosen = [np.searchsorted(e, p) for e, p in zip(edges, places, strict=True)]
        first = each * np.arange(_ISLANDS)[:, None]
        kept = (first + np.minimum(chosen, each - 1)).ravel()
        self.values = self.values[kept]
        self.target, self.reference = self.target[kept], self.reference[kept]

    def move(self, temperature: float) -> None:
        """One Metropolis step of every particle."""
        keep = np.sqrt(1.0 - self.step**2)
        fresh = self.around(PARTICLES)
        tried = self.centre + keep * (self.values - self.centre) + self.step * fresh
        target, reference = self.problem.log_posterior(tried), self.log_reference(tried)
        gain = temperature * ((target - reference) - (self.target - self.reference))
        taken = np.log(self.random.random(PARTICLES)) < gain
        self.values[taken] = tried[taken]
        self.target[taken], self.reference[taken] = target[taken], reference[taken]
        self.acceptance = float(taken.mean())
        longer = np.exp(self.acceptance - _WANTED_ACCEPTANCE)
        self.step = float(np.clip(self.step * longer, _SHORTEST, _LONGEST))

    @property
    def directions(self) -> Array:
        """Directions that data speak about; all, where the stand-in believed no reading."""
        found = self.proposal.directions
        return found if found.size else np.eye(self.centre.size)

    def forgotten(self, start: Array) -> float:
        """Correlation with where the particles started, mean over the directions."""
        now = (self.values - self.values.mean(axis=0)) @ self.directions
        then = (start - start.mean(axis=0)) @ self.directions
        norms = np.sqrt((now**2).sum(axis=0) * (then**2).sum(axis=0))
        return float(np.mean((now * then).sum(axis=0) / np.maximum(norms, 1e-12)))

    def between_islands(self) -> Array:
        """Variance of the islands' means over that within an island, ``(direction,)``."""
        inside = (self.values @ self.directions).reshape(_ISLANDS, PARTICLES // _ISLANDS, -1)
        within = inside.var(axis=1, ddof=1).mean(axis=0)
        return np.asarray(inside.mean(axis=1).var(axis=0, ddof=1) / np.maximum(within, 1e-12))


def temper(problem: Problem, proposal: Proposal, random: np.random.Generator) -> Tempered:
    """Sample a posterior by tempering."""
    walkers, temperature, steps, left = _Walkers(problem, proposal, random), 0.0, 0, 0.0
    while temperature < 1.0:
        ratio = walkers.target - walkers.reference
        longer = _longest_step(ratio, 1.0 - temperature)
        temperature = min(temperature + longer, 1.0)
        walkers.choose(longer * ratio)
        start, steps = walkers.values.copy(), steps + 1
        goal = _MOVED[1] if temperature >= 1.0 else _MOVED[0]
        for _ in range(_MOST_MOVES):
            walkers.move(temperature)
            left = walkers.forgotten(start)
            if left <= goal:
                break
    apart = walkers.between_islands()
    effective = min(_ISLANDS / max(float(apart.mean()), 1e-12), float(PARTICLES))
    r_hat = float(np.sqrt(1.0 + apart.max()))
    return Tempered(walkers.values, steps, walkers.acceptance, left, effective, r_hat)


def _longest_step(ratio: Array, most: float) -> float:
    """Step of the temperature after which the wanted share of particles stays effective."""

    def over(step: float) -> float:
        weights = np.exp(step * (ratio - ratio.max()))
        return float(weights.sum() ** 2 / (weights**2).sum() / ratio.size - _KEPT)

    if over(most) >= 0.0:
        return most
    return float(brentq(over, 0.0, most, xtol=1e-4 * most))
