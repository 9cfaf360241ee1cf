"""Lesions: inflamed papules, each one found, sized and followed from photograph to photograph."""

from micropen.measurement.lesions.detectors import lesions_of_photo, misplacement_mm, new_lesions
from micropen.measurement.lesions.found import FoundLesion
from micropen.measurement.lesions.tracking import Phase, PhotoLesions, lesion_phases, track

__all__ = [
    "FoundLesion",
    "Phase",
    "PhotoLesions",
    "lesion_phases",
    "lesions_of_photo",
    "misplacement_mm",
    "new_lesions",
    "track",
]
