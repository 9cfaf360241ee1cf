"""A straight axis in per cent of a figure's width, so that one drawing fits every screen."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS: Final = 5
_MARGIN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from `start` to `end` over 0 to 100 per cent.

    Parameters
    ----------
    start, end
        What lies at 0 and at 100 per cent.
    ticks
        Round values between them.
    """

    start: float
    end: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """Place of a value in per cent, kept inside 0 to 100."""
        share = (value - self.start) / (self.end - self.start)
        if math.isnan(share):
            return 0.0
        return round(100.0 * min(max(share, 0.0), 1.0), 2)

    def places(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Places of many values; one that is missing lies at the start."""
        share = (values - self.start) / (self.end - self.start)
        return np.round(100.0 * np.clip(np.nan_to_num(share), 0.0, 1.0), 2)

    def beyond(self, value: float) -> bool:
        """Whether a value lies outside the axis."""
        return value < self.start or value > self.end


def axis_for(values: Iterable[float], floor: float = -math.inf, ceiling: float = math.inf) -> Axis:
    """Return an axis that holds all finite values with some room.

    Parameters
    ----------
    values
        Infinite and missing ones are left out.
    floor, ceiling
        Where the quantity itself ends.
    """
    finite = [value for value in values if math.isfinite(value)]
    low, high = min([0.0, *finite]), max([0.0, *finite])
    if high <= low:
        high = low + 1.0
    room = _MARGIN * (high - low)
    start = max(low - room, floor) if low < 0.0 else (0.0 if floor >= 0.0 else low - room)
    end = min(high + room, ceiling) if high > 0.0 else high + room
    step = _step(end - start)
    first = math.ceil(start / step - 1e-9)
    last = math.floor(end / step + 1e-9)
    return Axis(start, end, tuple(round(step * k, 10) for k in range(first, last + 1)))


def _step(width: float) -> float:
    raw = width / _TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    return power * next(step for step in _STEPS if step * power >= raw * 0.999)
