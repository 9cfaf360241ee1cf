"""How ln(rgb) of skin moves when blood, melanin, shine or the lamp's colour changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.optics import individual_typology_angle, skin_colour

Floats = NDArray[np.float64]

GREY: Final = np.full(3, 3.0**-0.5)  # shading and exposure: all channels alike
_HALF_STEP: Final = 0.1  # of ln blood and ln melanin: small against what the model bends over
_MELANIN: Final = np.geomspace(0.005, 0.5, 60)  # from the fairest to the darkest skin of the table


@dataclass(frozen=True, slots=True)
class Directions:
    """Directions in ln(linear rgb), each ``(3,)``.

    Parameters
    ----------
    blood, melanin
        Per unit of ln(blood) and of ln(melanin).
    temperature
        Unit vector without grey: a lamp of higher colour temperature (bluer).
    tint
        Unit vector without grey, at a right angle to `temperature`: greenish to magenta.
    """

    blood: Floats
    melanin: Floats
    temperature: Floats
    tint: Floats

    @property
    def beside_blood(self) -> Floats:
        """Unit vector that neither shading nor blood moves: shine, melanin and lamps do."""
        across = np.cross(GREY, self.blood)
        return np.asarray(across / np.linalg.norm(across))


def directions(ita_deg: float, parameters: ParameterSet | None = None) -> Directions:
    """Take the directions at a skin tone.

    Parameters
    ----------
    ita_deg
        Individual typology angle, degrees; beyond the model's tones the last one holds.
    parameters
        Supplies ``measurement.light.temperature_*`` and the model's resting skin.
    """
    chosen = parameters or load_parameters()
    toward = np.array(
        [chosen.value(f"measurement.light.temperature_{c}") for c in ("red", "green", "blue")]
    )
    toward = toward - toward.mean()
    toward /= np.linalg.norm(toward)
    blood, melanin = _skin_directions(
        round(float(ita_deg)),
        chosen.value("optics.erythema.reference_blood"),
        chosen.value("optics.erythema.reference_saturation"),
    )
    return Directions(blood, melanin, toward, np.cross(GREY, toward))


@cache
def _skin_directions(ita_deg: int, blood: float, saturation: float) -> tuple[Floats, Floats]:
    colour = skin_colour()

    def log_rgb(melanin: Floats, blood_step: float) -> Floats:
        share = np.full_like(melanin, blood * np.exp(blood_step))
        return np.asarray(colour.log_rgb(melanin, share, saturation), np.float64)

    angles = individual_typology_angle(np.exp(log_rgb(_MELANIN, 0.0)))
    order = np.argsort(angles)
    here = np.exp(np.interp(ita_deg, angles[order], np.log(_MELANIN)[order]))
    steps = here * np.exp(np.array([_HALF_STEP, -_HALF_STEP]))
    along_melanin = log_rgb(steps, 0.0)
    at_tone = np.array([here])
    along_blood = log_rgb(at_tone, _HALF_STEP) - log_rgb(at_tone, -_HALF_STEP)
    return along_blood[0] / (2 * _HALF_STEP), (along_melanin[0] - along_melanin[1]) / (
        2 * _HALF_STEP
    )
