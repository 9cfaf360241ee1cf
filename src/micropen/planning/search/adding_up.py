"""Which states a sign is read from: these add up over sessions, the sign itself need not.

A sign that has a ceiling, or that rises and falls, is no sum of what single sessions do to it. The
states that its equation reads nearly are. They are therefore reported as they stand, summed over
sessions, and the process's own equation makes the sign of the sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from micropen.errors import unknown_name
from micropen.healing.chain import Chain, default_chain
from micropen.healing.process import Process, Readout, Values
from micropen.healing.what_equations_read import what_it_reads

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Made:
    """How a sign is made of states.

    Parameters
    ----------
    sign
        Its name.
    process
        Whose parameters its equation reads.
    states
        That its equation reads.
    equation
        ``equation(x, p)`` of states and parameters.
    """

    sign: str
    process: str
    states: tuple[str, ...]
    equation: Callable[[Values, Values], Array]


@cache
def made_of(signs: tuple[str, ...]) -> tuple[Made, ...]:
    """Return how each sign of the program's chain is made of states, in the given order.

    Raises
    ------
    UnknownNameError
        For a sign that the chain does not give.
    """
    known = {
        readout.sign: (process, readout)
        for process in default_chain().processes
        for readout in process.readouts
    }
    found = []
    for sign in signs:
        if sign not in known:
            raise unknown_name("sign", sign, known)
        process, readout = known[sign]
        states = tuple(sorted(what_it_reads(readout.equation, process, sign).inputs))
        found.append(Made(sign, process.name, states, readout.equation))
    return tuple(found)


def reporting(states: Iterable[str]) -> Chain:
    """Return the program's chain with some states reported beside its signs, by their names."""
    wanted = set(states)
    return Chain(tuple(_reporting(process, wanted) for process in default_chain().processes))


def _reporting(process: Process, wanted: set[str]) -> Process:
    own = tuple(_as_it_is(state.name) for state in process.states if state.name in wanted)
    return replace(process, readouts=(*process.readouts, *own))


def _as_it_is(state: str) -> Readout:
    # A copy: a readout must not hand out the engine's own memory.
    return Readout(state, lambda x, _p: 1.0 * getattr(x, state))
