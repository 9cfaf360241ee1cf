"""What two photographs of one skin have in common: fine structure, whatever light and redness."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array

# Mostly red, where added blood is pale but pigment, shadow and relief are not; blue is noise.
_MIX: Final = (0.5, 0.4, 0.1)
_DARKEST: Final = 1e-3  # linear; black has no logarithm
_CODES_PER_SD: Final = 45.0  # 8 bits hold nearly three standard deviations

Codes = NDArray[np.uint8]


def blur(values: Array, sd: float) -> Array:
    """Gaussian blur of a map, sd in px; edges repeat."""
    return cv2.GaussianBlur(values, (0, 0), sd, borderType=cv2.BORDER_REPLICATE)


def pattern(linear: Array, px_per_mm: float, parameters: ParameterSet) -> Codes:
    """Structure of the skin with mean and contrast made equal everywhere.

    Parameters
    ----------
    linear
        ``(h, w, 3)`` float32 linear sRGB.
    px_per_mm
        Resolution.
    parameters
        Supplies ``measurement.alignment.structure_mm`` and ``.least_contrast``.

    Returns
    -------
    codes
        ``(h, w)`` uint8 around 128; 45 codes are one local standard deviation.
    """
    grey = cv2.transform(_logarithm(linear), np.array([_MIX], np.float32))
    reach = parameters.value("measurement.alignment.structure_mm") * px_per_mm
    least = np.float32(parameters.value("measurement.alignment.least_contrast"))
    fine = grey - blur(grey, reach)
    fine /= cv2.sqrt(blur(fine * fine, reach)) + least
    return np.clip(fine * _CODES_PER_SD + 128.0, 0.0, 255.0).astype(np.uint8)


def strength(codes: Codes, px_per_mm: float) -> Array:
    """Local variance of a pattern in units of its standard deviation, ``(h, w)`` float32."""
    centred = (codes.astype(np.float32) - 128.0) / _CODES_PER_SD
    return blur(centred * centred, px_per_mm)


def redness(linear: Array) -> Array:
    """``(h, w)`` float32: logarithm of red over green, high where there is blood."""
    logarithm = _logarithm(linear)
    return np.asarray(logarithm[..., 0] - logarithm[..., 1], np.float32)


def _logarithm(linear: Array) -> Array:
    return cv2.log(np.maximum(linear, _DARKEST))
