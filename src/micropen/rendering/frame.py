"""One frame: a portrait and the appearance of one day, to a picture like the photograph."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from micropen.appearance import Appearance
from micropen.evidence import ParameterSet
from micropen.portrait import Portrait
from micropen.rendering import kernel
from micropen.rendering.colour import blood_tint, colour_gain, track_strength
from micropen.rendering.papules import paint_papules
from micropen.rendering.pinpoints import paint_pinpoints
from micropen.rendering.planes import Planes, planes_of
from micropen.rendering.swelling import swell

Array = NDArray[np.float32]


def render_frame(
    portrait: Portrait, appearance: Appearance, parameters: ParameterSet | None = None
) -> NDArray[Any]:
    """Render one day.

    Parameters
    ----------
    portrait
        The face.
    appearance
        What that day shows.
    parameters
        ``rendering.*``; defaults to the program's own.

    Returns
    -------
    numpy.ndarray
        Encoded sRGB of the photograph's own shape and type. Pixels outside
        ``portrait.masks.support`` are the photograph's, bit for bit; all are where nothing
        changes.
    """
    out = portrait.photo.encoded.copy()
    if appearance.nothing_changes:
        return out
    planes = planes_of(portrait, appearance.seed, parameters)
    _paint_skin(planes, appearance, out[planes.window])
    paint_papules(
        out,
        portrait.masks.support,
        appearance.papules,
        portrait.geometry.light,
        portrait.sharpness_px,
        planes.transfer,
        planes.parameters,
    )
    paint_pinpoints(
        out,
        portrait.masks.support,
        appearance.pinpoints,
        portrait.sharpness_px,
        planes.transfer,
        planes.parameters,
    )
    if appearance.swelling_mm.any():
        swell(out, portrait, appearance.swelling_mm)
    return out


def slow_maps(planes: Planes, appearance: Appearance) -> Array:
    """Slow maps of the kernel on the working grid.

    Parameters
    ----------
    planes
        Of the face.
    appearance
        The day.

    Returns
    -------
    numpy.ndarray
        ``(7, h, w)`` float32 in the kernel's order; neutral where nothing changes.
    """
    maps = np.empty((kernel.MAPS, *appearance.added_blood.shape), np.float32)
    maps[: kernel.TRACK] = colour_gain(planes.baseline, appearance)
    if appearance.plumpness.any():
        maps[: kernel.TRACK] *= np.exp(-appearance.plumpness * planes.hollows)
    maps[kernel.TRACK] = track_strength(planes.baseline, appearance)
    maps[kernel.GLOSS] = appearance.gloss_factor
    maps[kernel.SHEEN] = appearance.sheen
    maps[kernel.RELIEF] = _relief_strength(planes, appearance.relief_reduction)
    return maps


def _relief_strength(planes: Planes, reduction: Array) -> Array:
    """Kernel strength for an asked reduction: the photograph's own curve, read off in steps."""
    if not reduction.any():
        return reduction
    low, high = float(reduction.min()), float(reduction.max())
    asked = np.linspace(min(low, 0.0), max(high, 0.0), 33)
    strength = [planes.relief_band.strength(float(value)) for value in asked]
    return np.interp(reduction, asked, strength).astype(np.float32)


def _paint_skin(planes: Planes, appearance: Appearance, out: NDArray[Any]) -> None:
    """Run the fused kernel over the window."""
    maps = np.pad(slow_maps(planes, appearance), ((0, 0), (1, 1), (1, 1)), mode="edge")
    coverage = np.pad(appearance.scale_coverage, 1, mode="edge")
    active = kernel.active_cells(maps, coverage)
    if not active.any():
        return
    flakes = planes.flakes.planes(appearance.scale_coverage) if coverage.any() else None
    kernel.paint(
        planes.pixels,
        (planes.surface, planes.relief, planes.tracks, planes.support),
        flakes,
        planes.tables,
        (planes.transfer.decode, planes.transfer.encode),
        maps,
        active,
        planes.sampling,
        blood_tint(planes.baseline, appearance),
        planes.flake_look,
        out,
    )
