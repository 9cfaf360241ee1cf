"""The engine: solve the chain state by state, over all times and many lanes at once.

A lane is one zone of one draw. Because each state is linear in itself and reads upstream states
only, a whole segment of one state is one array expression (its production at every node) and one
compiled sweep; no iteration, no coupling, no general stiff solver. Lanes go in blocks that stay in
the processor's cache. The steps are checked against twice shorter ones on the fastest and
slowest lanes, and shortened when they differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.healing.chain import Chain
from micropen.healing.kernel import relax, report
from micropen.healing.process import Array, Values
from micropen.healing.time_grid import Segment, segments

# 256 lanes of some 100 nodes are 200 kB: an expression and its operands stay in the second-level
# cache, and the overhead of an array expression is spread over enough lanes.
_BLOCK: Final = 256
# Accepted difference to twice shorter steps, as a share of a sign's peak.
_TOLERANCE: Final = 1e-4
_REFINEMENTS: Final = 3

Progress = Callable[[float], None]
Signs = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lanes:
    """Everything that the equations read, one value per lane.

    Parameters
    ----------
    parameters
        Process name to parameter name to values of shape ``(lane,)``; zone factors included.
    wounds
        One mapping per session: wound quantity to values of shape ``(lane,)``.
    """

    parameters: Mapping[str, Mapping[str, Array]]
    wounds: tuple[Mapping[str, Array], ...]

    @property
    def count(self) -> int:
        """Number of lanes."""
        return next(iter(self.wounds[0].values())).size

    def take(self, lanes: slice | NDArray[np.int64]) -> Lanes:
        """Return some of the lanes."""
        return Lanes(
            {
                process: {name: values[lanes] for name, values in members.items()}
                for process, members in self.parameters.items()
            },
            tuple({name: values[lanes] for name, values in w.items()} for w in self.wounds),
        )


@dataclass(frozen=True, slots=True)
class Solution:
    """Signs over time.

    Parameters
    ----------
    signs
        Sign to values of shape ``(lane, day)``, float32.
    refinement
        How many times shorter than standard the steps were.
    error
        Largest difference to twice shorter steps on the probed lanes, as a share of each sign's
        peak there.
    """

    signs: Mapping[str, Signs]
    refinement: float
    error: float


class _Workspace:
    """Segments of a chain and memory for the states of one block, reused by every block."""

    def __init__(self, chain: Chain, parts: Sequence[Segment], days: int, lanes: int) -> None:
        self.chain = chain
        self.parts = parts
        self.days = days
        self.lanes = lanes
        self.rooms = [np.empty((len(chain.states), part.nodes.size, lanes)) for part in parts]

    def _segment(
        self, index: int, p: Mapping[str, Values], wound: Values, start: dict[str, Array]
    ) -> Values:
        """Solve all states over one segment; `start` is replaced by the states at its end."""
        x = Values()
        wound.before = Values(**start)
        room, steps = self.rooms[index], self.parts[index].steps
        nothing = np.zeros(room.shape[1:])
        for values, (process, state) in zip(room, self.chain.states, strict=True):
            own = p[process.name]
            values[0] = start[state.name]
            if state.impulse is not None:
                values[0] += state.impulse(wound, own)
            production = nothing if state.production is None else state.production(x, own)
            relax(production, getattr(own, state.loss), steps, values)
            setattr(x, state.name, values)
            start[state.name] = values[-1]
        return x

    def solve(self, lanes: Lanes) -> dict[str, Signs]:
        """Solve one block; sign to values of shape ``(day, lane)``."""
        p = {process: Values(**members) for process, members in lanes.parameters.items()}
        shape = (self.days, lanes.count)
        out = {sign: np.empty(shape, dtype=np.float32) for sign in self.chain.signs}
        start = {state.name: np.zeros(lanes.count) for _, state in self.chain.states}
        for index, part in enumerate(self.parts):
            x = self._segment(index, p, Values(**lanes.wounds[index]), start)
            if not part.report.size:
                continue
            rows = slice(int(part.report[0]), int(part.report[-1]) + 1)
            for process in self.chain.processes:
                for readout in process.readouts:
                    values = readout.equation(x, p[process.name])
                    report(values, part.first_node, part.weights, out[readout.sign][rows])
        return out


def _probe(chain: Chain, lanes: Lanes) -> NDArray[np.int64]:
    """Lanes with the fastest and slowest rate of each state: where steps fail first."""
    chosen = {0}
    for process, state in chain.states:
        rate = lanes.parameters[process.name][state.loss]
        chosen |= {int(rate.argmin()), int(rate.argmax())}
    return np.array(sorted(chosen), dtype=np.int64)


def _difference(rough: Mapping[str, Signs], fine: Mapping[str, Signs]) -> float:
    """Largest difference between two solutions, as a share of each lane's peak of each sign."""
    worst = 0.0
    for sign, values in fine.items():
        peak = np.abs(values).max(axis=0)
        gap = np.abs(values - rough[sign]).max(axis=0)
        shares = gap[peak > 0.0] / peak[peak > 0.0]
        worst = max(worst, float(shares.max(initial=0.0)))
    return worst


def choose_refinement(
    chain: Chain, lanes: Lanes, session_days: Sequence[float], grid: Array
) -> tuple[float, float]:
    """Find steps that are short enough for these lanes.

    Returns
    -------
    refinement, error
        How many times shorter than standard the steps must be, and the difference to twice
        shorter ones that this showed.
    """
    probe = lanes.take(_probe(chain, lanes))

    def solved(refinement: float) -> dict[str, Signs]:
        parts = segments(session_days, grid, refinement)
        return _Workspace(chain, parts, grid.size, probe.count).solve(probe)

    refinement, error = 1.0, np.inf
    rough = solved(refinement)
    for _ in range(_REFINEMENTS):
        fine = solved(2.0 * refinement)
        error = _difference(rough, fine)
        if error <= _TOLERANCE:
            break
        refinement, rough = 2.0 * refinement, fine
    return refinement, error


def solve(
    chain: Chain,
    lanes: Lanes,
    session_days: Sequence[float],
    grid: Array,
    progress: Progress | None = None,
) -> Solution:
    """Solve the chain for all lanes.

    Parameters
    ----------
    chain
        The processes.
    lanes
        Parameters and wounds.
    session_days
        Increasing, the first being 0; one per wound.
    grid
        Reported days.
    progress
        Called with the share done, 0 to 1.

    Returns
    -------
    Solution
    """
    refinement, error = choose_refinement(chain, lanes, session_days, grid)
    parts = segments(session_days, grid, refinement)
    signs = {s: np.empty((lanes.count, grid.size), dtype=np.float32) for s in chain.signs}
    workspace = _Workspace(chain, parts, grid.size, min(_BLOCK, lanes.count))
    for first in range(0, lanes.count, _BLOCK):
        block = slice(first, min(first + _BLOCK, lanes.count))
        if block.stop - first != workspace.lanes:
            workspace = _Workspace(chain, parts, grid.size, block.stop - first)
        for sign, values in workspace.solve(lanes.take(block)).items():
            signs[sign][block] = values.T
        if progress is not None:
            progress(block.stop / lanes.count)
    return Solution(signs, refinement, error)
