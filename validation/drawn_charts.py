"""Draw a chart into a picture: the known answer that finding and correcting are tried on."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.measurement.chart.placement import PATCH_SHARE
from micropen.measurement.chart.reference import COLUMNS, ROWS, Edition, chart_colours

FloatArray = NDArray[np.float64]

# Linear reflectance of the black frame, and its rim around the patches, in patches.
_FRAME: Final = 0.035
_RIM: Final = 0.2
# Pixels from patch to patch of the flat drawing.
_PIXELS: Final = 100


def flat_chart(edition: Edition = Edition.AFTER_2014) -> NDArray[np.float32]:
    """Draw the chart square on.

    Parameters
    ----------
    edition
        Which make.

    Returns
    -------
    numpy.ndarray
        ``(440, 640, 3)`` linear sRGB; 100 px from patch to patch, dark skin at the top left.
    """
    margin = round(_RIM * _PIXELS)
    shape = (ROWS * _PIXELS + 2 * margin, COLUMNS * _PIXELS + 2 * margin, 3)
    drawn = np.full(shape, _FRAME, np.float32)
    gap = round(0.5 * (1.0 - PATCH_SHARE) * _PIXELS)
    for index, colour in enumerate(chart_colours(edition).linear):
        row, column = divmod(index, COLUMNS)
        top, left = margin + row * _PIXELS + gap, margin + column * _PIXELS + gap
        size = _PIXELS - 2 * gap
        drawn[top : top + size, left : left + size] = np.maximum(colour, 0.0)
    return drawn


def lay_into(
    picture: NDArray[np.float32], flat: NDArray[np.float32], corners: ArrayLike
) -> NDArray[np.float32]:
    """Lay a flat drawing into a picture in perspective.

    Parameters
    ----------
    picture
        ``(h, w, 3)`` linear light.
    flat
        ``(fh, fw, 3)`` linear light.
    corners
        ``(4, 2)`` px where the drawing's own corners come to lie, clockwise from its top left.

    Returns
    -------
    numpy.ndarray
        A new picture; edges are smooth.
    """
    target = np.asarray(corners, np.float32)
    sides = np.linalg.norm(target - np.roll(target, 1, axis=0), axis=1)
    scale = min(1.0, 1.5 * float(sides.max()) / max(flat.shape[:2]))
    small = cv2.resize(flat, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    high, wide = small.shape[:2]
    source = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32) - 0.5
    matrix = cv2.getPerspectiveTransform(source, target)
    size = (picture.shape[1], picture.shape[0])
    drawn = cv2.warpPerspective(small, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpPerspective(np.ones((high, wide), np.float32), matrix, size)[..., None]
    return np.asarray(picture * (1.0 - cover) + drawn * cover, np.float32)


def patch_corners(corners: ArrayLike) -> FloatArray:
    """Outer corners ``(4, 2)`` of the field of patches of a drawing laid between `corners`."""
    width, height = COLUMNS + 2 * _RIM, ROWS + 2 * _RIM
    inset = _RIM + 0.5 * (1.0 - PATCH_SHARE)
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.asarray(corners, np.float32))
    right, bottom = width - inset, height - inset
    field = np.array([(inset, inset), (right, inset), (right, bottom), (inset, bottom)])
    return np.asarray(cv2.perspectiveTransform(field[None], matrix.astype(np.float64))[0])
