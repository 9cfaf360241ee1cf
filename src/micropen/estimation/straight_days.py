"""The few days that stand for many: between them curves are straight."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Between kept days curves are straight; 1 % of a curve's range is far below any reading's error.
_STRAIGHT: Final = 0.01
_MOST_DAYS: Final = 32


def straight_between(days: Array, curves: Array) -> NDArray[np.intp]:
    """Choose days between which curves are straight.

    Parameters
    ----------
    days
        Shape ``(day,)``, increasing.
    curves
        Shape ``(curve, day)``.

    Returns
    -------
    numpy.ndarray
        Indices into `days`, increasing, the first and the last among them: the fewest, found one
        by one where the error is largest, with which no curve is off by more than 1 % of its
        range; at most 32.
    """
    low = curves.min(axis=1, keepdims=True)
    width = curves.max(axis=1, keepdims=True) - low
    scaled = (curves - low) / np.where(width > 0.0, width, 1.0)
    chosen = [0, days.size - 1]
    while len(chosen) < min(_MOST_DAYS, days.size):
        after = np.clip(np.searchsorted(days[chosen], days), 1, len(chosen) - 1)
        left, right = np.array(chosen)[after - 1], np.array(chosen)[after]
        share = (days - days[left]) / (days[right] - days[left])
        straight = (1.0 - share) * scaled[:, left] + share * scaled[:, right]
        error = np.abs(straight - scaled).max(axis=0)
        worst = int(error.argmax())
        if error[worst] <= _STRAIGHT:
            break
        chosen = sorted([*chosen, worst])
    return np.array(chosen, dtype=np.intp)
