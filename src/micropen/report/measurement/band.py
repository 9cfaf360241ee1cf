"""What a forecast said beforehand, to be drawn behind what was measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ForecastBand:
    """Forecast of one sign in one zone.

    Parameters
    ----------
    sign, zone
        Names as in `micropen.signs` and `micropen.anatomy.zones`.
    days
        ``(n,)`` days since the session, as in `micropen.measurement.result.Row`.
    low, median, high
        ``(n,)`` 5, 50 and 95 % of the forecast, in the sign's unit.
    """

    sign: str
    zone: str
    days: Values
    low: Values
    median: Values
    high: Values
