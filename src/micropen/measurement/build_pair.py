"""Make a pair of two photographs: view, alignment, usable skin, light."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import cv2
import numpy as np

from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.alignment import Alignment, align
from micropen.measurement.face_view import CLIPPED_CODE, Array, FaceView
from micropen.measurement.light import light_change
from micropen.measurement.pair import Pair
from micropen.portrait.channels import smallest_channel

_BLACK: Final = 0.004
_DOUBTED_MM: Final = 2.0  # still within one patch of a zone
_LOST_MM: Final = 4.0


def build_pair(
    baseline: FaceView,
    later: FaceView,
    ita_deg: float,
    parameters: ParameterSet | None = None,
    *,
    treated: Collection[str] | None = None,
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
    treated
        Names of the treated zones where that is known; the others then help to tell the light.
    """
    chosen = parameters or load_parameters()
    alignment = align(baseline, later, chosen)
    after = np.maximum(np.asarray(alignment.warp(later.linear), np.float32), 0.0)
    usable = _usable(baseline, later, after, alignment)
    light = light_change(
        baseline, later, after, usable, alignment, ita_deg, treated=treated, parameters=chosen
    )
    return Pair(
        baseline,
        later,
        alignment,
        light,
        without_gain(after, light.log_gain),
        usable,
        ita_deg,
    )


def without_gain(linear: Array, log_gain: Array) -> Array:
    """Divide a picture ``(h, w, 3)`` by the light's gain, given as its logarithm."""
    gain = cv2.exp(np.ascontiguousarray(log_gain, np.float32))
    return np.asarray(np.divide(linear, gain, out=gain), np.float32)


def _usable(baseline: FaceView, later: FaceView, after: Array, alignment: Alignment) -> Array:
    """Bare skin in both, seen by both, found again, neither clipped nor black."""
    skin = np.minimum(baseline.skin, alignment.warp(later.skin))
    # The fullest code is spread by interpolation and clipped light leaks into neighbours: erode.
    full = np.maximum(baseline.fullest, alignment.warp(later.fullest))
    darkest = np.minimum(smallest_channel(baseline.linear), smallest_channel(after))
    good = (full < CLIPPED_CODE) & (darkest > _BLACK)
    good = cv2.erode(good.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    # Where the alignment is lost, another place's skin would be read as a change.
    found = np.clip((_LOST_MM - alignment.error_mm) / (_LOST_MM - _DOUBTED_MM), 0.0, 1.0)
    return np.asarray(np.clip(skin, 0.0, 1.0) * good * alignment.visible * found, np.float32)
