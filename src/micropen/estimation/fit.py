"""Find one person's posterior: climb, stand in, sample, check, and sample harder if need be."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.importance import ENOUGH, TRUSTED_K, Weighted, importance_sample
from micropen.estimation.linearisation import linearise
from micropen.estimation.map_estimate import MapEstimate, map_estimate
from micropen.estimation.posterior import Posterior
from micropen.estimation.problem import Problem
from micropen.estimation.proposal import Proposal
from micropen.estimation.readings import Readings
from micropen.estimation.result import FitSummary
from micropen.estimation.sites import matched_sites
from micropen.estimation.tempering import PARTICLES, Tempered, temper
from micropen.evidence import ParameterSet, load_parameters, stream
from micropen.treatment import Treatment

Array = NDArray[np.float64]

_PRIOR_DRAWS: Final = 800
# Tempered particles are not to be trusted where groups of them disagree, or hardly moved: their
# bands then rest on less than some fifty independent draws.
_LEAST_EFFECTIVE: Final = 50.0
_MOST_R_HAT: Final = 1.1
_LEAST_ACCEPTANCE: Final = 0.05


def estimate(
    treatment: Treatment,
    readings: Readings,
    parameters: ParameterSet | None = None,
    seed: int = 0,
) -> Posterior:
    """Estimate one person from what is known of their response.

    Parameters
    ----------
    treatment
        Person and sessions; sessions after the last reading are forecast, not learned from.
    readings
        What is known; may be empty.
    parameters
        The population; by default that of the program.
    seed
        The same seed gives the same draws.

    Returns
    -------
    Posterior
        Its summary says whether it may be trusted.
    """
    members = parameters or load_parameters()
    problem = Problem.of(treatment, readings, members, seed)
    if not readings.count:
        return _prior(problem, seed)
    return fit(problem, seed)


def fit(problem: Problem, seed: int = 0) -> Posterior:
    """Find the posterior of a prepared problem; as `estimate`."""
    clock = {"start": time.perf_counter()}
    top = map_estimate(problem)
    clock["most probable person"] = time.perf_counter()
    proposal = stand_in(problem, top)
    found = importance_sample(problem, proposal, stream(seed, "estimation.importance"))
    clock["importance sampling"] = time.perf_counter()
    if found.passed:
        summary = _sampled(top, proposal, found, _seconds(clock))
        return Posterior(problem, found.values, found.weights, top.centre, summary, seed)
    tempered = temper(problem, proposal, stream(seed, "estimation.tempering"))
    clock["tempering"] = time.perf_counter()
    equal = np.full(PARTICLES, 1.0 / PARTICLES)
    summary = _tempered(top, found, tempered, _seconds(clock))
    return Posterior(problem, tempered.values, equal, top.centre, summary, seed)


def stand_in(problem: Problem, top: MapEstimate) -> Proposal:
    """Gaussian stand-in for the posterior, with slopes taken at its own centre."""
    first = matched_sites(problem, top.line)
    return Proposal.of(matched_sites(problem, linearise(problem, first.centre())))


def _prior(problem: Problem, seed: int) -> Posterior:
    count = problem.unknowns.count
    values = stream(seed, "estimation.prior").standard_normal((_PRIOR_DRAWS, count))
    summary = FitSummary(
        "prior", True, "There are no readings yet: this is the forecast for people like you."
    )
    equal = np.full(_PRIOR_DRAWS, 1.0 / _PRIOR_DRAWS)
    return Posterior(problem, values, equal, np.zeros(count), summary, seed)


def _seconds(clock: Mapping[str, float]) -> dict[str, float]:
    names, times = list(clock), list(clock.values())
    return {name: times[i + 1] - times[i] for i, name in enumerate(names[1:])}


def _common(top: MapEstimate, found: Weighted) -> dict[str, float]:
    return {
        "map_steps": float(top.steps),
        "map_converged": float(top.converged),
        "pareto_k": found.pareto_k,
        "ess_importance": found.effective,
        "draws": float(found.weights.size),
    }


def _sampled(
    top: MapEstimate, proposal: Proposal, found: Weighted, seconds: Mapping[str, float]
) -> FitSummary:
    diagnostics = _common(top, found) | {
        "ess_bulk": found.effective,
        "directions": float(proposal.centre.size),
    }
    sentence = (
        f"The estimate settled ({found.effective:.0f} independent draws of {found.weights.size})."
    )
    return FitSummary("importance sampling", True, sentence, diagnostics, seconds)


def _tempered(
    top: MapEstimate, found: Weighted, tempered: Tempered, seconds: Mapping[str, float]
) -> FitSummary:
    diagnostics = _common(top, found) | {
        "ess_bulk": tempered.effective,
        "r_hat": tempered.r_hat,
        "acceptance_rate": tempered.acceptance,
        "temperatures": float(tempered.steps),
    }
    settled = (
        tempered.effective >= _LEAST_EFFECTIVE
        and tempered.r_hat <= _MOST_R_HAT
        and tempered.acceptance >= _LEAST_ACCEPTANCE
    )
    reason = (
        f"too few independent draws ({found.effective:.0f}, asked {ENOUGH:.0f})"
        if found.effective < ENOUGH
        else f"a few draws outweigh the rest (k = {found.pareto_k:.2f}, asked {TRUSTED_K})"
    )
    sentence = (
        "The estimate settled, by the slower of two methods "
        f"({tempered.effective:.0f} independent draws; the quick one found {reason})."
        if settled
        else "The readings are hard to reconcile with the model, and the sampling did not settle: "
        "take the bands below as a rough guide, and look at the readings marked as doubtful."
    )
    return FitSummary("tempered Monte Carlo", settled, sentence, diagnostics, seconds)
