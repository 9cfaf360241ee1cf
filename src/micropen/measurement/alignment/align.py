"""Find the same skin in a later photograph."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.alignment.flow import (
    LEVELS,
    WHOLE,
    Box,
    Head,
    Level,
    Scaled,
    own_place,
    refine,
)
from micropen.measurement.alignment.start import start
from micropen.measurement.alignment.trust import judge, zone_errors
from micropen.measurement.face_view import Array, FaceView

_ROUND_MM: Final = 10.0  # around the skin: three times the smoothing of what is sought there
_ROUND_PX: Final = 48  # the search begins on pictures many times smaller and needs surroundings


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
    shape = baseline.shape
    begun = start(baseline, moving, parameters)
    shift = begun.grown(begun.displacement, shape)
    depth, beyond = begun.grown(begun.depth_mm, shape), begun.grown(begun.beyond_mm, shape)
    face = _face_box(baseline)
    for level in LEVELS:
        box = face if level.face else WHOLE
        change = _change(baseline, moving, (shift, depth, beyond), level, box, parameters)
        if level.face:
            change *= _fading_in(box, shape, _margin(baseline))[..., None]
        shift[box] += change
    return shift + own_place(shape), beyond


def _change(
    baseline: FaceView,
    moving: FaceView,
    maps: tuple[Array, Array, Array],
    level: Level,
    box: Box,
    parameters: ParameterSet,
) -> Array:
    """Correction of the displacements in a box of the baseline's view at one level, px."""
    here = Scaled.of(baseline, level.px_per_mm, parameters, box)
    there = Scaled.of(moving, level.px_per_mm, parameters)
    size = (here.codes.shape[1], here.codes.shape[0])
    # Displacements from the pixel's own place shrink without loss, places would not.
    before, depth, beyond = (cv2.resize(m[box], size, interpolation=cv2.INTER_AREA) for m in maps)
    corner = np.array([box[1].start or 0, box[0].start or 0], np.float32)
    before += (own_place(here.codes.shape) + 0.5) / np.array(here.scale, np.float32) + corner - 0.5
    scale = np.array(there.scale, np.float32)
    before = (before + 0.5) * scale - 0.5
    change = refine(here, there, before, level, Head(depth, beyond))
    change = (change - before) / scale
    whole = maps[0][box].shape
    return cv2.resize(change, (whole[1], whole[0]), interpolation=cv2.INTER_LINEAR)


def _face_box(view: FaceView) -> Box:
    """Rows and columns that hold every zone and all bare skin, with a margin; never empty."""
    inside = (view.labels >= 0) | (view.skin > 0.0)
    margin = _margin(view)
    sides = []
    for axis in (1, 0):
        found = np.flatnonzero(inside.any(axis))
        low, high = (int(found[0]), int(found[-1])) if found.size else (0, view.shape[1 - axis] - 1)
        sides.append(slice(max(0, low - margin), min(view.shape[1 - axis], high + margin + 1)))
    return sides[0], sides[1]


def _margin(view: FaceView) -> int:
    """Width of the surroundings of the skin that are looked at, px."""
    return max(round(view.mm(_ROUND_MM)), _ROUND_PX)


def _fading_in(box: Box, shape: tuple[int, int], reach: int) -> Array:
    """From 0 at the rim of a box to 1 at a distance; nothing fades at the rim of the view."""
    ramps = []
    for side, length in zip(box, shape, strict=True):
        here = np.arange(side.start, side.stop, dtype=np.float32) + 0.5
        before = here - side.start if side.start > 0 else np.inf
        after = side.stop - here if side.stop < length else np.inf
        ramps.append(np.clip(np.minimum(before, after) / reach, 0.0, 1.0) + 0.0 * here)
    return np.asarray(np.outer(*ramps), np.float32)
