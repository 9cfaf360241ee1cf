"""From a treatment to a course: punctures, population, engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.errors import MicropenError
from micropen.evidence import ParameterSet, load_parameters
from micropen.healing.chain import Chain, default_chain
from micropen.healing.course import Course, CourseOrigin, build_course
from micropen.healing.engine import Lanes, Progress, solve
from micropen.healing.population import Dose, lanes, treated_zones, widen_beyond_evidence
from micropen.healing.process import Array
from micropen.healing.time_grid import HORIZON_LIMIT, check_horizon, day_grid
from micropen.punctures import wounds
from micropen.signs import SIGNS
from micropen.treatment import Anaesthetic, People, Session, Treatment


def doses_of(
    sessions: Sequence[Session], people: People, parameters: ParameterSet, seed: int
) -> tuple[Dose, ...]:
    """Return the wound of every session, one draw per person."""
    return tuple(
        Dose(session_wound, session.anaesthetic is not Anaesthetic.NONE, session.aftercare)
        for session, session_wound in zip(
            sessions, wounds(sessions, people, parameters, seed), strict=True
        )
    )


def _all_zones(
    values: NDArray[np.float32], draws: int, treated: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Put treated lanes among all zones, zeros elsewhere: (lane, day) to (draw, zone, day)."""
    table = values.reshape(draws, treated.size, -1)
    if treated.size == len(ZONES):
        return table
    everywhere = np.zeros((draws, len(ZONES), table.shape[2]), dtype=np.float32)
    everywhere[:, treated] = table
    return everywhere


def _in_range(sign: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Keep a sign in its range: against rounding, and against widening beyond the evidence."""
    return np.clip(values, np.float32(SIGNS[sign].lower), np.float32(SIGNS[sign].upper))


def _reaches(sessions: Sequence[Session], days: float) -> None:
    """Refuse a horizon that would leave a session out, or show nothing of it."""
    last = sessions[-1].day
    needed = ceil(last + 1.0)
    if days >= last + 1.0:
        return
    check_horizon(days)
    advice = (
        f"forecast at least {needed} days"
        if needed <= HORIZON_LIMIT
        else f"it would need {needed}, but at most {HORIZON_LIMIT:g} are forecast: leave out "
        "later sessions"
    )
    raise MicropenError(
        f"The horizon is {days:g} days, but the last of {len(sessions)} sessions is on day "
        f"{last:g}; {advice}."
    )


def course_of_doses(
    doses: tuple[Dose, ...],
    population: Lanes,
    grid: Array,
    origin: CourseOrigin,
    parameters: ParameterSet,
    *,
    chain: Chain | None = None,
    progress: Progress | None = None,
) -> Course:
    """Solve the chain for given doses and lanes, and pack the course.

    Parameters
    ----------
    doses
        One per session.
    population
        Lanes of the treated zones of these doses.
    grid
        Reported days.
    origin
        What the course records of how it was made.
    parameters
        Parameter set of the doses and lanes.
    chain
        The processes; by default all of the program.
    progress
        Called with the share done.
    """
    draws = doses[0].wound.draws
    days = [dose.wound.day for dose in doses]
    solution = solve(chain or default_chain(), population, days, grid, progress)
    widen_beyond_evidence(solution.signs, doses, grid, parameters, origin.seed)
    treated = treated_zones(doses)
    signs = {
        name: _all_zones(_in_range(name, values), draws, treated)
        for name, values in solution.signs.items()
    }
    return build_course(signs, grid, origin, solution.error)


def forecast(
    treatment: Treatment,
    days: float = 60.0,
    draws: int = 200,
    seed: int = 0,
    parameters: ParameterSet | None = None,
    *,
    progress: Progress | None = None,
) -> Course:
    """Forecast every sign of a treatment, per zone and day.

    Parameters
    ----------
    treatment
        Person and sessions.
    days
        Horizon in days since the first session, at most 400; at least a day beyond the last
        session.
    draws
        Number of draws from the parameters' spread; at least 1.
    seed
        The same seed gives the same bytes.
    parameters
        By default all parameters of the program.
    progress
        Called with the share done, 0 to 1.

    Returns
    -------
    Course
        Signs of shape (draw, zone, day) with units, and how they were made.

    Raises
    ------
    MicropenError
        For a horizon that cannot be or does not reach beyond the last session, or a number of
        draws below 1.
    """
    if draws < 1:
        raise MicropenError(f"The number of draws is {draws}; it must be at least 1.")
    _reaches(treatment.sessions, days)
    members = parameters or load_parameters()
    chain = default_chain()
    people = People.of(treatment.person, draws)
    doses = doses_of(treatment.sessions, people, members, seed)
    grid = day_grid([session.day for session in treatment.sessions], days)
    population = lanes(chain, people, doses, members, seed=seed)
    origin = CourseOrigin.of(chain, members, draws, seed, [d.wound.day for d in doses])
    course = course_of_doses(
        doses, population, grid, origin, members, chain=chain, progress=progress
    )
    return replace(course, treatment=treatment)
