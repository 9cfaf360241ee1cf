"""Where on a lattice of squares the chart lies, and which way round: its colours decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.measurement.chart.lattice import Lattice
from micropen.measurement.chart.metric import match
from micropen.measurement.chart.reference import COLUMNS, ROWS, Edition

FloatArray = NDArray[np.float64]

# Pixels per patch on which placements are compared, and the inner part that is averaged.
_PIXELS: Final = 8
_INNER: Final = slice(2, 6)
# A lattice of more columns or rows than this is a wall or a keyboard: cut to bound the work.
_MOST_NODES: Final = 24
# Of the lattice's members, so many must lie on the chart: squares beside it may join its rows.
_LEAST_SHARE: Final = 0.6
_LEAST_MEMBERS: Final = 6

# Side of a patch as a share of the distance between patches (40 of 46 mm on the classic chart).
PATCH_SHARE: Final = 0.87

# The chart's patches (column, row), row by row.
PATCHES: Final = np.array([(c, r) for r in range(ROWS) for c in range(COLUMNS)], np.float64)


@dataclass(frozen=True, eq=False)
class Placement:
    """The chart laid over a picture.

    Parameters
    ----------
    matrix
        ``(3, 3)`` homography from the chart's column (0-5) and row (0-3) to px.
    difference
        Mean CIEDE2000 of the best 20 patches after a 3 × 3 matrix.
    edition
        The make of the chart that agrees better.
    """

    matrix: FloatArray
    difference: float
    edition: Edition


def turns() -> FloatArray:
    """Return the four ways ``(4, 3, 3)`` from chart to lattice coordinates, without mirroring."""
    last_column, last_row = COLUMNS - 1.0, ROWS - 1.0
    return np.array(
        [
            [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            [[0, -1, last_row], [1, 0, 0], [0, 0, 1]],
            [[-1, 0, last_column], [0, -1, last_row], [0, 0, 1]],
            [[0, 1, 0], [-1, 0, last_column], [0, 0, 1]],
        ],
        dtype=np.float64,
    )


def best_placement(linear: NDArray[np.float32], lattice: Lattice) -> Placement | None:
    """Lay the chart over a lattice in every way and return the one whose colours agree best.

    Parameters
    ----------
    linear
        ``(h, w, 3)`` linear light.
    lattice
        Squares found in it.

    Returns
    -------
    Placement or None
        None if no way holds at least 6 members of the lattice.
    """
    low = lattice.nodes.min(axis=0) - COLUMNS + 1
    high = np.minimum(lattice.nodes.max(axis=0) + COLUMNS - 1, low + _MOST_NODES)
    grid = _node_colours(linear, lattice.matrix, low, high)
    ways = _ways(lattice, low, high)
    if not ways:
        return None
    places = np.array([transformed(way, PATCHES) for way in ways])
    index = np.rint(places - low).astype(int)
    colours = grid[index[..., 1], index[..., 0]]
    return _best([lattice.matrix @ way for way in ways], colours)


def placement_of(linear: NDArray[np.float32], corners: FloatArray) -> Placement:
    """Lay the chart between four corners, whichever comes first, clockwise only.

    Parameters
    ----------
    linear
        ``(h, w, 3)`` linear light.
    corners
        ``(4, 2)`` px: the outer corners of the field of patches.
    """
    field = np.array([(0, 0), (COLUMNS - 1, 0), (COLUMNS - 1, ROWS - 1), (0, ROWS - 1)])
    outward = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    chart = (field + 0.5 * PATCH_SHARE * outward).astype(np.float32)
    ways = [
        np.asarray(
            cv2.getPerspectiveTransform(chart, np.roll(corners, -turn, axis=0).astype(np.float32)),
            np.float64,
        )
        for turn in range(4)
    ]
    return min((placement_at(linear, way) for way in ways), key=lambda placed: placed.difference)


def placement_at(linear: NDArray[np.float32], matrix: FloatArray) -> Placement:
    """Judge one way of laying the chart by its colours."""
    colours = patch_colours(linear, matrix)[None]
    return _best([matrix], colours)


def patch_colours(linear: NDArray[np.float32], matrix: FloatArray) -> FloatArray:
    """Mean colours ``(24, 3)`` of the patches' inner part."""
    grid = _node_colours(linear, matrix, np.array([0, 0]), np.array([COLUMNS - 1, ROWS - 1]))
    return grid.reshape(-1, 3)


def _best(matrices: list[FloatArray], colours: FloatArray) -> Placement:
    placed = []
    for edition in Edition:
        differences = match(colours, edition)
        index = int(np.argmin(differences))
        placed.append(Placement(matrices[index], float(differences[index]), edition))
    return min(placed, key=lambda one: one.difference)


def _ways(lattice: Lattice, low: NDArray[np.int64], high: NDArray[np.int64]) -> list[FloatArray]:
    """Chart-to-lattice matrices of all placements that hold enough members."""
    needed = max(_LEAST_MEMBERS, _LEAST_SHARE * min(len(lattice.nodes), ROWS * COLUMNS))
    ways = []
    for index, turn in enumerate(turns()):
        size = (COLUMNS, ROWS) if index % 2 == 0 else (ROWS, COLUMNS)
        for x in range(int(low[0]), int(high[0]) - size[0] + 2):
            for y in range(int(low[1]), int(high[1]) - size[1] + 2):
                inside = (lattice.nodes >= (x, y)) & (lattice.nodes < (x + size[0], y + size[1]))
                if inside.all(axis=1).sum() >= needed:
                    shift = np.array([[1.0, 0, x], [0, 1, y], [0, 0, 1]])
                    ways.append(shift @ turn)
    return ways


def transformed(matrix: FloatArray, points: FloatArray) -> FloatArray:
    """Points ``(n, 2)`` through a homography."""
    return np.asarray(
        cv2.perspectiveTransform(points.reshape(-1, 1, 2), matrix).reshape(points.shape)
    )


def _node_colours(
    linear: NDArray[np.float32],
    matrix: FloatArray,
    low: NDArray[np.int64],
    high: NDArray[np.int64],
) -> FloatArray:
    """Mean colour around every whole column and row from `low` to `high`: ``(ny, nx, 3)``."""
    nx, ny = (int(n) for n in high - low + 1)
    step = 1.0 / _PIXELS
    to_node = np.array(
        [
            [step, 0.0, low[0] - 0.5 + 0.5 * step],
            [0.0, step, low[1] - 0.5 + 0.5 * step],
            [0.0, 0.0, 1.0],
        ]
    )
    warped = cv2.warpPerspective(
        linear,
        matrix @ to_node,
        (nx * _PIXELS, ny * _PIXELS),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    blocks = warped.reshape(ny, _PIXELS, nx, _PIXELS, 3)[:, _INNER, :, _INNER]
    return np.asarray(blocks.mean(axis=(1, 3)), np.float64)
