"""The same equations for a general stiff solver: the oracle of the tests and the benchmark's peer.

Nothing here is used to make a forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from micropen.healing.chain import Chain
from micropen.healing.engine import Lanes
from micropen.healing.process import Array, Values

Method = Literal["LSODA", "Radau", "DOP853"]
RightHandSide = Callable[[float, Array], Array]


def _parameters(chain: Chain, lanes: Lanes, lane: int) -> dict[str, Values]:
    return {
        process.name: Values(
            **{name: float(v[lane]) for name, v in lanes.parameters[process.name].items()}
        )
        for process in chain.processes
    }


def right_hand_side(chain: Chain, lanes: Lanes, lane: int) -> RightHandSide:
    """Return ``f(t, y)`` of one lane, from the processes' own equations.

    Parameters
    ----------
    chain, lanes
        As given to the engine.
    lane
        Which lane.

    Returns
    -------
    callable
        Derivatives per day of all states, in the chain's order.
    """
    p = _parameters(chain, lanes, lane)
    losses = np.array([getattr(p[process.name], state.loss) for process, state in chain.states])
    names = [state.name for _, state in chain.states]
    producers = [
        (index, state.production, p[process.name])
        for index, (process, state) in enumerate(chain.states)
        if state.production is not None
    ]
    x = Values()

    def derivative(_t: float, y: Array) -> Array:
        vars(x).update(zip(names, y.tolist(), strict=True))
        slope = -losses * y
        for index, production, own in producers:
            slope[index] += production(x, own)
        return slope

    return derivative


def jacobian(chain: Chain, lanes: Lanes, lane: int) -> RightHandSide:
    """Return the Jacobian of `right_hand_side`, exact to rounding (complex step)."""
    p = _parameters(chain, lanes, lane)
    losses = np.array([getattr(p[process.name], state.loss) for process, state in chain.states])
    names = [state.name for _, state in chain.states]
    nudge = 1e-30j * np.eye(len(names))

    def matrix(_t: float, y: Array) -> Array:
        nudged = y + nudge
        x = Values(**{name: nudged[:, i] for i, name in enumerate(names)})
        slopes = np.diag(-losses)
        for index, (process, state) in enumerate(chain.states):
            if state.production is not None:
                slopes[index] += np.imag(state.production(x, p[process.name])) / 1e-30
        return np.asarray(slopes, dtype=np.float64)

    return matrix


def _impulse(chain: Chain, p: Mapping[str, Values], wound: Values, y: Array) -> Array:
    wound.before = Values(**{state.name: y[i] for i, (_, state) in enumerate(chain.states)})
    jumps = [
        0.0 if state.impulse is None else float(state.impulse(wound, p[process.name]))
        for process, state in chain.states
    ]
    return np.array(jumps)


def _readouts(chain: Chain, p: Mapping[str, Values], states: Array) -> dict[str, Array]:
    x = Values(**{state.name: states[i] for i, (_, state) in enumerate(chain.states)})
    return {
        readout.sign: np.asarray(readout.equation(x, p[process.name]))
        for process in chain.processes
        for readout in process.readouts
    }


def solve_reference(
    chain: Chain,
    lanes: Lanes,
    lane: int,
    session_days: Sequence[float],
    grid: Array,
    *,
    method: Method = "Radau",
    rtol: float = 1e-9,
    atol: float = 1e-12,
) -> dict[str, Array]:
    """Solve one lane with scipy, restarting at each session.

    Parameters
    ----------
    chain, lanes, lane, session_days, grid
        As given to the engine.
    method, rtol, atol
        Of `scipy.integrate.solve_ivp`.

    Returns
    -------
    dict
        Sign to values at the reported days.
    """
    p = _parameters(chain, lanes, lane)
    slope = right_hand_side(chain, lanes, lane)
    curvature = {} if method == "DOP853" else {"jac": jacobian(chain, lanes, lane)}
    states = np.zeros((len(chain.states), grid.size))
    y = np.zeros(len(chain.states))
    horizon = float(grid[-1])
    ends = [*(min(d, horizon) for d in session_days[1:]), horizon]
    for index, (start, end) in enumerate(zip(session_days, ends, strict=True)):
        if start > horizon:
            break
        wound = {name: float(values[lane]) for name, values in lanes.wounds[index].items()}
        y = y + _impulse(chain, p, Values(**wound), y)
        last = end == horizon
        rows: NDArray[np.int64] = np.flatnonzero(
            (grid >= start) & ((grid <= end) if last else (grid < end))
        )
        if end > start:
            times = np.unique(np.append(grid[rows], end))
            run = solve_ivp(
                slope, (start, end), y, method, t_eval=times, rtol=rtol, atol=atol, **curvature
            )
            states[:, rows] = run.y[:, : rows.size]
            y = run.y[:, -1]
        else:
            states[:, rows] = y[:, None]
    return _readouts(chain, p, states)
