"""A face laid on the shape of the baseline's: point by point comparable, a mm a cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator
from scipy.spatial import Delaunay

from micropen.measurement.gate.mirror import opposite_points
from micropen.measurement.gate.seen import SURFACE, Seen
from micropen.portrait import landmark_indices as at

_CELL_MM: Final = 1.0
_DARKEST: Final = 2e-3  # linear light; below it a logarithm shows noise
# Folds, shadows of nose and cheek, brows: finer is noise of small photographs, coarser is light.
_FINE_MM: Final = 1.5
_COARSE_MM: Final = 8.0
_MOST_DETAIL: Final = 0.5  # ln; a lash or a glint must not outweigh the face
_COLOUR_MM: Final = 2.0

Array = NDArray[np.float32]
Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FaceShape:
    """Where the points of the baseline's mesh lie on a map of 1 mm cells, upright.

    Parameters
    ----------
    points
        ``(468, 2)`` cells.
    labels
        ``(h, w)`` int8 zones of the baseline, -1 outside.
    """

    points: Points = field(repr=False)
    labels: NDArray[np.int8] = field(repr=False)

    @classmethod
    def of(cls, seen: Seen) -> FaceShape:
        """Lay the mesh of a portrait upright at 1 mm a cell."""
        marks = seen.face.landmarks[:, :2].astype(np.float64)
        eyes = marks[at.LEFT_IRIS] - marks[at.RIGHT_IRIS]
        across = eyes / np.linalg.norm(eyes)
        turn = np.array([across, [-across[1], across[0]]])
        points = marks[:SURFACE] @ turn.T / seen.quality.px_per_mm / _CELL_MM
        points -= points.min(0)
        empty = np.zeros((0, 0), np.int8)
        shape = cls(points, empty)
        raised = (seen.labels + 1).astype(np.float32)
        x, y = shape.cells_in(seen)
        labels = cv2.remap(raised, x, y, cv2.INTER_NEAREST).astype(np.int8) - np.int8(1)
        return cls(points, np.asarray(labels, np.int8))

    @cached_property
    def size(self) -> tuple[int, int]:
        """Height and width, cells."""
        width, height = np.ceil(self.points.max(0)).astype(int) + 1
        return int(height), int(width)

    @cached_property
    def _triangles(self) -> Delaunay:
        return Delaunay(self.points)

    def cells_in(self, seen: Seen, *, mirrored: bool = False) -> tuple[Array, Array]:
        """Column and row on a portrait's grid of every cell, -1 outside the mesh.

        With ``mirrored``, a cell of the right side is looked up on the left side of the portrait.
        """
        marks = seen.face.landmarks[:SURFACE, :2]
        there = seen.grid.from_full(marks[opposite_points(seen.face)] if mirrored else marks)
        y, x = np.mgrid[: self.size[0], : self.size[1]]
        found = LinearNDInterpolator(self._triangles, there)(x, y)
        found = np.nan_to_num(found, nan=-1.0).astype(np.float32)
        return np.ascontiguousarray(found[..., 0]), np.ascontiguousarray(found[..., 1])

    def region(self, indices: tuple[int, ...], grow_mm: float = 0.0) -> NDArray[np.bool_]:
        """``(h, w)`` convex hull of some points, grown (or shrunk) by a margin."""
        canvas = np.zeros(self.size, np.uint8)
        hull = cv2.convexHull(np.rint(self.points[list(indices)]).astype(np.int32))
        cv2.fillConvexPoly(canvas, hull, 1)
        if grow_mm:
            kernel = np.ones((round(2 * abs(grow_mm) / _CELL_MM) + 1,) * 2, np.uint8)
            grown = cv2.dilate if grow_mm > 0 else cv2.erode
            canvas = grown(np.pad(canvas, 20), kernel)[20:-20, 20:-20]
        return np.asarray(canvas > 0)

    @cached_property
    def inner(self) -> NDArray[np.bool_]:
        """``(h, w)`` face without eyes, lips and a rim of 8 mm."""
        eyes = self.region(at.RIGHT_EYE, 2.0) | self.region(at.LEFT_EYE, 2.0)
        return self.region(at.FACE_OVAL, -8.0) & ~eyes & ~self.region(at.LIPS, 2.0)

    @cached_property
    def skin(self) -> NDArray[np.bool_]:
        """``(h, w)`` inner face without brows."""
        brows = self.region(at.RIGHT_BROW, 3.0) | self.region(at.LEFT_BROW, 3.0)
        return self.inner & ~brows


@dataclass(frozen=True, eq=False)
class FaceMap:
    """A portrait on a face's shape.

    Parameters
    ----------
    log
        ``(h, w, 3)`` ln of linear sRGB.
    bare
        ``(h, w)`` probability of bare skin.
    """

    log: Array = field(repr=False)
    bare: Array = field(repr=False)

    @classmethod
    def of(cls, seen: Seen, shape: FaceShape, *, mirrored: bool = False) -> FaceMap:
        """Lay a portrait on a shape, as it is or left and right swapped."""
        x, y = shape.cells_in(seen, mirrored=mirrored)
        log = np.log(np.maximum(seen.linear, _DARKEST))
        edge = cv2.BORDER_REPLICATE
        return cls(
            np.asarray(cv2.remap(log, x, y, cv2.INTER_LINEAR, borderMode=edge), np.float32),
            np.asarray(cv2.remap(seen.bare, x, y, cv2.INTER_LINEAR), np.float32),
        )

    @cached_property
    def detail(self) -> Array:
        """``(h, w)`` ln luminance between 1.5 and 8 mm, cut at 0.5."""
        luminance = np.ascontiguousarray(self.log.mean(-1))
        band = _blur(luminance, _FINE_MM) - _blur(luminance, _COARSE_MM)
        return np.asarray(np.clip(band, -_MOST_DETAIL, _MOST_DETAIL), np.float32)

    @cached_property
    def colour(self) -> Array:
        """``(h, w, 3)`` ln(R/G), ln(G/B) and mean ln(RGB), smoothed over 2 mm."""
        s = _blur(self.log, _COLOUR_MM)
        return np.stack([s[..., 0] - s[..., 1], s[..., 1] - s[..., 2], s.mean(-1)], -1)


def _blur(values: Array, sd_mm: float) -> Array:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sd_mm / _CELL_MM), np.float32)
