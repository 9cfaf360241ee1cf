"""Find the same skin in a later photograph."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.alignment.flow import LEVELS, Head, Scaled, own_place, refine
from micropen.measurement.alignment.start import start
from micropen.measurement.alignment.trust import judge, zone_errors
from micropen.measurement.face_view import Array, FaceView


@dataclass(frozen=True, eq=False)
class Alignment:
    """Where each pixel of the baseline's view lies in another view.

    Parameters
    ----------
    place
        ``(h, w, 2)`` float32: column and row in the other view, px of that view.
    error_mm
        ``(h, w)`` float32: standard deviation of the place (one axis), mm of skin.
    visible
        ``(h, w)`` float32 in 0-1: 0 where the place is hidden or outside the other photograph.
    zone_error_mm
        Per zone name: root mean square of the error over its skin, mm; NaN where nothing is seen.
    """

    place: Array = field(repr=False)
    error_mm: Array = field(repr=False)
    visible: Array = field(repr=False)
    zone_error_mm: dict[str, float]

    def warp(self, image: NDArray[np.generic], *, nearest: bool = False) -> NDArray[np.generic]:
        """Resample a picture of the other view onto the baseline's view."""
        how = cv2.INTER_NEAREST if nearest else cv2.INTER_CUBIC
        return cv2.remap(image, self.place, None, how, borderMode=cv2.BORDER_REPLICATE)


def align(
    baseline: FaceView, moving: FaceView, parameters: ParameterSet | None = None
) -> Alignment:
    """Align a later view with the baseline.

    A guess from the landmarks as a turned head in space, then dense flow of the skin's structure
    from coarse to fine. Vectors that do not come back, that do not match, that disagree with their
    surroundings or that lie where redness came or went have little say, so that new lesions, scale
    and a change of light do not pull the skin along.

    Parameters
    ----------
    baseline, moving
        Two views of one face, of any size.
    parameters
        Supplies ``measurement.alignment.*``.

    Returns
    -------
    Alignment
        Nothing is refused: where the photographs cannot be laid over each other (another pose or
        expression, no structure, hidden) the error says so.
    """
    chosen = parameters or load_parameters()
    place, beyond = _place(baseline, moving, chosen)
    error, visible = judge(baseline, moving, place, beyond, chosen)
    return Alignment(place, error, visible, zone_errors(baseline, error, visible))


def _place(baseline: FaceView, moving: FaceView, parameters: ParameterSet) -> tuple[Array, Array]:
    """Place of each pixel, and its distance to the nearest landmark, mm."""
    height, width = shape = baseline.shape
    begun = start(baseline, moving, parameters)
    own = own_place(shape)
    place = begun.grown(begun.displacement, shape) + own
    depth, beyond = begun.grown(begun.depth_mm, shape), begun.grown(begun.beyond_mm, shape)
    for level in LEVELS:
        here = Scaled.of(baseline, level.px_per_mm, parameters)
        there = Scaled.of(moving, level.px_per_mm, parameters)
        size = (here.codes.shape[1], here.codes.shape[0])
        scale = np.array(there.scale, np.float32)
        # Displacements from the pixel's own place shrink without loss, places would not.
        before = cv2.resize(place - own, size, interpolation=cv2.INTER_AREA)
        middle = (own_place(here.codes.shape) + 0.5) / np.array(here.scale, np.float32) - 0.5
        before = (before + middle + 0.5) * scale - 0.5
        head = Head(*(cv2.resize(m, size, interpolation=cv2.INTER_AREA) for m in (depth, beyond)))
        change = (refine(here, there, before, level, head) - before) / scale
        place = place + cv2.resize(change, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(place, np.float32), beyond
