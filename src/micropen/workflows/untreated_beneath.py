"""The untreated face laid over a later photograph, under the later photograph's light."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.appearance import CalmSkin
from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.build_pair import build_pair
from micropen.measurement.face_view import FaceView
from micropen.portrait import Portrait

Array = NDArray[np.float32]

_LEAST_USABLE: Final = 0.35  # of the bare skin; with less, zones are compared by their edges
_FAINT: Final = 0.05  # less skin than this at the edge of a mask is no skin to compare


def untreated_beneath(
    later: Portrait, before: Portrait, parameters: ParameterSet | None = None
) -> CalmSkin | None:
    """Lay the photograph before treatment over a later one.

    Parameters
    ----------
    later
        Photograph taken after a session.
    before
        Photograph taken before the first session.
    parameters
        ``measurement.alignment.*`` and ``measurement.light.*``; the program's own by default.

    Returns
    -------
    CalmSkin or None
        None where the two cannot be laid over each other: another pose or expression.
    """
    chosen = parameters or load_parameters()
    view = FaceView.of(later, chosen)
    other = FaceView.of(before, chosen, view.px_per_mm)
    # The later photograph takes the baseline's place here: its pixels are drawn on.
    pair = build_pair(view, other, later.skin.ita_deg, chosen)
    skin = later.masks.texture
    # How far skin fades out at its edges says nothing about how well it was found again.
    seen = _on_grid(view, pair.usable, later) / np.maximum(skin, np.float32(_FAINT))
    usable = np.asarray(np.minimum(seen, 1.0), dtype=np.float32)
    if float((usable * skin).sum()) < _LEAST_USABLE * float(skin.sum()):
        return None
    return CalmSkin(_on_photo(view, pair.after, later), usable)


def _on_photo(view: FaceView, after: Array, later: Portrait) -> Array:
    """The view put back into the photograph; the rest is the later photograph's own."""
    left, top = view.origin
    height, width = view.shape
    size = (round(width / view.scale), round(height / view.scale))
    linear = np.array(later.photo.linear)
    room = linear[top : top + size[1], left : left + size[0]]
    enlarged = after if view.scale == 1.0 else cv2.resize(after, (room.shape[1], room.shape[0]))
    room[...] = np.clip(enlarged[: room.shape[0], : room.shape[1]], 0.0, 1.0)
    return linear


def _on_grid(view: FaceView, values: Array, later: Portrait) -> Array:
    """A map of the view on the photograph's grid, 0 beyond the view."""
    left, top = view.origin
    height, width = view.shape
    full = np.zeros(later.photo.shape, np.float32)
    room = full[top:, left:][: round(height / view.scale), : round(width / view.scale)]
    enlarged = values if view.scale == 1.0 else cv2.resize(values, (room.shape[1], room.shape[0]))
    room[...] = enlarged[: room.shape[0], : room.shape[1]]
    return later.grid.reduce(full)
