"""The search itself: SciPy's differential evolution over whole numbers, then one choice at a time.

A plan that breaks a limit is worse than any that breaks none, and among such plans the one that
breaks less is better (Deb 2000): so the search finds the nearest plan where none fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import differential_evolution

from micropen.planning.search.objective import Outcome, Style, broken
from micropen.planning.search.problem import Problem
from micropen.planning.search.space import INTERVAL, START, Candidate

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


class Search:
    """The search for one named plan, with everything that it has looked at.

    Parameters
    ----------
    problem
        Of one person.
    style
        Prices.
    """

    def __init__(self, problem: Problem, style: Style) -> None:
        self.problem = problem
        self.style = style
        self._seen: dict[Index, Found] = {}

    def _at(self, index: Index) -> Found:
        if index not in self._seen:
            self._seen[index] = look_at(self.problem, index, self.style)
        return self._seen[index]

    def run(self, seed: int, start: Index | None = None) -> Found:
        """Find the best plan.

        Parameters
        ----------
        seed
            The same seed gives the same plan.
        start
            A plan to begin from, besides evenly spread ones.
        """
        last = np.array(self.problem.space.last)
        free = np.flatnonzero(last)
        if not free.size:
            return self._at((0,) * last.size)

        def worth(generation: NDArray[np.float64]) -> NDArray[np.float64]:
            whole = np.zeros((generation.shape[1], last.size), dtype=np.int64)
            whole[:, free] = np.rint(generation.T)
            return np.array([cost(self._at(tuple(index))) for index in whole.tolist()])

        differential_evolution(
            worth,
            [(0, int(last[i])) for i in free],
            # Steered by its best member a population of this size settles too early where events
            # make the dates rugged.
            strategy="rand1bin",
            integrality=np.ones(free.size, dtype=bool),
            popsize=_MEMBERS_PER_CHOICE,
            maxiter=_GENERATIONS,
            tol=1e-6,
            init="latinhypercube",
            x0=None if start is None else np.array(start, dtype=np.float64)[free],
            polish=False,
            vectorized=True,
            updating="deferred",
            rng=seed,
        )
        return self._best()

    def again(self) -> Found:
        """Find the best of what was looked at, now that some settings are judged by more draws."""
        for index, found in self._seen.items():
            if self.problem.verified(found.candidate.settings):
                self._seen[index] = look_at(self.problem, index, self.style)
        return self._best()

    def _best(self) -> Found:
        """Best of what was looked at, with single choices changed as long as that is better."""
        found = min(self._seen.values(), key=cost)
        better = True
        while better:
            better = False
            for index in _neighbours(found.index, self.problem.space.last):
                other = self._at(index)
                if cost(other) < cost(found):
                    found, better = other, True
        return found


def _neighbours(index: Index, last: Sequence[int]) -> Iterator[Index]:
    """Plans that differ in one choice, or in interval and start: a series then keeps its end."""
    for choice, most in enumerate(last):
        for value in range(most + 1):
            yield (*index[:choice], value, *index[choice + 1 :])
    for interval, start in product(range(last[INTERVAL] + 1), range(last[START] + 1)):
        yield (*index[:INTERVAL], interval, start, *index[START + 1 :])
