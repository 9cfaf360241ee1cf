"""From reflectance to linear sRGB, CIELAB and the individual typology angle."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.optics.spectra import WAVELENGTHS_NM, read_table

FloatArray = NDArray[np.float64]

# IEC 61966-2-1: chromaticities of the sRGB primaries and of its white, D65.
_PRIMARIES_XY: Final = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
_WHITE_XY: Final = (0.3127, 0.3290)

# CIE 15: CIELAB switches from the cube root to a straight line below (6/29)^3.
_LAB_EDGE: Final = 6.0 / 29.0
_MID_LIGHTNESS: Final = 50.0


def _xyz(xy: tuple[float, float]) -> FloatArray:
    return np.array([xy[0] / xy[1], 1.0, (1.0 - xy[0] - xy[1]) / xy[1]])


@cache
def rgb_to_xyz_matrix() -> FloatArray:
    """Return the 3 × 3 matrix from linear sRGB to CIE XYZ, white at Y = 1 (read-only)."""
    primaries = np.stack([_xyz(xy) for xy in _PRIMARIES_XY], axis=1)
    matrix = primaries * np.linalg.solve(primaries, _xyz(_WHITE_XY))
    matrix.setflags(write=False)
    return matrix


@cache
def reflectance_to_rgb_matrix() -> FloatArray:
    """Return weights ``(wavelength, 3)`` from a reflectance spectrum to linear sRGB.

    CIE 1931 2 degree observer, illuminant D65; a perfect white gives exactly (1, 1, 1), which
    takes the small error of the spectrum's ends (below 400 and above 700 nm) away.
    """
    table = read_table("cie.csv")
    if not np.array_equal(table["wavelength_nm"], WAVELENGTHS_NM):
        raise AssertionError("cie.csv does not stand on the wavelengths of the program")
    observer = np.stack([table["x_bar"], table["y_bar"], table["z_bar"]], axis=1)
    weights = (observer * table["d65"][:, None]) @ np.linalg.inv(rgb_to_xyz_matrix()).T
    weights = weights / weights.sum(axis=0)
    weights.setflags(write=False)
    return np.asarray(weights)


def lab(linear_rgb: ArrayLike) -> FloatArray:
    """Convert linear sRGB to CIELAB (D65).

    Parameters
    ----------
    linear_rgb
        Shape ``(..., 3)``; 1 is a perfect white.

    Returns
    -------
    numpy.ndarray
        Shape ``(..., 3)``: L*, a*, b*. Source: CIE 015:2018.
    """
    ratio = np.asarray(linear_rgb, dtype=np.float64) @ rgb_to_xyz_matrix().T / _xyz(_WHITE_XY)
    line = ratio / (3.0 * _LAB_EDGE**2) + 4.0 / 29.0
    curve = np.where(ratio > _LAB_EDGE**3, np.cbrt(ratio), line)
    x, y, z = np.moveaxis(curve, -1, 0)
    return np.stack([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)], axis=-1)


def individual_typology_angle(linear_rgb: ArrayLike) -> FloatArray:
    """Individual typology angle (ITA), the customary number for constitutive skin colour.

    Parameters
    ----------
    linear_rgb
        Shape ``(..., 3)``, mean over skin, white-balanced, 1 = a perfect white; surface reflection
        included, as instruments measure it (add about .03 to diffuse colours).

    Returns
    -------
    numpy.ndarray
        Degrees, shape ``(...)``: arctan2(L* - 50, b*). Above 55 very light, 41-55 light, 28-41
        intermediate, 10-28 tan, -30-10 brown, below -30 dark (Chardon 1991, Del Bino 2013).
    """
    colour = lab(linear_rgb)
    return np.asarray(np.degrees(np.arctan2(colour[..., 0] - _MID_LIGHTNESS, colour[..., 2])))
