"""Appearance: course and portrait to what changes where, in physical units."""

from micropen.appearance.canvas import Canvas, canvas_of
from micropen.appearance.from_a_day import appearance_from, treated_face_of
from micropen.appearance.one_day import Appearance, appearance, appearance_of_signs
from micropen.appearance.papules import Papules
from micropen.appearance.pinpoints import Pinpoints
from micropen.appearance.treated_face import CalmSkin, TreatedFace

__all__ = [
    "Appearance",
    "CalmSkin",
    "Canvas",
    "Papules",
    "Pinpoints",
    "TreatedFace",
    "appearance",
    "appearance_from",
    "appearance_of_signs",
    "canvas_of",
    "treated_face_of",
]
