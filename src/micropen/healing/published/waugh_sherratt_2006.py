"""Waugh and Sherratt 2006: macrophages of a full-thickness wound, with TGF-beta calling more.

    K(T) = influx_cubic T^3 + influx_quadratic T^2 + influx_linear T + influx_constant
    I' = a K(T) + mitotic_share growth_rate I (1 - crowding (I + R)) - macrophage_rate I
    R' = (1 - a) K(T) + mitotic_share growth_rate R (1 - crowding (I + R)) - macrophage_rate R
    T' = tgf_beta_release I - tgf_beta_rate T

I inflammatory and R repair macrophages (cells/mm3), T TGF-beta (pg/mm3), a the share of monocytes
that become inflammatory. TGF-beta calls monocytes and inflammatory macrophages release it: a
positive feedback with two fates, healed or inflamed for good.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from micropen.errors import MicropenError
from micropen.evidence import Grade, ParameterSet, load_parameters
from micropen.healing.process import Array, Values
from micropen.healing.published.course import PublishedCourse, check_days, integrate

_ROOM: Final = "published.waugh_sherratt"
_UNITS: Final = MappingProxyType(
    {
        "inflammatory_macrophage": "cells/mm3",
        "repair_macrophage": "cells/mm3",
        "tgf_beta": "pg/mm3",
    }
)
_VERIFIED: Final = (
    "Equations and constants were read in full in the authors' model file (BIOMD0000000680); the "
    "paper itself was not, and 0.5 for normal skin is our choice."
)


def _constants(parameters: ParameterSet) -> Values:
    members = parameters.group(_ROOM)
    return Values(**{p.name.removeprefix(_ROOM + "."): p.value for p in members})


def _slope(p: Values, share: float, y: Array) -> Array:
    inflammatory, repair, tgf = y
    influx = p.influx_constant + tgf * (
        p.influx_linear + tgf * (p.influx_quadratic + tgf * p.influx_cubic)
    )
    growth = p.mitotic_share * p.growth_rate_per_day * (1.0 - p.crowding * (inflammatory + repair))
    return np.array(
        [
            share * influx + (growth - p.macrophage_rate_per_day) * inflammatory,
            (1.0 - share) * influx + (growth - p.macrophage_rate_per_day) * repair,
            p.tgf_beta_release * inflammatory - p.tgf_beta_rate_per_day * tgf,
        ]
    )


def waugh_sherratt(
    days: ArrayLike,
    inflammatory_share: float | None = None,
    *,
    parameters: ParameterSet | None = None,
) -> PublishedCourse:
    """Run the model of Waugh and Sherratt (2006).

    Parameters
    ----------
    days
        Reported days since injury, increasing from 0 or later, shape ``(day,)``.
    inflammatory_share
        Share of monocytes that become inflammatory macrophages, 0 to 1; by default 0.5, normal
        skin. The authors' model file holds 0.8, a wound that stays inflamed.
    parameters
        By default all parameters of the program.

    Returns
    -------
    PublishedCourse
        ``inflammatory_macrophage`` and ``repair_macrophage`` in cells/mm3, ``tgf_beta`` in
        pg/mm3.

    Raises
    ------
    MicropenError
        For days that do not increase or a share outside 0 to 1.

    References
    ----------
    Waugh HV, Sherratt JA (2006). Bull Math Biol 68:197-207; BIOMD0000000680.
    """
    p = _constants(parameters or load_parameters())
    share = float(p.inflammatory_share_normal if inflammatory_share is None else inflammatory_share)
    if not 0.0 <= share <= 1.0:
        raise MicropenError(f"inflammatory_share is {share:g}; it must lie between 0 and 1.")
    asked = check_days(days)
    start = (p.inflammatory_at_start, p.repair_at_start, p.tgf_beta_at_start)
    states = integrate([(0.0, lambda _t, y: _slope(p, share, y))], start, asked)
    return PublishedCourse(
        model="Waugh and Sherratt 2006",
        days=asked,
        curves=MappingProxyType(dict(zip(_UNITS, states, strict=True))),
        units=_UNITS,
        source="waugh2006",
        grade=Grade.A,
        verified=_VERIFIED,
        settings=MappingProxyType({"inflammatory_share": share}),
    )
