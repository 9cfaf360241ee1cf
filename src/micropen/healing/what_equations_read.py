"""Ask an equation what it reads, by running it once on values that remember being asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from micropen.errors import MicropenError
from micropen.healing.process import Process, Values


class Recorder(Values):
    """Answers any name with one, and remembers which names were asked for."""

    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self, "asked", set())
        object.__setattr__(self, "asked_before", set())

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_") or name in {"asked", "asked_before"}:
            return object.__getattribute__(self, name)
        if name == "before":  # states as the session found them
            earlier = Recorder()
            object.__setattr__(earlier, "asked", self.asked_before)
            return earlier
        self.asked.add(name)
        return np.ones(1)


@dataclass(frozen=True, slots=True)
class Reading:
    """Names that one equation reads.

    Parameters
    ----------
    inputs
        Of its first argument: states, or quantities of the wound.
    before
        States as the session found them (``w.before.<state>``).
    parameters
        Of its second argument.
    """

    inputs: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()


def what_it_reads(
    equation: Callable[[Values, Values], Any] | None, process: Process, subject: str
) -> Reading:
    """Return what an equation reads.

    Parameters
    ----------
    equation
        Production, impulse or readout; None reads nothing.
    process, subject
        Whose equation it is, for the message.

    Raises
    ------
    MicropenError
        If the equation cannot be worked out at all.
    """
    if equation is None:
        return Reading()
    first, second = Recorder(), Recorder()
    try:
        equation(first, second)
    except Exception as error:
        raise MicropenError(
            f"The equation of {subject} in process {process.name!r} fails on plain numbers: "
            f"{type(error).__name__}: {error}."
        ) from error
    return Reading(frozenset(first.asked), frozenset(first.asked_before), frozenset(second.asked))
