"""The baseline and one later photograph, laid over each other: what every method reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.measurement.alignment import Alignment
from micropen.measurement.face_view import Array, FaceView
from micropen.measurement.light import LightChange


@dataclass(frozen=True, eq=False)
class Pair:
    """Two photographs of one face, aligned and with light and camera taken out.

    Parameters
    ----------
    baseline, later
        The two views, colours as corrected by a chart where there was one.
    alignment
        From the baseline to the later view.
    light
        What light and camera changed.
    after
        ``(h, w, 3)`` float32 linear sRGB: the later photograph on the baseline's view, divided by
        the gain of light and camera.
    usable
        ``(h, w)`` float32 in 0-1: bare skin that both photographs show, neither clipped nor black.
    ita_deg
        Individual typology angle of the person: stated, else read from the baseline, degrees.
    """

    baseline: FaceView
    later: FaceView
    alignment: Alignment
    light: LightChange
    after: Array = field(repr=False)
    usable: Array = field(repr=False)
    ita_deg: float

    @property
    def before(self) -> Array:
        """``(h, w, 3)`` float32 linear sRGB of the baseline's view."""
        return self.baseline.linear

    @property
    def labels(self) -> NDArray[np.int8]:
        """``(h, w)`` int8 zones of the baseline's view, -1 outside."""
        return self.baseline.labels

    @property
    def px_per_mm(self) -> float:
        """Pixels per mm of skin."""
        return self.baseline.px_per_mm

    @cached_property
    def zone_weight(self) -> Array:
        """``(zone,)`` px of usable skin in each zone."""
        inside = self.labels >= 0
        return np.bincount(
            self.labels[inside], self.usable[inside].astype(np.float64), len(ZONES)
        ).astype(np.float32)

    def zone_mean(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Mean of a map ``(h, w[, c])`` over the usable skin of each zone, ``(zone[, c])``.

        NaN where a zone has no usable skin.
        """
        inside = self.labels >= 0
        index, weight = self.labels[inside], self.usable[inside].astype(np.float64)
        flat = np.asarray(values, np.float64)[inside]
        total = np.bincount(index, weight, len(ZONES))
        planes = flat[:, None] if flat.ndim == 1 else flat
        sums = np.stack([np.bincount(index, weight * p, len(ZONES)) for p in planes.T], -1)
        bare = np.where(total > 0.0, total, np.nan)
        means = sums / bare[:, None]
        return means[:, 0] if flat.ndim == 1 else means
