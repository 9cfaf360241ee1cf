"""How sure a spot is an inflamed lesion: logistic in its score, with gates of size and shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from micropen.evidence import ParameterSet


@dataclass(frozen=True, slots=True)
class SpotEvidence:
    """What speaks for and against a spot.

    Parameters
    ----------
    score
        Contrast in standard deviations of this skin's mottle and noise.
    red_green
        Contrast in ln(R/G).
    colour
        Contrast ``(3,)`` in ln(R), ln(G), ln(B).
    diameter_mm
        By scale.
    roundness
        1 round, 0 a ridge.
    """

    score: float
    red_green: float
    colour: tuple[float, float, float]
    diameter_mm: float
    roundness: float


def lesion_probability(spot: SpotEvidence, detector: str, parameters: ParameterSet) -> float:
    """Probability 0-1 that a spot is an inflamed lesion.

    Parameters
    ----------
    spot
        Its features.
    detector
        ``"new"`` (against the baseline) or ``"single"`` (one photograph).
    parameters
        ``measurement.lesions.*``.
    """

    def value(name: str) -> float:
        return parameters.value(f"measurement.lesions.{name}")

    def gate(amount: float, name: str) -> float:
        return _logistic((amount - value(f"{name}_middle")) / value(f"{name}_width"))

    small = max(0.0, value("small_mm") - spot.diameter_mm)
    score = spot.score - value("small_penalty") * small
    red, green, _ = spot.colour
    # Blood darkens green much and red little; a shadow darkens both alike, a bright rim lifts red.
    darkening = max(-green, 1e-3)
    shadow = value(f"{detector}_red_share_high_middle")
    return (
        gate(score, f"{detector}_score")
        * gate(spot.red_green, "contrast")
        * gate(-red / darkening, "red_share_low")
        * (1.0 - _logistic((-red / darkening - shadow) / value("red_share_high_width")))
        * gate(spot.roundness, f"{detector}_roundness")
    )


def _logistic(argument: float) -> float:
    return float(1.0 / (1.0 + np.exp(-np.clip(argument, -40.0, 40.0))))
