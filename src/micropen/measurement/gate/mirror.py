"""The mesh of a face seen in a mirror: which point answers to which on the other side."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from micropen.measurement.gate.seen import SURFACE
from micropen.portrait import Face

# Corners of eyes and mouth, sides, temples, jaw and cheek bones: right and left of one another.
_RIGHT: Final = (33, 133, 61, 234, 54, 172, 116)
_LEFT: Final = (263, 362, 291, 454, 284, 397, 345)


def opposite_points(face: Face) -> NDArray[np.intp]:
    """Index of the counterpart on the other side of each point of the mesh.

    The mesh is reflected at the plane between the two sides, and its points are matched one to
    one with the least sum of squared distances. A point or two off by one place, 2 mm, matters
    little for what is compared.

    Returns
    -------
    numpy.ndarray
        ``(468,)``; for points of the middle their own index.
    """
    points = face.landmarks[:SURFACE].astype(np.float64)
    right, left = points[list(_RIGHT)], points[list(_LEFT)]
    normal = (left - right).sum(0)
    normal /= np.linalg.norm(normal)
    centre = (left + right).mean(0) / 2.0
    reflected = points - 2.0 * np.outer((points - centre) @ normal, normal)
    return np.asarray(linear_sum_assignment(cdist(points, reflected, "sqeuclidean"))[1])
