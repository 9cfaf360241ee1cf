"""Vessels cut, and how many punctures bleed visibly."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def vessels_cut(
    density_cm2: ArrayLike,
    papillary_profile_mm2: ArrayLike,
    reticular_profile_mm2: ArrayLike,
    papillary_vessel_density: ArrayLike,
    reticular_vessel_density: ArrayLike,
) -> NDArray[np.float64]:
    """Return a quantity proportional to the vessels cut per cm².

    Parameters
    ----------
    density_cm2
        Punctures per cm².
    papillary_profile_mm2, reticular_profile_mm2
        Lengthwise section of the needle in each layer (`layer_profile_mm2`).
    papillary_vessel_density, reticular_vessel_density
        Vessel length per volume, in any one unit.

    Returns
    -------
    numpy.ndarray
        Of the broadcast shape; divide by its value in the reference session.
    """
    papillary = np.asarray(papillary_profile_mm2) * np.asarray(papillary_vessel_density)
    reticular = np.asarray(reticular_profile_mm2) * np.asarray(reticular_vessel_density)
    return np.asarray(np.asarray(density_cm2) * (papillary + reticular))


def bleeding_share(
    depth_mm: ArrayLike, largest_share: ArrayLike, half_depth_mm: ArrayLike, steepness: ArrayLike
) -> NDArray[np.float64]:
    """Return the share of punctures that bleed visibly, rising with depth (a Hill curve).

    Parameters
    ----------
    depth_mm
        Depth reached.
    largest_share
        Share at great depth.
    half_depth_mm
        Depth at which half of that is reached.
    steepness
        Hill exponent.

    Returns
    -------
    numpy.ndarray
        From 0 to `largest_share`, of the broadcast shape.
    """
    ratio = np.asarray(depth_mm, dtype=np.float64) / np.asarray(half_depth_mm)
    power = ratio ** np.asarray(steepness)
    return np.asarray(np.asarray(largest_share) * power / (1.0 + power))
