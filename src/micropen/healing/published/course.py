"""What a published model answers, and the integrator that all of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp

from micropen.errors import MicropenError, unknown_name
from micropen.evidence import Grade, source
from micropen.healing.process import Array

RightHandSide = Callable[[float, Array], Array]

_RTOL: Final = 1e-9
# A tenth of a millisecond: in less than this nothing moves, and the solver finds no first step.
_SHORTEST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class PublishedCourse:
    """Curves of a published model over time.

    Parameters
    ----------
    model
        Authors and year.
    days
        Days since injury, shape ``(day,)``.
    curves
        Name to values of shape ``(day,)``, in `units`.
    units
        Name to unit.
    source
        Key in the bibliography.
    grade
        Evidence grade of what was read.
    verified
        What was read and checked, and what was not, in one sentence.
    settings
        Choices of this run by name, with their unit in the name.
    """

    model: str
    days: Array
    curves: Mapping[str, Array]
    units: Mapping[str, str]
    source: str
    grade: Grade
    verified: str
    settings: Mapping[str, float]

    def __getitem__(self, name: str) -> Array:
        try:
            return self.curves[name]
        except KeyError:
            raise unknown_name(f"curve of {self.model}", name, self.curves) from None

    def __str__(self) -> str:
        curves = ", ".join(f"{name} ({self.units[name]})" for name in self.curves)
        chosen = ", ".join(f"{name} {value:g}" for name, value in self.settings.items())
        return (
            f"{self.model}{f' with {chosen}' if chosen else ''}: {curves}; "
            f"day {self.days[0]:g} to {self.days[-1]:g}; grade {self.grade.value}. "
            f"{self.verified} {self.citation}"
        )

    @property
    def citation(self) -> str:
        """The source in one line."""
        return source(self.source).citation

    def of_peak(self, name: str) -> Array:
        """One curve as a share of its own largest value in this run, shape ``(day,)``."""
        values = self[name]
        largest = float(values.max())
        if largest <= 0.0:
            raise MicropenError(
                f"The curve {name!r} of {self.model} is never above zero in this run, so it has "
                "no peak to compare with; choose a longer run or a larger injury."
            )
        return np.asarray(values / largest)


def check_days(days: ArrayLike) -> Array:
    """Return the asked days as an increasing array from 0 or later.

    Raises
    ------
    MicropenError
        If they are not finite, not increasing, negative or none.
    """
    asked = np.atleast_1d(np.asarray(days, dtype=np.float64))
    if asked.ndim != 1 or not asked.size or not np.isfinite(asked).all() or asked[0] < 0.0:
        raise MicropenError("Days must be one or more finite numbers from 0 on, in one row.")
    if (np.diff(asked) <= 0.0).any():
        raise MicropenError("Days must increase; sort them and leave out repeats.")
    return asked


def integrate(
    stretches: Sequence[tuple[float, RightHandSide]],
    start: Sequence[float],
    days: Array,
    *,
    smallest: float = 1e-12,
) -> Array:
    """Integrate a model from day 0 with LSODA, restarting where its drive jumps.

    Parameters
    ----------
    stretches
        From which day on which slope per day, ``slope(t, y)``, holds; the first from day 0.
    start
        State on day 0.
    days
        Reported days, increasing, shape ``(day,)``.
    smallest
        Absolute tolerance, in the unit of the states; what falls below zero by less is zero.

    Returns
    -------
    numpy.ndarray
        Shape ``(state, day)``.

    Raises
    ------
    MicropenError
        If the solver gives up.
    """
    horizon = float(days[-1])
    y = np.asarray(start, dtype=np.float64)
    states = np.empty((y.size, days.size))
    states[:, days == 0.0] = y[:, None]
    ends = [*(begin for begin, _ in stretches[1:]), horizon]
    for (begin, slope), end in zip(stretches, ends, strict=True):
        last = min(end, horizon)
        rows = np.flatnonzero((days > begin) & (days <= last))
        if last - begin < _SHORTEST:
            states[:, rows] = y[:, None]
            continue
        times = np.unique(np.append(days[rows], last))
        run = solve_ivp(slope, (begin, last), y, "LSODA", t_eval=times, rtol=_RTOL, atol=smallest)
        if not run.success:
            raise MicropenError(f"The published model could not be integrated: {run.message}")
        states[:, rows] = run.y[:, : rows.size]
        y = run.y[:, -1]
    return np.maximum(states, 0.0)
