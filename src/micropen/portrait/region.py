"""The outline inside which skin of the face may be: mesh oval plus the forehead above it."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.portrait import landmark_indices as at
from micropen.portrait.face_frame import FaceFrame

# Shape of the extension, judged by eye on bald and full-haired heads: half away from the nose
# bridge and half straight up, and rounder than a sine so that the temples are reached.
_OUTWARD: Final = 0.55
_ROUNDNESS: Final = 0.7


def forehead_extension(frame: FaceFrame, parameters: ParameterSet) -> NDArray[np.float32]:
    """Points above the oval, where the forehead goes on below the hairline.

    The oval of the mesh ends in the middle of the forehead. Each of its 13 top points is pushed
    outward and up, most in the middle, by ``portrait.mask.forehead_extension_mm``.

    Returns
    -------
    numpy.ndarray
        ``(13, 2)`` float32, grid cells, from the subject's right temple to the left.
    """
    reach = frame.mm(parameters.value("portrait.mask.forehead_extension_mm"))
    top = frame.points[list(at.OVAL_TOP)]
    outward = top - frame.points[at.NOSE_BRIDGE]
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    direction = _OUTWARD * outward + (1.0 - _OUTWARD) * frame.up
    share = np.sin(np.linspace(0.12, np.pi - 0.12, len(top))) ** _ROUNDNESS
    return np.asarray(top + direction * share[:, None] * reach, np.float32)


def face_outline(frame: FaceFrame, parameters: ParameterSet) -> NDArray[np.float32]:
    """Polygon ``(n, 2)`` of oval and forehead together, grid cells."""
    points = np.vstack([frame.points[list(at.FACE_OVAL)], forehead_extension(frame, parameters)])
    return np.asarray(cv2.convexHull(points)[:, 0], np.float32)
