"""A red spot that was found, before it has a number in the series."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundLesion:
    """One red spot on one photograph.

    Parameters
    ----------
    zone
        Zone that holds its centre.
    x_px, y_px
        Centre on the baseline's view, px.
    diameter_mm, diameter_sd_mm
        Full width at half contrast.
    contrast
        Redness of its middle over the skin around it, ln units of erythema.
    red_green
        The same in ln(R/G).
    score
        Contrast over what mottle and noise of this skin would show, standard deviations.
    probability
        That it is an inflamed lesion and no artefact, 0-1.
    """

    zone: str
    x_px: float
    y_px: float
    diameter_mm: float
    diameter_sd_mm: float
    contrast: float
    red_green: float
    score: float
    probability: float
