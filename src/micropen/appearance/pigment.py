"""Pigment: melanin as a factor on the person's own melanin map."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.appearance.redness import with_mean_one
from micropen.evidence import ParameterSet

Array = NDArray[np.float32]


def patch_emphasis(
    melanin: Array, zone_weights: Array, skin: Array, px_per_mm: float, parameters: ParameterSet
) -> Array:
    """How much more a change of melanin acts on brown patches than on the skin between them.

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
        ``(h, w)`` float32 with mean 1 in every zone.
    """
    reach = parameters.value("appearance.pigment.patch_scale_mm") * px_per_mm
    logs = np.log(np.maximum(melanin, 1e-5)).astype(np.float32)
    weight = skin + np.float32(1e-3)
    around = cv2.GaussianBlur(logs * weight, (0, 0), reach) / cv2.GaussianBlur(
        weight, (0, 0), reach
    )
    excess = np.clip(logs - around, 0.0, 1.0)
    emphasis = 1.0 + parameters.value("appearance.pigment.patch_gain") * excess
    return with_mean_one(np.asarray(emphasis, dtype=np.float32), zone_weights, skin)


def melanin_factor(
    pigment: NDArray[np.floating], zone_weights: Array, skin: Array, emphasis: Array | None
) -> Array:
    """Factor on melanin.

    Parameters
    ----------
    pigment
        Sign per zone, ln(melanin ratio), shape ``(zone,)``.
    zone_weights
        ``(zone, h, w)``.
    skin
        Colour mask, ``(h, w)``.
    emphasis
        From `patch_emphasis` for a person with melasma, else None. Acts on fading only.

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
