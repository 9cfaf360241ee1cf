"""What can go wrong with a treatment, and what over-treatment costs, as a report shows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from micropen.evidence import ParameterSet, load_parameters
from micropen.healing import RiskContext, RiskEstimate, estimate_risks
from micropen.healing.over_treatment import gain_lost
from micropen.healing.risk_estimate import context_of
from micropen.healing.risks import risk
from micropen.report import Complication, OverTreatment
from micropen.treatment import Treatment

# Enough sets of typical values for a 5-95 % band, enough people in each for a mean.
_WORLDS: Final = 40
_PEOPLE: Final = 25
_NEEDS_HISTORY: Final = "herpes_reactivation"


@dataclass(frozen=True, slots=True)
class WhatCanGoWrong:
    """Complications of a treatment, and the share of its gain that over-treatment costs."""

    complications: tuple[Complication, ...]
    over_treatment: OverTreatment


def what_can_go_wrong(
    treatment: Treatment, seed: int = 0, parameters: ParameterSet | None = None
) -> WhatCanGoWrong:
    """Work out complications and over-treatment.

    Parameters
    ----------
    treatment
        Person and sessions.
    seed
        The same seed gives the same numbers.
    parameters
        By default all parameters of the program.
    """
    members = parameters or load_parameters()
    context = context_of(treatment, _WORLDS, _PEOPLE, seed, members)
    lost = gain_lost(treatment, seed=seed, parameters=members)
    return WhatCanGoWrong(
        complications=tuple(_shown(each, context) for each in estimate_risks(context)),
        over_treatment=OverTreatment(lost.median, lost.low, lost.high, lost.grade.value),
    )


def _shown(found: RiskEstimate, context: RiskContext) -> Complication:
    return Complication(
        key=found.risk.name,
        summary=found.risk.summary,
        probability=found.mean,
        low=found.low,
        high=found.high,
        grade=found.grade.value,
        counts=found.risk.counts,
        sources=found.risk.sources,
        with_history=_with_history(found, context),
    )


def _with_history(found: RiskEstimate, context: RiskContext) -> float:
    """Probability had the person had cold sores before, where none are stated; else nan."""
    if found.risk.name != _NEEDS_HISTORY or context.people.herpes.any():
        return float("nan")
    people = replace(context.people, herpes=np.ones(context.people.draws))
    return float(risk(_NEEDS_HISTORY).probability(replace(context, people=people)).mean())
