"""The face on the grid: landmark positions, up direction, drawing of polygons, all in mm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.portrait import landmark_indices as at
from micropen.portrait.faces import Face
from micropen.portrait.grid import Grid


@dataclass(frozen=True, eq=False)
class FaceFrame:
    """A face in grid coordinates.

    Parameters
    ----------
    points
        ``(478, 2)`` float32: landmarks in grid cells.
    depth
        ``(478,)`` float32: mesh depth in grid cells, nearer is smaller.
    shape
        Height and width of the grid.
    px_per_mm
        Cells per mm.
    """

    points: NDArray[np.float32]
    depth: NDArray[np.float32]
    shape: tuple[int, int]
    px_per_mm: float

    @classmethod
    def of(cls, face: Face, grid: Grid) -> FaceFrame:
        """Lay a face on a grid."""
        points = grid.from_full(face.landmarks[:, :2])
        depth = (face.landmarks[:, 2] * grid.scale[0]).astype(np.float32)
        return cls(points, depth, grid.shape, grid.px_per_mm)

    @property
    def up(self) -> NDArray[np.float32]:
        """Unit vector from chin to forehead."""
        axis = self.points[at.TOP] - self.points[at.CHIN_TIP]
        return np.asarray(axis / np.linalg.norm(axis), np.float32)

    def with_room(self) -> tuple[FaceFrame, tuple[slice, slice]]:
        """Return the face on a canvas that holds all of it, and where this grid lies on that."""
        height, width = self.shape
        low = np.maximum(np.ceil(-self.points.min(0)), 0).astype(int) + 1
        high = np.maximum(np.ceil(self.points.max(0)) - (width - 1, height - 1), 0).astype(int) + 1
        shape = (height + int(low[1] + high[1]), width + int(low[0] + high[0]))
        roomy = FaceFrame(self.points + low.astype(np.float32), self.depth, shape, self.px_per_mm)
        here = (slice(int(low[1]), int(low[1]) + height), slice(int(low[0]), int(low[0]) + width))
        return roomy, here

    def mm(self, length_mm: float) -> float:
        """Cells of a length in mm."""
        return length_mm * self.px_per_mm

    def coordinates(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Column and row of every cell, ``(h, w)`` each."""
        x, y = np.meshgrid(
            np.arange(self.shape[1], dtype=np.float32), np.arange(self.shape[0], dtype=np.float32)
        )
        return x, y

    def height_above(self, indices: Sequence[int]) -> NDArray[np.float32]:
        """Height of every cell above the mean of some landmarks, mm along the face's up axis."""
        x, y = self.coordinates()
        origin = self.points[list(indices)].mean(0)
        up = self.up
        return ((x - origin[0]) * up[0] + (y - origin[1]) * up[1]) / self.px_per_mm

    def polygon(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """Draw a filled polygon ``(n, 2)`` with smooth edges; ``(h, w)`` in 0-1."""
        canvas = np.zeros(self.shape, np.uint8)
        fixed = np.rint(np.asarray(points) * 16).astype(np.int32)  # 4 bits below the pixel
        cv2.fillPoly(canvas, [fixed], 255, cv2.LINE_AA, 4)
        return canvas.astype(np.float32) / 255.0

    def hull(self, indices: Iterable[int], grow_mm: float = 0.0) -> NDArray[np.float32]:
        """Draw the convex hull of some landmarks, grown (or shrunk) by a margin."""
        outline = cv2.convexHull(self.points[list(indices)])[:, 0]
        return self.grown(self.polygon(outline), grow_mm)

    def grown(self, mask: NDArray[np.float32], grow_mm: float) -> NDArray[np.float32]:
        """Grow (positive) or shrink (negative) a mask."""
        radius = round(abs(self.mm(grow_mm)))
        if radius == 0:
            return mask
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2)
        change = cv2.dilate if grow_mm > 0 else cv2.erode
        return np.asarray(change(mask, kernel), np.float32)

    def blur(self, values: NDArray[np.float32], sd_mm: float) -> NDArray[np.float32]:
        """Gaussian blur with a standard deviation in mm."""
        sd = self.mm(sd_mm)
        if sd < 0.25:
            return values
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sd), np.float32)
