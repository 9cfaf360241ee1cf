"""Skin colour of people whose phototype is known, from the layered skin model."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.observation.view import View
from micropen.optics import individual_typology_angle, lab, skin_colour

Array = NDArray[np.float64]


def _surface(parameters: ParameterSet) -> float:
    return parameters.value("optics.erythema.surface_reflection")


@cache
def _angles(blood: float, saturation: float, surface: float) -> tuple[Array, Array]:
    """ln(melanin) of the colour table, darkest first, and the typology angle of each."""
    melanin = skin_colour().axes.melanin[::-1]
    rgb = np.exp(skin_colour().log_rgb(melanin, blood, saturation).astype(np.float64))
    return np.log(melanin), individual_typology_angle(rgb + surface)


def resting_melanin(view: View) -> Array:
    """Melanin fraction at rest that gives each phototype its typical typology angle."""
    p = view.parameters
    angles = [p.value(f"treatment.typology_angle.phototype_{k}") for k in range(1, 7)]
    wanted = np.interp(view.people.phototype, np.arange(1, 7), angles)
    log_melanin, angle = _angles(
        p.value("optics.erythema.reference_blood"),
        p.value("optics.erythema.reference_saturation"),
        _surface(p),
    )
    return np.exp(np.interp(wanted, angle, log_melanin))


def skin_colour_at(view: View, day: float | None) -> Array:
    """CIELAB at a day, surface reflection included, shape ``(draw, 3)``."""
    p = view.parameters
    blood = p.value("optics.erythema.reference_blood") * np.exp(view.at("erythema", day))
    melanin = resting_melanin(view) * np.exp(view.at("pigment", day))
    saturation = p.value("optics.erythema.reference_saturation")
    log_rgb = skin_colour().log_rgb(melanin, blood, saturation).astype(np.float64)
    return np.asarray(lab(np.exp(log_rgb) + _surface(p)), dtype=np.float64)
