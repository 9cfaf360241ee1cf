"""From optical density to amounts: the forecast's own numbers for redness and pigment."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array
from micropen.measurement.unmixing.directions import LN_10
from micropen.measurement.unmixing.unmixed import Unmixed
from micropen.optics import skin_colour

FloatArray = NDArray[np.float64]

_STEPS: Final = 14  # of bisection in ln(blood): the table's range to 1 part in 1000
_GREEN: Final = 1
_SLOPE_STEP: Final = 0.05  # of ln(blood)
_LEAST_RATIO: Final = 0.01  # of blood that is left: ln stays finite


def added_blood(unmixed: Unmixed, parameters: ParameterSet) -> tuple[Array, float]:
    """Blood fraction added to every coarse cell, and the face's resting blood.

    The change of green density is led back through the colour table on the cell's own melanin and
    resting blood, as a forecast's picture was led forward: what is drawn is what is read.

    Parameters
    ----------
    unmixed
        A pair taken apart.
    parameters
        ``measurement.unmixing.inflamed_saturation``.

    Returns
    -------
    added : numpy.ndarray
        ``(h, w)`` float32 blood fraction of the dermis.
    resting : float
        Of the face.
    """
    melanin, blood, saturation, resting = _resting_skin(unmixed)
    inflamed = parameters.value("measurement.unmixing.inflamed_saturation")
    colour = skin_colour()
    before = colour.log_rgb(melanin, blood, saturation)[..., _GREEN]
    wanted = before - np.float32(LN_10) * unmixed.map_of(unmixed.blood)
    low = np.full(blood.shape, np.log(colour.axes.blood[0]), np.float32)
    high = np.full(blood.shape, np.log(colour.axes.blood[-1]), np.float32)
    # Green hardly knows saturation (2 %), so half of the added blood's is taken for all of it.
    fresh = 0.5 * (saturation + inflamed)
    mixed = np.where(wanted < before, fresh, saturation).astype(np.float32)
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        darker = colour.log_rgb(melanin, np.exp(middle), mixed)[..., _GREEN] < wanted
        high = np.where(darker, middle, high)
        low = np.where(darker, low, middle)
    return np.asarray(np.exp(0.5 * (low + high)) - blood, np.float32), resting


def _resting_skin(unmixed: Unmixed) -> tuple[Array, Array, float, float]:
    """Melanin and blood of the untreated face on the coarse cells, as a forecast draws from."""
    cells, baseline = unmixed.cells, unmixed.pair.baseline
    skin = baseline.portrait.skin
    shape = cells.labels.shape
    if not skin.reliable:
        even = np.ones(shape, np.float32)
        return (
            even * np.float32(skin.anchor.melanin),
            even * np.float32(skin.anchor.blood),
            skin.saturation,
            skin.resting_blood,
        )
    melanin, blood = (cells.reduced(baseline.lay(m)) for m in (skin.melanin, skin.blood))
    return melanin, blood, skin.saturation, skin.resting_blood


def erythema(unmixed: Unmixed, parameters: ParameterSet) -> tuple[FloatArray, Array]:
    """``ln(1 + added/resting blood)`` of every zone ``(zone,)``, and of every coarse cell."""
    added, resting = added_blood(unmixed, parameters)
    ratio = np.maximum(1.0 + added / resting, _LEAST_RATIO)
    value = np.log(np.maximum(unmixed.cells.zone_mean(ratio), _LEAST_RATIO))
    return value, np.asarray(np.log(ratio), np.float32)


def erythema_per_density(unmixed: Unmixed, value: FloatArray) -> FloatArray:
    """Slope of erythema against green optical density at readings ``(zone,)`` of erythema."""
    colour, skin = skin_colour(), unmixed.pair.baseline.portrait.skin
    total = np.exp(np.nan_to_num(value)) * skin.resting_blood
    around = np.stack([total * np.exp(-_SLOPE_STEP), total * np.exp(_SLOPE_STEP)])
    green = colour.log_rgb(skin.anchor.melanin, around, skin.saturation)[..., _GREEN]
    return np.asarray(2.0 * _SLOPE_STEP * LN_10 / np.maximum(green[0] - green[1], 1e-3), np.float64)
