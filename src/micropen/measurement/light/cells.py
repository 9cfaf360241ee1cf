"""Both photographs averaged over small squares of skin: what the light is fitted to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.measurement.face_view import Array, FaceView

Floats = NDArray[np.float64]

REFERENCE: Final = len(ZONES)  # kind of a cell of untreated skin
_DARKEST: Final = 1e-4  # keeps logarithms of black squares finite
_LEAST_FILL: Final = 0.3  # share of a square that must be skin of its kind
_BRIGHTNESS_MM: Final = 8.0  # brightness that tells lit from shaded places, not pores from hairs
_BRIGHTNESS_RANGE: Final = (-1.5, 1.0)  # of ln against the median: keeps deep shade from ruling


@dataclass(frozen=True, eq=False)
class Cells:
    """Squares of skin.

    Parameters
    ----------
    kind
        ``(n,)``: index of the zone, or `REFERENCE`.
    fill
        ``(n,)``: share of the square that is skin of this kind.
    before
        ``(n, 3)`` mean linear sRGB in the baseline.
    change
        ``(n, 3)`` ln of later over before.
    modes
        ``(n, mode)``: shapes of the light's field at the squares; the first is 1 everywhere.
    mode_maps
        ``(gh, gw, mode)`` float32: the same over the whole grid.
    place
        ``(n, 2)``: row and column on the grid.
    from_face
        ``(n,)`` distance from the nearest square of a zone, mm.
    size
        Side of a square, px of the view.
    """

    kind: NDArray[np.int64]
    fill: Floats
    before: Floats = field(repr=False)
    change: Floats = field(repr=False)
    modes: Floats = field(repr=False)
    mode_maps: Array = field(repr=False)
    place: NDArray[np.int64] = field(repr=False)
    from_face: Floats = field(repr=False)
    size: int

    @property
    def reference(self) -> NDArray[np.bool_]:
        """``(n,)``: which are untreated skin."""
        return np.asarray(self.kind == REFERENCE)


def make_cells(
    view: FaceView, after: Array, usable: Array, reference: Array, cell_mm: float
) -> Cells:
    """Average both photographs over squares, each zone and the untreated skin apart.

    Parameters
    ----------
    view
        The baseline.
    after
        ``(h, w, 3)`` later photograph on the baseline's view.
    usable
        ``(h, w)`` skin of the zones that both show.
    reference
        ``(h, w)`` untreated skin that both show.
    cell_mm
        Side of a square.
    """
    size = max(2, round(view.mm(cell_mm)))
    grid = (-(-view.shape[0] // size), -(-view.shape[1] // size))
    kept, fill, (before, later) = _averaged(view, (view.linear, after), usable, reference, size)
    square, kind = np.divmod(kept, REFERENCE + 1)
    place = np.stack(np.divmod(square, grid[1]), -1)
    brightness = [
        _brightness(place, fill, np.log(colour.mean(-1)), grid, _BRIGHTNESS_MM / cell_mm)
        for colour in (before, later)
    ]
    maps = np.stack([np.ones(grid, np.float32), *_facing(view, grid, size), *brightness], -1)
    return Cells(
        kind,
        fill,
        before,
        np.log(later / before),
        maps[place[:, 0], place[:, 1]].astype(np.float64),
        maps,
        place,
        _from_face(place, kind, grid) * cell_mm,
        size,
    )


def _averaged(
    view: FaceView, images: tuple[Array, ...], usable: Array, reference: Array, size: int
) -> tuple[NDArray[np.int64], Floats, list[Floats]]:
    """Squares with enough skin of one kind: number, fill, and mean of each picture.

    The number is ``square * (REFERENCE + 1) + kind``.
    """
    across = -(-view.shape[1] // size)
    inside = view.labels >= 0
    weight_map = np.where(inside, usable, reference)
    rows, columns = np.nonzero(weight_map > 0.0)
    kind = np.where(inside, view.labels, REFERENCE)[rows, columns].astype(np.int64)
    key = ((rows // size) * across + columns // size) * (REFERENCE + 1) + kind
    weight = weight_map[rows, columns].astype(np.float64)
    total = np.bincount(key, weight)
    kept = np.flatnonzero(total > _LEAST_FILL * size**2)

    def mean(image: Array) -> Floats:
        planes = [np.bincount(key, weight * image[rows, columns, c])[kept] for c in range(3)]
        return np.maximum(np.stack(planes, -1) / total[kept, None], _DARKEST)

    return kept, total[kept] / size**2, [mean(image) for image in images]


def _from_face(place: NDArray[np.int64], kind: NDArray[np.int64], grid: tuple[int, int]) -> Floats:
    """Distance of each square from the face's zones, squares; 0 where there are none."""
    canvas = np.ones(grid, np.uint8)
    canvas[tuple(place[kind != REFERENCE].T)] = 0
    if canvas.all():
        return np.zeros(len(place))
    distance = cv2.distanceTransform(canvas, cv2.DIST_L2, 5)
    return np.asarray(distance[place[:, 0], place[:, 1]], np.float64)


def _facing(view: FaceView, grid: tuple[int, int], size: int) -> tuple[Array, Array]:
    """How far each square faces to the side and down."""
    normals = np.asarray(view.lay(view.portrait.geometry.normals), np.float32)
    padded = cv2.copyMakeBorder(
        normals,
        0,
        grid[0] * size - view.shape[0],
        0,
        grid[1] * size - view.shape[1],
        cv2.BORDER_REPLICATE,
    )
    small = cv2.resize(padded, (grid[1], grid[0]), interpolation=cv2.INTER_AREA)
    return small[..., 0], small[..., 1]


def _brightness(
    place: NDArray[np.int64], fill: Floats, value: Floats, grid: tuple[int, int], sd: float
) -> Array:
    """Smooth ln brightness against its median, carried on beyond the skin."""
    filled = spread(place, fill, value[:, None], grid, sd)[..., 0]
    middle = float(np.median(value)) if len(value) else 0.0
    return np.asarray(np.clip(filled - middle, *_BRIGHTNESS_RANGE), np.float32)


def spread(
    place: NDArray[np.int64], weight: Floats, values: Floats, grid: tuple[int, int], sd: float
) -> Array:
    """Gaussian mean of values at squares, on the whole grid.

    Parameters
    ----------
    place
        ``(n, 2)`` row and column.
    weight
        ``(n,)``.
    values
        ``(n, c)``.
    grid
        Height and width.
    sd
        Standard deviation of the Gaussian, squares; ten times wider where no square is near.

    Returns
    -------
    numpy.ndarray
        ``(gh, gw, c)`` float32; the weighted mean far from everything, 0 without any square.
    """
    sums = np.zeros((*grid, values.shape[1] + 1), np.float64)
    np.add.at(sums, (place[:, 0], place[:, 1]), np.column_stack([values, np.ones(len(values))])
              * weight[:, None])  # fmt: skip
    overall = sums.sum((0, 1))
    # Narrow, wide and overall mean, each deciding where the one before has seen next to nothing.
    blended = overall[:-1] / max(overall[-1], 1e-9)
    for width, trust in ((10.0 * sd, 1e-3), (sd, 1e-3)):
        near = cv2.GaussianBlur(sums, (0, 0), width, borderType=cv2.BORDER_CONSTANT)
        blended = (near[..., :-1] + trust * blended) / (near[..., -1:] + trust)
    return np.asarray(blended, np.float32)
