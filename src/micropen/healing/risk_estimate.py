"""Probabilities of all complications of a course or a treatment, with what is unknown of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from micropen.errors import MicropenError
from micropen.evidence import Grade, ParameterSet, load_parameters
from micropen.healing.chain import default_chain
from micropen.healing.course import HIGH, LOW, CourseOrigin
from micropen.healing.forecast import course_of_doses, doses_of
from micropen.healing.population import lanes
from micropen.healing.process import Array
from micropen.healing.risk import Risk, RiskContext
from micropen.healing.time_grid import HORIZON_LIMIT, day_grid
from micropen.treatment import People, Treatment

# Pigment comes within weeks of a session; two months beyond the last one show all of it.
_DAYS_BEYOND: Final = 60.0


@dataclass(frozen=True, slots=True)
class RiskEstimate:
    """One complication of one series of sessions.

    Parameters
    ----------
    risk
        What it is, with its counts and sources.
    mean
        Probability, 0-1; NaN where the course ends before it could show.
    low, high
        5 % and 95 % over what is not known: over worlds, each the mean of its people. Where every
        draw is a world of its own they span how people differ as well.
    grade
        Weakest evidence grade among the parameters that it leans on.
    """

    risk: Risk
    mean: float
    low: float
    high: float
    grade: Grade


def _by_world(values: Array, people: int) -> Array:
    """Mean over the people of each world; people of an unfinished last world are left out."""
    worlds = values.size // people
    if worlds == 0:
        return values
    return np.asarray(values[: worlds * people].reshape(worlds, people).mean(axis=1))


def estimate(risk: Risk, context: RiskContext) -> RiskEstimate:
    """Sum up one complication over people and worlds."""
    values = risk.probability(context)
    worlds = _by_world(values, context.parameters.people_per_world)
    low, high = np.quantile(worlds, [LOW, HIGH])
    grade = context.parameters.lowest_grade(risk.parameters)
    return RiskEstimate(risk, float(values.mean()), float(low), float(high), grade)


def context_of(
    treatment: Treatment,
    worlds: int = 40,
    people: int = 25,
    seed: int = 0,
    parameters: ParameterSet | None = None,
) -> RiskContext:
    """Simulate a treatment so that what is unknown and how people differ stay apart.

    Parameters
    ----------
    treatment
        Person and sessions.
    worlds
        Sets of typical values.
    people
        People like this one in each world.
    seed
        Of the simulation.
    parameters
        By default all parameters of the program.

    Raises
    ------
    MicropenError
        For fewer than one world or person, or sessions beyond the horizon.
    """
    if worlds < 1:
        raise MicropenError(f"The number of worlds is {worlds}; it must be at least 1.")
    members = (parameters or load_parameters()).in_worlds(people)
    crowd = People.of(treatment.person, worlds * people)
    doses = doses_of(treatment.sessions, crowd, members, seed)
    starts = [dose.wound.day for dose in doses]
    grid = day_grid(starts, min(starts[-1] + _DAYS_BEYOND, HORIZON_LIMIT))
    chain = default_chain()
    course = course_of_doses(
        doses,
        lanes(chain, crowd, doses, members, seed=seed),
        grid,
        CourseOrigin.of(chain, members, crowd.draws, seed, starts),
        members,
        chain=chain,
    )
    return RiskContext(course, crowd, treatment.sessions, members, seed)
