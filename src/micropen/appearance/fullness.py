"""Relief and plumpness: how much smoother fine lines and shallow hollows become."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet

Array = NDArray[np.float32]


def relief_reduction(relief: NDArray[np.floating], zone_weights: Array, skin: Array) -> Array:
    """Relative reduction of fine relief contrast, ``(h, w)``; negative where it grows rougher."""
    change = np.asarray(relief, dtype=np.float32)
    if not change.any():
        return np.zeros_like(skin)
    return np.asarray(np.tensordot(change, zone_weights, axes=1) * skin, dtype=np.float32)


def plumpness(
    swelling_mm: NDArray[np.floating],
    relief: NDArray[np.floating],
    collagen: NDArray[np.floating],
    zone_weights: Array,
    skin: Array,
    parameters: ParameterSet,
) -> Array:
    """Share of the shading of shallow hollows (3-15 mm) that is filled from below.

    Parameters
    ----------
    swelling_mm, relief, collagen
        Signs per zone, shape ``(zone,)`` each.
    zone_weights
        ``(zone, h, w)``.
    skin
        Strict skin mask, ``(h, w)``.
    parameters
        ``appearance.plumpness.*``.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32 between 0 and the largest share allowed.
    """
    per_zone = (
        parameters.value("appearance.plumpness.per_swelling_mm") * np.maximum(swelling_mm, 0.0)
        + parameters.value("appearance.plumpness.per_relief") * np.maximum(relief, 0.0)
        + parameters.value("appearance.plumpness.per_collagen") * np.maximum(collagen, 0.0)
    ).astype(np.float32)
    if not per_zone.any():
        return np.zeros_like(skin)
    largest = np.float32(parameters.value("appearance.plumpness.largest"))
    per_zone = largest * (1.0 - np.exp(-per_zone / largest))
    return np.asarray(np.tensordot(per_zone, zone_weights, axes=1) * skin, dtype=np.float32)
