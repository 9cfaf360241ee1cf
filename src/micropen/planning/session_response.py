"""What one session does to the treated area, draw by draw, in the weeks after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SEEN: Final = ("erythema", "swelling", "pinpoint_bleeding", "scaling")
"""Signs that others notice by a threshold; spots are counted apart."""


@dataclass(frozen=True, slots=True, eq=False)
class SessionResponse:
    """One session with given settings, as all draws of a person answer it.

    Parameters
    ----------
    lags
        Days since the session, increasing from 0, shape ``(lag,)``; half days where signs move.
    signs
        `SEEN`, ``"gloss"``, ``"barrier_defect"`` (means over the treated area) and ``"lesions"``
        (expected spots on it), each of shape ``(draw, lag)``.
    pain
        Of the worst zone during the session, 0-10, shape ``(draw,)``.
    """

    lags: Array
    signs: Mapping[str, Array]
    pain: Array

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.pain.size)
