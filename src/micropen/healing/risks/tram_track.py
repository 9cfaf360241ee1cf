"""Tram-track marks: rows of fine scars where a roller's long needles were pressed and dragged.

    hazard      = hazard_of_roller * (longest needle / 1.5 mm)^2 * factor of the kind of device
    probability = 1 - product over sessions of (1 - hazard)

A pen enters straight: no case was seen in the collected studies, but a few cannot be ruled out.
"""

from typing import Final

from micropen.healing.process import Array
from micropen.healing.risk import Risk, RiskContext, over_sessions

_REFERENCE_MM: Final = 1.5  # needle length that the hazard is stated for


def _probability(context: RiskContext) -> Array:
    roller = context.sample("tram_track.hazard_of_roller")
    straight = context.sample("tram_track.factor_of_straight_needles")
    hazards = []
    for session in context.sessions:
        hazard = roller * (session.deepest_mm / _REFERENCE_MM) ** 2
        hazards.append(hazard if session.device.kind == "roller" else hazard * straight)
    return over_sessions(hazards)


RISK: Final = Risk(
    name="tram_track",
    summary="rows of fine scars from long needles of a roller under pressure",
    sources=("dogra2014", "acneorg"),
    counts="2 of 30 (roller, five sessions); none from three other rollers, none from pens",
    parameters=(
        "healing.risks.tram_track.hazard_of_roller",
        "healing.risks.tram_track.factor_of_straight_needles",
    ),
    probability=_probability,
)
