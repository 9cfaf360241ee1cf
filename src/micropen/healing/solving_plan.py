"""How a chain is solved for some lanes: which states go together, and with which weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from micropen.healing.chain import Chain
from micropen.healing.process import Array, Production, Values
from micropen.healing.weighted_sums import weights_of
from micropen.healing.what_equations_read import what_it_reads


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
class Run:
    """Neighbouring states that are solved together.

    Parameters
    ----------
    begin, end
        The states, `end` not included.
    production
        Of a state that is solved on its own, with the name of its process; None for weighted sums.
    outside
        States before the run that its sums read.
    """

    begin: int
    end: int
    production: tuple[Production, str] | None
    outside: NDArray[np.int64]


class Plan:
    """How a chain is solved for some lanes.

    A production that is a weighted sum of states (most are) is known by its weights alone, worked
    out once for all lanes, and goes through one compiled sweep with its neighbours; the rest is
    evaluated as an array expression at every node.

    Parameters
    ----------
    chain, lanes
        As given to `solve`.
    show_all
        Whether all states are wanted at the nodes, not only those that an expression reads.
    """

    def __init__(self, chain: Chain, lanes: Lanes, *, show_all: bool = False) -> None:
        self.chain = chain
        self.names = [state.name for _, state in chain.states]
        self.index = {name: i for i, name in enumerate(self.names)}
        terms = self._terms(lanes)
        self.runs = self._runs(terms)
        self.shown = np.full(len(terms), show_all)
        self.shown[self._read_at_nodes(terms)] = True
        self.first = np.cumsum([0, *(len(t or ()) for t in terms)], dtype=np.int64)
        flat = [item for t in terms for item in (t or {}).items()]
        self.sources = np.array([self.index[name] for name, _ in flat], dtype=np.int64)
        self.weights = _table([np.broadcast_to(weight, lanes.count) for _, weight in flat], lanes)
        self.losses = _table([lanes.parameters[p.name][s.loss] for p, s in chain.states], lanes)

    def _terms(self, lanes: Lanes) -> list[dict[str, Array] | None]:
        """Weights of each state's production; None where it is no weighted sum."""
        p = {process: Values(**members) for process, members in lanes.parameters.items()}
        return [
            {}
            if state.production is None
            else weights_of(state.production, self.names[:i], p[process.name])
            for i, (process, state) in enumerate(self.chain.states)
        ]

    def _runs(self, terms: Sequence[Mapping[str, Array] | None]) -> list[Run]:
        alone = {i for i, weights in enumerate(terms) if weights is None}
        edges = sorted({0, len(terms), *alone, *(i + 1 for i in alone)})
        runs = []
        for begin, end in pairwise(edges):
            process, state = self.chain.states[begin]
            own = None
            if begin in alone and state.production is not None:
                own = (state.production, process.name)
            read = {self.index[name] for t in terms[begin:end] for name in t or ()}
            outside = np.array(sorted(i for i in read if i < begin), dtype=np.int64)
            runs.append(Run(begin, end, own, outside))
        return runs

    def _read_at_nodes(self, terms: Sequence[Mapping[str, Array] | None]) -> list[int]:
        """States that a readout, an expression or a later run reads."""
        read: set[str] = set()
        for process in self.chain.processes:
            for readout in process.readouts:
                read |= what_it_reads(readout.equation, process, readout.sign).inputs
        for weights, (process, state) in zip(terms, self.chain.states, strict=True):
            if weights is None:
                read |= what_it_reads(state.production, process, state.name).inputs | {state.name}
        later = {int(i) for run in self.runs for i in run.outside}
        return sorted({self.index[name] for name in read} | later)


def _table(rows: Sequence[Array], lanes: Lanes) -> Array:
    """Stack rows of one value per lane; a table without rows is allowed."""
    return np.array(rows, dtype=np.float64).reshape(len(rows), lanes.count)
