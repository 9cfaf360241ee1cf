"""The search that both detectors share: from a map of redness to spots with a probability."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array
from micropen.measurement.lesions.contrast_map import (
    SkinMeans,
    WorkingGrid,
    erythema_contrast,
    local_sd,
    robust_sd,
)
from micropen.measurement.lesions.found import FoundLesion
from micropen.measurement.lesions.probability import SpotEvidence, lesion_probability
from micropen.measurement.lesions.spot_shape import colour_contrast, full_width, roundness
from micropen.measurement.lesions.spots import Spot, find_spots

# Sizes searched, each 1.19 times the last: contrast changes by 3 % between two.
_SIZES: Final = 9
# Pale specks (flakes, highlights) would leave a false rim of redness: what is paler than this many
# sd of the skin counts as that pale.
_PALEST_SD: Final = 1.0


@dataclass(frozen=True, eq=False)
class Redness:
    """What is searched.

    Parameters
    ----------
    grid
        Working grid.
    values
        ``(h, w)`` ln(R/G), or its change.
    log_colour
        ``(h, w, 3)`` ln colour, or its change, for a spot's colour.
    detector
        ``"new"`` or ``"single"``.
    ita_deg
        Individual typology angle, degrees.
    diffuse_share
        How uneven diffuse redness is, as share of its size; 0 where `values` are no change.
    """

    grid: WorkingGrid
    values: Array
    log_colour: Array
    detector: str
    ita_deg: float
    diffuse_share: float


def search(
    redness: Redness,
    limit: Callable[[float], Array] | None,
    parameters: ParameterSet,
) -> tuple[FoundLesion, ...]:
    """Find red spots in a map.

    Parameters
    ----------
    redness
        The map with its skin.
    limit
        ``limit(diameter_px)``: what the contrast of a spot of this size can be at most
        ``(h, w)``; None for no limit.
    parameters
        ``measurement.lesions.*``.

    Returns
    -------
    tuple of FoundLesion
        With a probability of at least ``measurement.lesions.least_probability``, best first.
    """
    grid = redness.grid
    inside = _inside(grid, redness.detector, parameters)
    if not inside.any():
        return ()
    slow = grid.means.mean(
        redness.values, parameters.value("measurement.lesions.slow_mm") * grid.px_per_mm
    )
    fast = redness.values - slow
    floor = -_PALEST_SD * robust_sd(fast, inside)
    lifted = np.maximum(fast, np.float32(floor))
    diameters = np.geomspace(
        parameters.value("measurement.lesions.smallest_mm"),
        parameters.value("measurement.lesions.largest_mm"),
        _SIZES,
    )
    unevenness = np.float32(redness.diffuse_share) * np.abs(slow)
    reach = parameters.value("measurement.lesions.neighbourhood_mm") * grid.px_per_mm
    near = SkinMeans(inside.astype(np.float32))
    contrasts, scores = [], []
    for diameter in diameters * grid.px_per_mm:
        found = grid.means.spot_contrast(lifted, diameter)
        overall = robust_sd(found, inside)
        sd = _standard_deviation(local_sd(found, near, overall, reach), unevenness, parameters)
        found = found - np.float32(np.median(found[inside]))
        limited = found if limit is None else np.minimum(found, limit(diameter))
        contrasts.append(limited)
        scores.append(np.where(inside, limited / sd, np.float32(-np.inf)))
    spots = find_spots(
        np.stack(contrasts),
        np.stack(scores),
        diameters * grid.px_per_mm,
        parameters.value("measurement.lesions.least_score"),
        parameters.value("measurement.lesions.smallest_mm") * grid.px_per_mm,
    )
    found_all = (_described(spot, redness, lifted, parameters) for spot in spots)
    least = parameters.value("measurement.lesions.least_probability")
    return tuple(
        sorted((f for f in found_all if f.probability >= least), key=lambda f: -f.probability)
    )


def _inside(grid: WorkingGrid, detector: str, parameters: ParameterSet) -> NDArray[np.bool_]:
    """Places that can be the middle of a spot: skin of a zone, off its edge."""
    reach = parameters.value(f"measurement.lesions.{detector}_edge_mm") * grid.px_per_mm
    size = 2 * max(1, round(reach)) + 1
    bare = cv2.erode(
        (grid.skin > 0.0).astype(np.uint8),
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)),
        borderType=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    return np.asarray((bare > 0) & (grid.labels >= 0), np.bool_)


def _standard_deviation(around: Array, unevenness: Array, parameters: ParameterSet) -> Array:
    """What noise, mottle and uneven diffuse redness show at this size ``(h, w)``."""
    mottle = parameters.value("measurement.lesions.mottle_sd")
    return np.asarray(np.sqrt(around**2 + np.float32(mottle**2) + unevenness**2), np.float32)


def _described(
    spot: Spot, redness: Redness, lifted: Array, parameters: ParameterSet
) -> FoundLesion:
    """Measure one spot."""
    grid = redness.grid
    colour = colour_contrast(redness.log_colour, grid.skin, spot.x, spot.y, spot.diameter_px)
    evidence = SpotEvidence(
        spot.score,
        spot.contrast,
        (float(colour[0]), float(colour[1]), float(colour[2])),
        spot.diameter_px / grid.px_per_mm,
        roundness(lifted, spot.x, spot.y, spot.diameter_px),
    )
    width, width_sd = full_width(
        lifted, float(spot.x), float(spot.y), spot.diameter_px, grid.px_per_mm
    )
    x, y = grid.to_view(spot.x, spot.y)
    return FoundLesion(
        ZONES[int(grid.labels[spot.y, spot.x])],
        x,
        y,
        width,
        width_sd,
        erythema_contrast(colour, redness.ita_deg),
        spot.contrast,
        spot.score,
        lesion_probability(evidence, redness.detector, parameters),
    )
