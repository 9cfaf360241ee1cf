"""How a process of healing states itself: its states, what drives them, and the signs it gives.

A process is data. Its equations are ordinary functions of named values that work alike on
numbers and on arrays; the engine runs them on whole blocks of time and people, the reference
solver runs the very same functions as the right-hand side of a differential equation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Values(SimpleNamespace):
    """Named arrays (or numbers) that an equation reads as attributes."""

    def __getattr__(self, name: str) -> Array:
        """Answer for a name that is not there: say which are."""
        known = ", ".join(sorted(vars(self))) or "none"
        raise AttributeError(
            f"{name!r} is not available to this equation; available here: {known}. "
            "An equation may read any state that does not in turn read its own."
        )


Production = Callable[[Values, Values], Array]
Impulse = Callable[[Values, Values], Array]
Equation = Callable[[Values, Values], Array]
Adjustment = Callable[[Values, Values], Mapping[str, Array]]
DoseResponse = Literal["rises", "peak rises", "free"]


@dataclass(frozen=True, slots=True)
class State:
    """One state: ``d state/dt = production - loss * state``, plus a jump at each session.

    Parameters
    ----------
    name
        Unique over all processes.
    meaning
        What it stands for, in the field's words.
    loss
        Name of the process parameter that is the loss rate, per day.
    production
        ``production(x, p)`` per day, of upstream states ``x`` and parameters ``p`` only: a state
        never reads itself, so each is linear in itself and the chain is solved in order.
    impulse
        ``impulse(w, p)``: what a session with wound ``w`` adds at once; ``w.before.<state>`` is
        any state as the session found it.
    """

    name: str
    meaning: str
    loss: str
    production: Production | None = None
    impulse: Impulse | None = None


@dataclass(frozen=True, slots=True)
class Readout:
    """A sign as a function of states: ``equation(x, p)``, zero when nothing was done.

    Parameters
    ----------
    sign
        Of `micropen.signs`.
    equation
        ``equation(x, p)`` of states ``x`` and parameters ``p``.
    with_dose
        What a larger session does to the sign, all else equal: ``"rises"`` at every moment,
        ``"peak rises"`` if only its peak must, ``"free"`` if it may do either. Tests hold every
        process to it.
    lasting
        Share of its peak that a typical course may still have a year after one session. A sign
        with less than 0.05 left is back at rest.
    """

    sign: str
    equation: Equation
    with_dose: DoseResponse = "rises"
    lasting: float = 0.05


@dataclass(frozen=True, slots=True)
class Process:
    """One process of healing.

    Parameters
    ----------
    name
        Also the group of its parameters: ``healing.<name>.<parameter>``.
    summary
        One line for the list of processes.
    parameters
        Parameters that its equations and adjustment read as ``p.<parameter>``.
    states
        In the order in which they are solved.
    readouts
        Signs that this process gives.
    zone_factors
        Names of the zone tables it reads: ``p.zone_<name>`` is ``healing.zone_<name>.<zone>``.
    zone_spread
        Parameters that also differ a little between the zones of one person.
    adjust
        ``adjust(p, who)`` returns the parameters that depend on the person (covariates).
    """

    name: str
    summary: str
    parameters: tuple[str, ...]
    states: tuple[State, ...]
    readouts: tuple[Readout, ...] = ()
    zone_factors: tuple[str, ...] = ()
    zone_spread: tuple[str, ...] = ()
    adjust: Adjustment | None = field(default=None)


def emax(signal: Array, half: Array) -> Array:
    """Saturating response ``signal / (half + signal)``, between 0 and 1."""
    return signal / (half + signal)


def sigmoid_emax(signal: Array, half: Array) -> Array:
    """Steep saturating response (Hill exponent 4): almost nothing below `half`."""
    ratio = signal * (1.0 / half)
    square = ratio * ratio
    fourth = square * square
    return fourth / (1.0 + fourth)


def approach(drive: Array, largest: Array) -> Array:
    """Response that starts as `drive` and approaches `largest`: ``largest (1 - exp(-d/l))``."""
    # In place where it can be: this stands in many equations, and memory is what it waits for.
    response = np.exp(drive * (-1.0 / largest))
    response -= 1.0
    response *= -largest
    return response


def as_share(values: Array) -> Array:
    """Clip drawn values to what a share can be, 0 to 1."""
    return np.clip(values, 0.0, 1.0)
