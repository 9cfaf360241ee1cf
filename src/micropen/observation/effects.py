"""Share of a fault that treatment takes away, from the signs alone: no placebo, no grader's error.

The families' observation models add what graders do to these; planning reads them as they are.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# A share of one would be an infinite drive.
MOST: Final = 0.98


def dermal_effect(
    collagen: Array, largest: Array, half_collagen: Array, factor: float | Array = 1.0
) -> Array:
    """Share that new collagen takes away: ``largest * collagen / (collagen + half_collagen)``.

    Parameters
    ----------
    collagen
        Rise of dermal collagen; below zero counts as none. Arrays broadcast.
    largest, half_collagen
        Largest share, and the collagen at half of it.
    factor
        Multiplies the share (kind of scar).
    """
    collagen = np.maximum(collagen, 0.0)
    return np.clip(factor * largest * collagen / (collagen + half_collagen), 0.0, MOST)


def exponential_effect(gain: Array, scale: Array) -> Array:
    """Share ``1 - exp(-gain / scale)`` for a gain at or above zero, else zero."""
    return np.asarray(np.clip(-np.expm1(-np.maximum(gain, 0.0) / scale), 0.0, MOST))


def lightened(pigment: Array, score_gain: Array) -> Array:
    """Share of a pigment score that lightening takes away, ``1 - exp(gain * min(pigment, 0))``."""
    return -np.expm1(score_gain * np.minimum(pigment, 0.0))


def darkened(pigment: Array, score_gain: Array) -> Array:
    """Factor by which darkening raises a pigment score, ``exp(gain * max(pigment, 0))``."""
    return np.exp(score_gain * np.maximum(pigment, 0.0))


def brightened(gloss: Array, pigment: Array, pigment_weight: Array, gloss_scale: Array) -> Array:
    """Share of dullness taken away by gloss, less by pigment, that brings brightness."""
    return exponential_effect(gloss - pigment_weight * pigment, gloss_scale)
