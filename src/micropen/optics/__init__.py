"""Skin colour: layered transport, chromophores, the baked table and its inverse, erythema."""

from micropen.optics.colour import individual_typology_angle, lab
from micropen.optics.colour_table import SkinColour, TableAxes, skin_colour
from micropen.optics.erythema import (
    POLARISED_PROTOCOL,
    PROTOCOL,
    UNCONTROLLED,
    ErythemaChange,
    PhotoConditions,
    Verdict,
    erythema_change,
)
from micropen.optics.validity import Validity, colour_model_validity

__all__ = [
    "POLARISED_PROTOCOL",
    "PROTOCOL",
    "UNCONTROLLED",
    "ErythemaChange",
    "PhotoConditions",
    "SkinColour",
    "TableAxes",
    "Validity",
    "Verdict",
    "colour_model_validity",
    "erythema_change",
    "individual_typology_angle",
    "lab",
    "skin_colour",
]
