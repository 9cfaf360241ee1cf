"""Appearance: course and portrait to what changes where, in physical units."""

from micropen.appearance.canvas import Canvas, canvas_of
from micropen.appearance.one_day import Appearance, appearance, appearance_of_signs
from micropen.appearance.papules import Papules
from micropen.appearance.pinpoints import Pinpoints

__all__ = [
    "Appearance",
    "Canvas",
    "Papules",
    "Pinpoints",
    "appearance",
    "appearance_of_signs",
    "canvas_of",
]
