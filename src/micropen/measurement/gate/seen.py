"""What the gate keeps of a photograph: small maps and numbers, no full-size pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.measurement.face_view import CLIPPED_CODE
from micropen.measurement.gate.shape import expression
from micropen.optics.colour import individual_typology_angle
from micropen.portrait import Face, Grid, Portrait, Quality
from micropen.portrait.channels import largest_channel

_CLEAR: Final = 0.5
SURFACE: Final = 468
"""Points of the mesh that lie on the face; the rest are the irises."""

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Seen:
    """One photograph as the gate sees it.

    Parameters
    ----------
    face, grid, quality
        Of the portrait.
    linear
        ``(h, w, 3)`` linear sRGB on the grid.
    bare, texture
        ``(h, w)`` masks on the grid.
    labels
        ``(h, w)`` zones on the grid, -1 outside.
    bare_shares
        ``(zone,)`` bare skin over full area; above 1 for high foreheads.
    clipped_shares
        ``(zone,)`` share of the bare skin with a full channel, at full resolution.
    """

    face: Face
    grid: Grid
    quality: Quality
    linear: Array = field(repr=False)
    bare: Array = field(repr=False)
    texture: Array = field(repr=False)
    labels: NDArray[np.int8] = field(repr=False)
    bare_shares: NDArray[np.float64] = field(repr=False)
    clipped_shares: NDArray[np.float64] = field(repr=False)

    @classmethod
    def of(cls, portrait: Portrait) -> Seen:
        """Look at a portrait."""
        return cls(
            portrait.face,
            portrait.grid,
            portrait.quality,
            portrait.grid.reduce(portrait.photo.linear),
            portrait.masks.bare,
            portrait.masks.texture,
            portrait.zones.labels,
            _bare_shares(portrait),
            _clipped_shares(portrait),
        )

    @cached_property
    def expression(self) -> dict[str, float]:
        """Lengths that an expression changes, see `shape.expression`."""
        return expression(self.face)

    @cached_property
    def tone_deg(self) -> float:
        """Typology angle (ITA) of the median bare skin as photographed; NaN where there is none.

        Exposure and white balance are in it: one person's snapshots differ by 40 degrees.
        """
        inside = (self.labels >= 0) & (self.bare > _CLEAR)
        if not inside.any():
            return float("nan")
        return float(individual_typology_angle(np.median(self.linear[inside], axis=0)))

    @property
    def blur_mm(self) -> float:
        """Standard deviation of the point spread on the skin, mm."""
        return self.quality.sharpness_px / self.quality.px_per_mm

    @cached_property
    def zone_light(self) -> NDArray[np.float64]:
        """``(zone,)`` mean linear light of bare skin; NaN where there is none."""
        inside = self.labels >= 0
        index, weight = self.labels[inside], self.texture[inside].astype(np.float64)
        total = np.bincount(index, weight, len(ZONES))
        light = np.bincount(index, weight * self.linear.mean(-1)[inside], len(ZONES))
        return np.asarray(light / np.where(total > 0.0, total, np.nan), np.float64)

    def zone_median(self, values: Array, zone: str, least_cells: int = 30) -> float:
        """Median of a map ``(h, w)`` over a zone's bare skin; NaN where too little is left."""
        inside = (self.labels == ZONES.index(zone)) & (self.bare > _CLEAR)
        return float(np.median(values[inside])) if inside.sum() >= least_cells else float("nan")


def _bare_shares(portrait: Portrait) -> NDArray[np.float64]:
    labels = portrait.zones.labels
    inside = labels >= 0
    bare = np.bincount(labels[inside], portrait.masks.bare[inside], len(ZONES))
    return np.asarray(bare / np.maximum(portrait.zones.full_area, 1.0), np.float64)


def _clipped_shares(portrait: Portrait) -> NDArray[np.float64]:
    height, width = portrait.photo.shape
    marks = portrait.face.landmarks[:SURFACE, :2]
    x0, y0 = np.clip(np.floor(marks.min(0)), 0, (width - 1, height - 1)).astype(int)
    x1, y1 = np.clip(np.ceil(marks.max(0)) + 1, (x0 + 1, y0 + 1), (width, height)).astype(int)
    grid = portrait.zones.labels.shape
    rows = np.arange(y0, y1) * grid[0] // height
    columns = np.arange(x0, x1) * grid[1] // width
    clear = np.where(portrait.masks.texture > _CLEAR, portrait.zones.labels, -1)
    labels = (clear[np.ix_(rows, columns)] + 1).ravel()
    fullest = largest_channel(portrait.photo.eight_bit[y0:y1, x0:x1])
    full = (fullest >= CLIPPED_CODE).ravel()
    total = np.bincount(labels, minlength=len(ZONES) + 1)[1:]
    hit = np.bincount(labels[full], minlength=len(ZONES) + 1)[1:]
    return np.asarray(hit / np.maximum(total, 1), np.float64)
