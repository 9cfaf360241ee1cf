"""What a spot looks like: its colour, how round it is, its full width at half contrast."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.measurement.face_view import Array
from micropen.measurement.lesions.contrast_map import spot_contrast_at

# sd at which a spot's curvature is taken, in diameters: that of a Gaussian spot.
_SPOT: Final = 0.4247
# Windows: half widths in diameters.
_COLOUR_REACH: Final = 3.0
_WIDTH_REACH: Final = 1.6
# The ring whose median is the skin around: from this many diameters off the centre to the window's
# edge.
_RING_FROM: Final = 1.1
# Its mean within this many diameters off the centre is the full contrast: a single bright pixel
# or a highlight on top must not decide the width.
_MIDDLE: Final = 0.2
# Smoothing before the width is read and its cost in width, mm: sd of the middle's mean.
_SMOOTHING_MM: Final = 0.25
_FULL_WIDTH: Final = 2.3548
_FINEST_MM: Final = 0.5


def window(picture: Array, x: float, y: float, reach: float) -> tuple[Array, float, float]:
    """Cut the square around a place; return it with the place's column and row in it."""
    left, top = max(0, int(np.floor(x - reach))), max(0, int(np.floor(y - reach)))
    right, bottom = int(np.ceil(x + reach)) + 1, int(np.ceil(y + reach)) + 1
    return picture[top:bottom, left:right], x - left, y - top


def colour_contrast(log_colour: Array, skin: Array, x: int, y: int, diameter_px: float) -> Array:
    """Contrast of a spot in ln(R), ln(G), ln(B), ``(3,)``."""
    part, column, row = window(log_colour, x, y, _COLOUR_REACH * diameter_px)
    bare, _, _ = window(skin, x, y, _COLOUR_REACH * diameter_px)
    return np.asarray(spot_contrast_at(part, bare, column, row, diameter_px), np.float32)


def roundness(values: Array, x: int, y: int, diameter_px: float) -> float:
    """Ratio of a spot's two curvatures at its middle: 1 is round, 0 a ridge, negative a saddle."""
    part, column, row = window(values, x, y, _COLOUR_REACH * diameter_px)
    smooth = cv2.GaussianBlur(np.ascontiguousarray(part), (0, 0), _SPOT * diameter_px)
    c, r = int(column), int(row)
    if not (0 < c < smooth.shape[1] - 1 and 0 < r < smooth.shape[0] - 1):
        return 0.0
    near = smooth[r - 1 : r + 2, c - 1 : c + 2].astype(np.float64)
    across = near[1, 2] + near[1, 0] - 2.0 * near[1, 1]
    down = near[2, 1] + near[0, 1] - 2.0 * near[1, 1]
    mixed = 0.25 * (near[2, 2] - near[0, 2] - near[2, 0] + near[0, 0])
    low, high = np.linalg.eigvalsh(np.array([[across, mixed], [mixed, down]]))
    return float(high / low) if low < 0.0 else 0.0


def full_width(
    values: Array, x: float, y: float, guess_px: float, px_per_mm: float
) -> tuple[float, float]:
    """Full width at half contrast of a spot and its standard deviation, mm.

    Parameters
    ----------
    values
        ``(h, w)`` map in which the spot stands up.
    x, y
        Its middle, px.
    guess_px
        Diameter by scale, px.
    px_per_mm
        Of the map.

    Returns
    -------
    tuple
        Diameter of the circle of the area above half contrast, freed of the smoothing, with the
        sd that the noise of the ring around gives it. The scale's own diameter where the area
        is no spot (touches the window or is empty).
    """
    part, column, row = window(values, x, y, _WIDTH_REACH * guess_px + 2.0)
    sd = _SMOOTHING_MM * px_per_mm
    smooth = cv2.GaussianBlur(np.ascontiguousarray(part), (0, 0), sd)
    rows, columns = np.indices(smooth.shape)
    ring = np.hypot(columns - column, rows - row) >= _RING_FROM * guess_px
    around = float(np.median(smooth[ring]))
    noise = 1.4826 * float(np.median(np.abs(smooth[ring] - around)))
    c, r = round(column), round(row)
    middle = np.hypot(columns - column, rows - row) <= max(1.0, _MIDDLE * guess_px)
    top = float(smooth[middle].mean()) - around
    guess = guess_px / px_per_mm
    if top <= 2.0 * noise:
        return guess, 0.5 * guess
    area = _area_around(smooth > around + 0.5 * top, c, r)
    width = 2.0 * float(np.sqrt(area / np.pi)) / px_per_mm
    blur = _FULL_WIDTH * _SMOOTHING_MM
    free = float(np.sqrt(max(width**2 - blur**2, _FINEST_MM**2)))
    if not 0.4 * guess <= free <= 2.0 * guess:
        return guess, 0.35 * guess
    # A Gaussian's width moves by 1.44 of its own per unit of relative height; the outline averages
    # about one independent value per full width of the smoothing.
    independent = max(1.0, np.pi * free / blur)
    relative = 1.44 * noise / top * float(np.sqrt(1.0 / independent + 0.25))
    return free, float(np.hypot(relative * free, 0.25 / px_per_mm))


def _area_around(above: NDArray[np.bool_], column: int, row: int) -> int:
    """Pixels of the connected region that holds a place; 0 where the place is outside."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(above.astype(np.uint8), connectivity=4)
    label = int(labels[row, column])
    return int(stats[label, cv2.CC_STAT_AREA]) if label else 0
