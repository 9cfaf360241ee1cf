"""How surely the light is known in each zone."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet
from micropen.measurement.light.cells import Cells
from micropen.measurement.light.directions import GREY, Directions
from micropen.measurement.light.light_field import LightField, cells_per_patch, surface_direction

Floats = NDArray[np.float64]

_LEAST_CELLS: Final = 4  # fewer squares show no scatter of their own
_LEAST_SHARE: Final = 0.1  # shine beside blood: below it the one cannot be told from the other


def zone_covariance(
    cells: Cells, light: LightField | None, toward: Directions, parameters: ParameterSet
) -> Floats:
    """Covariance of each zone's mean ln gain.

    The posterior of the light's field, plus what no smooth field can follow: highlights and
    shadows that moved. Those show as scatter of the zone's squares, across the direction of blood
    so that new redness does not count; squares within a patch err alike, so that the mean of a
    zone errs by scatter / sqrt(patches).

    Parameters
    ----------
    cells
        Squares of both photographs.
    light
        The fitted field; None where lamp and camera were the same.
    toward
        Directions of skin and lamps.
    parameters
        Supplies ``measurement.light.*``.

    Returns
    -------
    numpy.ndarray
        ``(zone, 3, 3)``.
    """
    common = _common(light, toward, parameters)
    out = np.empty((len(ZONES), 3, 3))
    everywhere = ~cells.reference
    for zone in range(len(ZONES)):
        own = cells.kind == zone
        scatter_from = own if int(own.sum()) >= _LEAST_CELLS else everywhere
        count = max(1.0, float(cells.fill[own].sum()))
        patches = max(1.0, count / cells_per_patch(parameters))
        grain, local = _local(cells, scatter_from, light, toward, parameters)
        out[zone] = common + local / patches + grain / count * np.eye(3)
        if light is not None and own.any():
            modes = np.average(cells.modes[own], axis=0, weights=cells.fill[own])
            out[zone] += light.at(modes)[1]
        elif light is not None:
            out[zone] += light.at(np.eye(len(light.colour))[0])[1]
    return out


def _common(light: LightField | None, toward: Directions, parameters: ParameterSet) -> Floats:
    """What every zone may err by besides the field."""

    def sd(name: str) -> float:
        return parameters.value(f"measurement.light.{name}_sd")

    grey = 3.0 * np.outer(GREY, GREY)
    if light is None:
        return sd("same_exposure") ** 2 * grey + sd("same_colour") ** 2 * np.eye(3)
    return (
        sd("shading") ** 2 * grey
        + sd("misfit_temperature") ** 2 * np.outer(toward.temperature, toward.temperature)
        + sd("misfit_tint") ** 2 * np.outer(toward.tint, toward.tint)
    )


def _local(
    cells: Cells,
    chosen: NDArray[np.bool_],
    light: LightField | None,
    toward: Directions,
    parameters: ParameterSet,
) -> tuple[float, Floats]:
    """Variance of noise of one square, and covariance of one patch ``(3, 3)``.

    The patch errs by moved highlights, mixed lamps and shading. Scatter up to the usual noise is
    taken for noise, which differs from square to square.
    """
    usual = parameters.value("measurement.light.cell_noise_sd") ** 2
    if int(chosen.sum()) < 2:
        return usual, np.zeros((3, 3))
    left = cells.change[chosen] if light is None else (
        cells.change[chosen] - cells.modes[chosen] @ light.colour
    )  # fmt: skip
    weight = cells.fill[chosen]
    shine = surface_direction(np.average(cells.before[chosen], axis=0, weights=weight))
    across = toward.beside_blood
    scatter = _variance(left @ across, weight)
    noise = min(usual, scatter)
    scatter -= noise
    # Under one lamp only highlights move; where lamps changed, part of it is their mixed colours.
    share = 1.0 if light is None else parameters.value("measurement.light.scatter_shine_share")
    moved = share * scatter / max(abs(float(across @ shine)), _LEAST_SHARE) ** 2
    mixed = (1.0 - share) * scatter / float(across @ toward.temperature) ** 2
    shading = _variance(left.mean(-1), weight)
    return noise, (
        moved * np.outer(shine, shine)
        + mixed * np.outer(toward.temperature, toward.temperature)
        + shading * 3.0 * np.outer(GREY, GREY)
    )


def _variance(values: Floats, weight: Floats) -> float:
    middle = np.average(values, weights=weight)
    return float(np.average((values - middle) ** 2, weights=weight))
