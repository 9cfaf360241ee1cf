"""In which directions of colour this person's blood and melanin move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.measurement.unmixing.cells import Cells
from micropen.optics import skin_colour
from micropen.portrait.calibration import with_stated_tone

FloatArray = NDArray[np.float64]

LN_10: Final = float(np.log(10.0))
_MELANIN_STEP: Final = 0.05  # of ln(melanin)
_BLOOD_FACTOR: Final = 1.6  # a day-1 redness
_PATTERN_MM: Final = (2.0, 20.0)
_RED, _GREEN, _BLUE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class PersonSkin:
    """Typical skin of the person in the colour model.

    Parameters
    ----------
    melanin, blood, saturation
        Where in the model.
    rgb
        ``(3,)`` its linear sRGB without surface reflection.
    melanin_density
        ``(3,)`` optical density (log10) per unit of ln(melanin).
    """

    melanin: float
    blood: float
    saturation: float
    rgb: FloatArray
    melanin_density: FloatArray

    @classmethod
    def of_tone(cls, ita_deg: float, parameters: ParameterSet) -> PersonSkin:
        """Skin of an individual typology angle with the usual blood of a face."""
        colour = skin_colour()
        known = with_stated_tone(ita_deg, colour, parameters)
        melanin = known.value("portrait.anchor.melanin")
        blood = known.value("portrait.anchor.blood")
        saturation = known.value("portrait.anchor.resting_saturation")
        steps = melanin * np.exp(np.array([0.0, _MELANIN_STEP, -_MELANIN_STEP]))
        logs = np.asarray(colour.log_rgb(steps, blood, saturation), np.float64)
        density = -(logs[1] - logs[2]) / (2.0 * _MELANIN_STEP) / LN_10
        return cls(melanin, blood, saturation, np.exp(logs[0]), density)


@dataclass(frozen=True, eq=False)
class BloodColour:
    """Optical density of added blood per unit of green, with what is not known of it.

    Parameters
    ----------
    density
        ``(3,)``; green is 1.
    covariance
        ``(3, 3)``; the row of green is 0.
    """

    density: FloatArray
    covariance: FloatArray


def expected_blood_colour(skin: PersonSkin, parameters: ParameterSet) -> BloodColour:
    """Colour of added blood as the colour table has it, midway between resting and inflamed."""
    inflamed = parameters.value("measurement.unmixing.inflamed_saturation")
    colour = skin_colour()
    base = np.asarray(colour.log_rgb(skin.melanin, skin.blood, skin.saturation), np.float64)
    total = skin.blood * _BLOOD_FACTOR
    fresh = skin.saturation + (inflamed - skin.saturation) * (1.0 - 1.0 / _BLOOD_FACTOR)
    ratios = []
    for saturation in (skin.saturation, fresh):
        change = np.asarray(colour.log_rgb(skin.melanin, total, saturation), np.float64) - base
        ratios.append(change / change[_GREEN])
    red = parameters.value("measurement.unmixing.blood_red_sd")
    blue = parameters.value("measurement.unmixing.blood_blue_sd")
    return BloodColour(np.mean(ratios, axis=0), np.diag([red**2, 0.0, blue**2]))


def learned_blood_colour(
    expected: BloodColour,
    density: NDArray[np.floating],
    cells: Cells,
    parameters: ParameterSet,
    *,
    same_light: bool = True,
) -> BloodColour:
    """Let the pattern of redness itself say what colour the added blood has.

    Redness is uneven over a few mm, melanin and light change smoothly: over 4-20 mm the red and
    blue densities follow the green one with the colour of blood. The stronger the pattern against
    what unchanged skin shows, the more it is believed.

    Parameters
    ----------
    expected
        Colour before looking.
    density
        ``(h, w, 3)`` change of optical density.
    cells
        Its cells.
    parameters
        ``measurement.unmixing.*``.
    same_light
        Whether the lamp stood still: then what pose leaves is grey and can be taken out. A moved
        lamp leaves tinted patterns, and taking grey out of those makes them look like blood.
    """
    fine, coarse = _PATTERN_MM
    values = np.asarray(density, np.float32)
    band = cells.smooth(values, fine) - cells.smooth(values, coarse)
    inside = (cells.labels >= 0) & (cells.weight > 0.5)
    if inside.sum() < 3:
        return expected
    samples = np.asarray(band[inside], np.float64)
    samples = samples[np.abs(samples).max(-1) < 4.0 * samples.std() + 1e-9]
    product = samples.T @ samples / max(len(samples), 1)
    if same_light:
        product = product - _grey_power(product)
    power = float(product[_GREEN, _GREEN])
    unchanged = (parameters.value("measurement.unmixing.pattern_sd") / LN_10) ** 2
    slopes = product[:, _GREEN] / max(power, 1e-12)
    # Grey that is left draws both slopes to 1, and red tells by how much.
    grey = max(0.0, float((slopes[_RED] - expected.density[_RED]) / max(1.0 - slopes[_RED], 0.2)))
    sd = np.hypot(unchanged / max(power, 1e-12), grey)
    learned = expected.density.copy()
    variance = np.diag(expected.covariance).copy()
    # A moved lamp draws the slope of red to 1 too, and there nothing tells by how much.
    for channel in (_RED, _BLUE) if same_light else (_BLUE,):
        trust = variance[channel] / (variance[channel] + sd**2)
        learned[channel] += trust * (slopes[channel] - learned[channel])
        variance[channel] *= 1.0 - trust
    return BloodColour(learned, np.diag(variance))


def _grey_power(product: FloatArray) -> float:
    """Most that all channels can share alike in a pattern: what light and pose leave (Capon 1969).

    The largest power of (1, 1, 1) that can be taken out of the products ``(3, 3)`` so that a
    pattern remains.
    """
    ridge = 1e-6 * float(np.trace(product)) + 1e-15
    inverse = np.linalg.inv(product + ridge * np.eye(3))
    return float(1.0 / inverse.sum())
