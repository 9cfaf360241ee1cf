"""The published colours of the 24-patch chart, and the way between D50 and linear sRGB."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.optics.colour import rgb_to_xyz_matrix

FloatArray = NDArray[np.float64]

ROWS: Final = 4
COLUMNS: Final = 6

# The patches that should come out without colour, white first.
NEUTRAL: Final = tuple(range(18, 24))

# Whites of D50 and D65 (CIE 15, 2 degree observer, Y = 1) and the Bradford cone matrix (Lam 1985,
# as ICC.1 prints it): the published colours stand under D50, sRGB under D65.
_D50: Final = np.array([0.96422, 1.0, 0.82521])
_BRADFORD: Final = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
# CIE 15: CIELAB switches from the cube root to a straight line below (6/29)^3.
_LAB_EDGE: Final = 6.0 / 29.0


class Edition(StrEnum):
    """Which make of the chart: its pigments were changed once."""

    AFTER_2014 = "after November 2014"
    BEFORE_2014 = "before November 2014"


_FILES: Final = {
    Edition.AFTER_2014: "classic_after_2014.csv",
    Edition.BEFORE_2014: "classic_before_2014.csv",
}


@dataclass(frozen=True, eq=False)
class ChartColours:
    """Published colours of one edition.

    Parameters
    ----------
    edition
        Which make.
    names
        24 patch names, row by row from the dark skin patch.
    lab
        ``(24, 3)`` CIELAB under D50.
    linear
        ``(24, 3)`` linear sRGB, 1 = a perfect white; cyan's red lies below 0 (outside sRGB).
    """

    edition: Edition
    names: tuple[str, ...]
    lab: FloatArray
    linear: FloatArray


@cache
def chart_colours(edition: Edition) -> ChartColours:
    """Read the published colours of one edition.

    Parameters
    ----------
    edition
        Which make of the chart.

    Returns
    -------
    ChartColours
        Source: X-Rite, as told in ``measurement/chart/data``.
    """
    file = files("micropen.measurement.chart") / "data" / _FILES[edition]
    lines = [
        line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    rows = list(csv.reader(lines))[1:]
    lab = np.array([[float(cell) for cell in row[1:]] for row in rows])
    lab.setflags(write=False)
    linear = linear_from_lab_d50(lab)
    linear.setflags(write=False)
    return ChartColours(edition, tuple(row[0] for row in rows), lab, linear)


@cache
def _rgb_to_d50() -> FloatArray:
    """Linear sRGB to XYZ as D50 shows it, ``(3, 3)``."""
    to_xyz = rgb_to_xyz_matrix()
    white = _BRADFORD @ to_xyz.sum(axis=1)
    adapted: FloatArray = np.linalg.solve(
        _BRADFORD, np.diag(_BRADFORD @ _D50 / white) @ _BRADFORD @ to_xyz
    )
    return adapted


def lab_d50_from_linear(linear: ArrayLike) -> FloatArray:
    """Convert linear sRGB to CIELAB under D50 (Bradford adaptation).

    Parameters
    ----------
    linear
        Shape ``(..., 3)``, 1 = a perfect white; may leave 0-1.

    Returns
    -------
    numpy.ndarray
        Shape ``(..., 3)``: L*, a*, b*.
    """
    ratio = np.asarray(linear, dtype=np.float64) @ _rgb_to_d50().T / _D50
    line = ratio / (3.0 * _LAB_EDGE**2) + 4.0 / 29.0
    x, y, z = np.moveaxis(np.where(ratio > _LAB_EDGE**3, np.cbrt(ratio), line), -1, 0)
    return np.stack([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)], axis=-1)


def linear_from_lab_d50(lab: ArrayLike) -> FloatArray:
    """Convert CIELAB under D50 to linear sRGB: the inverse of `lab_d50_from_linear`."""
    lightness, a_star, b_star = np.moveaxis(np.asarray(lab, dtype=np.float64), -1, 0)
    y = (lightness + 16.0) / 116.0
    curve = np.stack([y + a_star / 500.0, y, y - b_star / 200.0], axis=-1)
    line = 3.0 * _LAB_EDGE**2 * (curve - 4.0 / 29.0)
    xyz = np.where(curve > _LAB_EDGE, curve**3, line) * _D50
    return np.asarray(xyz @ np.linalg.inv(_rgb_to_d50()).T)
