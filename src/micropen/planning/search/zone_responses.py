"""What single sessions would do to each zone: many what-if sessions of one person, solved at once.

Zones do not touch each other and a session starts from rest, so that a table of single zones under
single settings is enough to put any face and any series together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet, stream
from micropen.healing.chain import Chain
from micropen.healing.engine import Lanes, solve
from micropen.healing.forecast import doses_of
from micropen.healing.population import lanes, treated_zones
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
_A_SESSION: Final = "healing.session."


@dataclass(frozen=True, slots=True, eq=False)
class ZoneResponses:
    """One session, zone by zone.

    Parameters
    ----------
    zones
        Names of the treated zones.
    shown
        `SHOWN` at `LAGS`, each of shape ``(lag, draw, zone)``: day by day, as the engine leaves it.
    states
        What the wanted signs are made of, at `DAYS`, each of shape ``(day, draw, zone)``.
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
    is drawn anew, and alike for all what-if sessions.
    """
    own = parameters.scatter

    def scatter(seed: int, purpose: str, count: int) -> Array:
        if purpose.startswith(_A_SESSION):
            return stream(seed, f"{_A_SESSION}0, planned").standard_normal(count)
        if own is None:
            return stream(seed, purpose).standard_normal(count)
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
        What-if sessions (`of_a_session_to_come`), or those that have been, in order.
    parameters
        The population, or a person's own draws.
    draws, seed
        Of the simulation; the same draws answer every session.
    made
        How the signs that add up over sessions are made.
    """
    people = People.of(person, draws)
    states = tuple(dict.fromkeys(state for one in made for state in one.states))
    whole = reporting(states)
    chain = whole.giving((*SHOWN, *states))
    # Equations of signs are read later: their parameters are drawn, but not solved for.
    read = whole.giving((*SHOWN, *states, *(one.sign for one in made)))
    processes = tuple(dict.fromkeys(one.process for one in made))
    # As if they were sessions of one series: what a person is, is drawn once for all of them.
    doses = doses_of(sessions, people, parameters, seed)
    own = lanes(read, people, doses, parameters, seed=seed)
    treated = treated_zones(doses)
    # A session is solved in the zones that it treats; there are always some.
    places = [np.searchsorted(treated, treated_zones((dose,))) for dose in doses]
    chosen = [_lanes_of(place, draws, treated.size) for place in places]
    signs = _solved(chain, _side_by_side(own, chosen))
    ends = np.cumsum([each.size for each in chosen])[:-1]
    cut = {name: np.split(values, ends, axis=1) for name, values in signs.items()}
    found = []
    for k, dose in enumerate(doses):
        shape = (draws, places[k].size)
        tables = {name: values[k].reshape(-1, *shape) for name, values in cut.items()}
        found.append(
            ZoneResponses(
                zones=tuple(ZONES[index] for index in treated[places[k]]),
                shown={name: tables[name][: LAGS.size] for name in SHOWN},
                states={name: tables[name] for name in states},
                values={
                    process: {
                        name: values[chosen[k]].reshape(shape)
                        for name, values in own.parameters[process].items()
                    }
                    for process in processes
                },
                pain=dose.wound.pain_during_vas[:, treated[places[k]]],
            )
        )
    return found


def _lanes_of(place: NDArray[np.int64], draws: int, zones: int) -> NDArray[np.int64]:
    """Lanes of some zones among all treated ones, draw-major."""
    return np.asarray(np.arange(draws)[:, None] * zones + place[None, :], dtype=np.int64).ravel()


def _side_by_side(own: Lanes, chosen: Sequence[NDArray[np.int64]]) -> Lanes:
    """Lanes of all sessions, each as if it were the only one."""
    every = np.concatenate(chosen)
    return Lanes(
        {
            process: {name: values[every] for name, values in members.items()}
            for process, members in own.parameters.items()
        },
        (
            {
                name: np.concatenate(
                    [wound[name][each] for wound, each in zip(own.wounds, chosen, strict=True)]
                )
                for name in own.wounds[0]
            },
        ),
    )


def _solved(chain: Chain, together: Lanes) -> dict[str, Single]:
    """Solve lanes after one session in equal parts, side by side; signs are ``(day, lane)``."""
    ends = np.linspace(0, together.count, _PARTS + 1).astype(np.int64)
    parts = [together.take(slice(a, b)) for a, b in pairwise(ends.tolist()) if b > a]
    with ThreadPoolExecutor(_PARTS) as pool:
        signs = list(pool.map(lambda part: solve(chain, part, (0.0,), DAYS).signs, parts))
    return {name: np.concatenate([one[name].T for one in signs], axis=1) for name in signs[0]}
