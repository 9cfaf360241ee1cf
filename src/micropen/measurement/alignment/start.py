"""A first guess from the landmarks: a turned head with depth, bent where single points disagree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array, FaceView
from micropen.portrait import landmark_indices as at_mesh

SURFACE: Final = 468  # the mesh; points after it are the irises, which wander with the gaze
_STEP_MM: Final = 4.0  # the guess bends over centimetres
_DEPTH_REACH_MM: Final = 12.0  # landmarks stand up to 15 mm apart
_MOST_BEYOND_MESH_MM: Final = 5.0  # ears stand about there
_ABOVE_BROWS: Final = 0.03  # of the face's height
_GUESSED: Final = 0.1  # weight of landmarks on bare forehead and on the outline

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Start:
    """A guess at the middles of square cells of the baseline's view.

    Parameters
    ----------
    displacement
        ``(rows, columns, 2)`` float32: place in the moving view less place in the baseline's, px.
    depth_mm
        ``(rows, columns)`` float32: depth of the head, larger is farther.
    beyond_mm
        ``(rows, columns)`` float32: distance to the nearest landmark.
    cell
        Side of a cell, px of the baseline's view.
    """

    displacement: Array = field(repr=False)
    depth_mm: Array = field(repr=False)
    beyond_mm: Array = field(repr=False)
    cell: int

    def grown(self, values: Array, shape: tuple[int, int]) -> Array:
        """Bring values of the cells to every pixel of the view."""
        rows, columns = values.shape[:2]
        size = (columns * self.cell, rows * self.cell)
        # Linear: OpenCV's cubic does not reproduce a ramp.
        return cv2.resize(values, size, interpolation=cv2.INTER_LINEAR)[: shape[0], : shape[1]]


def start(baseline: FaceView, moving: FaceView, parameters: ParameterSet) -> Start:
    """Guess where each place of the baseline lies, from both meshes.

    The moving mesh is fitted as an affine picture of the baseline's mesh in space, which carries
    turning and nodding on to forehead, ears and neck outside the mesh; what single landmarks do
    differently is spread over their surroundings.

    Parameters
    ----------
    baseline, moving
        The two views.
    parameters
        Supplies ``measurement.alignment.landmark_reach_mm``.

    Returns
    -------
    Start
    """
    height, width = baseline.shape
    cell = max(2, round(baseline.mm(_STEP_MM)))
    rows, columns = np.mgrid[0 : -(-height // cell), 0 : -(-width // cell)] * float(cell)
    where = np.stack([columns, rows], -1) + (cell - 1) / 2
    mm = 1.0 / baseline.px_per_mm
    centre = baseline.points[:SURFACE].mean(0, dtype=np.float64)
    points = (baseline.points[:SURFACE] - centre) * mm
    depth = baseline.portrait.face.landmarks[:SURFACE, 2].astype(np.float64) * baseline.scale * mm
    seen = moving.points[:SURFACE].astype(np.float64)
    at = (where.reshape(-1, 2) - centre) * mm

    squares = ((at[:, None] - points[None]) ** 2).sum(-1)
    sure = _confidence(baseline.points[:SURFACE])
    root = np.sqrt(sure)[:, None]
    solid = _homogeneous(points, depth)
    camera = np.linalg.lstsq(solid * root, seen * root, rcond=None)[0]
    rest = seen - solid @ camera
    deep = _depth_at(at, points, depth, squares)
    there = _homogeneous(at, deep) @ camera
    reach = parameters.value("measurement.alignment.landmark_reach_mm")
    there += _spread(rest, squares, reach, sure)
    return Start(
        (there.reshape(where.shape) - where).astype(np.float32),
        deep.reshape(rows.shape).astype(np.float32),
        np.sqrt(squares.min(1)).reshape(rows.shape).astype(np.float32),
        cell,
    )


def _homogeneous(points: Points, depth: Points) -> Points:
    return np.column_stack([points, depth, np.ones(len(points))])


def _depth_at(at: Points, points: Points, depth: Points, squares: Points) -> Points:
    """Depth of the mesh, continued as a bowl beyond its rim."""

    def bowl(p: Points) -> Points:
        x, y = p[:, 0] / 100.0, p[:, 1] / 100.0
        return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], -1)

    shape = np.linalg.lstsq(bowl(points), depth, rcond=None)[0]
    relief = RBFInterpolator(points / 100.0, depth - bowl(points) @ shape, smoothing=1e-4)
    # A thin plate runs away beyond its points; there the nearest landmark's relief fades out.
    near = np.exp(-squares.min(1) / (0.5 * _DEPTH_REACH_MM) ** 2)
    rim = relief(points[squares.argmin(1)] / 100.0) * np.exp(
        -squares.min(1) / (2.0 * _DEPTH_REACH_MM) ** 2
    )
    deep = np.minimum(bowl(at) @ shape, depth.max() + _MOST_BEYOND_MESH_MM)
    return deep + near * relief(at / 100.0) + (1.0 - near) * rim


def _spread(values: Points, squares: Points, reach_mm: float, sure: Points) -> Points:
    """Mean of the landmarks' values around each place, fading to zero away from all of them."""
    weight = np.exp(-squares / (2.0 * reach_mm**2)) * sure
    return (weight @ values) / (weight.sum(1, keepdims=True) + 1.0)


def _confidence(points: Array) -> Points:
    """Weight of each landmark: those without a feature under them are the network's guess."""
    up = points[at_mesh.TOP] - points[at_mesh.CHIN_TIP]
    height = (points - points[list(at_mesh.BROW_TOPS)].mean(0)) @ (up / np.linalg.norm(up))
    guessed = height > _ABOVE_BROWS * float(np.linalg.norm(up))
    guessed[list(at_mesh.FACE_OVAL)] = True
    return np.where(guessed, _GUESSED, 1.0)
