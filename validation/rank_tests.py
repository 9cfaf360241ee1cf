"""Tests of ranks and intervals: whether a distribution that claims to know the truth is honest.

The truth's rank among independent draws of its own posterior is uniform, for every quantity
(Talts et al. 2018), also for those that depend on the data (Modrak et al. 2023).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chisquare, kstest

Array = NDArray[np.float64]

# The rank of a truth among 99 draws takes 100 values: ten for each of ten bins.
RANKED = 99
_BINS = 10


def rank_of(truth: float, draws: Array, random: np.random.Generator) -> int:
    """Rank of the truth among draws, ties broken by chance; 0 to the number of draws."""
    below, ties = int((draws < truth).sum()), int((draws == truth).sum())
    return below + int(random.integers(0, ties + 1))


def uniformity(ranks: ArrayLike, random: np.random.Generator) -> tuple[float, float]:
    """Probability of ranks at least so uneven, if they were uniform.

    Parameters
    ----------
    ranks
        0 to `RANKED`, shape ``(person,)``.
    random
        Spreads each rank over its own hundredth.

    Returns
    -------
    chi_square
        Of ten bins.
    kolmogorov
        Of the largest distance of the distribution function from the diagonal.
    """
    found = np.asarray(ranks)
    counts = np.bincount(found * _BINS // (RANKED + 1), minlength=_BINS)
    spread = (found + random.random(found.size)) / (RANKED + 1.0)
    return float(chisquare(counts).pvalue), float(kstest(spread, "uniform").pvalue)


def inside(ranks: ArrayLike, share: float) -> NDArray[np.bool_]:
    """Whether the truth lies in the central interval that holds a share of the draws."""
    found = np.asarray(ranks) + 0.5
    middle, half = 0.5 * (RANKED + 1.0), 0.5 * share * (RANKED + 1.0)
    return np.asarray(np.abs(found - middle) < half)


def interval_score(truth: Array, draws: Array, alpha: float = 0.1) -> Array:
    """Width of the central interval plus the penalty for missing (Gneiting and Raftery 2007).

    Parameters
    ----------
    truth
        Shape ``(day,)``.
    draws
        Shape ``(draw, day)``.
    alpha
        What the interval leaves out.

    Returns
    -------
    Array
        Shape ``(day,)``, in the unit of the truth.
    """
    low, high = np.quantile(draws, (0.5 * alpha, 1.0 - 0.5 * alpha), axis=0)
    missed = np.maximum(low - truth, 0.0) + np.maximum(truth - high, 0.0)
    return np.asarray(high - low + 2.0 / alpha * missed)
