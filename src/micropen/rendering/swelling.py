"""Swelling: the skin moves outward along its normal, and the picture of it with it."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.portrait import Portrait

Array = NDArray[np.float32]

_TAPER_MM: Final = 8.0  # over which the displacement falls to nothing at the edge of the support
_SMOOTH_MM: Final = 7.0  # oedema has no edges finer than this
_VISIBLE_PX: Final = 0.05  # a smaller displacement is not seen, and costs as much as a large one
_MARGIN_PX: Final = 4


def displacement(portrait: Portrait, swelling_mm: Array) -> tuple[Array, Array]:
    """Displacement of the picture, px of the photograph, on the working grid.

    Parameters
    ----------
    portrait
        The face.
    swelling_mm
        Outward displacement of the skin, ``(h, w)``.

    Returns
    -------
    along_x, along_y : numpy.ndarray
        ``(h, w)`` float32, zero at the edge of the support and beyond.
    """
    scale = portrait.grid.px_per_mm
    inside = (portrait.grid.reduce(portrait.masks.support.astype(np.float32)) > 0.99).astype(
        np.uint8
    )
    inside[[0, -1], :] = 0
    inside[:, [0, -1]] = 0
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 3) / np.float32(_TAPER_MM * scale)
    taper = np.clip(depth, 0.0, 1.0)
    taper = taper * taper * (3.0 - 2.0 * taper)
    outward = cv2.GaussianBlur(swelling_mm, (0, 0), _SMOOTH_MM * scale) * taper
    outward = outward * np.float32(portrait.px_per_mm)
    normals = portrait.geometry.normals
    return (
        np.asarray(outward * normals[..., 0], dtype=np.float32),
        np.asarray(outward * normals[..., 1], dtype=np.float32),
    )


def swell(image: NDArray[Any], portrait: Portrait, swelling_mm: Array) -> None:
    """Displace the skin of a picture outward, in place.

    Parameters
    ----------
    image
        Encoded picture, ``(H, W, 3)`` uint8 or uint16.
    portrait
        The face.
    swelling_mm
        Outward displacement of the skin, ``(h, w)``.
    """
    along_x, along_y = displacement(portrait, swelling_mm)
    moved = np.maximum(np.abs(along_x), np.abs(along_y)) > _VISIBLE_PX
    if not moved.any():
        return
    rows, columns = _window(moved, portrait)
    shift_x, shift_y = (_enlarge(v, rows, columns, portrait) for v in (along_x, along_y))
    part = image[rows, columns]
    # The source of each pixel lies where the skin was before it moved.
    source_x = np.arange(part.shape[1], dtype=np.float32)[None, :] - shift_x
    source_y = np.arange(part.shape[0], dtype=np.float32)[:, None] - shift_y
    warped = cv2.remap(part, source_x, source_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    # At whole pixels the cubic returns the pixel itself, so what did not move did not change.
    inside = portrait.masks.support[rows, columns].view(np.uint8)
    image[rows, columns] = cv2.copyTo(warped, inside, part.copy())


def _enlarge(values: Array, rows: slice, columns: slice, portrait: Portrait) -> Array:
    """A map of the working grid at the pixels of a window."""
    scale_x, scale_y = portrait.grid.scale
    place = np.array([
        [scale_x, 0.0, (columns.start + 0.5) * scale_x - 0.5],
        [0.0, scale_y, (rows.start + 0.5) * scale_y - 0.5],
    ])  # fmt: skip
    size = (columns.stop - columns.start, rows.stop - rows.start)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(values, place, size, flags=flags, borderMode=cv2.BORDER_REPLICATE),
        dtype=np.float32,
    )


def _window(moved: NDArray[np.bool_], portrait: Portrait) -> tuple[slice, slice]:
    """Rows and columns of the photograph that hold every moved cell, with a margin."""
    height, width = portrait.photo.shape
    scale_x, scale_y = portrait.grid.scale
    rows, columns = np.flatnonzero(moved.any(1)), np.flatnonzero(moved.any(0))
    top = max(int((rows[0] - 1) / scale_y) - _MARGIN_PX, 0)
    bottom = min(int((rows[-1] + 2) / scale_y) + _MARGIN_PX, height)
    left = max(int((columns[0] - 1) / scale_x) - _MARGIN_PX, 0)
    right = min(int((columns[-1] + 2) / scale_x) + _MARGIN_PX, width)
    return slice(top, bottom), slice(left, right)
