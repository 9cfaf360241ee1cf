"""The edge of the visible face: the best star-shaped outline around the nose bridge.

Seen from the nose bridge, skin goes on until hair, a hat or the background begins; what looks like
skin beyond (a blond strand) is no longer face. The edge is found for all directions at once by
dynamic programming, so that one odd cell cannot cut into the forehead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.portrait import landmark_indices as at
from micropen.portrait.face_frame import FaceFrame

_STEP_DEG: Final = 2.0
_REACH_MM: Final = 135.0
_CERTAIN_MM: Final = 18.0  # this near the nose bridge there is face
# Cost of a jump between neighbouring directions: a spike of a few mm does not pay, a real corner
# of the hairline does.
_JUMP_COST_PER_MM: Final = 4.0
_LARGEST_JUMP_COST: Final = 60.0
_OPEN_MM: Final = 3.0  # an edge this close to the outline was not set by hair

Map = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Edge:
    """Distance of every cell to the edge of the visible face.

    Parameters
    ----------
    inside_mm
        ``(h, w)`` float32: mm inside the edge along the direction from the nose bridge; negative
        outside it.
    open_share
        ``(h, w)`` float32 in 0-1: 1 where nothing was found before the outline ended, as on a bald
        head.
    """

    inside_mm: Map = field(repr=False)
    open_share: Map = field(repr=False)


def face_edge(frame: FaceFrame, evidence: Map, outline: Map, keep_out: Map) -> Edge:
    """Find the edge.

    Parameters
    ----------
    frame
        The face on its grid.
    evidence
        ``(h, w)`` log-likelihood ratio of skin.
    outline
        ``(h, w)``: the face ends here at the latest.
    keep_out
        ``(h, w)``: eyes, brows, lips: neither for nor against.
    """
    angles = np.arange(-90.0, 270.0 + _STEP_DEG, _STEP_DEG)
    radii = np.arange(0.0, _REACH_MM, 1.0)
    columns, rows = _rays(frame, angles, radii)
    gain = np.where(_along(keep_out, columns, rows) > 0.3, 0.0, _along(evidence, columns, rows))
    gain[:, radii < _CERTAIN_MM] = 2.0
    allowed = (_along(outline, columns, rows) > 0.5) | (radii < _CERTAIN_MM)
    allowed = np.logical_and.accumulate(allowed, axis=1)
    total = np.cumsum(np.where(allowed, gain, -1e3), axis=1)
    edge = radii[_best_path(total, radii)]
    limit = radii[allowed.sum(1) - 1]
    opened = (edge >= limit - _OPEN_MM).astype(np.float64)
    return _on_grid(frame, angles, _smooth(edge, 1.0), _smooth(opened, 3.0))


def _rays(
    frame: FaceFrame, angles: NDArray[np.float64], radii: NDArray[np.float64]
) -> tuple[Map, Map]:
    """Grid columns and rows along each direction; 0° is the picture's right, 90° up."""
    up = frame.up
    right = np.array([-up[1], up[0]])
    turn = np.deg2rad(angles)[:, None]
    direction = np.cos(turn) * right + np.sin(turn) * up
    origin = frame.points[at.NOSE_BRIDGE]
    points = origin + direction[:, None] * (radii[None, :, None] * frame.px_per_mm)
    return points[..., 0].astype(np.float32), points[..., 1].astype(np.float32)


def _along(values: Map, columns: Map, rows: Map) -> Map:
    sampled = cv2.remap(
        values, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0
    )
    return np.asarray(sampled, np.float32)


def _best_path(total: NDArray[np.floating], radii: NDArray[np.float64]) -> NDArray[np.intp]:
    """Radius index per direction with the largest gain minus the cost of jumps (Viterbi)."""
    jump = np.abs(radii[:, None] - radii[None])
    cost = np.minimum(_JUMP_COST_PER_MM * jump, _LARGEST_JUMP_COST)
    score = total[0].astype(np.float64)
    came_from = np.zeros(total.shape, np.intp)
    for i in range(1, len(total)):
        choice = score[None] - cost
        came_from[i] = choice.argmax(1)
        score = choice.max(1) + total[i]
    path = np.zeros(len(total), np.intp)
    path[-1] = score.argmax()
    for i in range(len(total) - 1, 0, -1):
        path[i - 1] = came_from[i][path[i]]
    return path


def _smooth(values: NDArray[np.float64], sd_steps: float) -> NDArray[np.float64]:
    return cv2.GaussianBlur(
        values[None], (0, 0), sigmaX=sd_steps, sigmaY=1e-3, borderType=cv2.BORDER_REFLECT
    )[0]


def _on_grid(
    frame: FaceFrame,
    angles: NDArray[np.float64],
    edge: NDArray[np.float64],
    opened: NDArray[np.float64],
) -> Edge:
    x, y = frame.coordinates()
    origin = frame.points[at.NOSE_BRIDGE]
    dx, dy = x - origin[0], y - origin[1]
    up = frame.up
    angle = np.degrees(np.arctan2(dx * up[0] + dy * up[1], -dx * up[1] + dy * up[0]))
    angle = np.where(angle < -90.0, angle + 360.0, angle)
    radius = np.hypot(dx, dy) / frame.px_per_mm
    inside = np.interp(angle, angles, edge) - radius
    return Edge(inside.astype(np.float32), np.interp(angle, angles, opened).astype(np.float32))
