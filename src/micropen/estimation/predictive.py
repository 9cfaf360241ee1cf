"""What a forecast that did not know the newest data expects of every reading and answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.result import ReadPoint


@dataclass(frozen=True, slots=True, eq=False)
class Predictive:
    """Joint predictive draws of readings and answers, their own errors included.

    Parameters
    ----------
    points
        Readings and answers by time, old and new, of single zones and of the face.
    draws
        Shape ``(draw, point)``: a row is one possible person of this case, so that differences
        between days and zones have their own spread.
    new
        Which points the forecast did not know, shape ``(point,)``; the others were used for it.
    """

    points: tuple[ReadPoint, ...]
    draws: NDArray[np.float64]
    new: NDArray[np.bool_]
