"""Whether camera and lamp were the same: told by what stands around the head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array, FaceView
from micropen.portrait import landmark_indices as at

_CELL_MM: Final = 6.0  # large enough that noise and grain of the compression average out
_HEAD: Final = 1.35  # size of the kept-out head and hair over the mesh's oval
_SHOULDERS_MM: Final = 5.0  # below the chin stand neck and clothes, which move
_LEAST_CELLS: Final = 40  # some 15 cm2 of wall
_FLAT: Final = 0.05  # of ln colour across a square and its neighbours: no edge that could shift
_DARKEST: Final = 0.01  # linear; below it 8 bits show no half per cent


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What changed around the head.

    Parameters
    ----------
    seen
        Whether there was enough plain background at the same place in both photographs.
    change
        ``(3,)`` median of ln(later / before); NaN where not seen.
    spread
        Robust standard deviation of it from place to place, largest of the channels.
    """

    seen: bool
    change: NDArray[np.float64]
    spread: float

    def same(self, parameters: ParameterSet) -> bool:
        """Whether exposure, colour and lamp are the same within the program's tolerances."""
        if not self.seen:
            return False
        exposure = float(self.change.mean())
        colour = float(np.abs(self.change - exposure).max())
        return (
            abs(exposure) < parameters.value("measurement.light.same_exposure")
            and colour < parameters.value("measurement.light.same_colour")
            and self.spread < 2.0 * parameters.value("measurement.light.same_exposure")
        )


def surroundings(baseline: FaceView, later: FaceView) -> Surroundings:
    """Compare the background at the same places of the two photographs.

    Parameters
    ----------
    baseline, later
        Views of photographs; only pictures of one size can come from one fixed camera.
    """
    unseen = Surroundings(False, np.full(3, np.nan), float("nan"))
    if baseline.portrait.photo.shape != later.portrait.photo.shape:
        return unseen
    first, inside = _coarse(baseline, baseline)
    second, inside_too = _coarse(later, baseline)
    wall = inside & inside_too & ~_heads(baseline, later, first.shape[:2])
    wall &= (first.min(-1) > _DARKEST) & (second.min(-1) > _DARKEST)
    first, second = np.log(np.maximum(first, 1e-4)), np.log(np.maximum(second, 1e-4))
    wall &= _flat(first) & _flat(second)
    if int(wall.sum()) < _LEAST_CELLS:
        return unseen
    ratio = (second - first)[wall].astype(np.float64)
    change = np.median(ratio, axis=0)
    spread = 1.4826 * float(np.median(np.abs(ratio - change), axis=0).max())
    return Surroundings(True, change, spread)


def _coarse(view: FaceView, frame: FaceView) -> tuple[Array, NDArray[np.bool_]]:
    """A view averaged over squares that lie at the same place of the photograph for every view."""
    cell = frame.mm(_CELL_MM) / frame.scale
    height, width = (int(side / cell) for side in frame.portrait.photo.shape)
    to_view = np.array(
        [
            [cell * view.scale, 0.0, (0.5 * cell - view.origin[0]) * view.scale - 0.5],
            [0.0, cell * view.scale, (0.5 * cell - view.origin[1]) * view.scale - 0.5],
        ]
    )
    side = max(1, round(cell * view.scale))
    blurred = cv2.blur(view.linear, (side, side))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = cv2.warpAffine(blurred, to_view, (width, height), flags=flags)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float64)
    x = to_view[0, 0] * columns + to_view[0, 2]
    y = to_view[1, 1] * rows + to_view[1, 2]
    margin = 0.5 * side
    inside = (x > margin) & (y > margin)
    inside &= (x < view.shape[1] - margin) & (y < view.shape[0] - margin)
    return np.asarray(out, np.float32), inside


def _heads(baseline: FaceView, later: FaceView, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Both heads with their hair, and everything below the chins."""
    cell = baseline.mm(_CELL_MM) / baseline.scale
    canvas = np.zeros(shape, np.uint8)
    for view in (baseline, later):
        oval = view.to_photo(view.points[list(at.FACE_OVAL)])
        grown = (oval.mean(0) + _HEAD * (oval - oval.mean(0))) / cell
        cv2.fillConvexPoly(canvas, np.rint(cv2.convexHull(grown)).astype(np.int32), 1)
        chin = view.to_photo(view.points[at.CHIN_TIP])[1]
        canvas[max(0, int(chin / cell - _SHOULDERS_MM / _CELL_MM)) :] = 1
    return canvas > 0


def _flat(log: Array) -> NDArray[np.bool_]:
    kernel = np.ones((3, 3), np.uint8)
    across = cv2.dilate(log, kernel) - cv2.erode(log, kernel)
    return np.asarray(across.max(-1) < _FLAT)
