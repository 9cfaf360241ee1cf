"""Make a pair of two photographs: view, alignment, usable skin, light."""

from __future__ import annotations

import cv2
import numpy as np

from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.alignment import align
from micropen.measurement.face_view import Array, FaceView
from micropen.measurement.light import light_change
from micropen.measurement.pair import Pair

_CLIPPED: int = 250
_BLACK: float = 0.004


def build_pair(
    baseline: FaceView,
    later: FaceView,
    ita_deg: float,
    parameters: ParameterSet | None = None,
) -> Pair:
    """Lay a later view over the baseline and take light and camera out.

    Parameters
    ----------
    baseline, later
        Views of one face, at about the same resolution, colours corrected where a chart was found.
    ita_deg
        Individual typology angle of the person, degrees.
    parameters
        Defaults to the program's own.
    """
    chosen = parameters or load_parameters()
    alignment = align(baseline, later, chosen)
    after = np.maximum(np.asarray(alignment.warp(later.linear), np.float32), 0.0)
    usable = _usable(baseline, later, after, alignment.visible, alignment.warp)
    light = light_change(baseline.linear, after, usable)
    return Pair(
        baseline,
        later,
        alignment,
        light,
        np.asarray(after / np.exp(light.log_gain), np.float32),
        usable,
        ita_deg,
    )


def _usable(baseline: FaceView, later: FaceView, after: Array, visible: Array, warp) -> Array:  # type: ignore[no-untyped-def]
    """Bare skin in both, inside both, neither clipped nor black."""
    skin = np.minimum(baseline.skin, warp(later.skin))
    full = np.maximum(baseline.fullest, warp(later.fullest))
    good = (full < _CLIPPED) & (baseline.linear.min(-1) > _BLACK) & (after.min(-1) > _BLACK)
    good = cv2.erode(good.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    return np.clip(skin, 0.0, 1.0) * good * visible
