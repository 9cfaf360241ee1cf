"""Papules: inflamed bumps that appear, grow and fade where and when the course expects them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.appearance.scattering import Array, Floats, pick_cells
from micropen.evidence import ParameterSet, stream

_LEVEL: Final = 1.0  # papules are made in layers of one expected papule per zone
_MARGIN_MM: Final = 2.5  # a papule must not be cut by the edge of the skin
_STRICT: Final = 0.85


@dataclass(frozen=True, slots=True)
class Papules:
    """Visible papules of one day, arrays of shape ``(n,)``.

    Parameters
    ----------
    x, y
        Places, px of the photograph.
    radius_px
        Radius of the red core.
    amplitude
        How far each is developed, 0-1: it grows from its own birth day and fades to its own end.
    elongation
        Ratio of the axes.
    angle
        Direction of the long axis, radians.
    phase
        Seed of each outline's irregularity, radians.
    zone
        Index of the zone.
    """

    x: Floats
    y: Floats
    radius_px: Floats
    amplitude: Floats
    elongation: Floats
    angle: Floats
    phase: Floats
    zone: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, slots=True)
class PapuleLayer:
    """One expected papule per zone, in grid coordinates and mm."""

    x: Floats
    y: Floats
    zone: NDArray[np.int64]
    level: Floats
    diameter_mm: Floats
    shape: NDArray[np.float64]


def papule_skin(zone_weights: Array, skin: Array, px_per_mm: float) -> Array:
    """Per zone, where its papules may lie: ``(zone, h, w)``."""
    reach = max(1, round(_MARGIN_MM * px_per_mm))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    inner = cv2.erode(skin, kernel) > _STRICT
    # Strictly the zone's own ground, so that a zone's count is seen in that zone.
    own = zone_weights.argmax(0)[None] == np.arange(len(zone_weights))[:, None, None]
    return np.asarray(own * inner, dtype=np.float32)


def make_papule_layer(
    ground: Array, seed: int, layer: int, parameters: ParameterSet
) -> PapuleLayer:
    """Scatter one expected papule per zone.

    Parameters
    ----------
    ground
        From `papule_skin`.
    seed
        Seed of the forecast.
    layer
        Layer number: levels from ``layer`` to ``layer + 1``.
    parameters
        ``appearance.papules.*``.

    Returns
    -------
    PapuleLayer
    """
    random = stream(seed, f"appearance.papules.{layer}")
    counts = random.poisson(_LEVEL, len(ground))
    xs, ys, zones = [], [], []
    for zone, count in enumerate(counts):
        x, y = pick_cells(ground[zone], int(count), random)
        xs.append(x)
        ys.append(y)
        zones.append(np.full(len(x), zone, dtype=np.int64))
    total = sum(len(x) for x in xs)
    smallest = parameters.value("appearance.papules.smallest_mm")
    largest = parameters.value("appearance.papules.largest_mm")
    shape = np.column_stack([
        random.uniform(0.8, 1.25, total),
        random.uniform(0.0, np.pi, total),
        random.uniform(0.0, 2 * np.pi, total),
        random.uniform(0.6, 1.0, total),
    ])  # fmt: skip
    return PapuleLayer(
        x=np.concatenate(xs),
        y=np.concatenate(ys),
        zone=np.concatenate(zones),
        level=_LEVEL * (layer + random.random(total)),
        diameter_mm=random.uniform(smallest, largest, total),
        shape=shape,
    )


def papule_layers_needed(lesions: NDArray[np.floating]) -> int:
    """How many layers hold all papules that a day can show."""
    return int(np.ceil(float(np.max(lesions, initial=0.0)) / _LEVEL))


def visible_papules(
    layers: list[PapuleLayer],
    lesions: NDArray[np.floating],
    px_per_mm: float,
    scale: tuple[float, float],
    parameters: ParameterSet,
) -> Papules:
    """Papules that one day shows.

    Parameters
    ----------
    layers
        At least `papule_layers_needed` of them.
    lesions
        Sign per zone: expected number of visible papules, shape ``(zone,)``.
    px_per_mm
        Of the photograph.
    scale
        Grid cells per px along x and y.
    parameters
        ``appearance.papules.*``.

    Returns
    -------
    Papules
        Their number in a zone is Poisson with the sign as its mean; a papule is born on the day
        on which the sign passes its level, and those born first last longest.
    """
    if not layers:
        none = np.empty(0)
        return Papules(none, none, none, none, none, none, none, np.empty(0, dtype=np.int64))
    zone = np.concatenate([layer.zone for layer in layers])
    level = np.concatenate([layer.level for layer in layers])
    above = np.asarray(lesions, dtype=np.float64)[zone] - level
    shown = above > 0.0
    ramp = parameters.value("appearance.papules.growth")
    shape = np.concatenate([layer.shape for layer in layers])[shown]
    grown = np.clip(above[shown] / ramp, 0.0, 1.0)
    amplitude = (0.35 + 0.65 * grown * (2.0 - grown)) * shape[:, 3]
    diameter = np.concatenate([layer.diameter_mm for layer in layers])[shown]
    return Papules(
        x=(np.concatenate([layer.x for layer in layers])[shown] + 0.5) / scale[0] - 0.5,
        y=(np.concatenate([layer.y for layer in layers])[shown] + 0.5) / scale[1] - 0.5,
        radius_px=0.5 * diameter * px_per_mm * (0.7 + 0.3 * grown),
        amplitude=amplitude,
        elongation=shape[:, 0],
        angle=shape[:, 1],
        phase=shape[:, 2],
        zone=zone[shown],
    )
