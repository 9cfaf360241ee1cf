"""Cover of white flakes at each place, against the aligned photograph before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array
from micropen.measurement.pair import Pair
from micropen.measurement.scaling.whiteness import Flake, ratios, slow_mean

# Passes of the slow change of colour, each without the places that stood out of the last.
_PASSES: Final = 3
_STANDS_OUT_SD: Final = 1.5
_LARGEST: Final = 0.3
_BARE: Final = 0.5
# The median of patches is taken at this resolution, in 8-bit codes around the middle one.
_MEDIAN_PX_PER_MM: Final = 2.5
_HALF_CODES: Final = 127.0
_MEDIAN_TO_SD: Final = 1.4826


@dataclass(frozen=True, eq=False)
class FlakeCover:
    """Flakes of one pair.

    Parameters
    ----------
    cover
        ``(h, w)`` share of each place covered by new flakes; 0 where it is not beyond the noise.
        Negative where the place got redder by as much: noise and misplaced marks are as often
        negative as positive, so that the mean over a zone is free of them.
    noise_sd
        ``(h, w)`` of the cover of one place.
    skin
        ``(h, w)`` float32, 1 where the cover counts.
    texture
        ``(h, w)`` cover that the baseline's own pattern would feign per mm of misplacement.
    """

    cover: Array = field(repr=False)
    noise_sd: Array = field(repr=False)
    skin: Array = field(repr=False)
    texture: Array = field(repr=False)


def flake_cover(pair: Pair, parameters: ParameterSet) -> FlakeCover:
    """Solve each place for the share of it that a flake covers.

    Parameters
    ----------
    pair
        The aligned photographs.
    parameters
        ``measurement.scaling.*``.

    Returns
    -------
    FlakeCover

    Notes
    -----
    A flake lies on what the baseline shows: ``after = m [(1 - o a) before + o a white]`` with any
    light ``m``. In the ratios G/R and B/R the light cancels and ``a`` is all but linear. What
    changes slowly over the face (redness, gloss, light) is taken out first, then redness of the
    size of a lesion.
    """
    skin = (pair.usable > _BARE).astype(np.float32)
    size = parameters.value("measurement.scaling.smoothing_mm") * pair.px_per_mm
    before, after = ratios(pair.before, size), ratios(pair.after, size)
    flake = Flake.on(pair.ita_deg, parameters)
    expected = before * np.exp(_slow_change(before, after, skin, pair, parameters))
    face = np.array([np.median(plane[skin > 0.0]) for plane in np.moveaxis(before, -1, 0)])
    step = flake.step(before, face)
    raw = ((after - expected) / step).mean(-1) * skin
    raw = (raw - _patches(raw, skin, pair, parameters)) * skin
    evened = raw - _local_redness(raw, skin, pair, parameters)
    sd = _noise(evened, skin, pair, parameters)
    least = np.float32(parameters.value("measurement.scaling.threshold_sd")) * sd
    found = np.float32(parameters.value("measurement.scaling.found_share"))
    cover = np.where(np.abs(evened) > least, evened / found, np.float32(0.0)) * skin
    pattern = (before / step).mean(-1)
    return FlakeCover(np.asarray(cover, np.float32), sd, skin, _slope(pattern, pair.px_per_mm))


def _slow_change(
    before: Array, after: Array, skin: Array, pair: Pair, parameters: ParameterSet
) -> Array:
    """Change of the ratios' ln ``(h, w, 2)`` that is no flake: redness, gloss, light."""
    change = np.log(after / before)
    reach = parameters.value("measurement.scaling.slow_mm") * pair.px_per_mm
    inside = skin > 0.0
    weight = skin
    slow = slow_mean(change, weight, reach)
    for _ in range(_PASSES - 1):
        rest = (change - slow)[..., 0]
        sd = _MEDIAN_TO_SD * float(np.median(np.abs(rest[inside])))
        weight = skin * (np.abs(rest) < _STANDS_OUT_SD * sd)
        slow = slow_mean(change, weight, reach)
    return slow


def _patches(raw: Array, skin: Array, pair: Pair, parameters: ParameterSet) -> Array:
    """Cover ``(h, w)`` of patches wider than any flake: a cast shadow or a highlight that moved.

    The median over a window much wider than flakes, of which they fill less than half.
    """
    coarse = max(1, int(pair.px_per_mm / _MEDIAN_PX_PER_MM))
    height, width = raw.shape
    size = (max(1, width // coarse), max(1, height // coarse))
    small = cv2.resize(raw * skin, size, interpolation=cv2.INTER_AREA)
    codes = np.clip(small / _LARGEST * _HALF_CODES + _HALF_CODES, 0.0, 255.0).astype(np.uint8)
    reach = parameters.value("measurement.scaling.patch_mm") * pair.px_per_mm / coarse
    middle = cv2.medianBlur(codes, 2 * max(1, round(reach / 2.0)) + 1)
    back = (middle.astype(np.float32) - _HALF_CODES) * np.float32(_LARGEST / _HALF_CODES)
    # Crowded flakes lift the median a little too; a shadow lifts it far.
    least = parameters.value("measurement.scaling.patch_least")
    back = np.where(np.abs(back) > least, back, np.float32(0.0))
    grown = cv2.resize(back, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(grown, np.float32)


def _local_redness(raw: Array, skin: Array, pair: Pair, parameters: ParameterSet) -> Array:
    """Negative cover ``(h, w)`` of spots of redness (papules, mottle) at their own size."""
    sd = _noise(raw, skin, pair, parameters)
    reach = parameters.value("measurement.scaling.redness_mm") * pair.px_per_mm
    local = slow_mean(np.clip(raw, -1.0, sd), skin, reach)
    inside = skin > 0.0
    spread = _MEDIAN_TO_SD * float(np.median(np.abs(local[inside] - np.median(local[inside]))))
    least = parameters.value("measurement.scaling.redness_sd") * spread
    return np.asarray(np.minimum(local + np.float32(least), 0.0), np.float32)


def _noise(cover: Array, skin: Array, pair: Pair, parameters: ParameterSet) -> Array:
    """Noise sd of the cover of one place without flakes ``(h, w)``: its negative half, mirrored."""
    reach = parameters.value("measurement.scaling.neighbourhood_mm") * pair.px_per_mm
    below = np.clip(cover, -_LARGEST, 0.0)
    return np.asarray(np.sqrt(2.0 * slow_mean(below * below, skin, reach)), np.float32)


def _slope(pattern: Array, px_per_mm: float) -> Array:
    """Steepness of a pattern, per mm ``(h, w)``."""
    down, across = np.gradient(pattern)
    return np.asarray(np.hypot(down, across) * px_per_mm, np.float32)
