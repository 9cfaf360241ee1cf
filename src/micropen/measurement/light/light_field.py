"""Fit what lamp and camera changed, by Bayesian regression on squares of skin.

Per square, ln(later / before) = camera + slow field of the lamp's colour + shading (any) + the
skin's own change (blood, melanin, shine; small where untreated) + noise. Everything is linear and
Gaussian, so that the posterior says how surely the light is known; untreated squares count
robustly, because a collar or a lock of hair may be among them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet
from micropen.measurement.light.cells import Cells
from micropen.measurement.light.directions import Directions

Floats = NDArray[np.float64]

_SHADING_SD: Final = 1.0  # of ln light in one square: wide enough to say nothing
_ROUNDS: Final = 8  # of reweighting; the weights settle in five
_FREEDOM: Final = 4.0  # of Student's t for untreated squares: outliers fade, none is cut off
_SKIN: Final = 3  # blood, melanin, shine


@dataclass(frozen=True, eq=False)
class LightField:
    """Posterior of the light's change.

    Parameters
    ----------
    colour
        ``(mode, 3)``: ln gain per unit of each mode, without grey.
    covariance
        ``(2 mode, 2 mode)`` of the amounts of `axes` per mode.
    axes
        ``(2, 3)``: colour temperature and tint.
    """

    colour: Floats
    covariance: Floats = field(repr=False)
    axes: Floats

    def at(self, modes: Floats) -> tuple[Floats, Floats]:
        """Gain (ln) ``(3,)`` and its covariance ``(3, 3)`` where the modes have these values."""
        step = np.kron(modes[:, None], self.axes)
        return modes @ self.colour, step.T @ self.covariance @ step


def fit_light_field(
    cells: Cells, toward: Directions, treated: NDArray[np.bool_], parameters: ParameterSet
) -> LightField:
    """Fit the field.

    Parameters
    ----------
    cells
        Squares of both photographs.
    toward
        How skin and lamps move ln(rgb).
    treated
        ``(zone,)``: which zones may have changed much.
    parameters
        Supplies ``measurement.light.*``.
    """
    axes = np.stack([toward.temperature, toward.tint])
    design = _design(cells, toward, axes)
    prior = np.diag(_prior_sd(cells.modes.shape[1], treated, parameters) ** -2.0)
    precision = _precision(cells, toward, parameters)
    trust = np.ones(len(cells.kind))
    for _ in range(_ROUNDS):
        weighted = np.einsum("n,nij,nja->nia", trust, precision, design)
        flat = design.reshape(-1, design.shape[-1])
        normal = flat.T @ weighted.reshape(flat.shape) + prior
        right = np.einsum("nia,ni->a", weighted, cells.change)
        estimate = np.linalg.solve(normal, right)
        residual = cells.change - design @ estimate
        distance = np.einsum("ni,nij,nj->n", residual, precision, residual)
        trust = np.where(cells.reference, (_FREEDOM + 2.0) / (_FREEDOM + distance), 1.0)
    amounts = 2 * cells.modes.shape[1]
    return LightField(
        estimate[:amounts].reshape(-1, 2) @ axes,
        np.linalg.inv(normal)[:amounts, :amounts],
        axes,
    )


def _design(cells: Cells, toward: Directions, axes: Floats) -> Floats:
    """``(n, 3, unknown)``: light per mode, skin per zone, blood of all zones, untreated skin."""
    count, modes = cells.modes.shape
    zones = len(ZONES)
    out = np.zeros((count, 3, 2 * modes + _SKIN * zones + 3))
    light = np.einsum("nm,dc->ncmd", cells.modes, axes)
    out[:, :, : 2 * modes] = light.reshape(count, 3, -1)
    shine = surface_direction(cells.before)
    rows = np.flatnonzero(~cells.reference)
    first = 2 * modes + _SKIN * cells.kind[rows]
    out[rows, :, first] = toward.blood
    out[rows, :, first + 1] = toward.melanin
    out[rows, :, first + 2] = shine[rows]
    out[rows, :, -3] = toward.blood
    out[cells.reference, :, -2] = toward.blood
    out[cells.reference, :, -1] = toward.melanin
    return out


def _prior_sd(modes: int, treated: NDArray[np.bool_], parameters: ParameterSet) -> Floats:
    def sd(name: str) -> float:
        return parameters.value(f"measurement.light.{name}_sd")

    blood = np.where(treated, sd("treated_blood"), sd("untreated_blood"))
    shared = sd("treated_blood") if treated.all() else sd("untreated_blood")
    skin = np.stack(
        [blood, np.full(len(ZONES), sd("melanin")), np.full(len(ZONES), sd("shine"))], -1
    )
    camera = [sd("camera_temperature"), sd("camera_tint")]
    field_sd = [sd("field_temperature"), sd("field_tint")] * (modes - 1)
    untreated = [shared, sd("reference_blood"), sd("reference_melanin")]
    return np.array([*camera, *field_sd, *skin.ravel(), *untreated])


def _precision(cells: Cells, toward: Directions, parameters: ParameterSet) -> Floats:
    """Inverse covariance ``(n, 3, 3)`` of what is left in one square.

    Neighbouring squares err alike over the reach of a highlight: each counts for less.
    """

    def variance(name: str) -> Floats:
        treated = parameters.value(f"measurement.light.cell_{name}_sd")
        untreated = parameters.value(f"measurement.light.reference_cell_{name}_sd")
        return np.where(cells.reference, untreated, treated) ** 2

    shine = surface_direction(cells.before)
    grey = _SHADING_SD**2 * np.ones((3, 3))
    noise = parameters.value("measurement.light.cell_noise_sd") ** 2 * np.eye(3)
    covariance = (
        (grey + noise)[None]
        + variance("shine")[:, None, None] * np.einsum("ni,nj->nij", shine, shine)
        + variance("blood")[:, None, None] * np.outer(toward.blood, toward.blood)
        + variance("melanin")[:, None, None] * np.outer(toward.melanin, toward.melanin)
    )
    alike = max(1.0, cells_per_patch(parameters))
    # Far from the face the light is another one.
    reach = parameters.value("measurement.light.reference_reach_mm")
    near = 1.0 / (1.0 + (cells.from_face / reach) ** 2)
    return np.linalg.inv(covariance) * (np.minimum(cells.fill, 1.0) * near / alike)[:, None, None]


def cells_per_patch(parameters: ParameterSet) -> float:
    """Squares in a patch over which moved highlights and shading err alike."""
    patch = parameters.value("measurement.light.patch_mm")
    return float((patch / parameters.value("measurement.light.cell_mm")) ** 2)


def surface_direction(colour: Floats) -> Floats:
    """How white shine moves ln(rgb) of a colour ``(..., 3)``, mean 1 over the channels."""
    inverse = 1.0 / np.maximum(colour, 1e-4)
    return np.asarray(inverse / inverse.mean(-1, keepdims=True))
