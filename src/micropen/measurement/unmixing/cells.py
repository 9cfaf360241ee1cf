"""The pair on cells of skin: what the unmixing works on, at two sizes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.measurement.face_view import Array
from micropen.measurement.pair import Pair

# Highlights of skin relief are resolved by the fine cells; blood and melanin vary over several mm.
FINE_MM: Final = 0.4
COARSE_MM: Final = 1.5
LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722], np.float32)  # of linear sRGB
_DARKEST: Final = 1e-3  # keeps logarithms finite; ten times darker than any skin that is read
_BARE: Final = 1e-4  # weight below which a cell holds no skin


@dataclass(frozen=True, eq=False)
class Cells:
    """Mean colours of usable skin in square cells, before and after.

    Parameters
    ----------
    before, after
        ``(h, w, 3)`` linear sRGB; `_DARKEST` where a cell has no usable skin.
    weight
        ``(h, w)`` in 0-1: usable share of the cell.
    labels
        ``(h, w)`` int8 zone, -1 outside.
    per_mm
        Cells per mm.
    """

    before: Array = field(repr=False)
    after: Array = field(repr=False)
    weight: Array = field(repr=False)
    labels: NDArray[np.int8] = field(repr=False)
    per_mm: float

    @classmethod
    def of(cls, pair: Pair, size_mm: float, usable: Array | None = None) -> Cells:
        """Average a pair over cells of about `size_mm`; `usable` in place of the pair's own."""
        chosen = pair.usable if usable is None else usable
        height, width = pair.labels.shape
        step = max(1.0, size_mm * pair.px_per_mm)
        size = (max(1, round(width / step)), max(1, round(height / step)))
        weight = cv2.resize(chosen, size, interpolation=cv2.INTER_AREA)
        # Three planes alike: numpy's repetition of one takes four times as long.
        each = cv2.merge((chosen, chosen, chosen))

        def mean(picture: Array) -> Array:
            weighed = cv2.multiply(picture, each)
            total = cv2.resize(weighed, size, interpolation=cv2.INTER_AREA)
            bare = np.maximum(weight, _BARE)[..., None]
            return np.asarray(np.maximum(total / bare, _DARKEST), np.float32)

        labels = cv2.resize(
            (pair.labels + 1).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST
        )
        return cls(
            mean(pair.before),
            mean(pair.after),
            np.where(weight > _BARE, weight, 0.0).astype(np.float32),
            labels.astype(np.int8) - np.int8(1),
            pair.px_per_mm * size[0] / width,
        )

    def reduced(self, values: NDArray[np.generic]) -> Array:
        """Average a map of the view ``(H, W)`` over the cells."""
        height, width = self.labels.shape
        plane = np.ascontiguousarray(values, np.float32)
        return np.asarray(cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA))

    def zone_mean(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Weighted mean of ``(h, w[, c])`` over each zone, ``(zone[, c])``; NaN without skin."""
        inside = self.labels >= 0
        index, weight = self.labels[inside], self.weight[inside].astype(np.float64)
        flat = np.asarray(values, np.float64)[inside].reshape(index.size, -1)
        total = np.bincount(index, weight, len(ZONES))
        bare = np.where(total > 0.0, total, np.nan)
        means = np.stack([np.bincount(index, weight * p, len(ZONES)) for p in flat.T], -1)
        return (means / bare[:, None]).reshape(len(ZONES), *values.shape[2:])

    @property
    def zone_area_mm2(self) -> NDArray[np.float64]:
        """``(zone,)`` usable skin, mm²."""
        inside = self.labels >= 0
        total = np.bincount(self.labels[inside], self.weight[inside].astype(np.float64), len(ZONES))
        return total / self.per_mm**2

    def smooth(self, values: Array, sd_mm: float, weight: Array | None = None) -> Array:
        """Gaussian mean of ``(h, w[, c])`` over the usable skin, by way of larger cells.

        A wide Gaussian is taken on a grid of a third of its width: the same within a percent, and
        its cost no longer grows with its width.
        """
        chosen = self.weight if weight is None else weight
        height, width = chosen.shape
        step = max(1.0, sd_mm * self.per_mm / 3.0)
        size = (max(1, round(width / step)), max(1, round(height / step)))
        sd = sd_mm * self.per_mm * size[0] / width
        across = chosen if values.ndim == 2 else chosen[..., None]

        def blurred(plane: Array) -> Array:
            small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
            return np.asarray(cv2.GaussianBlur(small, (0, 0), sd), np.float32)

        total = blurred(chosen) + np.float32(_BARE)
        mean = blurred(np.asarray(values * across, np.float32))
        mean = mean / (total if values.ndim == 2 else total[..., None])
        return np.asarray(cv2.resize(mean, (width, height), interpolation=cv2.INTER_LINEAR))

    def spread(self, values: NDArray[np.floating], fill: float = 0.0) -> Array:
        """Lay one value per zone over the cells, ``(h, w[, ...])``."""
        zones = np.asarray(values, np.float32)
        outside = np.full((1, *zones.shape[1:]), fill, np.float32)
        return np.concatenate([zones, outside])[self.labels]
