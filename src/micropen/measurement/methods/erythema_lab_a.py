"""Redness as colorimeters have it: CIELAB a* of the skin as it looks, shine included."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import load_parameters
from micropen.measurement.method import Method, Reading
from micropen.measurement.pair import Pair
from micropen.measurement.unmixing import unmix
from micropen.measurement.unmixing.directions import LN_10
from micropen.measurement.unmixing.readings import readings
from micropen.optics import lab

FloatArray = NDArray[np.float64]

_STEP: Final = 1e-3  # of ln RGB, for the slope of a*


def read_lab_a(pair: Pair) -> Reading:
    """Read CIELAB a* of every zone and its change.

    Parameters
    ----------
    pair
        Two photographs, aligned, light taken out.

    Returns
    -------
    Reading
        a* (D65) of the zone's mean linear colour. For comparison with instruments: it mixes blood,
        pigment and shine, and fades several times in dark skin.
    """
    unmixed = unmix(pair)
    cells = unmixed.cells
    before, after = cells.zone_mean(cells.before), cells.zone_mean(cells.after)
    value = lab(after)[:, 1]
    slope = _slope(after)
    errors = {
        name: LN_10 * np.sqrt(np.maximum(np.einsum("zi,zij,zj->z", slope, c, slope), 0.0))
        for name, c in unmixed.covariances.items()
        if name != "surface"  # shine is part of this number
    }
    still = np.sqrt(np.sum([e**2 for e in errors.values()], axis=0))
    balance = load_parameters().value("portrait.anchor.white_balance_sd")
    unknown = balance * np.hypot(slope[:, 0], slope[:, 2])
    change_map = lab(cells.after)[..., 1] - lab(cells.before)[..., 1]
    return readings(
        value - lab(before)[:, 1],
        still,
        errors,
        unmixed.refusals.skin,
        value=value,
        value_sd=np.hypot(still, unknown),
        overlay=unmixed.overlay(np.asarray(change_map, np.float32)),
    )


def _slope(rgb: FloatArray) -> FloatArray:
    """Change of a* per unit of ln R, ln G, ln B, ``(zone, 3)``."""
    steps = np.exp(_STEP * np.eye(3))
    up, down = lab(rgb[:, None] * steps), lab(rgb[:, None] / steps)
    return np.asarray((up - down)[..., 1] / (2.0 * _STEP))


LAB_A = Method(
    name="lab_a",
    sign="lab_a",
    unit="a*",
    label="redness (CIELAB a*)",
    summary=(
        "CIELAB a* (D65) of the zone's mean linear colour with light and camera taken out, shine "
        "included. For comparison with instruments; not comparable between skin tones."
    ),
    better="lower",
    sources=("micropen-findings",),
    parameters=("portrait.anchor.white_balance_sd",),
    main=False,
    read=read_lab_a,
)
