"""Uniform cubic splines over a table of up to three axes: smooth values, exact at the nodes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from micropen.compiled import njit

FloatArray = NDArray[np.float64]
FourWeights = tuple[float, float, float, float]


def spline_coefficients(values: FloatArray, axes: int) -> FloatArray:
    """Return B-spline coefficients that reproduce a table at its nodes.

    Parameters
    ----------
    values
        The first `axes` dimensions are table axes of at least four nodes; the others are carried.
    axes
        Number of table axes.

    Returns
    -------
    numpy.ndarray
        As `values`, each table axis two longer: coefficient ``i`` belongs to node ``i - 1``. The
        two extra conditions of an axis are not-a-knot: no third-derivative jump at the second and
        the second-last node.
    """
    coefficients = np.asarray(values, dtype=np.float64)
    for axis in range(axes):
        moved = np.moveaxis(coefficients, axis, 0)
        count = moved.shape[0]
        system = np.zeros((count + 2, count + 2))
        for node in range(count):
            system[node + 1, node : node + 3] = 1.0 / 6.0, 4.0 / 6.0, 1.0 / 6.0
        fourth_difference = np.array([1.0, -4.0, 6.0, -4.0, 1.0])
        system[0, :5] = fourth_difference
        system[-1, -5:] = fourth_difference
        right = np.zeros((count + 2, moved[0].size))
        right[1:-1] = moved.reshape(count, -1)
        solved = np.linalg.solve(system, right).reshape(count + 2, *moved.shape[1:])
        coefficients = np.moveaxis(solved, 0, axis)
    return np.ascontiguousarray(coefficients)


@njit
def cell_of(position: float, count: int) -> tuple[int, float]:
    """Return the cell that holds `position` (in nodes, 0 to count - 1) and the place in it."""
    cell = max(min(int(position), count - 2), 0)
    return cell, position - cell


@njit
def value_weights(place: float) -> FourWeights:
    """Weights of the four coefficients around a cell, for the value."""
    rest = 1.0 - place
    square = place * place
    cube = square * place
    return (
        rest * rest * rest / 6.0,
        (3.0 * cube - 6.0 * square + 4.0) / 6.0,
        (-3.0 * cube + 3.0 * square + 3.0 * place + 1.0) / 6.0,
        cube / 6.0,
    )


@njit
def slope_weights(place: float) -> FourWeights:
    """Weights of the four coefficients around a cell, for the derivative per node."""
    rest = 1.0 - place
    return (
        -0.5 * rest * rest,
        1.5 * place * place - 2.0 * place,
        -1.5 * place * place + place + 0.5,
        0.5 * place * place,
    )
