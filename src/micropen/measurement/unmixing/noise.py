"""Errors of a zone's mean change of optical density, by where they come from."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array
from micropen.measurement.pair import Pair
from micropen.measurement.unmixing.cells import Cells
from micropen.measurement.unmixing.directions import LN_10
from micropen.measurement.unmixing.solve import of_densities

FloatArray = NDArray[np.float64]

# Skin over which grain, and over which errors of place, go the same way: what of them averages out.
_GRAIN_MM2: Final = 9.0
_MISPLACED_MM2: Final = 150.0
_EVERY_MM: Final = 3.0


def density_errors(
    pair: Pair,
    cells: Cells,
    density: Array,
    veil: FloatArray,
    gloss_sd: FloatArray,
    melanin_density: FloatArray,
    parameters: ParameterSet,
) -> dict[str, FloatArray]:
    """Covariances ``(zone, 3, 3)`` of the zones' mean optical densities.

    Parameters
    ----------
    pair, cells
        The pair and its coarse cells.
    density
        ``(h, w, 3)`` change of optical density.
    veil
        ``(zone, 3)``: surface reflection over the light from inside.
    gloss_sd
        ``(zone,)`` error of the relative change of surface reflection.
    melanin_density
        ``(3,)`` optical density (log10) per unit of ln(melanin).
    parameters
        ``measurement.unmixing.*``.

    Returns
    -------
    dict
        ``"noise"``, ``"alignment"``, ``"light"``, ``"surface"``, ``"pose"``; under another light
        also ``"untreated skin"``, from which that light was read: sun may have tanned it.
    """
    turned = turned_mm(pair)
    shading = turned * parameters.value("measurement.unmixing.shading_pose_sd_per_mm")
    moved = turned * parameters.value("measurement.unmixing.highlight_pose_sd_per_mm")
    mirrored = np.nan_to_num(veil[:, :, None] * veil[:, None, :])
    area = np.maximum(cells.zone_area_mm2, 1.0)
    grey = parameters.value("measurement.unmixing.shading_repeat_sd")
    single = parameters.value("measurement.unmixing.channel_repeat_sd")
    repeat = of_densities(grey**2 * np.ones((3, 3)) + single**2 * np.eye(3))
    grain = _products(cells, _grain(density)) * (_GRAIN_MM2 / area)[:, None, None]
    errors = {
        "noise": np.nan_to_num(grain) + repeat,
        "alignment": np.nan_to_num(
            _alignment(pair, cells) * (_MISPLACED_MM2 / area)[:, None, None]
        ),
        "light": of_densities(np.nan_to_num(pair.light.covariance)),
        "surface": of_densities(gloss_sd[:, None, None] ** 2 * mirrored),
        "pose": of_densities(shading**2 * np.ones((3, 3)) + moved**2 * mirrored),
    }
    if not pair.light.controlled:
        tan = melanin_density * parameters.value("measurement.unmixing.reference_melanin_sd")
        errors["untreated skin"] = np.broadcast_to(np.outer(tan, tan), (len(area), 3, 3))
    return errors


def turned_mm(pair: Pair) -> float:
    """Root mean square of the displacement that shift, turn in the picture and size leave, mm.

    A face that turns to the side or nods moves its nose against its cheeks; one that only moves
    in the picture does not.
    """
    step = max(1, round(_EVERY_MM * pair.px_per_mm))
    place = pair.alignment.place[::step, ::step]
    seen = (pair.labels[::step, ::step] >= 0) & (pair.usable[::step, ::step] > 0.5)
    if seen.sum() < 8:
        return 0.0
    rows, columns = np.nonzero(seen)
    here = (columns + 1j * rows) * step
    there = place[seen][:, 0].astype(np.float64) + 1j * place[seen][:, 1]
    basis = np.stack([np.ones_like(here), here], 1)
    left = there - basis @ np.linalg.lstsq(basis, there, rcond=None)[0]
    return float(np.sqrt(np.mean(np.abs(left) ** 2)) / pair.later.px_per_mm)


def _grain(density: Array) -> Array:
    """Difference of neighbouring cells over √2: what does not vary smoothly, ``(h, w, 3)``."""
    out = np.zeros_like(density)
    out[:, 1:] = (density[:, 1:] - density[:, :-1]) / np.float32(np.sqrt(2.0))
    return np.clip(out, -0.1, 0.1)


def _products(cells: Cells, values: Array) -> FloatArray:
    """Mean products of channels ``(zone, 3, 3)``."""
    pairs = values[..., :, None] * values[..., None, :]
    flat = cells.zone_mean(pairs.reshape(*values.shape[:2], 9))
    return flat.reshape(len(ZONES), 3, 3)


def _alignment(pair: Pair, cells: Cells) -> FloatArray:
    """Gradient of ln colour times the error of place, as products of channels."""
    logs = np.log(cells.before) / np.float32(LN_10)
    error = np.array([pair.alignment.zone_error_mm.get(zone, 0.0) for zone in ZONES])
    scale = cells.spread(np.nan_to_num(error)) * np.float32(cells.per_mm)
    total = np.zeros((len(ZONES), 3, 3))
    for axis in (0, 1):
        slope = np.clip(np.gradient(logs, axis=axis), -0.1, 0.1) * scale[..., None]
        total += _products(cells, np.asarray(slope, np.float32))
    return total
