"""Rough texture and fine lines: renewal smooths for weeks, new collagen for months.

effect = 1 - exp(-relief / texture.relief_scale)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from micropen.observation.effects import exponential_effect
from micropen.planning.goals.goal import Array, Goal, Sample


def _effect(signs: Mapping[str, Array], sample: Sample) -> Array:
    return exponential_effect(signs["relief"], sample("texture.relief_scale"))


GOAL: Final = Goal(
    name="texture",
    aliases=("smoothness", "smoother skin", "roughness", "fine lines", "fine relief", "pores"),
    title="Smoother skin",
    words="how many per cent of the roughness and fine lines that a trained grader would score "
    "are gone, beyond what would have improved without treatment.",
    signs=("relief",),
    read_after="planning.goals.texture.read_after",
    parameters=("texture.relief_scale",),
    effect=_effect,
    worth="planning.goals.texture.worth",
    caveat="The first two weeks look smoother than what stays; the gain here is what stays. "
    "Large pores answer less than roughness, and by how much was not measured.",
    lasts="How fast new collagen is lost was not measured; it is assumed from results that held "
    "for months to a year",
    sources=("ablon2018", "alster2020"),
)
