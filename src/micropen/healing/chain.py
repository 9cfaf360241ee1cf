"""The chain of processes, checked once: order, names, parameters, one readout per sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from micropen.errors import MicropenError
from micropen.healing.process import Process, State
from micropen.healing.processes import PROCESSES
from micropen.signs import SIGNS


@dataclass(frozen=True, slots=True)
class Chain:
    """Processes in the order in which they are solved.

    Parameters
    ----------
    processes
        Each may read the states of those before it and its own earlier states.
    """

    processes: tuple[Process, ...]

    @property
    def states(self) -> tuple[tuple[Process, State], ...]:
        """Every state with its process, in solving order."""
        return tuple((process, state) for process in self.processes for state in process.states)

    @property
    def signs(self) -> tuple[str, ...]:
        """Signs that the chain gives, in the order of its processes."""
        return tuple(r.sign for process in self.processes for r in process.readouts)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Dotted names of all parameters that the processes read (zone tables apart)."""
        return tuple(
            f"healing.{process.name}.{name}"
            for process in self.processes
            for name in process.parameters
        )

    @property
    def zone_factors(self) -> tuple[str, ...]:
        """Names of the zone tables that are read."""
        return tuple(dict.fromkeys(f for p in self.processes for f in p.zone_factors))


def _only_once(kind: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise MicropenError(f"The {kind} {name!r} is defined by two processes; rename one.")
        seen.add(name)


def _known_losses(processes: Iterable[Process]) -> Mapping[str, str]:
    return {
        state.name: state.loss
        for process in processes
        for state in process.states
        if state.loss not in process.parameters
    }


def build_chain(processes: tuple[Process, ...]) -> Chain:
    """Check processes and put them into a chain.

    Parameters
    ----------
    processes
        In solving order.

    Raises
    ------
    MicropenError
        For a name used twice, a sign that does not exist or a loss rate that is no parameter of
        its process.
    """
    chain = Chain(processes)
    _only_once("process", (process.name for process in processes))
    _only_once("state", (state.name for _, state in chain.states))
    _only_once("readout of the sign", chain.signs)
    for sign in chain.signs:
        if sign not in SIGNS:
            raise MicropenError(f"A process gives the sign {sign!r}, which micropen.signs lacks.")
    for name, loss in _known_losses(processes).items():
        raise MicropenError(f"The loss rate {loss!r} of state {name!r} is no parameter of it.")
    return chain


@cache
def default_chain() -> Chain:
    """Return the chain of all processes of the program."""
    return build_chain(PROCESSES)
