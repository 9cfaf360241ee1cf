"""Yaw, pitch and roll of a face, from its mesh."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.portrait import landmark_indices as at

# Top of the forehead to chin leans forward by this much on a face that looks straight ahead
# (20 renderings of a head with known pose; slope 1.05, residual sd 0.4°).
_NEUTRAL_LEAN_DEG: Final = 4.8


def pose_deg(landmarks: NDArray[np.float32]) -> tuple[float, float, float]:
    """Return yaw, pitch and roll in degrees.

    Parameters
    ----------
    landmarks
        ``(478, 3)``: x right, y down, z away from the camera, all in px.

    Returns
    -------
    tuple of float
        Yaw: positive where the nose points to the picture's right (the subject's left); pitch:
        positive where the face looks up; roll: positive clockwise in the picture.
    """
    points = landmarks.astype(np.float64)
    right_to_left = points[at.LEFT_SIDE] - points[at.RIGHT_SIDE]
    eyes = points[at.LEFT_IRIS] - points[at.RIGHT_IRIS]
    down = points[at.CHIN_TIP] - points[at.TOP]
    yaw = np.degrees(np.arctan2(right_to_left[2], np.hypot(*right_to_left[:2])))
    pitch = _NEUTRAL_LEAN_DEG - np.degrees(np.arctan2(down[2], np.hypot(*down[:2])))
    roll = np.degrees(np.arctan2(eyes[1], eyes[0]))
    return float(yaw), float(pitch), float(roll)
