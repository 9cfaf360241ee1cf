"""Brown patches: renewal carries pigment off, inflammation may bring more.

effect = 1 - exp(pigment.score_gain * pigment), below zero where the skin became darker
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from micropen.observation.effects import darkened, lightened
from micropen.planning.goals.goal import Array, Goal, Sample
from micropen.treatment import Condition, Person

# A score that has doubled counts as lost altogether, as in the scale of its change.
_WORST: Final = -1.0


def _effect(signs: Mapping[str, Array], sample: Sample) -> Array:
    pigment, gain = signs["pigment"], sample("pigment.score_gain")
    left = (1.0 - lightened(pigment, gain)) * darkened(pigment, gain)
    return np.maximum(1.0 - left, _WORST)


def _suits(person: Person) -> str:
    if person.melasma or person.has(Condition.HYPERPIGMENTATION):
        return ""
    return (
        "Neither melasma nor dark marks are stated for this person: there is little pigment to "
        "even out, and needling could add some."
    )


GOAL: Final = Goal(
    name="pigment",
    aliases=("melasma", "pigmentation", "hyperpigmentation", "dark marks", "brown patches"),
    title="Lighter brown patches",
    words="how many per cent of the score of brown patches are gone; below zero they became "
    "darker.",
    signs=("pigment",),
    read_after="planning.goals.pigment.read_after",
    parameters=("pigment.score_gain",),
    effect=_effect,
    worth="planning.goals.pigment.worth",
    caveat="Melasma may darken instead of lighten, and comes back with sun, heat and hormones. "
    "Most of what trials report came with a cream or tranexamic acid, which are not in this "
    "forecast; the cream alone did as much in one of them.",
    lasts="One trial still found lightening at day 120; sun, heat and hormones, which this does "
    "not foresee, bring patches back sooner",
    sources=("lima2017", "budamakuntla2013", "almohammady2024", "cassiano2022"),
    suits=_suits,
)
