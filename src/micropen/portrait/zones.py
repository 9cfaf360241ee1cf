"""The 13 zones on a face: strict polygons for measuring, soft weights for painting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from micropen.anatomy.zones import ZONES
from micropen.evidence import ParameterSet
from micropen.portrait import landmark_indices as at
from micropen.portrait.face_frame import FaceFrame
from micropen.portrait.region import forehead_extension

NO_ZONE: Final = -1
# Forehead first: smaller zones are drawn over its edges.
_DRAWING_ORDER: Final = (
    "forehead", "temple_right", "temple_left", "jaw_right", "jaw_left", "chin", "cheek_right",
    "cheek_left", "upper_lip", "periorbital_right", "periorbital_left", "nose", "glabella",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Zones:
    """Zones on the grid.

    Parameters
    ----------
    weights
        ``(13, h, w)`` float32 in the order of `micropen.anatomy.zones.ZONES`; sums to 1 in
        every cell, smooth over a few mm.
    labels
        ``(h, w)`` int8: index into ZONES inside the strict polygons, -1 elsewhere (eyes, lips,
        beyond the face).
    full_area
        ``(13,)`` cells that each zone covers inside the oval of the mesh, even where the picture
        ends before.
    """

    weights: NDArray[np.float32] = field(repr=False)
    labels: NDArray[np.int8] = field(repr=False)
    full_area: NDArray[np.float64] = field(repr=False)

    def spread(self, values: NDArray[np.floating]) -> NDArray[np.float32]:
        """Lay one value per zone ``(13,)`` over the grid, smoothly: ``(h, w)``."""
        return np.tensordot(np.asarray(values, np.float32), self.weights, axes=1)

    def mean(self, values: NDArray[np.floating], mask: NDArray[np.floating]) -> NDArray[np.float64]:
        """Mean of a map in each strict zone, weighted by a mask; NaN where nothing is left."""
        inside = self.labels >= 0
        index = self.labels[inside]
        weight = np.asarray(mask, np.float64)[inside]
        total = np.bincount(index, weight, len(ZONES))
        sums = np.bincount(index, weight * np.asarray(values, np.float64)[inside], len(ZONES))
        return np.divide(sums, total, out=np.full(len(ZONES), np.nan), where=total > 0)


def lay_zones(frame: FaceFrame, parameters: ParameterSet) -> Zones:
    """Draw the zones of a face.

    Parameters
    ----------
    frame
        The face on its grid.
    parameters
        Supplies the lift of the forehead's lower edge and the softness.

    Returns
    -------
    Zones
    """
    roomy, margin = frame.with_room()
    labels = np.full(roomy.shape, NO_ZONE, np.int8)
    for name in _DRAWING_ORDER:
        for outline in _outlines(name, roomy, parameters):
            labels[roomy.polygon(outline) > 0.5] = ZONES.index(name)
    strict = labels.copy()
    for indices in (at.RIGHT_EYE, at.LEFT_EYE, at.LIPS):
        strict[roomy.hull(indices) > 0.5] = NO_ZONE
    below_hairline = roomy.hull(at.FACE_OVAL) > 0.5
    full_area = np.bincount(strict[below_hairline & (strict >= 0)], minlength=len(ZONES))
    soft = _with_upper_lids(labels, roomy)[margin]
    weights = _soft(soft, frame, parameters)
    return Zones(weights, np.ascontiguousarray(strict[margin]), full_area.astype(np.float64))


def _outlines(name: str, frame: FaceFrame, parameters: ParameterSet) -> list[NDArray[np.float32]]:
    if name != "forehead":
        return [frame.points[list(at.ZONE_POLYGONS[name])]]
    points = frame.points.copy()
    lift = parameters.value("portrait.zones.forehead_lift")
    for index in at.FOREHEAD_LOWER_EDGE:
        points[index] += (
            lift * np.abs((points[at.MID_FOREHEAD] - points[index]) @ frame.up) * frame.up
        )
    above = np.vstack([forehead_extension(frame, parameters), points[list(at.OVAL_TOP[::-1])]])
    return [above, points[list(at.FOREHEAD_UPPER)], points[list(at.FOREHEAD_LOWER)]]


def _with_upper_lids(labels: NDArray[np.int8], frame: FaceFrame) -> NDArray[np.int8]:
    """Give the unlabelled upper lids to the eye's surroundings, not to the nearer forehead."""
    out = labels.copy()
    sides = (
        ("periorbital_right", at.RIGHT_UPPER_LID, at.RIGHT_BROW_LOWER),
        ("periorbital_left", at.LEFT_UPPER_LID, at.LEFT_BROW_LOWER),
    )
    for name, lid, brow in sides:
        inside = frame.hull((*lid, *brow)) > 0.5
        out[inside & (labels == NO_ZONE)] = ZONES.index(name)
    return out


def _soft(
    labels: NDArray[np.int8], frame: FaceFrame, parameters: ParameterSet
) -> NDArray[np.float32]:
    """Blur the nearest-zone map: each blurred indicator is a weight, and they sum to one."""
    if (labels == NO_ZONE).all():
        return np.full((len(ZONES), *frame.shape), 1 / len(ZONES), np.float32)
    rows, columns = distance_transform_edt(
        labels == NO_ZONE, return_distances=False, return_indices=True
    )
    nearest = labels[rows, columns]
    softness = parameters.value("portrait.zones.softness_mm")
    weights = np.stack(
        [frame.blur((nearest == i).astype(np.float32), softness) for i in range(len(ZONES))]
    )
    return np.asarray(weights / weights.sum(0), np.float32)
