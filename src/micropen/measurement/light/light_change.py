"""What light and camera changed between two aligned photographs of one face."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from micropen.measurement.face_view import Array


@dataclass(frozen=True, eq=False)
class LightChange:
    """Gain of light and camera from the baseline to the photograph, with what is not known of it.

    Parameters
    ----------
    log_gain
        ``(h, w, 3)`` float32: ln of the gain per channel, on the baseline's view.
    covariance
        ``(zone, 3, 3)`` of the error of the zone's mean ln gain, in the order of ZONES.
    reference
        In words, what it was read from: ``"chart"``, ``"untreated skin (neck, ears)"``, ...
    controlled
        Whether camera and light can be called the same in both photographs.
    """

    log_gain: Array = field(repr=False)
    covariance: NDArray[np.float64] = field(repr=False)
    reference: str
    controlled: bool


def light_change(before: Array, after: Array, usable: Array) -> LightChange:
    """Take light and camera to be the same."""
    del after, usable
    return LightChange(
        np.zeros_like(before), np.zeros((13, 3, 3)), "taken to be the same", controlled=True
    )
