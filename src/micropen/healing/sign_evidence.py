"""Which numbers each sign rests on, found by asking the equations what they read."""

from __future__ import annotations

from collections.abc import Mapping, Set

from micropen.anatomy import ZONES
from micropen.anatomy.zones import unpaired
from micropen.evidence import load_parameters
from micropen.healing.chain import Chain, default_chain
from micropen.healing.process import Process, Readout, State
from micropen.healing.what_equations_read import what_it_reads


def _own_numbers(process: Process, names: Set[str]) -> set[str]:
    """Dotted names of the parameters of one process among `names`, zone tables included."""
    dotted = {f"healing.{process.name}.{n}" for n in names & set(process.parameters)}
    for table in process.zone_factors:
        if f"zone_{table}" in names:
            dotted |= {f"healing.zone_{table}.{unpaired(zone)}" for zone in ZONES}
    # A zone table worked out from anatomy (area, glands) has no numbers of its own.
    return dotted & set(load_parameters().members)


def _numbers_of_state(process: Process, state: State) -> tuple[Set[str], set[str]]:
    """Upstream states that a state reads, and the numbers of its own equations."""
    made = what_it_reads(state.production, process, state.name)
    jump = what_it_reads(state.impulse, process, state.name)
    numbers = made.parameters | jump.parameters | {state.loss}
    return made.inputs | jump.before, _own_numbers(process, numbers)


def _numbers_of_readout(
    process: Process, readout: Readout, states: Mapping[str, tuple[Set[str], set[str]]]
) -> set[str]:
    reading = what_it_reads(readout.equation, process, readout.sign)
    found, waiting = _own_numbers(process, reading.parameters), set(reading.inputs)
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
