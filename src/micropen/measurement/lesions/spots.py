"""Round spots of any size in a map: where its scale-matched contrast is largest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.measurement.face_view import Array

# Two spots closer than this share of the larger diameter are one.
_ONE_SPOT: Final = 0.7


@dataclass(frozen=True, slots=True)
class Spot:
    """One local maximum over place and size.

    Parameters
    ----------
    x, y
        Column and row on the grid.
    diameter_px
        Size of largest score, px of the grid.
    contrast, score
        Contrast at that size, and in standard deviations.
    """

    x: int
    y: int
    diameter_px: float
    contrast: float
    score: float


def find_spots(
    contrasts: Array,
    scores: Array,
    diameters_px: NDArray[np.float64],
    least_score: float,
    least_distance_px: float,
) -> list[Spot]:
    """Find local maxima of a stack of scores, best first, each spot once.

    Parameters
    ----------
    contrasts, scores
        ``(size, h, w)``; a score of -inf marks places that cannot hold a spot.
    diameters_px
        ``(size,)`` px of the grid.
    least_score
        Below it a maximum is left out.
    least_distance_px
        Between the centres of two spots, px.
    """
    best = scores.max(0)
    ridge = cv2.dilate(best, np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero((best >= ridge) & (best >= least_score))
    order = np.argsort(-best[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    sizes = scores[:, rows, columns].argmax(0)
    diameters = np.asarray(diameters_px)[sizes]
    free = np.ones(len(rows), np.bool_)
    kept: list[Spot] = []
    for k, (y, x, size) in enumerate(zip(rows.tolist(), columns.tolist(), sizes, strict=True)):
        if not free[k]:
            continue
        contrast, score = float(contrasts[size, y, x]), float(best[y, x])
        kept.append(Spot(x, y, float(diameters[k]), contrast, score))
        reach = np.maximum(_ONE_SPOT * np.maximum(diameters, diameters[k]), least_distance_px)
        free &= np.hypot(rows - y, columns - x) > reach
    return kept
