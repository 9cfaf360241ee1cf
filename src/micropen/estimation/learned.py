"""What the data told about a person, in words, with how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.phrases import sure
from micropen.estimation.result import Finding
from micropen.estimation.traits import TRAITS, Compared, Trait
from micropen.evidence import ParameterSet
from micropen.healing.course import Course
from micropen.healing.recovery import Recovery

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A finding, and by what it is sorted."""

    finding: Finding
    different: bool
    weight: float


def findings(
    population: Course, personal: Course, parameters: ParameterSet, session: int = 0
) -> tuple[Finding, ...]:
    """Say in what a person differs from what is typical, where the data told it.

    A trait is spoken of where the data narrowed it, and where its direction, or that it is about
    typical, is likely enough (``estimation.words``). The typical value is the population's median
    for the same treatment and the same facts about the person.

    Parameters
    ----------
    population, personal
        Forecasts of one treatment: of anybody like this person, and of this person; draws of
        equal weight.
    parameters
        Thresholds.
    session
        Which session's days are compared, counted from 0.

    Returns
    -------
    tuple of Finding
        What differs first, the most telling first; then what is about typical.

    Raises
    ------
    MicropenError
        For a session that a course does not have or reach.
    """
    both = tuple(
        Recovery.of(c.dataset, c.treated, c.origin.session_days, parameters, session)
        for c in (population, personal)
    )
    found = []
    for trait in TRAITS:
        typical, own = (trait.after(after) for after in both)
        if typical is not None and own is not None:
            found.append(_weighed(trait, typical, own, parameters))
    told = [item for item in found if item is not None]
    told.sort(key=lambda item: (not item.different, -item.weight))
    return tuple(item.finding for item in told)


def _narrowed(typical: Array, own: Array) -> float:
    """Share by which the spread of the logarithm became smaller, 0 to 1."""
    before, after = float(np.std(np.log(typical))), float(np.std(np.log(own)))
    # A trait that nobody differs in tells nothing.
    return float(np.clip(1.0 - after / before, 0.0, 1.0)) if before > 1e-9 else 0.0


def _weighed(trait: Trait, typical: Array, own: Array, parameters: ParameterSet) -> _Weighed | None:
    """One trait's finding; None where nothing is said."""

    def limit(name: str) -> float:
        return parameters.value(f"estimation.words.{name}")

    learned = _narrowed(typical, own)
    if learned < limit("least_learned"):
        return None
    compared = Compared(float(np.median(own)), float(np.median(typical)))
    noticed = parameters.value(f"estimation.traits.{trait.name}.noticed")
    ratio = compared.ratio
    beyond = own > compared.typical if ratio > 1.0 else own < compared.typical
    direction = float(np.mean(beyond))
    weight = learned * abs(np.log(ratio)) / float(np.std(np.log(typical)))
    if direction >= limit("sure_enough") and _differs(trait, compared, noticed, parameters):
        said = _different(trait, compared, direction)
        return _Weighed(_finding(trait, said, direction, own, compared, learned), True, weight)
    if trait.only_differences:
        return None
    alike = float(np.mean(_alike(trait, own, compared.typical, noticed, parameters)))
    if learned < limit("well_known") or alike < limit("sure_enough"):
        return None
    said = f"{trait.wording.alike()} ({sure(alike)})."
    return _Weighed(_finding(trait, said, alike, own, compared, learned), False, learned * alike)


def _differs(trait: Trait, compared: Compared, noticed: float, parameters: ParameterSet) -> bool:
    """Whether the person's median is far enough from the typical one to be spoken of."""
    far = abs(compared.personal - compared.typical) >= noticed
    # Days and shares of pigment have their own smallest step; a ratio of them says nothing.
    if trait.instead is not None:
        return far
    return far and abs(np.log(compared.ratio)) >= np.log(
        parameters.value("estimation.words.smallest_ratio")
    )


def _alike(
    trait: Trait, own: Array, typical: float, noticed: float, parameters: ParameterSet
) -> NDArray[np.bool_]:
    """Which draws are about typical."""
    near = np.abs(own - typical) <= noticed
    if trait.instead is not None:
        return near
    factor = parameters.value("estimation.words.about_typical")
    return np.asarray(near | (np.abs(np.log(own / typical)) <= np.log(factor)))


def _different(trait: Trait, compared: Compared, direction: float) -> str:
    """The sentence on a difference."""
    said = trait.instead(compared) if trait.instead else trait.wording.compared(compared.ratio)
    besides = trait.besides(compared) if trait.besides else ""
    return f"{said}{besides} {trait.wording.sure(compared.ratio, direction)}."


def _finding(
    trait: Trait, said: str, probability: float, own: Array, compared: Compared, learned: float
) -> Finding:
    low, high = np.quantile(own / compared.typical, (0.05, 0.95))
    return Finding(trait.name, said, probability, compared.ratio, float(low), float(high), learned)
