"""Cover of white flakes at each place, against the aligned photograph before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array
from micropen.measurement.pair import Pair
from micropen.measurement.scaling.opacity import Opacity, opacity_of
from micropen.measurement.scaling.whiteness import Flake, ratios, slow_mean

# Passes of the slow change of colour, each without the places that stood out of the last.
_PASSES: Final = 3
_STANDS_OUT_SD: Final = 1.5
_LARGEST: Final = 0.3
# Whiteness of a place without a flake; least linear red that is divided by.
_FAINT: Final = 0.05
_DARKEST: Final = np.float32(0.003)
_LEAST_FOUND: Final = 0.4
# A change so small that whiteness is proportional to it.
_SMALL: Final = 0.01
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
    border
        ``(h, w)`` cover that borders of redness would feign if none of them were taken out.
    opacity
        How far a flake covers the skin below, as estimated from these flakes.
    """

    cover: Array = field(repr=False)
    noise_sd: Array = field(repr=False)
    skin: Array = field(repr=False)
    texture: Array = field(repr=False)
    border: Array = field(repr=False)
    opacity: Opacity


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
    light ``m``, opacity ``o`` and cover ``a``. In the ratios G/R and B/R the light cancels and
    the whiteness ``o a`` follows. What changes slowly over the face (redness, gloss, light) is
    taken out first, then redness of the size of a lesion, then what is shine rather than white.
    """

    def value(name: str) -> float:
        return parameters.value(f"measurement.scaling.{name}")

    skin = (pair.usable > _BARE).astype(np.float32)
    size = value("smoothing_mm") * pair.px_per_mm
    before, after = ratios(pair.before, size), ratios(pair.after, size)
    flake = Flake.on(pair.ita_deg, parameters)
    face = np.array([np.median(plane[skin > 0.0]) for plane in np.moveaxis(before, -1, 0)])
    way = flake.towards_white(before, face)
    expected = before * np.exp(_slow_change(before, after, skin, pair, parameters))
    # Within its reach, a smooth change stays behind a steep one by about what it rises there.
    slow = flake.whiteness(((expected - before) / way).mean(-1))
    raw = flake.whiteness(((after - expected) / way).mean(-1)) * skin
    raw = (raw - _patches(raw, skin, pair, parameters)) * skin
    white = raw - _local_redness(raw, skin, pair, parameters)
    white = white - _left_behind(white, skin, pair, parameters)
    sd = _noise(white, skin, pair, parameters)
    least = np.float32(value("threshold_sd")) * sd
    white = white * _no_shine(white, least, skin, pair, flake, parameters)
    opacity = opacity_of(white, least, skin, pair, parameters)
    # What of a flake stands beyond the noise: its thin edges do not.
    lost = value("lost_share") * float(np.median(least[skin > 0.0])) / opacity.value
    found = np.float32(max(1.0 - lost, _LEAST_FOUND))
    one = np.float32(opacity.value)
    cover = np.where(np.abs(white) > least, white / (one * found), np.float32(0.0)) * skin
    pattern = flake.whiteness((before / way).mean(-1) * np.float32(_SMALL)) / np.float32(_SMALL)
    texture = _slope(pattern / one, pair.px_per_mm)
    border = _slope(slow / one, pair.px_per_mm) * np.float32(value("slow_mm"))
    return FlakeCover(np.asarray(cover, np.float32), sd / one, skin, texture, border, opacity)


def _no_shine(
    white: Array,
    least: Array,
    skin: Array,
    pair: Pair,
    flake: Flake,
    parameters: ParameterSet,
) -> Array:
    """Return 0 on patches that got whiter by added light, 1 elsewhere ``(h, w)``.

    A flake hides skin: the red light of the skin falls by as much as white comes. A new highlight
    is as white, but lies on top: nothing of the skin's light is gone. The same with both signs
    turned where a highlight went.
    """
    skins = _lost_skin(white, skin, pair, flake, parameters)
    good = np.ones_like(skin)
    low = parameters.value("measurement.scaling.least_hidden")
    for sign in (1.0, -1.0):
        found = ((sign * white > least) & (skin > 0.0)).astype(np.uint8)
        count, label = cv2.connectedComponents(found)
        place = label.ravel()
        came = np.bincount(place, white.ravel(), count)
        went = np.bincount(place, skins.ravel(), count)
        kept = sign * went > low * sign * came
        kept[0] = True
        good *= kept[label]
    return good


def _lost_skin(
    white: Array, skin: Array, pair: Pair, flake: Flake, parameters: ParameterSet
) -> Array:
    """Share of the skin's own red light that is gone against the surroundings ``(h, w)``."""
    size = parameters.value("measurement.scaling.smoothing_mm") * pair.px_per_mm
    before, after = (
        np.maximum(cv2.GaussianBlur(np.ascontiguousarray(p[..., 0]), (0, 0), size), _DARKEST)
        for p in (pair.before, pair.after)
    )
    change = np.log(after / before)
    reach = parameters.value("measurement.scaling.around_mm") * pair.px_per_mm
    bare = skin * (np.abs(white) < _FAINT)
    change = change - slow_mean(np.clip(change, -_LARGEST, _LARGEST), bare, reach)
    return np.asarray(1.0 - np.exp(change) * (1.0 - flake.of_red(white)), np.float32)


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
    """Whiteness ``(h, w)`` of patches wider than any flake: a cast shadow, a moved highlight.

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
    """Negative whiteness ``(h, w)`` of spots of redness (papules, mottle) at their own size."""
    sd = _noise(raw, skin, pair, parameters)
    reach = parameters.value("measurement.scaling.redness_mm") * pair.px_per_mm
    local = slow_mean(np.clip(raw, -1.0, sd), skin, reach)
    inside = skin > 0.0
    spread = _MEDIAN_TO_SD * float(np.median(np.abs(local[inside] - np.median(local[inside]))))
    least = parameters.value("measurement.scaling.redness_sd") * spread
    return np.asarray(np.minimum(local + np.float32(least), 0.0), np.float32)


def _left_behind(white: Array, skin: Array, pair: Pair, parameters: ParameterSet) -> Array:
    """Whiteness ``(h, w)`` of the bare skin between flakes: what smoother changes left behind.

    Beside a border of redness, and where shine changed on a nose's curve.
    """
    sd = _noise(white, skin, pair, parameters)
    between = np.abs(white) < np.float32(parameters.value("measurement.scaling.threshold_sd")) * sd
    reach = parameters.value("measurement.scaling.between_mm") * pair.px_per_mm
    even = np.float32(_STANDS_OUT_SD) * sd
    return slow_mean(np.clip(white, -even, even), skin * between, reach) * skin


def _noise(white: Array, skin: Array, pair: Pair, parameters: ParameterSet) -> Array:
    """Noise sd of the whiteness of a bare place ``(h, w)``: its negative half, mirrored."""
    reach = parameters.value("measurement.scaling.neighbourhood_mm") * pair.px_per_mm
    below = np.clip(white, -_LARGEST, 0.0)
    return np.asarray(np.sqrt(2.0 * slow_mean(below * below, skin, reach)), np.float32)


def _slope(pattern: Array, px_per_mm: float) -> Array:
    """Steepness of a pattern, per mm ``(h, w)``."""
    down, across = np.gradient(pattern)
    return np.asarray(np.hypot(down, across) * px_per_mm, np.float32)
