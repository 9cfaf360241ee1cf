"""Skin that no pen touches: what tells the lamp's change from the skin's."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.measurement.alignment import Alignment
from micropen.measurement.face_view import Array, FaceView
from micropen.portrait import landmark_indices as at

_MAD_TO_SD: Final = 1.4826
_CELL_MM: Final = 0.8  # colour of skin is judged over its grain; finer only costs time
_EDGE_MM: Final = 1.6  # what lies this near to hair, clothes or the edge of the head is left out
_OVAL_MARGIN_MM: Final = 4.0  # skin beside the zones but inside the oval may have been treated too
# Of ln(R/G), ln(G/B) and ln brightness. Shade may darken far more than light brightens.
_LEAST_SD: Final = np.array([0.06, 0.06, 0.30])
_LOW: Final = np.array([-3.0, -3.0, -4.0])
_HIGH: Final = np.array([3.0, 3.0, 2.5])
_LEAST_CORE: Final = 100  # squares of the face without which no colour of skin is learned
_LIDS: Final = (
    (at.RIGHT_UPPER_LID, at.RIGHT_BROW_LOWER), (at.LEFT_UPPER_LID, at.LEFT_BROW_LOWER),
)  # fmt: skip


def reference_skin(
    baseline: FaceView, later: FaceView, usable: Array, alignment: Alignment
) -> Array:
    """Find skin-coloured places outside the zones: neck, ears, scalp, upper eyelids.

    Parameters
    ----------
    baseline, later
        The two views. A place counts where both show a colour of their own face's skin: beyond
        the face the alignment may miss the edge of the head.
    usable
        ``(h, w)`` in 0-1: bare skin of the face that both photographs show.
    alignment
        From the baseline to the later view.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32, 0 or 1. A wall or a shirt of skin colour may be among it: whoever uses
        it must be robust. Empty where a face shows too little skin to learn its colour.
    """
    found = _alike(baseline, usable) & _untouched(baseline)
    there = _grown(later, _eroded(_alike(later, later.skin)))
    both = _grown(baseline, _eroded(found)) * np.asarray(alignment.warp(there, nearest=True))
    return np.asarray(both * (baseline.labels < 0), np.float32)


def _size(view: FaceView) -> tuple[int, int]:
    """Width and height of the squares that colour is judged on."""
    cell = max(1.0, view.mm(_CELL_MM))
    return max(1, round(view.shape[1] / cell)), max(1, round(view.shape[0] / cell))


def _eroded(mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    reach = 2 * max(1, round(_EDGE_MM / _CELL_MM)) + 1
    kernel = np.ones((reach, reach), np.uint8)
    return np.asarray(cv2.erode(mask.astype(np.uint8), kernel), np.uint8)


def _grown(view: FaceView, mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    full = (view.shape[1], view.shape[0])
    return np.asarray(cv2.resize(mask, full, interpolation=cv2.INTER_NEAREST), np.uint8)


def _alike(view: FaceView, usable: Array) -> NDArray[np.bool_]:
    """Which squares have the colour of this face's skin, lit or in shade; its zones too."""
    size = _size(view)
    colour = cv2.resize(view.linear, size, interpolation=cv2.INTER_AREA)
    labels = cv2.resize(view.labels.view(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    on_face = labels.view(np.int8) >= 0
    core = on_face & (cv2.resize(usable, size, interpolation=cv2.INTER_AREA) > 0.5)
    if int(core.sum()) < _LEAST_CORE:
        return np.zeros(core.shape, np.bool_)
    log = np.log(np.maximum(colour, 2e-3))
    features = np.stack([log[..., 0] - log[..., 1], log[..., 1] - log[..., 2], log.mean(-1)], -1)
    typical = features[core]
    centre = np.median(typical, axis=0)
    spread = _MAD_TO_SD * np.median(np.abs(typical - centre), axis=0)
    z = (features - centre) / np.maximum(spread, _LEAST_SD)
    return np.asarray(((z > _LOW) & (z < _HIGH)).all(-1) | on_face)


def _untouched(view: FaceView) -> NDArray[np.bool_]:
    """Outside the oval, or an upper eyelid, which is never needled."""
    size = _size(view)
    scale = np.array(size, np.float64) / (view.shape[1], view.shape[0])
    points = view.points * scale

    def drawn(indices: tuple[int, ...]) -> NDArray[np.uint8]:
        canvas = np.zeros(size[::-1], np.uint8)
        outline = cv2.convexHull(points[list(indices)].astype(np.float32))
        filled = cv2.fillConvexPoly(canvas, np.rint(outline).astype(np.int32), 1)
        return np.asarray(filled, np.uint8)

    reach = 2 * max(1, round(_OVAL_MARGIN_MM / _CELL_MM)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    outside = cv2.dilate(drawn(at.FACE_OVAL), kernel) == 0
    for lid, brow in _LIDS:
        outside |= drawn((*lid, *brow)) > 0
    return np.asarray(outside)
