"""What single sessions would do to each zone: many what-if sessions of one person, solved at once.

Zones do not touch each other and a session starts from rest, so that a table of single zones under
single settings is enough to put any face and any series together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet, stream
from micropen.healing.engine import Lanes, solve
from micropen.healing.forecast import doses_of
from micropen.healing.population import Dose, lanes, treated_zones
from micropen.planning.search.adding_up import Made, reporting
from micropen.planning.session_response import SEEN
from micropen.treatment import People, Person, Session

Array = NDArray[np.float64]
Single = NDArray[np.float32]

LAGS: Final = np.concatenate(
    [[0.0, 0.25, 0.5, 0.75], np.arange(1.0, 14.5, 0.5), np.arange(15.0, 36.0)]
)
"""Days after a session at which what shows is read: half days as long as it moves."""
LATER: Final = np.array([42.0, 50.0, 60.0, 75.0, 90.0, 120.0, 150.0, 200.0, 260.0, 330.0, 400.0])
"""Days after it at which only what lasts is read."""
DAYS: Final = np.concatenate([LAGS, LATER])

SHOWN: Final = (*SEEN, "lesions", "gloss", "barrier_defect")
# A response is solved in this many parts side by side; fixed, so that every machine rounds alike.
_PARTS: Final = 2
_FIRST_SESSION: Final = "healing.session.0"


@dataclass(frozen=True, slots=True, eq=False)
class ZoneResponses:
    """One session, zone by zone.

    Parameters
    ----------
    zones
        Names of the treated zones.
    shown
        `SHOWN` at `LAGS`, each of shape ``(draw, zone, lag)``.
    states
        What the wanted signs are made of, at `DAYS`, each of shape ``(draw, zone, day)``.
    values
        Parameters of their processes, by process and name, each of shape ``(draw, zone)``.
    pain
        During the session, 0-10, shape ``(draw, zone)``.
    """

    zones: tuple[str, ...]
    shown: Mapping[str, Single]
    states: Mapping[str, Single]
    values: Mapping[str, Mapping[str, Array]]
    pain: Array


def of_a_session_to_come(parameters: ParameterSet) -> ParameterSet:
    """Return the set with the response of a session that nobody has seen yet.

    The draws of a person who was followed know how the person's first session went; one to come
    is drawn anew.
    """
    own = parameters.scatter

    def scatter(seed: int, purpose: str, count: int) -> Array:
        if own is None or purpose == _FIRST_SESSION:
            name = f"{purpose}, planned" if purpose == _FIRST_SESSION else purpose
            return stream(seed, name).standard_normal(count)
        return own(seed, purpose, count)

    return replace(parameters, scatter=scatter)


def respond(
    person: Person,
    sessions: Sequence[Session],
    parameters: ParameterSet,
    draws: int,
    seed: int,
    made: Sequence[Made],
) -> list[ZoneResponses]:
    """Return what each of several sessions would do, each on its own and to rested skin.

    Parameters
    ----------
    person
        Who is treated.
    sessions
        What-if sessions, each as if it were the first.
    parameters
        The population, or a person's own draws.
    draws, seed
        Of the simulation; the same draws answer every session.
    made
        How the signs that add up over sessions are made.
    """
    members = of_a_session_to_come(parameters)
    people = People.of(person, draws)
    states = tuple(dict.fromkeys(state for one in made for state in one.states))
    whole = reporting(states)
    chain = whole.giving((*SHOWN, *states))
    # Equations of signs are read later: their parameters are drawn, but not solved for.
    read = whole.giving((*SHOWN, *states, *(one.sign for one in made)))
    processes = tuple(dict.fromkeys(one.process for one in made))
    doses = [doses_of((session,), people, members, seed)[0] for session in sessions]
    each = [lanes(read, people, (dose,), members, seed=seed) for dose in doses]
    parts = [range(k, len(each), _PARTS) for k in range(min(_PARTS, len(each)))]

    def solved(part: range) -> dict[str, Single]:
        together = _joined([each[k] for k in part])
        return dict(solve(chain, together, (0.0,), DAYS).signs)

    with ThreadPoolExecutor(_PARTS) as pool:
        solutions = list(pool.map(solved, parts))
    found: list[ZoneResponses | None] = [None] * len(each)
    for part, solution in zip(parts, solutions, strict=True):
        start = 0
        for k in part:
            stop = start + each[k].count
            own = {name: values[start:stop] for name, values in solution.items()}
            found[k] = _zone_responses(own, each[k], doses[k], states, processes)
            start = stop
    return [response for response in found if response is not None]


def _joined(parts: Sequence[Lanes]) -> Lanes:
    first = parts[0]
    return Lanes(
        {
            process: {
                name: np.concatenate([part.parameters[process][name] for part in parts])
                for name in members
            }
            for process, members in first.parameters.items()
        },
        tuple(
            {name: np.concatenate([part.wounds[n][name] for part in parts]) for name in wound}
            for n, wound in enumerate(first.wounds)
        ),
    )


def _zone_responses(
    solution: Mapping[str, Single],
    own: Lanes,
    dose: Dose,
    states: Sequence[str],
    processes: Sequence[str],
) -> ZoneResponses:
    treated = treated_zones((dose,))
    shape = (dose.wound.draws, treated.size)
    tables = {name: values.reshape(*shape, -1) for name, values in solution.items()}
    return ZoneResponses(
        zones=tuple(ZONES[index] for index in treated),
        shown={name: tables[name][:, :, : LAGS.size] for name in SHOWN},
        states={name: tables[name] for name in states},
        values={
            process: {name: v.reshape(shape) for name, v in own.parameters[process].items()}
            for process in processes
        },
        pain=dose.wound.pain_during_vas[:, treated],
    )
