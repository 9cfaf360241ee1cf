"""The anchor: which blood and melanin a photograph's typical skin colour stands for.

One photograph does not know its white balance or exposure. The anchor is the most probable pair
(melanin, blood) of the face's median skin colour, given how faces usually are and how wrong white
balances usually are (MAP over the colour table). What remains is taken as the photograph's
white-balance offset and held fixed for later photographs of the series.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.optics import SkinColour, individual_typology_angle

_STEPS: Final = 96
_MELANIN: Final = (0.004, 0.28)
_BLOOD: Final = (0.004, 0.12)
_LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True, slots=True)
class Anchor:
    """Typical skin of one photograph, and the photograph's white-balance offset.

    Parameters
    ----------
    melanin
        Melanosome fraction of the epidermis that the median skin colour stands for.
    blood
        Dermal blood fraction that it stands for.
    offset
        Added to the photograph's (ln R/G, ln G/B) before inversion.
    """

    melanin: float
    blood: float
    offset: tuple[float, float]


def luminance(rgb: NDArray[np.floating]) -> NDArray[np.float32]:
    """Relative luminance of linear sRGB, over the last axis."""
    return np.asarray(rgb @ _LUMINANCE, dtype=np.float32)


def with_stated_tone(ita_deg: float, colour: SkinColour, parameters: ParameterSet) -> ParameterSet:
    """Put what is known of the person's skin tone in place of the prior of any face's melanin.

    A camera lifts dark faces and the light is unknown, so a photograph alone says little about
    tone; the treatment file states it.

    Parameters
    ----------
    ita_deg
        Individual typology angle of untreated facial skin, degrees.
    colour
        The colour table.
    parameters
        The program's parameters.

    Returns
    -------
    ParameterSet
        With ``portrait.anchor.melanin`` at the melanin that has this angle, and the sd of
        ``portrait.anchor.stated_melanin_sd``.
    """
    melanin = np.geomspace(*_MELANIN, _STEPS)
    blood = parameters.value("portrait.anchor.blood")
    saturation = parameters.value("portrait.anchor.resting_saturation")
    diffuse = np.exp(colour.log_rgb(melanin, blood, saturation).astype(np.float64))
    surface = parameters.value("portrait.specular.surface_reflectance")
    angles = individual_typology_angle(diffuse + surface)
    # The angle falls as melanin rises; np.interp wants it rising.
    stated = float(np.interp(-ita_deg, -angles, melanin))
    prior = parameters["portrait.anchor.melanin"]
    sd = parameters.value("portrait.anchor.stated_melanin_sd")
    return parameters.with_parameter(replace(prior, value=stated, uncertainty_sd=sd))


def find_anchor(
    log_rg: float, log_gb: float, light: float, colour: SkinColour, parameters: ParameterSet
) -> Anchor:
    """Most probable melanin and blood of a median skin colour.

    Parameters
    ----------
    log_rg, log_gb
        Median ln(R/G) and ln(G/B) of the diffuse light of skin.
    light
        Median linear luminance of the same.
    colour
        The colour table.
    parameters
        The program's parameters: priors ``portrait.anchor.*``.

    Returns
    -------
    Anchor
        With the white-balance offset that is left.
    """
    melanin = np.geomspace(*_MELANIN, _STEPS)[:, None]
    blood = np.geomspace(*_BLOOD, _STEPS)[None, :]
    saturation = parameters.value("portrait.anchor.resting_saturation")
    table = colour.log_rgb(melanin, blood, saturation).astype(np.float64)
    rg, gb = table[..., 0] - table[..., 1], table[..., 1] - table[..., 2]
    exposure = np.log(max(light, 1e-4)) - np.log(luminance(np.exp(table)))
    balance = parameters.value("portrait.anchor.white_balance_sd")
    cost = ((rg - log_rg) ** 2 + (gb - log_gb) ** 2) / balance**2
    for name, value in (
        ("melanin", np.log(melanin)),
        ("blood", np.log(blood)),
        ("exposure", exposure),
    ):
        prior = parameters[f"portrait.anchor.{name}"]
        cost = cost + ((value - np.log(prior.value)) / prior.uncertainty_sd) ** 2
    i, j = np.unravel_index(int(cost.argmin()), cost.shape)
    offset = (float(rg[i, j] - log_rg), float(gb[i, j] - log_gb))
    return Anchor(float(melanin[i, 0]), float(blood[0, j]), offset)
