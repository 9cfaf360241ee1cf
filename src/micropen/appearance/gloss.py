"""Gloss: the photograph's own highlights strengthened, and a sheen where there were none yet."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet

Array = NDArray[np.float32]

_BROAD, _NARROW = 14.0, 45.0  # Blinn exponents of moist skin: a wide lobe and a narrower one


def sheen_lobe(
    normals: Array, light: Array, skin: Array, luminance: Array, px_per_mm: float
) -> Array:
    """Where moist skin would shine under this photograph's light, scaled by local brightness.

    Parameters
    ----------
    normals
        ``(h, w, 3)`` unit vectors: x right, y down, z towards the camera.
    light
        ``(3,)`` unit vector towards the main light.
    skin
        Strict skin mask, ``(h, w)``.
    luminance
        Diffuse linear luminance, ``(h, w)``.
    px_per_mm
        Of the working grid.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32, at most about 1 on skin of median brightness; without the even part,
        which would only be haze.
    """
    half = np.asarray(light, dtype=np.float32) + np.array([0.0, 0.0, 1.0], np.float32)
    half = half / max(float(np.linalg.norm(half)), 1e-6)
    facing = np.clip(normals @ half, 0.0, 1.0)
    lobe = np.asarray(0.55 * facing**_BROAD + 0.45 * facing**_NARROW, dtype=np.float32)
    lobe = np.maximum(lobe - 0.5 * cv2.GaussianBlur(lobe, (0, 0), 14.0 * px_per_mm), 0.0)
    lobe = cv2.GaussianBlur(lobe, (0, 0), 1.5 * px_per_mm)
    weight = skin + np.float32(1e-3)
    around = cv2.GaussianBlur(luminance * weight, (0, 0), 8.0 * px_per_mm) / cv2.GaussianBlur(
        weight, (0, 0), 8.0 * px_per_mm
    )
    # Sheen is light: on half-lit skin there is half of it.
    return np.asarray(lobe * skin * around, dtype=np.float32)


def gloss_maps(
    gloss: NDArray[np.floating],
    zone_weights: Array,
    skin: Array,
    lobe: Array,
    parameters: ParameterSet,
) -> tuple[Array, Array]:
    """Factor on the photograph's surface reflection, and sheen to be added.

    Parameters
    ----------
    gloss
        Sign per zone, relative change of surface reflection, shape ``(zone,)``.
    zone_weights
        ``(zone, h, w)``.
    skin
        Strict skin mask, ``(h, w)``.
    lobe
        From `sheen_lobe`.
    parameters
        ``appearance.gloss.*``.

    Returns
    -------
    factor, sheen : numpy.ndarray
        ``(h, w)`` float32 each: 1 and 0 where nothing changes.
    """
    change = np.asarray(gloss, dtype=np.float32)
    if not change.any():
        return np.ones_like(skin), np.zeros_like(skin)
    spread = np.tensordot(change, zone_weights, axes=1) * skin
    factor = np.maximum(1.0 + spread, 0.0)
    sheen = parameters.value("appearance.gloss.sheen") * np.maximum(spread, 0.0) * lobe
    return np.asarray(factor, dtype=np.float32), np.asarray(sheen, dtype=np.float32)
