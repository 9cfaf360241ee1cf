"""The 478 points of one face: FaceMesh V2 on a turned, scaled crop, twice."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.portrait.detector import Detection
from micropen.portrait.networks import face_mesh

_INPUT: Final = 256
_CROP_FACTOR: Final = 1.5  # side of the crop over the extent of the face, as the network expects
_POINTS: Final = 478
_SURFACE_POINTS: Final = 468  # the rest are the irises
_RIGHT_EYE_CORNER: Final = 33  # subject's right, picture left
_LEFT_EYE_CORNER: Final = 263


def mesh_points(image: NDArray[np.uint8], found: Detection) -> tuple[NDArray[np.float32], float]:
    """Fit the mesh to a detected face.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB.
    found
        The face, in the same pixel coordinates.

    Returns
    -------
    points
        ``(478, 3)`` float32: x, y in px (pixel centres are integers), z in px towards the face
        (nearer to the camera is smaller).
    presence
        0-1: whether the network sees a face in the crop. It does not tell up from down.
    """
    eyes = found.keypoints[1] - found.keypoints[0]
    centre = (found.box[:2] + found.box[2:]) / 2
    side = float((found.box[2:] - found.box[:2]).max()) * _CROP_FACTOR
    points, presence = _fit(image, centre, side, float(np.arctan2(eyes[1], eyes[0])))
    # The second pass, on a crop placed by the first, removes most of the detector's error.
    points, presence = _fit(image, *_crop_of(points))
    return points.astype(np.float32), presence


def _crop_of(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], float, float]:
    eyes = points[_LEFT_EYE_CORNER, :2] - points[_RIGHT_EYE_CORNER, :2]
    angle = float(np.arctan2(eyes[1], eyes[0]))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = points[:_SURFACE_POINTS, :2] @ turn.T
    low, high = turned.min(0), turned.max(0)
    return turn.T @ ((low + high) / 2), float((high - low).max()) * _CROP_FACTOR, angle


def _fit(
    image: NDArray[np.uint8], centre: NDArray[np.float64], side: float, angle: float
) -> tuple[NDArray[np.float64], float]:
    scale = _INPUT / side
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    forward = np.array([[cos, sin, 0.0], [-sin, cos, 0.0]])
    forward[:, 2] = _INPUT / 2 - forward[:, :2] @ centre
    crop = _warp(image, forward, scale, centre, side)
    raw, logit = face_mesh()(crop.astype(np.float32) / 255.0)
    points = raw.reshape(_POINTS, 3).astype(np.float64)
    back = cv2.invertAffineTransform(forward)
    points[:, :2] = points[:, :2] @ back[:, :2].T + back[:, 2]
    points[:, 2] /= scale
    presence = 1.0 / (1.0 + np.exp(-np.clip(logit.reshape(-1)[0], -80.0, 80.0)))
    return points, float(presence)


def _warp(
    image: NDArray[np.uint8],
    forward: NDArray[np.float64],
    scale: float,
    centre: NDArray[np.float64],
    side: float,
) -> NDArray[np.uint8]:
    """Cut the crop; large faces are first shrunk by whole-pixel averaging, against aliasing."""
    size = (_INPUT, _INPUT)
    if scale >= 0.5:
        return np.asarray(cv2.warpAffine(image, forward, size, flags=cv2.INTER_LINEAR), np.uint8)
    height, width = image.shape[:2]
    x0, y0 = np.clip(np.floor(centre - side), 0, (width - 1, height - 1)).astype(int)
    x1, y1 = np.clip(np.ceil(centre + side), (x0 + 1, y0 + 1), (width, height)).astype(int)
    part = image[y0:y1, x0:x1]
    shrink = 1.0 / np.floor(1.0 / scale)
    small_size = tuple(max(1, round(n * shrink)) for n in part.shape[1::-1])
    small = cv2.resize(part, small_size, interpolation=cv2.INTER_AREA)
    qx, qy = small_size[0] / part.shape[1], small_size[1] / part.shape[0]
    to_full = np.array(
        [[1 / qx, 0, 0.5 / qx - 0.5 + x0], [0, 1 / qy, 0.5 / qy - 0.5 + y0], [0, 0, 1.0]]
    )
    matrix = forward @ to_full
    return np.asarray(cv2.warpAffine(small, matrix, size, flags=cv2.INTER_LINEAR), np.uint8)
