"""Adler et al. 2020: macrophages and myofibroblasts that feed each other, healed or fibrotic.

    F' = F (myofibroblast_growth P / (k + P) (1 - F / K) - myofibroblast_rate)
    M' = injury(t) + M (macrophage_growth C / (k + C) - macrophage_rate)
    C' = csf_by_myofibroblast F - csf_uptake M C / (k + C) - growth_factor_rate C
    P' = pdgf_by_macrophage M + pdgf_by_myofibroblast F - pdgf_uptake F P / (k + P)
         - growth_factor_rate P

F myofibroblasts and M macrophages (cells/ml), C colony-stimulating and P platelet-derived growth
factor (molecules/ml); injury(t) is an influx of macrophages while the injury lasts. A short
injury resolves; a long or repeated one tips the circuit into a state that keeps itself: fibrosis.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from micropen.errors import MicropenError
from micropen.evidence import Grade, ParameterSet, load_parameters
from micropen.healing.process import Array, Values
from micropen.healing.published.course import (
    PublishedCourse,
    RightHandSide,
    check_days,
    integrate,
)
from micropen.units import MINUTES_PER_DAY

_ROOM: Final = "published.adler"
_UNITS: Final = MappingProxyType(
    {
        "myofibroblast": "cells/ml",
        "macrophage": "cells/ml",
        "colony_stimulating_factor": "molecules/ml",
        "platelet_derived_growth_factor": "molecules/ml",
    }
)
_PER_MINUTE: Final = (
    "csf_by_myofibroblast",
    "pdgf_by_macrophage",
    "pdgf_by_myofibroblast",
    "csf_uptake",
    "pdgf_uptake",
)
_VERIFIED: Final = (
    "Equations and constants were read in code that reproduces the paper, not in the paper; the "
    "threshold is our own integration."
)
# Far below one cell or molecule; the states run to 1e6 cells and 1e11 molecules per ml.
_SMALLEST: Final = 1e-6
# By then a circuit has settled: removal takes 1 / 0.3 days.
_SETTLED_DAY: Final = 400.0


def _constants(parameters: ParameterSet) -> Values:
    values = {p.name.removeprefix(_ROOM + "."): p.value for p in parameters.group(_ROOM)}
    for name in _PER_MINUTE:
        values[name] *= MINUTES_PER_DAY
    return Values(**values)


def _slope(p: Values, influx: float, y: Array) -> Array:
    fibroblast, macrophage, csf, pdgf = y
    csf_bound = csf / (p.half_growth_factor + csf)
    pdgf_bound = pdgf / (p.half_growth_factor + pdgf)
    crowding = 1.0 - fibroblast / p.carrying_capacity
    return np.array(
        [
            fibroblast
            * (
                p.myofibroblast_growth_per_day * pdgf_bound * crowding
                - p.myofibroblast_rate_per_day
            ),
            influx
            + macrophage * (p.macrophage_growth_per_day * csf_bound - p.macrophage_rate_per_day),
            p.csf_by_myofibroblast * fibroblast
            - p.csf_uptake * macrophage * csf_bound
            - p.growth_factor_rate_per_day * csf,
            p.pdgf_by_macrophage * macrophage
            + p.pdgf_by_myofibroblast * fibroblast
            - p.pdgf_uptake * fibroblast * pdgf_bound
            - p.growth_factor_rate_per_day * pdgf,
        ]
    )


def _pulses(starts: Sequence[float], pulse_days: float) -> tuple[tuple[float, float], ...]:
    if not (np.isfinite(pulse_days) and pulse_days >= 0.0):
        raise MicropenError(f"pulse_days is {pulse_days:g}; it must be a number from 0 on.")
    begins = tuple(float(start) for start in starts)
    if not begins or begins[0] < 0.0 or any(np.diff(begins) < pulse_days):
        raise MicropenError(
            f"pulse_starts is {begins}; it must be one or more days from 0 on, each at least "
            f"pulse_days ({pulse_days:g}) after the one before."
        )
    return tuple((begin, begin + pulse_days) for begin in begins)


def adler(
    days: ArrayLike,
    pulse_days: float,
    pulse_starts: Sequence[float] = (0.0,),
    *,
    parameters: ParameterSet | None = None,
) -> PublishedCourse:
    """Run the cell circuit of Adler et al. (2020).

    Parameters
    ----------
    days
        Reported days since the first injury, increasing from 0 or later, shape ``(day,)``.
    pulse_days
        How long macrophages flow in at each injury, days.
    pulse_starts
        Day on which each injury begins.
    parameters
        By default all parameters of the program.

    Returns
    -------
    PublishedCourse
        ``myofibroblast`` and ``macrophage`` in cells/ml, ``colony_stimulating_factor`` and
        ``platelet_derived_growth_factor`` in molecules/ml.

    Raises
    ------
    MicropenError
        For days that do not increase, or pulses that are negative or overlap.

    References
    ----------
    Adler M et al. (2020). Principles of cell circuits for tissue repair and fibrosis. iScience;
    constants as coded in public reproductions.
    """
    asked = check_days(days)
    pulses = _pulses(pulse_starts, pulse_days)
    p = _constants(parameters or load_parameters())

    def injured(_t: float, y: Array) -> Array:
        return _slope(p, p.injury_influx, y)

    def left_alone(_t: float, y: Array) -> Array:
        return _slope(p, 0.0, y)

    stretches: list[tuple[float, RightHandSide]] = [(0.0, left_alone)]
    for begin, end in pulses:
        stretches += [(begin, injured), (end, left_alone)]
    start = (p.cells_at_start, p.cells_at_start, 0.0, 0.0)
    states = integrate(stretches, start, asked, smallest=_SMALLEST)
    return PublishedCourse(
        model="Adler et al. 2020",
        days=asked,
        curves=MappingProxyType(dict(zip(_UNITS, states, strict=True))),
        units=_UNITS,
        source="adler2020",
        grade=Grade.D,
        verified=_VERIFIED,
        settings=MappingProxyType({"pulse_days": float(pulse_days), "pulses": float(len(pulses))}),
    )


def _ends_in_fibrosis(pulse_days: float, starts: Sequence[float], parameters: ParameterSet) -> bool:
    """Whether the circuit keeps itself alive: over a thousandth of its capacity, long after."""
    end = starts[-1] + pulse_days + _SETTLED_DAY
    course = adler([end], pulse_days, starts, parameters=parameters)
    capacity = parameters.value(f"{_ROOM}.carrying_capacity")
    return bool(course["myofibroblast"][-1] > 1e-3 * capacity)


def adler_threshold_days(
    interval_days: float | None = None,
    pulses: int = 1,
    *,
    parameters: ParameterSet | None = None,
    within_days: float = 0.01,
) -> float:
    """Return the shortest injury that ends in fibrosis.

    Parameters
    ----------
    interval_days
        From one injury to the next; only needed for more than one.
    pulses
        Number of equal injuries.
    parameters
        By default all parameters of the program.
    within_days
        How closely it is bracketed.

    Returns
    -------
    float
        Length of each injury, days: the middle of the last bracket. The interval itself where
        even injuries that join up do not end in fibrosis.

    Raises
    ------
    MicropenError
        If several pulses have no interval.
    """
    members = parameters or load_parameters()
    if pulses > 1 and not (interval_days and interval_days > 0.0):
        raise MicropenError(f"{pulses} injuries need interval_days above 0, not {interval_days}.")
    gap = interval_days or 0.0
    starts = [gap * number for number in range(pulses)]
    low, high = 0.0, 10.0 if pulses == 1 else min(10.0, gap)
    if not _ends_in_fibrosis(high, starts, members):
        return high
    while high - low > within_days:
        middle = 0.5 * (low + high)
        if _ends_in_fibrosis(middle, starts, members):
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)
