"""Points laid over skin at random, in levels, so that fewer points are always among the more.

A Poisson process over skin and *level*: a point of level ``v`` is shown where the course asks for
more than ``v``. The number shown is then Poisson with exactly the asked mean, each point keeps its
place and shape from day to day, and milder and worse scenarios differ by points, not by chance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Floats = NDArray[np.float64]


def pick_cells(density: Array, count: int, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw places with a probability proportional to a map.

    Parameters
    ----------
    density
        ``(h, w)``, not negative.
    count
        How many places.
    random
        Stream to draw from.

    Returns
    -------
    x, y : numpy.ndarray
        Grid coordinates (cell centres are integers), shape ``(count,)`` each; empty where the
        map is zero everywhere.
    """
    cumulative = np.cumsum(density.ravel(), dtype=np.float64)
    if count == 0 or cumulative.size == 0 or cumulative[-1] <= 0.0:
        return np.empty(0), np.empty(0)
    targets = random.random(count) * cumulative[-1]
    cells = np.minimum(np.searchsorted(cumulative, targets, side="right"), cumulative.size - 1)
    y, x = np.divmod(cells, density.shape[1])
    return x + random.random(count) - 0.5, y + random.random(count) - 0.5


def sample_map(values: Array, x: Floats, y: Floats) -> Floats:
    """Value of a map in the nearest cell of each point; 0 outside."""
    column, row = np.rint(x).astype(int), np.rint(y).astype(int)
    height, width = values.shape
    inside = (column >= 0) & (row >= 0) & (column < width) & (row < height)
    out = np.zeros(x.shape)
    out[inside] = values[row[inside], column[inside]]
    return out
