"""Punctures per cm², from how a device is moved over the skin."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.units import MM2_PER_CM2


def pen_density_cm2(
    passes: ArrayLike,
    needle_count: int,
    strike_rate_hz: float,
    tip_width_mm: float,
    hand_speed_mm_per_s: float,
    *,
    effective_share: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Return the puncture density of a motorised pen.

    A pass strikes ``needle_count * strike_rate_hz`` times a second while the tip sweeps
    ``tip_width_mm * hand_speed_mm_per_s`` of skin.

    Parameters
    ----------
    passes
        Passes over each spot.
    needle_count, strike_rate_hz, tip_width_mm, hand_speed_mm_per_s
        Of the device and the hand.
    effective_share
        Share of strokes that open a new hole.

    Returns
    -------
    numpy.ndarray
        Punctures per cm², of the broadcast shape of `passes` and `effective_share`.
    """
    per_mm2 = needle_count * strike_rate_hz / (tip_width_mm * hand_speed_mm_per_s)
    return np.asarray(np.asarray(passes) * np.asarray(effective_share) * (per_mm2 * MM2_PER_CM2))


def roller_density_cm2(
    rolls: ArrayLike,
    needle_count: int,
    drum_diameter_mm: float,
    drum_width_mm: float,
    *,
    effective_share: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Return the puncture density of a roller: each roll prints the drum's needles once.

    Parameters
    ----------
    rolls
        Times that the roller goes over each spot.
    needle_count, drum_diameter_mm, drum_width_mm
        Needles on the drum, and its size.
    effective_share
        Share of needles that pierce.

    Returns
    -------
    numpy.ndarray
        Punctures per cm²; 192 needles on a drum of 2 by 2 cm and 15 rolls make 229, published
        as about 250 (Doddaballapur 2009, 10.4103/0974-2077.58529).
    """
    per_mm2 = needle_count / (math.pi * drum_diameter_mm * drum_width_mm)
    return np.asarray(np.asarray(rolls) * np.asarray(effective_share) * (per_mm2 * MM2_PER_CM2))


def stamp_density_cm2(
    presses: ArrayLike,
    needle_count: int,
    plate_area_cm2: float,
    *,
    effective_share: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Return the puncture density of a stamp pressed `presses` times on each spot, per cm²."""
    per_press = needle_count / plate_area_cm2
    return np.asarray(np.asarray(presses) * np.asarray(effective_share) * per_press)
