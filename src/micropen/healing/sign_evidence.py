"""Which numbers each sign rests on, found by asking the equations what they read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from micropen.anatomy import ZONES
from micropen.anatomy.zones import unpaired
from micropen.evidence import load_parameters
from micropen.healing.chain import Chain, default_chain
from micropen.healing.process import Process, Readout, State, Values


class _Recorder(Values):
    """Answers any name with one, and remembers which names were asked for."""

    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self, "asked", set())
        object.__setattr__(self, "asked_before", set())

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_") or name in {"asked", "asked_before"}:
            return object.__getattribute__(self, name)
        if name == "before":  # states as the session found them
            earlier = _Recorder()
            object.__setattr__(earlier, "asked", self.asked_before)
            return earlier
        self.asked.add(name)
        return np.ones(1)


def _read(
    equation: Callable[[Values, Values], Any] | None, before: bool = False
) -> tuple[set[str], set[str]]:
    """Names that an equation reads: of its first argument (or of ``before``), and parameters."""
    if equation is None:
        return set(), set()
    first, second = _Recorder(), _Recorder()
    equation(first, second)
    return (first.asked_before if before else first.asked), second.asked


def _own_numbers(process: Process, names: set[str]) -> set[str]:
    """Dotted names of the parameters of one process among `names`, zone tables included."""
    dotted = {f"healing.{process.name}.{n}" for n in names & set(process.parameters)}
    for table in process.zone_factors:
        if f"zone_{table}" in names:
            dotted |= {f"healing.zone_{table}.{unpaired(zone)}" for zone in ZONES}
    # A zone table worked out from anatomy (area, glands) has no numbers of its own.
    return dotted & set(load_parameters().members)


def _numbers_of_state(process: Process, state: State) -> tuple[set[str], set[str]]:
    """Upstream states that a state reads, and the numbers of its own equations."""
    upstream, produced = _read(state.production)
    found_by_session, jumped = _read(state.impulse, before=True)
    return upstream | found_by_session, _own_numbers(process, produced | jumped | {state.loss})


def _numbers_of_readout(
    process: Process, readout: Readout, states: Mapping[str, tuple[set[str], set[str]]]
) -> set[str]:
    waiting, numbers = _read(readout.equation)
    found = _own_numbers(process, numbers)
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in states:
            continue
        seen.add(name)
        upstream, own = states[name]
        found |= own
        waiting |= upstream
    return found


def sign_parameters(chain: Chain | None = None) -> dict[str, tuple[str, ...]]:
    """Return, for each sign, the names of the healing parameters that it rests on.

    Parameters
    ----------
    chain
        The processes; by default all of the program.

    Returns
    -------
    dict
        Sign to dotted parameter names, sorted; states upstream are followed to their sources.
        What a session does (``punctures.*``, ``anatomy.*``) lies under every sign and is left out.
    """
    chain = chain or default_chain()
    states = {state.name: _numbers_of_state(process, state) for process, state in chain.states}
    return {
        readout.sign: tuple(sorted(_numbers_of_readout(process, readout, states)))
        for process in chain.processes
        for readout in process.readouts
    }
