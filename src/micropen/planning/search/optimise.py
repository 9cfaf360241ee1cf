"""The search itself: SciPy's differential evolution over whole numbers.

A plan that breaks a limit is worse than any that breaks none, and among such plans the one that
breaks less is better (Deb 2000): so the search finds the nearest plan where none fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import differential_evolution

from micropen.planning.search.objective import Outcome, Style, broken
from micropen.planning.search.problem import Problem
from micropen.planning.search.space import Candidate

Index = tuple[int, ...]

# Worse than any plan that breaks no limit: gains and prices are hundreds of points at most.
_BROKEN: Final = 10_000.0
_MEMBERS_PER_CHOICE: Final = 6
_GENERATIONS: Final = 60


@dataclass(frozen=True, slots=True)
class Found:
    """The best plan of a search.

    Parameters
    ----------
    index
        In the space.
    candidate, outcome
        The plan, and what it does.
    value
        Its objective in points, whether or not it breaks a limit.
    breaks
        Limits that it breaks, by how many steps; empty where none.
    """

    index: Index
    candidate: Candidate
    outcome: Outcome
    value: float
    breaks: dict[str, float]


def look_at(problem: Problem, index: Sequence[int], style: Style) -> Found:
    """Work out one plan of the space."""
    candidate = problem.space.candidate(index)
    outcome = problem.outcome(candidate)
    breaks = broken(outcome, problem.tolerance, style.most_days)
    fits = bool(outcome.days)
    value = style.value(outcome, tuple(e.glow for e in problem.events)) if fits else -np.inf
    return Found(tuple(index), candidate, outcome, float(value), breaks)


def cost(found: Found) -> float:
    """What the search minimises: less is better, any broken limit is worse than none."""
    if found.breaks:
        return _BROKEN * (1.0 + sum(found.breaks.values())) - max(found.value, -_BROKEN)
    return -found.value


def search(problem: Problem, style: Style, seed: int, start: Sequence[Index] = ()) -> Found:
    """Find the best plan.

    Parameters
    ----------
    problem
        Of one person.
    style
        Prices.
    seed
        The same seed gives the same plan.
    start
        Plans to begin from, besides evenly spread ones.
    """
    last = np.array(problem.space.last)
    free = np.flatnonzero(last)
    seen: dict[Index, Found] = {}

    def whole(x: NDArray[np.float64]) -> Index:
        index = np.zeros(last.size, dtype=np.int64)
        index[free] = np.rint(x)
        return tuple(int(i) for i in index)

    def worth(generation: NDArray[np.float64]) -> NDArray[np.float64]:
        found = np.empty(generation.shape[1])
        for k, x in enumerate(generation.T):
            index = whole(x)
            if index not in seen:
                seen[index] = look_at(problem, index, style)
            found[k] = cost(seen[index])
        return found

    if not free.size:
        return look_at(problem, (0,) * last.size, style)
    found = differential_evolution(
        worth,
        [(0, int(last[i])) for i in free],
        integrality=np.ones(free.size, dtype=bool),
        popsize=_MEMBERS_PER_CHOICE,
        maxiter=_GENERATIONS,
        tol=1e-6,
        init="latinhypercube",
        x0=np.array([start[0][i] for i in free], dtype=np.float64) if start else None,
        polish=False,
        vectorized=True,
        updating="deferred",
        rng=seed,
    )
    return seen[whole(found.x)]
