"""Pinpoint bleeding: points along the needle's rows, red when fresh, dark crusts later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.appearance.noise import band_noise
from micropen.appearance.scattering import Array, Floats, pick_cells, sample_map
from micropen.evidence import ParameterSet, stream
from micropen.units import MM2_PER_CM2

_LEVEL_CM2: Final = 10.0  # points are made in layers of this many per cm²
_MOST_CM2: Final = 300.0
_ROW: Final = (4, 9)  # pins of one row
_DIRECTIONS: Final = (0.15, 1.2, 2.3)  # radians: the three directions of passes
_STRICT: Final = 0.55
_MM: Final = (4.0, 25.0)


@dataclass(frozen=True, slots=True)
class Pinpoints:
    """Visible blood points and crusts of one day.

    Parameters
    ----------
    x, y
        Places, px of the photograph (centres are integers), shape ``(n,)``.
    radius_px
        Radii.
    strength
        Thickness of the blood film, 1 = typical.
    crust
        Share that has dried to a dark crust, 0-1; one number for the day.
    """

    x: Floats
    y: Floats
    radius_px: Floats
    strength: Floats
    crust: float

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, slots=True)
class PinpointLayer:
    """Points of one layer of levels, in grid coordinates and mm."""

    x: Floats
    y: Floats
    level_cm2: Floats
    diameter_mm: Floats
    strength: Floats


def patchiness(skin: Array, px_per_mm: float, seed: int, parameters: ParameterSet) -> Array:
    """Where points gather: a map of mean 1 over skin, zero off it."""
    random = stream(seed, "appearance.pinpoints.patches")
    shape = (int(skin.shape[0]), int(skin.shape[1]))
    contrast = parameters.value("appearance.pinpoints.patch_contrast")
    noise = band_noise(shape, px_per_mm, _MM, 1.3, random)
    density = np.exp(contrast * noise) * skin * (skin > _STRICT)
    total = float(density.sum())
    area = float((skin * (skin > _STRICT)).sum())
    return np.asarray(density * (area / total if total > 0 else 0.0), dtype=np.float32)


def make_layer(
    patches: Array, px_per_mm: float, seed: int, layer: int, parameters: ParameterSet
) -> PinpointLayer:
    """Scatter the points of one layer of levels over the face.

    Parameters
    ----------
    patches
        From `patchiness`.
    px_per_mm
        Of the working grid.
    seed
        Seed of the forecast.
    layer
        Layer number: levels from ``10 layer`` to ``10 (layer + 1)`` per cm².
    parameters
        ``appearance.pinpoints.*``.

    Returns
    -------
    PinpointLayer
        With an expected number of 10 per cm² of skin.
    """
    random = stream(seed, f"appearance.pinpoints.{layer}")
    expected = _LEVEL_CM2 * float(patches.sum()) / (px_per_mm**2 * MM2_PER_CM2)
    alone = parameters.value("appearance.pinpoints.single_share")
    x, y = pick_cells(patches, int(random.poisson(alone * expected)), random)
    row_x, row_y = _rows(patches, px_per_mm, (1.0 - alone) * expected, random, parameters)
    x, y = np.concatenate([x, row_x]), np.concatenate([y, row_y])
    count = len(x)
    diameter = parameters["appearance.pinpoints.diameter_mm"]
    size = diameter.value * np.exp(diameter.between_person_sd * random.standard_normal(count))
    strong = random.random(count) < parameters.value("appearance.pinpoints.strong_share")
    strength = np.where(strong, random.uniform(1.2, 2.0, count), random.uniform(0.45, 1.0, count))
    level = _LEVEL_CM2 * (layer + random.random(count))
    return PinpointLayer(x, y, level, np.clip(size, 0.16, 0.55), strength)


def _rows(
    patches: Array,
    px_per_mm: float,
    expected: float,
    random: np.random.Generator,
    parameters: ParameterSet,
) -> tuple[Floats, Floats]:
    """Rows of pins of which some bleed; about `expected` points in all."""
    bleeding = parameters.value("appearance.pinpoints.row_bleeding")
    pitch = parameters.value("appearance.pinpoints.row_pitch_mm")
    per_row = 0.5 * (_ROW[0] + _ROW[1]) * bleeding
    x, y = pick_cells(patches, int(random.poisson(expected / per_row)), random)
    rows = len(x)
    angle = random.choice(np.array(_DIRECTIONS), rows) + 0.08 * random.standard_normal(rows)
    step = pitch * px_per_mm * random.uniform(0.83, 1.17, rows)
    pin = np.arange(_ROW[1])[None, :] - 0.5 * (_ROW[1] - 1)
    there = pin < random.integers(_ROW[0], _ROW[1] + 1, rows)[:, None] - 0.5 * (_ROW[1] - 1)
    there &= random.random(there.shape) < bleeding
    wander = 0.12 * px_per_mm * random.standard_normal((2, *there.shape))
    all_x = x[:, None] + pin * (step * np.cos(angle))[:, None] + wander[0]
    all_y = y[:, None] + pin * (step * np.sin(angle))[:, None] + wander[1]
    on_skin = there & (sample_map(patches, all_x, all_y) > 0.0)
    return all_x[on_skin], all_y[on_skin]


def layers_needed(density_cm2: NDArray[np.floating]) -> int:
    """How many layers hold all points that a day can show."""
    most = min(float(np.max(density_cm2, initial=0.0)), _MOST_CM2)
    return int(np.ceil(most / _LEVEL_CM2))


def visible_pinpoints(
    layers: list[PinpointLayer],
    density_cm2: NDArray[np.floating],
    zone_weights: Array,
    crust: float,
    px_per_mm: float,
    scale: tuple[float, float],
) -> Pinpoints:
    """Points that one day shows.

    Parameters
    ----------
    layers
        At least `layers_needed` of them.
    density_cm2
        Sign per zone, points per cm², shape ``(zone,)``.
    zone_weights
        ``(zone, h, w)``.
    crust
        Share dried, 0-1.
    px_per_mm
        Of the photograph.
    scale
        Grid cells per px along x and y.

    Returns
    -------
    Pinpoints
        In px of the photograph; their mean number per cm² is the sign.
    """
    if not layers:
        nothing = np.empty(0)
        return Pinpoints(nothing, nothing, nothing, nothing, crust)
    asked = np.tensordot(np.asarray(density_cm2, np.float32), zone_weights, axes=1)
    x = np.concatenate([layer.x for layer in layers])
    y = np.concatenate([layer.y for layer in layers])
    level = np.concatenate([layer.level_cm2 for layer in layers])
    shown = level < sample_map(asked, x, y)
    diameter = np.concatenate([layer.diameter_mm for layer in layers])[shown]
    strength = np.concatenate([layer.strength for layer in layers])[shown]
    return Pinpoints(
        x=(x[shown] + 0.5) / scale[0] - 0.5,
        y=(y[shown] + 0.5) / scale[1] - 0.5,
        radius_px=0.5 * diameter * px_per_mm,
        strength=strength,
        crust=crust,
    )
