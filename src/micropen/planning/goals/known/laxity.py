"""Lax skin and wrinkles: new collagen firms a little.

effect = laxity.largest * collagen / (collagen + laxity.half_collagen)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from micropen.evidence import load_parameters
from micropen.observation.effects import dermal_effect
from micropen.planning.goals.goal import Array, Goal, Sample
from micropen.treatment import Person

_YOUNGEST: Final = "planning.goals.laxity.youngest_studied"


def _effect(signs: Mapping[str, Array], sample: Sample) -> Array:
    return dermal_effect(
        signs["collagen"], sample("laxity.largest"), sample("laxity.half_collagen")
    )


def _suits(person: Person) -> str:
    youngest = load_parameters().value(_YOUNGEST)
    if person.age_years >= youngest:
        return ""
    return (
        f"Laxity was studied in people of {youngest:g} years and older; at "
        f"{person.age_years:.0f} there is usually little of it, and little to gain."
    )


GOAL: Final = Goal(
    name="laxity",
    aliases=("lax skin", "firmness", "firmer skin", "sagging", "wrinkles", "wrinkle", "ageing"),
    title="Firmer skin",
    words="how many per cent of the laxity that a trained grader would score are gone, beyond "
    "what would have improved without treatment.",
    signs=("collagen",),
    read_after="planning.goals.laxity.read_after",
    parameters=("laxity.largest", "laxity.half_collagen"),
    effect=_effect,
    worth="planning.goals.laxity.worth",
    caveat="Needling firms; it does not lift. Heavy folds and jowls stay, and the size of the "
    "gain rests on one trial without a control group.",
    lasts="How fast new collagen is lost was not measured; it is assumed from results that held "
    "for months to a year",
    sources=("ablon2018", "alster2020"),
    suits=_suits,
)
