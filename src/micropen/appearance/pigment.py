"""Pigment: melanin as a factor on the person's own melanin map."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet

Array = NDArray[np.float32]


def _mean_around(logs: Array, weight: Array, reach_px: float) -> Array:
    """Mean over bare skin within reach."""
    total = cv2.GaussianBlur(logs * weight, (0, 0), reach_px)
    return np.asarray(total / cv2.GaussianBlur(weight, (0, 0), reach_px), dtype=np.float32)


def patch_emphasis(
    melanin: Array, zone_weights: Array, skin: Array, px_per_mm: float, parameters: ParameterSet
) -> Array:
    """How much of a change of melanin reaches each place: brown patches take it, other skin hardly.

    Parameters
    ----------
    melanin
        The person's melanin map, ``(h, w)``.
    zone_weights
        ``(zone, h, w)``.
    skin
        Strict skin mask, ``(h, w)``.
    px_per_mm
        Of the working grid.
    parameters
        ``appearance.pigment.*``.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32: 1 in patches that are clearly darker than the skin around them,
        ``ordinary_share`` in skin that is not, and between in between.
    """
    wide = parameters.value("appearance.pigment.patch_scale_mm") * px_per_mm
    fine = parameters.value("appearance.pigment.patch_edge_mm") * px_per_mm
    least = parameters.value("appearance.pigment.patch_excess_least")
    whole = parameters.value("appearance.pigment.patch_excess_whole")
    ordinary = parameters.value("appearance.pigment.ordinary_share")
    logs = np.log(np.maximum(melanin, 1e-5)).astype(np.float32)
    # Zones only say where skin is: a patch does not stop at their borders.
    weight = skin * np.minimum(zone_weights.sum(axis=0), 1.0) + np.float32(1e-3)
    # Grain is averaged out; slow shading is in both means.
    excess = _mean_around(logs, weight, max(fine, 0.5)) - _mean_around(logs, weight, wide)
    ramp = np.clip((excess - least) / (whole - least), 0.0, 1.0)
    # A smooth step: no patch gets an edge.
    patch = ramp * ramp * (3.0 - 2.0 * ramp)
    return np.asarray(ordinary + (1.0 - ordinary) * patch, dtype=np.float32)


def melanin_factor(
    pigment: NDArray[np.floating], zone_weights: Array, skin: Array, emphasis: Array | None
) -> Array:
    """Factor on melanin.

    Parameters
    ----------
    pigment
        Sign per zone, ln(melanin ratio), shape ``(zone,)``; with melasma that of its patches.
    zone_weights
        ``(zone, h, w)``.
    skin
        Colour mask, ``(h, w)``.
    emphasis
        From `patch_emphasis`. Acts on fading only: what a session lightens is the patches, and
        skin without any is left nearly as it was. Inflammation can darken skin anywhere. None:
        the same everywhere.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32, 1 where nothing changes.
    """
    change = np.asarray(pigment, dtype=np.float32)
    if not change.any():
        return np.ones_like(skin)
    spread = np.tensordot(change, zone_weights, axes=1) * skin
    if emphasis is not None:
        spread = np.where(spread < 0.0, spread * emphasis, spread)
    return np.asarray(np.exp(spread), dtype=np.float32)
