"""How opaque a person's flakes are, from the flakes that stand out clearly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array
from micropen.measurement.pair import Pair

# Blur of averaging pixels down and of interpolation between pixels, px of the view (sd).
_RESAMPLING_PX: Final = 0.42
# Mean over 2 by 2 px (variance 1/3) and interpolation between such means (2/3), px (sd).
_COLOUR_PX: Final = 1.0
_HALF_COLOUR: Final = ("JPEG", "HEIF", "WEBP")
_MEDIAN_TO_SD: Final = 1.4826
# Bare places nearer to a found one than this, px, may hold its halo.
_HALO_PX: Final = 5
_FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Opacity:
    """Mean whiteness of the flakes of one pair.

    Parameters
    ----------
    value
        How far a flake covers the skin below with white, 0-1, on average over its area.
    relative_sd
        Its error, relative.
    flakes
        Clear flakes that it rests on, fewer those that may be something else; 0: the prior alone.
    """

    value: float
    relative_sd: float
    flakes: int


def opacity_of(
    white: Array, least: Array, skin: Array, pair: Pair, parameters: ParameterSet
) -> Opacity:
    """Estimate the opacity of a pair's flakes, drawn towards what is expected of flakes.

    Parameters
    ----------
    white
        ``(h, w)`` whiteness: opacity times cover of each place.
    least
        ``(h, w)`` whiteness beyond the noise.
    skin
        ``(h, w)`` 1 where it counts.
    pair
        The photographs: their blur is taken out.
    parameters
        ``measurement.scaling.opacity*``.

    Notes
    -----
    Flakes of opacity o that cover a share c have the mean whiteness ``o c`` and, unblurred, the
    mean square ``o^2 c``: their ratio is o whatever the size of the flakes. Blur of sd s takes a
    part from the mean square that is proportional to s times the length of the outlines, so that
    a second, known blur tells what the first took. Both errors are in logarithms.
    """

    def value(name: str) -> float:
        return parameters.value(f"measurement.scaling.{name}")

    expected, spread = value("opacity"), value("opacity_spread")
    peak = np.maximum(
        np.float32(value("opacity_clear")) * least, np.float32(value("opacity_least"))
    )
    clear, number = _clear(white, least, peak, skin)
    against = _clear(-white, least, peak, skin)[1]
    seen = _from_squares(white, least, skin, clear, _blur_px(pair, parameters))
    flakes = max(number - against - round(value("opacity_doubtful")), 0)
    if flakes < _FEWEST or not seen > 0.0:
        return Opacity(expected, spread, 0)
    error = math.hypot(value("opacity_sd"), value("opacity_of_one_sd") / math.sqrt(flakes))
    weight = spread**2 / (spread**2 + error**2)
    found = math.log(value("opacity_whole") * seen / expected)
    return Opacity(expected * math.exp(weight * found), spread * math.sqrt(1.0 - weight), flakes)


def _clear(white: Array, least: Array, peak: Array, skin: Array) -> tuple[NDArray[np.bool_], int]:
    """Places of connected patches beyond the noise with a high peak, and their number."""
    found = (white > least) & (skin > 0.0)
    count, label = cv2.connectedComponents(found.astype(np.uint8))
    kept = np.zeros(count, bool)
    kept[np.unique(label[found & (white > peak)])] = True
    kept[0] = False
    return kept[label], int(kept.sum())


def _from_squares(
    white: Array, least: Array, skin: Array, clear: NDArray[np.bool_], blur_px: float
) -> float:
    """Mean square over mean of the whiteness of clear flakes, free of blur and noise."""
    ring = max(1, round(blur_px))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * ring + 1, 2 * ring + 1))
    around = (cv2.dilate(clear.astype(np.uint8), disc) > 0) & (skin > 0.0)
    found = (np.abs(white) > least).astype(np.uint8)
    bare = (skin > 0.0) & (cv2.dilate(found, np.ones((_HALO_PX, _HALO_PX), np.uint8)) == 0)
    if not around.any() or not bare.any():
        return math.nan
    flakes = np.where(around, white, np.float32(0.0))
    softer = cv2.GaussianBlur(flakes, (0, 0), blur_px)
    noise = _variance(white[bare])
    soft_noise = _variance(cv2.GaussianBlur(white * skin, (0, 0), blur_px)[bare])
    area, total = int(around.sum()), float(flakes.sum(dtype=np.float64))
    square = float((flakes**2).sum(dtype=np.float64)) - area * noise
    soft = float((softer**2).sum(dtype=np.float64)) - area * soft_noise
    # Blurred once by s, and once more: sqrt(2) s. A line through both, at no blur.
    unblurred = square + (square - soft) / (math.sqrt(2.0) - 1.0)
    return unblurred / total if total > 0.0 else math.nan


def _blur_px(pair: Pair, parameters: ParameterSet) -> float:
    """Standard deviation of all blur between the skin and the whiteness, px of the view."""
    later = pair.later
    # The files of all telephones keep colour at half the resolution of brightness.
    halved = _COLOUR_PX if later.portrait.photo.format in _HALF_COLOUR else 0.0
    photo = math.hypot(later.portrait.sharpness_px, halved)
    smoothing = parameters.value("measurement.scaling.smoothing_mm") * pair.px_per_mm
    return math.hypot(photo * later.scale, smoothing, _RESAMPLING_PX)


def _variance(values: Array) -> float:
    """Variance of most of the values: of noise with a few flakes in it."""
    middle = float(np.median(values))
    return (_MEDIAN_TO_SD * float(np.median(np.abs(values - middle)))) ** 2
