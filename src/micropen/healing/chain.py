"""The chain of processes: put into solving order by what the equations read, and checked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from micropen.errors import MicropenError, unknown_name
from micropen.healing.process import Process, State
from micropen.healing.processes import PROCESSES
from micropen.healing.what_equations_read import Reading, what_it_reads
from micropen.signs import SIGNS

ProcessState = tuple[Process, State]


@dataclass(frozen=True)
class Chain:
    """Processes of healing, in any order; their states are solved in the order they need.

    Parameters
    ----------
    processes
        Any may read the states of any other, as long as no state feeds back on itself.
    """

    processes: tuple[Process, ...]

    @cached_property
    def states(self) -> tuple[ProcessState, ...]:
        """Every state with its process, in solving order: each stands after those it reads.

        Raises
        ------
        MicropenError
            For a state that nobody defines, or states that read each other in a circle.
        """
        return _solving_order(self.processes)

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

    def giving(self, signs: Iterable[str]) -> Chain:
        """Return the part of the chain that some of its signs need, and nothing else.

        Parameters
        ----------
        signs
            Of this chain.

        Raises
        ------
        UnknownNameError
            For a sign that the chain does not give.
        """
        wanted = set(signs)
        for sign in sorted(wanted - set(self.signs)):
            raise unknown_name("sign", sign, self.signs)
        needed = _needed_states(self, wanted)
        parts = (
            replace(
                process,
                states=tuple(s for s in process.states if s.name in needed),
                readouts=tuple(r for r in process.readouts if r.sign in wanted),
            )
            for process in self.processes
        )
        return Chain(tuple(part for part in parts if part.states or part.readouts))


def _readings(process: Process, state: State) -> tuple[Reading, Reading]:
    """What the production and the impulse of a state read."""
    return (
        what_it_reads(state.production, process, f"state {state.name!r}"),
        what_it_reads(state.impulse, process, f"state {state.name!r}"),
    )


def _needed_states(chain: Chain, signs: set[str]) -> set[str]:
    owners = {state.name: (process, state) for process, state in chain.states}
    waiting = {
        name
        for process in chain.processes
        for readout in process.readouts
        if readout.sign in signs
        for name in what_it_reads(readout.equation, process, readout.sign).inputs
    }
    needed: set[str] = set()
    while waiting:
        name = waiting.pop()
        needed.add(name)
        production, impulse = _readings(*owners[name])
        waiting |= (production.inputs | impulse.before) - needed
    return needed


def _check_known(
    process: Process, subject: str, read: Iterable[str], states: Iterable[str]
) -> None:
    for name in sorted(set(read) - set(states)):
        raise MicropenError(
            f"{subject} of process {process.name!r} reads the state {name!r}, which no process "
            f"defines. {unknown_name('state', name, states)}"
        )


def _solving_order(processes: Sequence[Process]) -> tuple[ProcessState, ...]:
    owners: dict[str, ProcessState] = {s.name: (p, s) for p in processes for s in p.states}
    upstream: dict[str, list[str]] = {}
    for name, (process, state) in owners.items():
        production, impulse = _readings(process, state)
        _check_known(process, f"State {name!r}", production.inputs | impulse.before, owners)
        # In the stated order, so that equal chains are solved in equal order.
        upstream[name] = [other for other in owners if other in production.inputs]
    for process in processes:
        for readout in process.readouts:
            read = what_it_reads(readout.equation, process, f"sign {readout.sign!r}").inputs
            _check_known(process, f"The sign {readout.sign!r}", read, owners)
    return tuple(owners[name] for name in _sorted(upstream, owners))


def _sorted(upstream: Mapping[str, Sequence[str]], owners: Mapping[str, ProcessState]) -> list[str]:
    """Names in the stated order, but each after all that it reads."""
    order: dict[str, None] = {}
    path: list[str] = []

    def place(name: str) -> None:
        if name in order:
            return
        if name in path:
            circle = [*path[path.index(name) :], name]
            named = " <- ".join(f"{n} ({owners[n][0].name})" for n in circle)
            raise MicropenError(
                f"States read each other in a circle: {named}. The chain is strictly feed-forward; "
                "let one of them read an earlier state."
            )
        path.append(name)
        for other in upstream[name]:
            place(other)
        path.pop()
        order[name] = None

    for name in upstream:
        place(name)
    return list(order)


def _only_once(kind: str, owned: Iterable[tuple[str, Process]]) -> None:
    seen: dict[str, Process] = {}
    for name, process in owned:
        if name in seen:
            raise MicropenError(
                f"The {kind} {name!r} is defined by two processes, {seen[name].name!r} and "
                f"{process.name!r}; rename one."
            )
        seen[name] = process


def _check_losses(process: Process) -> None:
    for state in process.states:
        if state.loss not in process.parameters:
            raise MicropenError(
                f"The loss rate {state.loss!r} of state {state.name!r} is no parameter of process "
                f"{process.name!r}; add it to the process's parameters."
            )


def build_chain(processes: tuple[Process, ...]) -> Chain:
    """Check processes and put them into a chain.

    Parameters
    ----------
    processes
        In any order.

    Raises
    ------
    MicropenError
        For a name used twice, a sign that does not exist, a loss rate that is no parameter of its
        process, a state that no process defines, or states that read each other in a circle.
    """
    chain = Chain(processes)
    _only_once("process", ((process.name, process) for process in processes))
    _only_once("state", ((s.name, process) for process in processes for s in process.states))
    _only_once("readout of the sign", ((r.sign, p) for p in processes for r in p.readouts))
    for process in processes:
        for readout in process.readouts:
            if readout.sign not in SIGNS:
                raise MicropenError(
                    f"The process {process.name!r} gives the sign {readout.sign!r}, which "
                    "micropen.signs lacks; add it there."
                )
        _check_losses(process)
    _ = chain.states  # sorts, and refuses what cannot be sorted
    return chain


@cache
def default_chain() -> Chain:
    """Return the chain of all processes of the program."""
    return build_chain(PROCESSES)
