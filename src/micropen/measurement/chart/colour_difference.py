"""CIEDE2000: how different two colours look."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

_SEVENTH: Final = 25.0**7


def delta_e_2000(first: ArrayLike, second: ArrayLike) -> FloatArray:
    """Colour difference CIEDE2000, with all parametric factors 1.

    Parameters
    ----------
    first, second
        CIELAB, shape ``(..., 3)``, under the same illuminant.

    Returns
    -------
    numpy.ndarray
        Shape ``(...)``; about 1 is just visible side by side. Source: CIE 142-2001, with the
        hue conventions of Sharma, Wu, Dalal 2005.
    """
    l1, a1, b1 = np.moveaxis(np.asarray(first, np.float64), -1, 0)
    l2, a2, b2 = np.moveaxis(np.asarray(second, np.float64), -1, 0)
    stretch = 1.0 + 0.5 * (1.0 - _saturating(0.5 * (np.hypot(a1, b1) + np.hypot(a2, b2))))
    c1, c2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    h1 = np.degrees(np.arctan2(b1, stretch * a1)) % 360.0
    h2 = np.degrees(np.arctan2(b2, stretch * a2)) % 360.0
    grey = c1 * c2 == 0.0
    turn = np.where(grey, 0.0, (h2 - h1 + 180.0) % 360.0 - 180.0)
    # Hues just opposite: the rounded remainder gives -180, the standard +180; the sign is squared
    # away but for the rotation term, which is nil there.
    lightness, chroma, hue = _mean_hue_terms(l1, l2, c1, c2, h1, h2, grey)
    d_hue = 2.0 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2.0)
    s_lightness = 1.0 + 0.015 * (lightness - 50.0) ** 2 / np.sqrt(20.0 + (lightness - 50.0) ** 2)
    lit = (l2 - l1) / s_lightness
    coloured = (c2 - c1) / (1.0 + 0.045 * chroma)
    hued = d_hue / (1.0 + 0.015 * chroma * _hue_weight(hue))
    angle = 60.0 * np.exp(-(((hue - 275.0) / 25.0) ** 2))
    rotation = -2.0 * _saturating(chroma) * np.sin(np.radians(angle))
    return np.sqrt(lit**2 + coloured**2 + hued**2 + rotation * coloured * hued)


def _saturating(chroma: FloatArray) -> FloatArray:
    seventh = chroma**7
    return np.sqrt(seventh / (seventh + _SEVENTH))


def _mean_hue_terms(
    l1: FloatArray,
    l2: FloatArray,
    c1: FloatArray,
    c2: FloatArray,
    h1: FloatArray,
    h2: FloatArray,
    grey: NDArray[np.bool_],
) -> tuple[FloatArray, FloatArray, FloatArray]:
    total = h1 + h2
    apart = np.abs(h1 - h2) > 180.0
    around = np.where(total < 360.0, total + 360.0, total - 360.0)
    mean = np.where(grey, total, 0.5 * np.where(apart, around, total))
    return 0.5 * (l1 + l2), 0.5 * (c1 + c2), mean


def _hue_weight(hue: FloatArray) -> FloatArray:
    return (
        1.0
        - 0.17 * np.cos(np.radians(hue - 30.0))
        + 0.24 * np.cos(np.radians(2.0 * hue))
        + 0.32 * np.cos(np.radians(3.0 * hue + 6.0))
        - 0.20 * np.cos(np.radians(4.0 * hue - 63.0))
    )
