"""The channel that a tapered needle leaves: area at the surface, volume and width by layer.

A needle widens linearly from its tip over `taper_mm` to its full diameter. At a distance ``s``
from the tip its diameter is ``d * min(1, s / taper)``; everything below follows from the
integral of a power of that.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.units import MM2_PER_CM2


def _taper_integral(
    from_tip_mm: NDArray[np.float64], taper_mm: float, power: int
) -> NDArray[np.float64]:
    """Integrate ``min(1, s / taper) ** power`` over s from 0 to `from_tip_mm`."""
    cone = np.minimum(from_tip_mm, taper_mm)
    shaft = np.maximum(from_tip_mm - taper_mm, 0.0)
    return np.asarray(cone ** (power + 1) / ((power + 1) * taper_mm**power) + shaft)


def _between(
    depth_mm: ArrayLike, top_mm: ArrayLike, bottom_mm: ArrayLike, taper_mm: float, power: int
) -> NDArray[np.float64]:
    """Integrate the tapered profile of a needle at `depth_mm` over one layer."""
    depth = np.asarray(depth_mm, dtype=np.float64)
    above = np.maximum(depth - np.asarray(top_mm), 0.0)
    below = np.maximum(depth - np.asarray(bottom_mm), 0.0)
    return _taper_integral(above, taper_mm, power) - _taper_integral(below, taper_mm, power)


def surface_area_mm2(
    depth_mm: ArrayLike, needle_diameter_mm: float, taper_mm: float, recoil: ArrayLike
) -> NDArray[np.float64]:
    """Return the area of one hole at the surface.

    Parameters
    ----------
    depth_mm
        Depth reached.
    needle_diameter_mm, taper_mm
        Full diameter of the needle, and the length over which it is reached.
    recoil
        Diameter of the hole that is left over the needle's diameter there.

    Returns
    -------
    numpy.ndarray
        mm², of the broadcast shape.
    """
    width = np.minimum(np.asarray(depth_mm, dtype=np.float64) / taper_mm, 1.0)
    return np.asarray(0.25 * math.pi * (needle_diameter_mm * np.asarray(recoil) * width) ** 2)


def layer_volume_mm3(
    depth_mm: ArrayLike,
    top_mm: ArrayLike,
    bottom_mm: ArrayLike,
    needle_diameter_mm: float,
    taper_mm: float,
    *,
    recoil: ArrayLike,
) -> NDArray[np.float64]:
    """Return the volume of one channel inside a layer.

    Parameters
    ----------
    depth_mm
        Depth reached.
    top_mm, bottom_mm
        Depth of the layer's upper and lower boundary.
    needle_diameter_mm, taper_mm, recoil
        As in `surface_area_mm2`.

    Returns
    -------
    numpy.ndarray
        mm³, of the broadcast shape; zero where the needle does not reach the layer.
    """
    squared = (needle_diameter_mm * np.asarray(recoil)) ** 2
    return np.asarray(
        0.25 * math.pi * squared * _between(depth_mm, top_mm, bottom_mm, taper_mm, power=2)
    )


def layer_profile_mm2(
    depth_mm: ArrayLike,
    top_mm: ArrayLike,
    bottom_mm: ArrayLike,
    needle_diameter_mm: float,
    taper_mm: float,
) -> NDArray[np.float64]:
    """Return the lengthwise section of a needle inside a layer.

    The number of thin vessels that a needle cuts is proportional to this area times their
    length per volume. Recoil plays no part: the needle cuts at its full width.

    Returns
    -------
    numpy.ndarray
        mm², of the broadcast shape.
    """
    return needle_diameter_mm * _between(depth_mm, top_mm, bottom_mm, taper_mm, power=1)


def breached_fraction(density_cm2: ArrayLike, area_mm2: ArrayLike) -> NDArray[np.float64]:
    """Return the share of the surface covered by randomly placed holes, overlap counted once.

    For holes at random (Poisson) the uncovered share is ``exp(-density * area)``.

    Parameters
    ----------
    density_cm2
        Holes per cm².
    area_mm2
        Mean area of one hole.

    Returns
    -------
    numpy.ndarray
        From 0 to 1, of the broadcast shape.
    """
    return -np.expm1(-_expected_cover(density_cm2, area_mm2))


def overlap_factor(density_cm2: ArrayLike, area_mm2: ArrayLike) -> NDArray[np.float64]:
    """Return the breached share over the sum of all hole areas: 1 without overlap, below it with.

    Returns
    -------
    numpy.ndarray
        From 0 to 1, of the broadcast shape.
    """
    cover = _expected_cover(density_cm2, area_mm2)
    safe = np.where(cover > 0.0, cover, 1.0)
    return np.where(cover > 0.0, -np.expm1(-safe) / safe, 1.0)


def _expected_cover(density_cm2: ArrayLike, area_mm2: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(np.asarray(density_cm2) * np.asarray(area_mm2) / MM2_PER_CM2)
