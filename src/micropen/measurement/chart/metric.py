"""Least squares in visible difference: how far a colour may move in linear light to differ by one.

CIEDE2000 is a square near a colour, so a fit of linear light that is weighted with it minimises
what is seen, without an iterative search.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.measurement.chart.colour_difference import delta_e_2000
from micropen.measurement.chart.reference import Edition, chart_colours, lab_d50_from_linear

FloatArray = NDArray[np.float64]

# Steps of the derivatives: well below a visible difference, well above rounding.
_LAB_STEP: Final = 0.2
_LINEAR_STEP: Final = 1e-5


@cache
def visible_difference(edition: Edition) -> FloatArray:
    """Return matrices that turn a small error of linear sRGB into visible difference.

    Parameters
    ----------
    edition
        Which make of the chart.

    Returns
    -------
    numpy.ndarray
        ``(24, 3, 3)``: the length of ``matrix @ error`` is the CIEDE2000 of a small error.
    """
    colours = chart_colours(edition)
    lab_per_linear = np.empty((24, 3, 3))
    for channel in range(3):
        step = np.zeros(3)
        step[channel] = _LINEAR_STEP
        high = lab_d50_from_linear(colours.linear + step)
        low = lab_d50_from_linear(colours.linear - step)
        lab_per_linear[:, :, channel] = (high - low) / (2.0 * _LINEAR_STEP)
    root = np.linalg.cholesky(_lab_metric(colours.lab)).transpose(0, 2, 1)
    matrix = np.asarray(root @ lab_per_linear)
    matrix.setflags(write=False)
    return matrix


def _lab_metric(lab: FloatArray) -> FloatArray:
    """Matrices G ``(n, 3, 3)`` with CIEDE2000 squared = d' G d for a small step d of CIELAB."""

    def squared(step: FloatArray) -> FloatArray:
        half = 0.5 * _LAB_STEP * step
        return np.asarray((delta_e_2000(lab - half, lab + half) / _LAB_STEP) ** 2)

    axes = np.eye(3)
    metric = np.empty((len(lab), 3, 3))
    for i in range(3):
        for j in range(3):
            if i == j:
                metric[:, i, i] = squared(axes[i])
            else:
                metric[:, i, j] = 0.25 * (squared(axes[i] + axes[j]) - squared(axes[i] - axes[j]))
    return metric


# Powers of light under which colours are compared: cameras bend light before they encode it.
_POWERS: Final = (1.0, 0.7, 0.5)


def match(colours: FloatArray, edition: Edition, best: int = 20) -> FloatArray:
    """Return how well colours agree with the chart's after the best power and 3 × 3 matrix.

    Parameters
    ----------
    colours
        ``(n, 24, 3)`` linear colours of n placements, patches in the chart's order.
    edition
        Which make of the chart.
    best
        Patches that count: the worst may be hidden or shining.

    Returns
    -------
    numpy.ndarray
        ``(n,)`` mean CIEDE2000 of the `best` patches.
    """
    light = np.maximum(colours, 0.0)
    return np.min([_match(light**power, edition, best) for power in _POWERS], axis=0)


def _match(colours: FloatArray, edition: Edition, best: int) -> FloatArray:
    reference = chart_colours(edition)
    weights = visible_difference(edition)
    scale = np.maximum(colours.mean(axis=(1, 2), keepdims=True), 1e-6)
    scaled = colours / scale
    rows = weights[None, :, :, :, None] * scaled[:, :, None, None, :]
    design = rows.reshape(len(colours), 72, 9)
    target = (weights @ reference.linear[:, :, None]).reshape(72)
    normal = design.transpose(0, 2, 1) @ design
    # A picture of one grey has no second colour to solve for.
    normal += np.eye(9) * 1e-6 * np.trace(normal, axis1=1, axis2=2)[:, None, None]
    matrices = np.linalg.solve(normal, design.transpose(0, 2, 1) @ target[:, None])
    fitted = scaled @ matrices.reshape(-1, 3, 3).transpose(0, 2, 1)
    difference = delta_e_2000(lab_d50_from_linear(fitted), reference.lab)
    return np.asarray(np.sort(difference, axis=1)[:, :best].mean(axis=1))
