"""Squares of one colour in a picture: what a chart's patches look like before it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Codes = NDArray[np.uint8]

# A patch is flat where the codes of its 3 x 3 neighbourhood differ by less than one of these
# levels: the low ones separate dark patches from a dark frame, the high ones bear noise.
_LEVELS: Final = (5, 9, 16, 28, 48)
# Smallest side of a square, px: below, five samples across a patch no longer fit.
_LEAST_SIDE: Final = 6.0
# Shape: share of the bounding rectangle filled, sides' ratio (a chart turned by 60 degrees shows
# 1 : 2), share of the hull filled (noise leaves holes).
_LEAST_RECTANGLE: Final = 0.78
_MOST_ASPECT: Final = 2.2
_LEAST_SOLID: Final = 0.72
# Largest side as a share of the picture's shorter side.
_MOST_SHARE: Final = 0.22


@dataclass(frozen=True, eq=False)
class Squares:
    """Flat, roughly square places.

    Parameters
    ----------
    centres
        ``(n, 2)`` column and row, px.
    sides
        ``(n,)`` square root of the area, px.
    """

    centres: FloatArray
    sides: FloatArray


def flat_squares(codes: Codes) -> Squares:
    """Find flat, roughly square places.

    Parameters
    ----------
    codes
        ``(h, w, 3)`` uint8.

    Returns
    -------
    Squares
        Each place once, whatever the number of levels that show it.
    """
    smooth = cv2.GaussianBlur(codes, (3, 3), 0)
    kernel = np.ones((3, 3), np.uint8)
    steepness = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, kernel).max(axis=2)
    most = _MOST_SHARE * min(codes.shape[:2])
    found = [_at_level(steepness, level, most) for level in _LEVELS]
    return _without_doubles(np.concatenate(found))


def _at_level(steepness: Codes, level: int, most: float) -> FloatArray:
    """Rows of column, row, side, quality."""
    flat = (steepness < level).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(flat, connectivity=4)
    left, top, width, height, area = stats.T
    shorter, longer = np.minimum(width, height), np.maximum(width, height)
    keep = (shorter >= _LEAST_SIDE - 2) & (longer <= 1.5 * most)
    keep &= (longer <= 2.5 * shorter) & (area >= 0.3 * width * height)
    keep[0] = False
    rows = []
    for label in np.flatnonzero(keep):
        x, y = int(left[label]), int(top[label])
        patch = labels[y : y + height[label], x : x + width[label]] == label
        square = _square(patch.astype(np.uint8), float(area[label]))
        if square is not None:
            rows.append((square[0] + x, square[1] + y, square[2], square[3]))
    return np.array(rows, np.float64).reshape(-1, 4)


def _square(mask: Codes, area: float) -> tuple[float, float, float, float] | None:
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.convexHull(contours[0])
    # Contours run through pixel centres: half a pixel is missing all round.
    perimeter = cv2.arcLength(hull, True)
    inside = cv2.contourArea(hull) + 0.5 * perimeter + 1.0
    _, (first, second), _ = cv2.minAreaRect(hull)
    first, second = first + 1.0, second + 1.0
    rectangle, solid = inside / (first * second), area / inside
    if max(first, second) > _MOST_ASPECT * min(first, second) or min(first, second) < _LEAST_SIDE:
        return None
    if rectangle < _LEAST_RECTANGLE or solid < _LEAST_SOLID:
        return None
    moments = cv2.moments(hull)
    if moments["m00"] <= 0.0:
        return None
    # The gradient took about one pixel off each side.
    side = float(np.sqrt(inside)) + 2.0
    return moments["m10"] / moments["m00"], moments["m01"] / moments["m00"], side, rectangle * solid


def _without_doubles(rows: FloatArray) -> Squares:
    """Keep the best of those that lie on each other, the rest in order of quality."""
    rows = rows[np.argsort(-rows[:, 3], kind="stable")]
    centres, sides = rows[:, :2], rows[:, 2]
    free = np.ones(len(rows), bool)
    kept = []
    for index in range(len(rows)):
        if not free[index]:
            continue
        kept.append(index)
        near = np.abs(centres - centres[index]).max(axis=1) < 0.4 * sides[index]
        free &= ~near
    return Squares(centres[kept], sides[kept])
