"""What is not among a person's unknowns, but moves with them: given them, it is drawn along.

A calibration learns products better than factors: how much relief new collagen makes, and how much
of it graders see. What it left uncertain of the two is correlated. Where a forecast reads one and a
goal the other, the second has to be drawn given the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, stream

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GoingAlong:
    """Normal parameters, given the unknowns with which their uncertainties move.

    Parameters
    ----------
    names
        Dotted names of parameters that are no unknowns.
    slope
        Mean by the unknowns' normals as the parameters have them, shape ``(name, unknown)``.
    left
        Lower triangular, shape ``(name, name)``: what the unknowns leave open.
    """

    names: tuple[str, ...]
    slope: Array
    left: Array

    @classmethod
    def of(cls, unknowns: Sequence[str], members: ParameterSet) -> GoingAlong:
        """Take what moves with some unknowns from a parameter set."""
        together = members.together
        held = together.names if together is not None else ()
        names = tuple(name for name in held if name not in unknowns)
        given = [i for i, name in enumerate(unknowns) if name in held]
        correlation = total_correlation([*(unknowns[i] for i in given), *names], members)
        count = len(given)
        own, across = correlation[:count, :count], correlation[:count, count:]
        slope = np.zeros((len(names), len(unknowns)))
        slope[:, given] = np.linalg.solve(own, across).T
        open_ = correlation[count:, count:] - slope[:, given] @ across
        return cls(names, slope, np.asarray(np.linalg.cholesky(open_)))

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of each name."""
        return {name: row for row, name in enumerate(self.names)}

    def normals(self, name: str, shifts: Array, seed: int) -> Array:
        """Standard normals of one of the names.

        Parameters
        ----------
        name
            One of `names`.
        shifts
            Normals of the unknown parameters, shape ``(draw, unknown)``.
        seed
            Of the draws.

        Returns
        -------
        numpy.ndarray
            Shape ``(draw,)``.
        """
        row, draws = self.rows[name], shifts.shape[0]
        upto = self.names[: row + 1]
        free = np.stack([stream(seed, each).standard_normal(draws) for each in upto])
        return np.asarray(shifts @ self.slope[row] + self.left[row, : row + 1] @ free)


def total_correlation(names: Sequence[str], members: ParameterSet) -> Array:
    """Correlation over people of parameters whose uncertainties move together, (name, name).

    Parameters
    ----------
    names
        Those that do not move with others are correlated with none.
    members
        With both spreads of each parameter.
    """
    together, found = members.together, np.eye(len(names))
    if together is None:
        return found
    place = {name: k for k, name in enumerate(together.names)}
    at = [i for i, name in enumerate(names) if name in place]
    kept = [place[names[i]] for i in at]
    unknown = np.array([members[names[i]].uncertainty_sd for i in at])
    between = np.array([members[names[i]].between_person_sd for i in at])
    share = unknown / np.hypot(unknown, between)
    found[np.ix_(at, at)] = together.correlation[np.ix_(kept, kept)] * np.outer(share, share)
    np.fill_diagonal(found, 1.0)
    return found
