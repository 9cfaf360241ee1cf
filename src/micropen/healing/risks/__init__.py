"""Complications as probabilities, one file each: every file here that states a `RISK` is one."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from micropen.errors import unknown_name
from micropen.evidence import ParameterSet
from micropen.healing.process import Array
from micropen.healing.risks.estimate import RiskEstimate, context_of, estimate
from micropen.healing.risks.estimate import probabilities as _probabilities
from micropen.healing.risks.risk import Risk, RiskContext
from micropen.treatment import Treatment


def _stated() -> tuple[Risk, ...]:
    names = sorted(module.name for module in iter_modules(__path__))
    modules = (import_module(f"{__name__}.{name}") for name in names)
    return tuple(module.RISK for module in modules if hasattr(module, "RISK"))


RISKS: Final[tuple[Risk, ...]] = _stated()


def risk(name: str) -> Risk:
    """Return one complication by its name; another name is refused with the nearest ones."""
    for known in RISKS:
        if known.name == name:
            return known
    raise unknown_name("complication", name, [known.name for known in RISKS])


def estimate_risks(context: RiskContext) -> tuple[RiskEstimate, ...]:
    """Return every complication of a course: mean probability, band, grade and sources."""
    return tuple(estimate(each, context) for each in RISKS)


def risks_of(
    treatment: Treatment,
    worlds: int = 40,
    people: int = 25,
    seed: int = 0,
    parameters: ParameterSet | None = None,
) -> tuple[RiskEstimate, ...]:
    """Return every complication of a treatment, its band over what is not known.

    Parameters and errors as `micropen.healing.risks.estimate.context_of`.
    """
    return estimate_risks(context_of(treatment, worlds, people, seed, parameters))


def risk_probabilities(context: RiskContext) -> dict[str, Array]:
    """Return the probability of each complication for each person, shape ``(draw,)``."""
    return _probabilities(RISKS, context)


__all__ = [
    "RISKS",
    "Risk",
    "RiskContext",
    "RiskEstimate",
    "estimate_risks",
    "risk",
    "risk_probabilities",
    "risks_of",
]
