"""The curve by which cameras bend light before they encode it, and its inverse."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Photographed light at which the slope is stated: about middle grey.
_MIDDLE: Final = 0.2
# Range of the table, and the least slope: light that is pressed flat cannot be told apart.
_DARKEST: Final = 1e-4
_LIGHTEST: Final = 4.0
_LEAST_SLOPE: Final = 0.2
_POINTS: Final = 400


@dataclass(frozen=True, eq=False)
class ToneCurve:
    """Real light against photographed light, in logarithms: a parabola, always rising.

    Parameters
    ----------
    slope
        d ln(real) / d ln(photographed) at middle grey; 1 is straight.
    bend
        Half its change per unit of ln(photographed); positive where highlights are pressed.
    """

    slope: float = 1.0
    bend: float = 0.0

    @cached_property
    def _table(self) -> tuple[FloatArray, FloatArray]:
        log = np.linspace(np.log(_DARKEST), np.log(_LIGHTEST), _POINTS)
        middle = log - np.log(_MIDDLE)
        slope = np.maximum(self.slope + 2.0 * self.bend * middle, _LEAST_SLOPE)
        rise = np.concatenate([[0.0], np.cumsum(0.5 * (slope[1:] + slope[:-1]) * np.diff(log))])
        rise -= np.interp(0.0, middle, rise)
        return (
            np.concatenate([[0.0], np.exp(log)]),
            np.concatenate([[0.0], _MIDDLE * np.exp(rise)]),
        )

    def straighten(self, values: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return light in proportion to real light, of any shape; middle grey stays."""
        if self.slope == 1.0 and self.bend == 0.0:
            return values
        photographed, real = self._table
        return np.interp(values, photographed, real).astype(values.dtype)


STRAIGHT: Final = ToneCurve()
