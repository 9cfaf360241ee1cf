"""The baseline laid over itself: methods then read its state, and that nothing changed."""

from __future__ import annotations

import numpy as np

from micropen.anatomy import ZONES
from micropen.measurement.alignment import Alignment
from micropen.measurement.face_view import FaceView
from micropen.measurement.light import LightChange
from micropen.measurement.pair import Pair


def pair_of_itself(view: FaceView, ita_deg: float) -> Pair:
    """Build the pair of a view with itself, which needs no alignment and has no change of light.

    Parameters
    ----------
    view
        The baseline.
    ita_deg
        Individual typology angle of the person, degrees.
    """
    height, width = view.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    everywhere = np.ones((height, width), np.float32)
    alignment = Alignment(
        np.stack([columns, rows], -1), 0.0 * everywhere, everywhere, dict.fromkeys(ZONES, 0.0)
    )
    light = LightChange(
        np.zeros_like(view.linear), np.zeros((len(ZONES), 3, 3)), "the baseline", controlled=True
    )
    usable = np.asarray(np.clip(view.skin, 0.0, 1.0), np.float32)
    return Pair(view, view, alignment, light, view.linear, usable, ita_deg)
