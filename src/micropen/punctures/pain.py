"""Pain of needling: power laws in needle length and number, vibration, saturation of the scale."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

_SCALE_END: Final = 10.0


def needle_drive(
    length_ratio: ArrayLike,
    number_ratio: ArrayLike,
    length_exponent: ArrayLike,
    number_exponent: ArrayLike,
) -> NDArray[np.float64]:
    """Return the pain drive of needles relative to a reference.

    Parameters
    ----------
    length_ratio, number_ratio
        Needle length and number over those of the reference.
    length_exponent, number_exponent
        1.77 and 0.30 after Gill 2008 (10.1097/AJP.0b013e31816778f9): three times the length is
        seven times the pain, ten times the number just over twice.

    Returns
    -------
    numpy.ndarray
        Of the broadcast shape; 1 for the reference.
    """
    length = np.asarray(length_ratio, dtype=np.float64) ** np.asarray(length_exponent)
    number = np.asarray(number_ratio, dtype=np.float64) ** np.asarray(number_exponent)
    return np.asarray(length * number)


def visual_analogue_scale(drive: ArrayLike) -> NDArray[np.float64]:
    """Turn a pain drive (>= 0) into a score of 0-10: linear at first, saturating at 10."""
    x = np.asarray(drive, dtype=np.float64)
    return _SCALE_END * x / (1.0 + x)


def drive_of_score(score: ArrayLike) -> NDArray[np.float64]:
    """Return the drive behind a score below 10: the inverse of `visual_analogue_scale`."""
    vas = np.asarray(score, dtype=np.float64)
    return vas / (_SCALE_END - vas)
