"""The engine: solve the chain state by state, over all times and many lanes at once.

A lane is one zone of one draw. Because each state is linear in itself and reads upstream states
only, a whole segment of one state is its production at every node and one compiled sweep; no
iteration, no coupling, no general stiff solver. Neighbouring states whose productions are weighted
sums share a sweep (see `plan`). Lanes go in blocks that stay in the processor's cache. The steps
are checked against twice shorter ones on the fastest and slowest lanes, and shortened when they
differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.healing.chain import Chain
from micropen.healing.collocation import STAGES
from micropen.healing.kernel import relax, relax_sums, report
from micropen.healing.process import Array, Values
from micropen.healing.solving_plan import Lanes, Plan
from micropen.healing.time_grid import Segment, segments

# Lanes of one block: its states and expressions stay in the second-level cache, and the overhead of
# an array expression is spread over enough lanes.
_BLOCK: Final = 256
# Lanes whose weights are worked out at once.
_GROUP: Final = 4096
# Accepted difference to twice shorter steps, as a share of a sign's peak.
_TOLERANCE: Final = 1e-4
_REFINEMENTS: Final = 3

__all__ = ["Lanes", "Progress", "Solution", "choose_refinement", "solve", "trajectories"]

Progress = Callable[[float], None]
Signs = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Solution:
    """Signs over time.

    Parameters
    ----------
    signs
        Sign to values of shape ``(lane, day)``, float32, day by day in memory.
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
    """The segments, and memory for the states of one block of lanes."""

    def __init__(self, plan: Plan, parts: Sequence[Segment], lanes: int) -> None:
        self.plan = plan
        self.parts = parts
        longest = max(part.nodes.size for part in parts)
        self.memory = np.empty(len(plan.names) * longest * lanes)
        self.scratch = np.empty(len(plan.names) * STAGES * lanes)

    def _shaped(self, memory: Array, rows: int, lanes: int) -> Array:
        """Use a part of the memory as a contiguous array (state, row, lane)."""
        states = len(self.plan.names)
        return memory[: states * rows * lanes].reshape(states, rows, lanes)

    def _jump(self, p: Mapping[str, Values], wound: Values, now: Array) -> None:
        """Add to the states what the session does, in place."""
        wound.before = Values(**dict(zip(self.plan.names, now.copy(), strict=True)))
        for i, (process, state) in enumerate(self.plan.chain.states):
            if state.impulse is not None:
                now[i] += state.impulse(wound, p[process.name])

    def _segment(
        self, part: Segment, tables: tuple[Array, Array], p: Mapping[str, Values], now: Array
    ) -> Values:
        """Solve all states over one segment; `now` goes from its start to its end."""
        plan = self.plan
        room = self._shaped(self.memory, part.nodes.size, now.shape[1])
        scratch = self._shaped(self.scratch, STAGES, now.shape[1])
        weights, losses = tables
        terms = (plan.first, plan.sources, weights)
        room[plan.shown, 0] = now[plan.shown]
        x = Values()
        for run in plan.runs:
            if run.production is None:
                span = (run.begin, run.end)
                relax_sums(
                    span, terms, losses, part.steps, plan.shown, run.outside, scratch, room, now
                )
            else:
                production, owner = run.production
                own = room[run.begin]
                relax(production(x, p[owner]), losses[run.begin], part.steps, own)
                now[run.begin] = own[-1]
            for i in range(run.begin, run.end):
                if plan.shown[i]:
                    setattr(x, plan.names[i], room[i])
        return x

    def segments(
        self, lanes: Lanes, block: slice
    ) -> Iterator[tuple[Segment, Values, Mapping[str, Values]]]:
        """Yield each segment with its states (valid until the next) and the parameters."""
        own = lanes.take(block)
        p = {process: Values(**members) for process, members in own.parameters.items()}
        now = np.zeros((len(self.plan.names), own.count))
        tables = (
            np.ascontiguousarray(self.plan.weights[:, block]),
            np.ascontiguousarray(self.plan.losses[:, block]),
        )
        for part, wound in zip(self.parts, own.wounds, strict=False):
            self._jump(p, Values(**wound), now)
            yield part, self._segment(part, tables, p, now), p

    def solve(self, lanes: Lanes, block: slice, out: Mapping[str, Signs], column: int) -> None:
        """Solve one block of lanes into `out` (sign to ``(day, all lanes)``), from a column on."""
        for part, x, p in self.segments(lanes, block):
            if not part.report.size:
                continue
            row = int(part.report[0])
            for process in self.plan.chain.processes:
                for readout in process.readouts:
                    values = readout.equation(x, p[process.name])
                    report(values, part.first_node, part.weights, out[readout.sign], row, column)


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


def _empty(
    chain: Chain, grid: Array, lanes: int, memory: NDArray[np.float32] | None = None
) -> dict[str, Signs]:
    """Room for every sign, shape ``(day, lane)``: the layout in which blocks write fastest."""
    shape = (len(chain.signs), grid.size, lanes)
    if memory is None:
        memory = np.empty(int(np.prod(shape)), dtype=np.float32)
    tables = memory[: int(np.prod(shape))].reshape(shape)
    return dict(zip(chain.signs, tables, strict=True))


def _pieces(start: int, stop: int, size: int) -> Iterator[slice]:
    """Cut a range into pieces of at most `size`."""
    for first in range(start, stop, size):
        yield slice(first, min(first + size, stop))


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
    plan, everyone = Plan(chain, probe), slice(0, probe.count)

    def solved(refinement: float) -> dict[str, Signs]:
        signs = _empty(chain, grid, probe.count)
        parts = segments(session_days, grid, refinement)
        _Workspace(plan, parts, probe.count).solve(probe, everyone, signs, 0)
        return signs

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
    memory: NDArray[np.float32] | None = None,
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
    memory
        Where the signs go, at least sign x day x lane numbers; by default new memory. Who solves
        chunk after chunk spares the machine fresh pages.

    Returns
    -------
    Solution
    """
    refinement, error = choose_refinement(chain, lanes, session_days, grid)
    parts = segments(session_days, grid, refinement)
    signs = _empty(chain, grid, lanes.count, memory)
    for group in _pieces(0, lanes.count, _GROUP):
        members = lanes.take(group)
        workspace = _Workspace(Plan(chain, members), parts, min(_BLOCK, members.count))
        for block in _pieces(0, members.count, _BLOCK):
            workspace.solve(members, block, signs, group.start + block.start)
        if progress is not None:
            progress(group.stop / lanes.count)
    return Solution({sign: values.T for sign, values in signs.items()}, refinement, error)


def trajectories(
    chain: Chain, lanes: Lanes, session_days: Sequence[float], grid: Array, refinement: float = 1.0
) -> list[tuple[Segment, dict[str, Array]]]:
    """Return every state of every lane at the nodes of the steps.

    Parameters
    ----------
    chain, lanes, session_days, grid
        As in `solve`; all lanes are kept, so give few.
    refinement
        How many times shorter than standard the steps are.

    Returns
    -------
    list of (Segment, dict)
        Per session: its steps, and state to values of shape ``(node, lane)``, the first row being
        just after the session.
    """
    parts = segments(session_days, grid, refinement)
    workspace = _Workspace(Plan(chain, lanes, show_all=True), parts, lanes.count)
    return [
        (part, {name: values.copy() for name, values in vars(x).items()})
        for part, x, _ in workspace.segments(lanes, slice(0, lanes.count))
    ]
