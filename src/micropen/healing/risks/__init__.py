"""Complications as probabilities, one file each: whatever `Risk` a file here states is one."""

from __future__ import annotations

import sys
from typing import Final

from micropen.discovery import discover, entries
from micropen.errors import unknown_name
from micropen.evidence import ParameterSet
from micropen.healing.risk import Risk, RiskContext
from micropen.healing.risk_estimate import RiskEstimate, context_of, estimate
from micropen.treatment import Treatment

RISKS: Final[tuple[Risk, ...]] = entries(discover(sys.modules[__name__], Risk))


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

    Parameters and errors as `micropen.healing.risk_estimate.context_of`.
    """
    return estimate_risks(context_of(treatment, worlds, people, seed, parameters))


__all__ = [
    "RISKS",
    "Risk",
    "RiskContext",
    "RiskEstimate",
    "estimate_risks",
    "risk",
    "risks_of",
]
