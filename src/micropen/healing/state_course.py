"""Every state of the model over time, not only the signs: to look inside a forecast.

The engine reports readouts, so a chain whose readouts include each state reports the states, by
the same equations, steps and draws as a forecast. `micropen.healing.reference` is its oracle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from micropen.anatomy import ZONES
from micropen.errors import MicropenError, unknown_name
from micropen.evidence import ParameterSet, load_parameters
from micropen.healing.chain import Chain, default_chain
from micropen.healing.engine import solve
from micropen.healing.forecast import doses_of
from micropen.healing.population import lanes, treated_zones
from micropen.healing.process import Array, Equation, Process, Readout
from micropen.treatment import People, Treatment

_PREFIX: Final = "state "  # keeps a state apart from a sign of the same name


@dataclass(frozen=True, slots=True)
class StateCourse:
    """States and signs of one zone.

    Parameters
    ----------
    zone
        Of the treated zones.
    days
        Days since the first session, shape ``(day,)``.
    states, signs
        Name to values of shape ``(draw, day)``, float32. Signs as the equations give them:
        without the widening beyond the evaluated depth.
    """

    zone: str
    days: Array
    states: Mapping[str, np.ndarray]
    signs: Mapping[str, np.ndarray]


def _state_itself(name: str) -> Equation:
    return lambda x, _p: getattr(x, name)


def _with_states(process: Process) -> Process:
    inside = tuple(Readout(_PREFIX + s.name, _state_itself(s.name)) for s in process.states)
    return replace(process, readouts=process.readouts + inside)


def chain_with_states(chain: Chain) -> Chain:
    """Return a chain that also reads out every state, as ``"state <name>"``."""
    return Chain(tuple(_with_states(process) for process in chain.processes))


def _reported(days: ArrayLike) -> Array:
    asked = np.atleast_1d(np.asarray(days, dtype=np.float64))
    if asked.ndim != 1 or not asked.size or not np.isfinite(asked).all():
        raise MicropenError("Days must be one or more finite numbers, in one row.")
    if asked[0] < 0.0 or asked[-1] <= 0.0 or (np.diff(asked) <= 0.0).any():
        raise MicropenError("Days must increase from 0 or later, and end after day 0.")
    return asked


def state_course(
    treatment: Treatment,
    zone: str,
    days: ArrayLike,
    draws: int = 200,
    seed: int = 0,
    parameters: ParameterSet | None = None,
) -> StateCourse:
    """Return every state and sign of one zone.

    Parameters
    ----------
    treatment
        Person and sessions.
    zone
        One of the treated zones.
    days
        Days since the end of the first session, increasing from 0 or later, shape ``(day,)``.
    draws, seed
        As in `micropen.healing.forecast`: the same draws.
    parameters
        By default all parameters of the program; `ParameterSet.without_spread` gives the typical
        course.

    Returns
    -------
    StateCourse

    Raises
    ------
    MicropenError
        For a zone that is not treated, or days that do not increase.
    """
    asked = _reported(days)
    members = parameters or load_parameters()
    chain = chain_with_states(default_chain())
    people = People.of(treatment.person, draws)
    doses = doses_of(treatment.sessions, people, members, seed)
    treated = treated_zones(doses)
    names = [ZONES[index] for index in treated]
    if zone not in names:
        raise unknown_name("treated zone", zone, names)
    own = np.arange(draws) * treated.size + names.index(zone)
    population = lanes(chain, people, doses, members, seed=seed).take(own)
    solution = solve(chain, population, [dose.wound.day for dose in doses], asked)
    states = {k.removeprefix(_PREFIX): v for k, v in solution.signs.items() if _PREFIX in k}
    signs = {k: v for k, v in solution.signs.items() if _PREFIX not in k}
    return StateCourse(zone, asked, MappingProxyType(states), MappingProxyType(signs))
