"""How deep the needles get, and how that differs from puncture to puncture."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Five Gauss-Hermite nodes integrate polynomials to degree nine exactly; channel volume is cubic.
_NODES: Final = 5
_POINTS, _WEIGHTS = np.polynomial.hermite_e.hermegauss(_NODES)

#: Weights of the nodes of `depth_nodes`, shape (node,), adding up to 1.
NODE_WEIGHTS: Final[NDArray[np.float64]] = _WEIGHTS / _WEIGHTS.sum()


def mean_depth_mm(
    needle_length_mm: ArrayLike, penetration_fraction: ArrayLike
) -> NDArray[np.float64]:
    """Return the mean depth reached: set needle length times the fraction that enters, mm."""
    length = np.asarray(needle_length_mm, dtype=np.float64)
    return np.asarray(length * np.asarray(penetration_fraction))


def depth_nodes(mean_mm: ArrayLike, relative_spread: ArrayLike) -> NDArray[np.float64]:
    """Return depths that stand for a session's normal distribution of depth.

    Parameters
    ----------
    mean_mm
        Mean depth.
    relative_spread
        Coefficient of variation from puncture to puncture.

    Returns
    -------
    numpy.ndarray
        Depths in mm, never negative, of the broadcast shape plus a last axis of nodes; to be
        averaged with `NODE_WEIGHTS` (Gauss-Hermite quadrature).
    """
    mean = np.asarray(mean_mm, dtype=np.float64)[..., None]
    spread = np.asarray(relative_spread, dtype=np.float64)[..., None]
    return np.maximum(mean * (1.0 + spread * _POINTS), 0.0)


def over_nodes(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average over the last axis, the nodes of `depth_nodes`."""
    return np.asarray(values @ NODE_WEIGHTS)
