"""From blood and melanin to factors on the photograph's own diffuse light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.appearance import Appearance
from micropen.optics import skin_colour
from micropen.portrait import Portrait

Array = NDArray[np.float32]

_STEP: Final = 0.05  # of ln(blood), for the slope of colour against it


@dataclass(frozen=True, slots=True)
class Baseline:
    """The untreated face in the colour model, on the cells where colour may change.

    Parameters
    ----------
    cells
        ``(h, w)`` bool.
    melanin, blood
        Values of those cells, ``(n,)``.
    log_rgb
        Their colour, ``(n, 3)``.
    saturation
        Resting oxygen saturation.
    """

    cells: NDArray[np.bool_]
    melanin: Array
    blood: Array
    log_rgb: Array
    saturation: float

    @classmethod
    def of(cls, portrait: Portrait) -> Baseline:
        """Read the untreated face; where it cannot be read, take its typical skin everywhere.

        Very dark or badly exposed skin is then still changed by the right relative amount.
        """
        cells = portrait.masks.colour > 0.0
        skin = portrait.skin
        count = int(cells.sum())
        if skin.reliable:
            melanin, blood = skin.melanin[cells], skin.blood[cells]
        else:
            melanin = np.full(count, skin.anchor.melanin, np.float32)
            blood = np.full(count, skin.anchor.blood, np.float32)
        colour = skin_colour().log_rgb(melanin, blood, skin.saturation)
        return cls(cells, melanin, blood, colour, skin.saturation)


def colour_gain(baseline: Baseline, appearance: Appearance) -> Array:
    """Factor on linear R, G, B of the diffuse light.

    Parameters
    ----------
    baseline
        The untreated face.
    appearance
        The day.

    Returns
    -------
    numpy.ndarray
        ``(3, h, w)`` float32: ``model(after) / model(before)``, exactly 1 where nothing changed.
    """
    gain = np.ones((3, *baseline.cells.shape), np.float32)
    added = appearance.added_blood[baseline.cells]
    factor = appearance.melanin_factor[baseline.cells]
    changed = (added != 0.0) | (factor != 1.0)
    if not changed.any():
        return gain
    least = float(skin_colour().axes.blood[0])
    after = skin_colour().log_rgb(
        baseline.melanin[changed] * factor[changed],
        np.maximum(baseline.blood[changed] + added[changed], least),
        appearance.saturation[baseline.cells][changed],
    )
    ratio = np.ones((added.size, 3), np.float32)
    ratio[changed] = np.exp(after - baseline.log_rgb[changed])
    gain[:, baseline.cells] = ratio.T
    return gain


def track_strength(baseline: Baseline, appearance: Appearance) -> Array:
    """Relative change of blood per unit of needle-track texture, ``(h, w)``."""
    strength = np.zeros(baseline.cells.shape, np.float32)
    added = np.maximum(appearance.added_blood[baseline.cells], 0.0)
    total = np.maximum(baseline.blood + added, 1e-6)
    strength[baseline.cells] = np.float32(appearance.track_contrast) * added / total
    return strength


def blood_tint(baseline: Baseline, appearance: Appearance) -> Array:
    """Slope of ln R, G, B against ln(blood) at this face's typical reddened skin, ``(3,)``."""
    if baseline.melanin.size == 0:
        return np.zeros(3, np.float32)
    melanin = float(np.median(baseline.melanin))
    added = appearance.added_blood[baseline.cells]
    blood = float(np.median(baseline.blood + np.maximum(added, 0.0)))
    saturation = float(np.median(appearance.saturation[baseline.cells]))
    low, high = skin_colour().log_rgb(
        melanin, np.array([blood * np.exp(-_STEP), blood * np.exp(_STEP)]), saturation
    )
    return np.asarray((high - low) / (2.0 * _STEP), dtype=np.float32)
