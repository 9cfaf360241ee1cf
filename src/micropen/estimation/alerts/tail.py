"""How probable something at least so large is, from draws that may never have been so large."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Draws that the tail is fitted to. Fewer than 20 say nothing of how fast it falls.
TAIL_SHARE: Final = 0.05
FEWEST_IN_TAIL: Final = 20

# Bounds of the tail's shape: never thinner than exponential (a forecast's tail is not known so
# well), never so heavy that its mean does not exist.
_LEAST_SHAPE: Final = 0.0
_MOST_SHAPE: Final = 0.5


def tail_probability(draws: Array, observed: float) -> float:
    """Probability of a value at least as large as the observed one.

    Where enough draws reach it, their share is counted. Beyond, the upper twentieth of the draws
    is followed by a generalised Pareto tail (probability-weighted moments, Hosking & Wallis 1987),
    never thinner than an exponential: a normal tail would promise more than draws can show.

    Parameters
    ----------
    draws
        Of the statistic, finite, shape ``(draw,)``.
    observed
        The statistic of what was seen.

    Returns
    -------
    float
        In (0, 1]; never rises with `observed`.
    """
    ordered = np.sort(draws)
    size = ordered.size
    kept = max(round(TAIL_SHARE * size), min(FEWEST_IN_TAIL, size - 1))
    threshold = ordered[size - 1 - kept]
    if observed <= threshold:
        reached = size - int(np.searchsorted(ordered, observed, side="left"))
        return (reached + 1.0) / (size + 1.0)
    excess = ordered[ordered > threshold] - threshold
    if excess.size == 0:
        return 1.0 / (size + 1.0)
    return max(excess.size / size * _pareto(excess, float(observed - threshold)), 1e-12)


def _pareto(excess: Array, beyond: float) -> float:
    """Survival of a generalised Pareto law fitted to sorted excesses, at `beyond` > 0."""
    mean = float(excess.mean())
    ranks = np.arange(excess.size, dtype=np.float64)
    weighted = float((excess * (excess.size - 1.0 - ranks)).sum() / excess.size)
    weighted /= max(excess.size - 1.0, 1.0)
    spread = mean - 2.0 * weighted
    shape = 2.0 - mean / spread if spread > 0.0 else _MOST_SHAPE
    shape = float(np.clip(shape, _LEAST_SHAPE, _MOST_SHAPE))
    scale = mean * (1.0 - shape)
    if shape < 1e-6:
        return float(np.exp(-beyond / scale))
    return float((1.0 + shape * beyond / scale) ** (-1.0 / shape))
