"""Which way the skin faces, and where the light comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator

from micropen.portrait import landmark_indices as at
from micropen.portrait.face_frame import FaceFrame

_SURFACE: Final = 468
_COARSE_CELL_MM: Final = 2.0  # the mesh itself is no finer than several mm
_SMOOTH_MM: Final = 3.2  # hides the facets of the mesh
# How fast the head curves back, mm of depth per mm: gently over the forehead, steeply beyond.
_FOREHEAD_SLOPE: Final = 0.3
_BEYOND_SLOPE: Final = 0.9
_BEYOND: Final = 1.35  # size of the outermost ring over the oval


@dataclass(frozen=True, eq=False)
class Geometry:
    """Shape and light on the grid.

    Parameters
    ----------
    normals
        ``(h, w, 3)`` float32 unit vectors: x right, y down, z towards the camera.
    light
        ``(3,)`` unit vector towards the main light, same axes.
    ambient_share
        Share of the fitted light that does not depend on direction, 0-1.
    """

    normals: NDArray[np.float32] = field(repr=False)
    light: NDArray[np.float32]
    ambient_share: float


def estimate_geometry(
    frame: FaceFrame,
    luminance: NDArray[np.float32],
    skin: NDArray[np.float32],
    extension: NDArray[np.float32],
) -> Geometry:
    """Estimate normals from the mesh and the light from the photograph's shading.

    Parameters
    ----------
    frame
        The face on its grid.
    luminance
        ``(h, w)`` linear luminance.
    skin
        ``(h, w)`` strict skin mask in 0-1.
    extension
        ``(13, 2)`` forehead points above the oval (`region.forehead_extension`).

    Returns
    -------
    Geometry
        Luminance is fitted as ``a + b · normal`` by least squares on clear skin; the light is the
        direction of ``b``, kept in front of the face.
    """
    normals = _normals(frame, extension)
    clear = skin > 0.5
    if clear.sum() < 50:
        return Geometry(normals, np.array([0.0, 0.0, 1.0], np.float32), 1.0)
    design = np.column_stack([np.ones(int(clear.sum())), normals[clear]])
    ambient, *toward = np.linalg.lstsq(design, luminance[clear], rcond=None)[0]
    side = float(np.hypot(toward[0], toward[1]))
    # A frontal light leaves z undetermined (normals barely vary in it): keep it in front.
    light = np.array([toward[0], toward[1], max(float(toward[2]), 0.3 * side + 0.02)])
    strength = float(np.linalg.norm(light))
    share = max(float(ambient), 0.0) / (max(float(ambient), 0.0) + strength)
    return Geometry(normals, (light / strength).astype(np.float32), share)


def _normals(frame: FaceFrame, extension: NDArray[np.float32]) -> NDArray[np.float32]:
    depth = frame.blur(_depth(frame, extension), _SMOOTH_MM)
    slope_x = cv2.Sobel(depth, cv2.CV_32F, 1, 0, scale=0.125)
    slope_y = cv2.Sobel(depth, cv2.CV_32F, 0, 1, scale=0.125)
    normals = np.stack([slope_x, slope_y, np.ones_like(slope_x)], axis=-1)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    return np.asarray(normals, np.float32)


def _depth(frame: FaceFrame, extension: NDArray[np.float32]) -> NDArray[np.float32]:
    """Depth of every cell: the mesh, continued backwards over forehead and beyond the oval."""
    surface = frame.points[:_SURFACE]
    top = list(at.OVAL_TOP)
    oval = list(at.FACE_OVAL)
    beyond = surface.mean(0) + _BEYOND * (surface[oval] - surface.mean(0))
    points = np.vstack([surface, extension, beyond])
    back_top = frame.depth[top] + _FOREHEAD_SLOPE * np.linalg.norm(extension - surface[top], axis=1)
    back_oval = frame.depth[oval] + _BEYOND_SLOPE * np.linalg.norm(beyond - surface[oval], axis=1)
    depths = np.concatenate([frame.depth[:_SURFACE], back_top, back_oval])
    step = max(1.0, frame.mm(_COARSE_CELL_MM))
    xs = np.linspace(0, frame.shape[1] - 1, max(2, round(frame.shape[1] / step)))
    ys = np.linspace(0, frame.shape[0] - 1, max(2, round(frame.shape[0] / step)))
    coarse = LinearNDInterpolator(points, depths)(*np.meshgrid(xs, ys))
    coarse = np.where(np.isnan(coarse), depths.max(), coarse).astype(np.float32)
    # Align corner samples with corner cells.
    columns = np.linspace(0, len(xs) - 1, frame.shape[1], dtype=np.float32)
    rows = np.linspace(0, len(ys) - 1, frame.shape[0], dtype=np.float32)
    x, y = np.meshgrid(columns, rows)
    return np.asarray(cv2.remap(coarse, x, y, cv2.INTER_LINEAR), np.float32)
