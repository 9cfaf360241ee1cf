"""Skin without what lies on it in one photograph only: flakes, crumbs, drops.

A flake is whiter than the skin below and would read as less blood. Flakes are small, much brighter
than the day before at the same place, and they lie anywhere; a highlight grows where one was.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from micropen.measurement.face_view import Array
from micropen.measurement.pair import Pair
from micropen.measurement.unmixing.cells import FINE_MM, Cells

_AROUND_MM: Final = 4.0  # redness is even over this, a flake is not
_LEAST_EXCESS: Final = 0.05  # ln green: a tenth of the contrast of a whole flake on fair skin
_OUTLIER: Final = 3.0  # robust sds: of unchanged skin a thousandth is lost
_TO_SD: Final = 1.4826  # of a normal, over its median absolute deviation
_GROWN_MM: Final = 1.4
_ROUNDS: Final = 2


def steady_skin(pair: Pair) -> Array:
    """Usable skin of a pair without flakes, ``(h, w)`` float32 in 0-1."""
    fine = Cells.of(pair, FINE_MM)
    shorter = fine.before[..., 1:].mean(-1), fine.after[..., 1:].mean(-1)
    ratio = np.clip(np.log(shorter[1] / shorter[0]), -1.0, 1.0)
    glint = np.log(shorter[0]) - fine.smooth(np.log(shorter[0]), _AROUND_MM)
    inside = (fine.labels >= 0) & (fine.weight > 0.5)
    if not inside.any():
        return pair.usable
    # Paler than its reddened surroundings is a pale spot; paler than before is a flake.
    dull = (glint < _spread(glint[inside])) & (ratio > 0.5 * _LEAST_EXCESS)
    lying = np.zeros(inside.shape, bool)
    for _ in range(_ROUNDS):
        bare = fine.weight * ~lying
        excess = ratio - fine.smooth(ratio, _AROUND_MM, np.asarray(bare, np.float32))
        limit = max(_LEAST_EXCESS, _OUTLIER * _spread(excess[inside]))
        lying = (excess > limit) & dull & (fine.weight > 0.0)
    reach = 2 * max(1, round(_GROWN_MM * fine.per_mm)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    grown = cv2.dilate(lying.astype(np.uint8), kernel)
    size = (pair.usable.shape[1], pair.usable.shape[0])
    full = cv2.resize(grown, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(pair.usable * (1 - full), np.float32)


def _spread(values: Array) -> float:
    return float(_TO_SD * np.median(np.abs(values - np.median(values))))
