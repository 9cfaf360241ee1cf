"""Atrophic acne scars: new collagen lifts their floor.

effect = scars.largest * collagen / (collagen + scars.half_collagen)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from micropen.observation.effects import dermal_effect
from micropen.planning.goals.goal import Array, Goal, Sample


def _effect(signs: Mapping[str, Array], sample: Sample) -> Array:
    return dermal_effect(signs["collagen"], sample("scars.largest"), sample("scars.half_collagen"))


GOAL: Final = Goal(
    name="acne scars",
    aliases=("acne scar", "scars", "scar", "atrophic scars", "rolling scars", "boxcar scars"),
    title="Shallower acne scars",
    words="how many per cent of the scars' severity, as a trained grader would score it, are "
    "gone, beyond what would have improved without treatment.",
    signs=("collagen",),
    read_after="planning.goals.acne_scars.read_after",
    parameters=("scars.largest", "scars.half_collagen"),
    effect=_effect,
    worth="planning.goals.acne_scars.worth",
    caveat="This is a mixture of scars: rolling and boxcar scars respond, ice-pick scars hardly "
    "do (6 % against 37 and 47 % after three sessions), and colour left by acne is another goal.",
    lasts="How fast new collagen is lost was not measured; it is assumed from results that held "
    "for months to a year",
    sources=("garg-chaudhary", "alster2020"),
)
