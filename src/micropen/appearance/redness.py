"""Diffuse redness: blood added to the dermis, with the uneven structure of real vessels."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.appearance.noise import band_noise
from micropen.evidence import ParameterSet, stream

Array = NDArray[np.float32]

_NORMALISING_ROUNDS: Final = 16  # zones overlap, so the mean of each is only reached by repetition
_SLOW_MM: Final = (6.0, 45.0)
_FINE_MM: Final = (2.0, 8.0)


def vascular_pattern(
    zone_weights: Array, skin: Array, px_per_mm: float, seed: int, parameters: ParameterSet
) -> Array:
    """Uneven density of vessels that redden, with mean 1 in every zone.

    Parameters
    ----------
    zone_weights
        ``(zone, h, w)`` float32, summing to 1.
    skin
        Colour mask, ``(h, w)``.
    px_per_mm
        Of the working grid.
    seed
        Seed of the forecast.
    parameters
        ``appearance.redness.*``.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32, positive.
    """
    random = stream(seed, "appearance.vascular")
    shape = (int(skin.shape[0]), int(skin.shape[1]))
    slow = band_noise(shape, px_per_mm, _SLOW_MM, 2.2, random)
    fine = band_noise(shape, px_per_mm, _FINE_MM, 1.3, random)
    pattern = np.exp(
        parameters.value("appearance.redness.slow_contrast") * slow
        + parameters.value("appearance.redness.fine_contrast") * fine
    )
    return with_mean_one(pattern, zone_weights, skin)


def with_mean_one(pattern: Array, zone_weights: Array, skin: Array) -> Array:
    """Scale a positive map smoothly so that its mean over each zone's skin is 1."""
    weights = (zone_weights * skin).reshape(len(zone_weights), -1)
    total = weights.sum(1)
    present = total > 1e-3
    for _ in range(_NORMALISING_ROUNDS):
        mean = np.ones(len(weights), np.float32)
        mean[present] = (weights @ pattern.ravel())[present] / total[present]
        pattern = pattern / np.tensordot(np.maximum(mean, 1e-3), zone_weights, axes=1)
    return np.asarray(pattern, dtype=np.float32)


def added_blood(
    erythema: NDArray[np.floating],
    zone_weights: Array,
    skin: Array,
    vessels: Array,
    resting_blood: float,
) -> Array:
    """Dermal blood fraction added to the resting one.

    Parameters
    ----------
    erythema
        Sign per zone, ``ln(1 + added / resting)``, shape ``(zone,)``.
    zone_weights
        ``(zone, h, w)``.
    skin
        Colour mask, ``(h, w)``.
    vessels
        From `vascular_pattern`.
    resting_blood
        Resting facial blood fraction of this person's photograph.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32; zero where the sign is zero, negative where it is.
    """
    relative = np.expm1(np.asarray(erythema, dtype=np.float64)).astype(np.float32)
    if not relative.any():
        return np.zeros_like(skin)
    spread = np.tensordot(relative, zone_weights, axes=1)
    return np.asarray(np.float32(resting_blood) * spread * vessels * skin, dtype=np.float32)


def inflammatory_saturation(days_since: float, parameters: ParameterSet) -> float:
    """Oxygen saturation of the added blood: arterial at first, then towards the resting one.

    Parameters
    ----------
    days_since
        Days since the latest session.
    parameters
        ``appearance.redness.*`` and the resting saturation.

    Returns
    -------
    float
        Between the resting and the inflammatory saturation.
    """
    resting = parameters.value("portrait.anchor.resting_saturation")
    early = parameters.value("appearance.redness.inflammatory_saturation")
    decay = parameters.value("appearance.redness.saturation_decay_days")
    return resting + (early - resting) * math.exp(-max(days_since - 1.0, 0.0) / decay)


def track_contrast(days_since: float, parameters: ParameterSet) -> float:
    """Relative sd of the added blood along needle tracks, fading as the channels close."""
    contrast = parameters.value("appearance.redness.track_contrast")
    decay = parameters.value("appearance.redness.track_decay_days")
    return contrast * math.exp(-max(days_since, 0.0) / decay)
