"""Glow: a renewed surface reflects more for about two weeks.

effect = 1 - exp(-(gloss - brightness.pigment_weight * pigment) / brightness.gloss_scale)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from micropen.observation.effects import brightened
from micropen.planning.goals.goal import Array, Goal, Sample

_PARAMETERS: Final = ("brightness.pigment_weight", "brightness.gloss_scale")


def _effect(signs: Mapping[str, Array], sample: Sample) -> Array:
    weight, scale = (sample(name) for name in _PARAMETERS)
    return brightened(signs["gloss"], signs["pigment"], weight, scale)


GOAL: Final = Goal(
    name="glow",
    aliases=("radiance", "brightness", "brighter skin", "dullness", "dull skin", "gloss"),
    title="A glow",
    words="how many per cent of the dullness that a trained grader would score are gone on the "
    "glow's best days, beyond what would have improved without treatment.",
    signs=("gloss", "pigment"),
    read_after="planning.goals.glow.read_after",
    parameters=_PARAMETERS,
    effect=_effect,
    worth="planning.goals.glow.worth",
    caveat="A glow fades: accounts speak of about two weeks, and no measurement supports it beyond "
    "them. Sessions hardly add up: each brings its own.",
    lasts="Two weeks are one account and what practices say; beyond them nothing was measured",
    sources=("founding-account", "practice-timelines"),
)
