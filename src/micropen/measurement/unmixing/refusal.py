"""Where nothing may be said, and why, in words a person can act on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES, label
from micropen.evidence import ParameterSet
from micropen.measurement.face_view import CLIPPED_CODE
from micropen.measurement.pair import Pair


@dataclass(frozen=True, slots=True)
class Refusals:
    """Why zones cannot be measured; empty where they can.

    Parameters
    ----------
    skin
        Per zone, for any reading: too little skin in common, overexposed, too dark.
    colour
        Per zone, for readings of blood and melanin besides: tone and light.
    """

    skin: tuple[str, ...]
    colour: tuple[str, ...]


def refusals(pair: Pair, mean_before: NDArray[np.floating], parameters: ParameterSet) -> Refusals:
    """Apply the rules of the findings on erythema (section 6) to every zone.

    Parameters
    ----------
    pair
        The pair.
    mean_before
        ``(zone, 3)`` mean linear colour of the baseline; NaN without skin.
    parameters
        ``measurement.unmixing.*``, ``optics.erythema.*``.
    """
    clipped = _clipped_share(pair)
    skin = tuple(
        _skin(pair, k, float(clipped[k]), mean_before[k], parameters) for k in range(len(ZONES))
    )
    tone = _tone(pair, parameters)
    return Refusals(skin, tuple(reason or tone for reason in skin))


def _clipped_share(pair: Pair) -> NDArray[np.float64]:
    """``(zone,)``: share of the bare skin that is overexposed in either photograph."""
    full = np.maximum(pair.baseline.fullest, pair.alignment.warp(pair.later.fullest, nearest=True))
    inside = pair.labels >= 0
    index = pair.labels[inside]
    skin = np.asarray(pair.baseline.skin[inside], np.float64)
    lost = np.bincount(index, skin * (full[inside] >= CLIPPED_CODE), len(ZONES))
    return np.asarray(lost / np.maximum(np.bincount(index, skin, len(ZONES)), 1.0))


def _skin(
    pair: Pair, zone: int, clipped: float, colour: NDArray[np.floating], parameters: ParameterSet
) -> str:
    name = label(ZONES[zone])
    most = parameters.value("measurement.unmixing.most_clipped_share")
    if clipped > most:
        return (
            f"{clipped:.0%} of the {name} is overexposed in one of the two photographs (at most "
            f"{most:.0%}); use less light or a shorter exposure"
        )
    pixels = float(pair.zone_weight[zone])
    area = pixels / pair.px_per_mm**2 / 100.0
    least = parameters.value("measurement.unmixing.least_area_cm2")
    fewest = parameters.value("measurement.unmixing.least_pixels")
    if area < least or pixels < fewest:
        return (
            f"only {area:.1f} cm² ({pixels:.0f} pixels) of bare skin of the {name} can be seen in "
            f"both photographs (at least {least:.0f} cm² and {fewest:.0f} pixels); keep hair and "
            "hands away and face the camera as in the first photograph"
        )
    darkest = parameters.value("optics.erythema.least_linear_value")
    if not np.all(colour >= darkest):
        return (
            f"the {name} is too dark in the first photograph (a channel at "
            f"{np.nanmin(colour):.3f} of white, at least {darkest:.2f}); use more light"
        )
    return ""


def _tone(pair: Pair, parameters: ParameterSet) -> str:
    free = parameters.value("optics.erythema.darkest_uncontrolled_angle_deg")
    darkest = parameters.value("optics.erythema.darkest_unpolarised_angle_deg")
    unstated = parameters.value("measurement.unmixing.darkest_unstated_angle_deg")
    if pair.baseline.portrait.stated_ita_deg is None and pair.ita_deg < unstated:
        return (
            "the skin tone is not stated, and on skin that photographs this dark (individual "
            f"typology angle about {pair.ita_deg:.0f} degrees, limit {unstated:.0f}) exposure "
            "hides how much of the light is shine; state the phototype"
        )
    if pair.ita_deg < darkest:
        return (
            f"shine outweighs colour on skin of an individual typology angle below {darkest:.0f} "
            f"degrees (here {pair.ita_deg:.0f}); use cross-polarised light"
        )
    if not pair.light.controlled and pair.ita_deg < free:
        return (
            f"on skin of an individual typology angle below {free:.0f} degrees (here "
            f"{pair.ita_deg:.0f}) changes show only in photographs with the same camera and lamp; "
            "keep both the same, best with a colour chart"
        )
    return ""
