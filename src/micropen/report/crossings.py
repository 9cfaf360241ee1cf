"""When a curve last stands above a threshold, and when it first does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.float64]


def last_above(days: Days, draws: Days, limit: float) -> Days:
    """Last crossing of `limit` from above, linear between grid points.

    Parameters
    ----------
    days
        Shape ``(day,)``, ascending.
    draws
        Shape ``(draw, day)``.
    limit
        Threshold in the unit of `draws`.

    Returns
    -------
    numpy.ndarray
        Shape ``(draw,)``; nan where the limit is never reached, the last day where it still is.
    """
    above = draws >= limit
    last = draws.shape[1] - 1 - above[:, ::-1].argmax(axis=1)
    rows = np.arange(len(draws))
    after = np.minimum(last + 1, draws.shape[1] - 1)
    here, there = draws[rows, last], draws[rows, after]
    drop = np.where(here > there, here - there, 1.0)
    share = np.where(after > last, (here - limit) / drop, 0.0)
    crossing = days[last] + np.clip(share, 0.0, 1.0) * (days[after] - days[last])
    return np.where(above.any(axis=1), crossing, np.nan)


def first_above(days: Days, draws: Days, limit: float) -> Days:
    """First crossing of `limit` from below, as `last_above`."""
    mirrored = last_above(-days[::-1], draws[:, ::-1], limit)
    return -mirrored
