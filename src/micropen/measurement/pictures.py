"""Pictures of an aligned photograph for the page: as it was, light evened, changes laid over."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from micropen.anatomy import ZONES
from micropen.measurement.face_view import Array, FaceView
from micropen.measurement.method import Reading
from micropen.measurement.pair import Pair
from micropen.measurement.result import Canvas, Pictures
from micropen.portrait.colour_encoding import encode_srgb

JPEG_QUALITY: Final = 88
# As tall as a large screen shows a face: ten photographs stay below 8 MB.
TALLEST_PX: Final = 1200
TALLEST_OVERLAY_PX: Final = 600
# |change| of a real change, two-sided at 95 %, in standard deviations of no change.
_REAL: Final = 1.96
# Steps of the map to each side of no change; more cannot be told apart over skin.
_STEPS: Final = 12
_ALPHA: Final = (0.22, 0.88)
# Only specks of a map that hold together over this far are drawn: single pixels are noise.
_SMOOTH_MM: Final = 1.0
# Outlines are simplified to this: finer than a finger or a mouse can point.
_OUTLINE_MM: Final = 0.6
_LEAST_OUTLINE_MM2: Final = 60.0

MORE: Final = ((236, 140, 210), (138, 0, 96))
"""Colours of the least and the largest increase. Magenta and teal do not occur in skin and
differ in lightness, so that they stay apart without full colour vision."""

LESS: Final = ((160, 236, 216), (0, 158, 134))
"""Colours of the least and the largest decrease."""

# The page's scale is the same for every photograph of every person: full colour from here on.
_FULL: Final[Mapping[str, float]] = MappingProxyType(
    {
        "erythema": float(np.log(2.0)),
        "pigment": 0.3,
        "gloss": 0.6,
        "scaling": 0.4,
        "relief": 0.4,
        "lesions": 1.0,
    }
)
# Steps of linear light that are looked up: the darkest 8-bit code spans twenty.
_FINEST: Final = 65535
# Flakes are smaller than the smoothing.
_SHARP: Final = frozenset({"scaling", "lesions"})


@dataclass(frozen=True, slots=True)
class OverlayScale:
    """What the colours of a sign's map mean.

    Parameters
    ----------
    sign
        Its name.
    full
        |change| from which on the colour is fullest, in the sign's unit.
    """

    sign: str
    full: float


def overlay_scale(sign: str) -> OverlayScale:
    """Return the scale that a sign's map is drawn with."""
    return OverlayScale(sign, _FULL.get(sign, 1.0))


def pictures_of(pair: Pair, readings: Mapping[str, Reading], photo: str) -> Pictures:
    """Encode the pictures of one photograph.

    Parameters
    ----------
    pair
        Baseline and photograph, aligned.
    readings
        Sign to the reading that stands for it; one without a map, or without any real change on
        it, has no overlay.
    photo
        File name.
    """
    gained = np.asarray(pair.after * np.exp(pair.light.log_gain), np.float32)
    maps = {sign: overlay_png(pair, sign, reading) for sign, reading in readings.items()}
    drawn = {sign: png for sign, png in maps.items() if png}
    return Pictures(photo, jpeg(gained), jpeg(pair.after), MappingProxyType(drawn))


def baseline_pictures(view: FaceView, photo: str) -> Pictures:
    """Encode the pictures of the baseline, which nothing has changed on."""
    encoded = jpeg(view.linear)
    return Pictures(photo, encoded, encoded, MappingProxyType({}))


def jpeg(linear: Array) -> bytes:
    """Encode a picture ``(h, w, 3)`` of linear sRGB, capped in height, without any metadata."""
    small = _capped(linear, TALLEST_PX)
    steps = np.rint(np.clip(small, 0.0, 1.0) * np.float32(_FINEST)).astype(np.uint16)
    codes = _codes_of_light()[steps]
    buffer = io.BytesIO()
    # Redness is colour: coarser chroma would smear its fine structure.
    Image.fromarray(codes).save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)
    return buffer.getvalue()


@cache
def _codes_of_light() -> NDArray[np.uint8]:
    """8-bit sRGB code of each step of linear light."""
    return np.rint(255.0 * encode_srgb(np.linspace(0.0, 1.0, _FINEST + 1))).astype(np.uint8)


def overlay_png(pair: Pair, sign: str, reading: Reading) -> bytes:
    """Encode a map of changes as PNG, transparent where nothing real was read; empty for none.

    A place is drawn where the change there exceeds the smallest real change of its zone; a zone
    that was not measured stays empty.

    Parameters
    ----------
    pair
        What was read.
    sign
        Sets the scale.
    reading
        What was read.
    """
    if reading.overlay is None:
        return b""
    values = np.asarray(reading.overlay, np.float32)
    if sign not in _SHARP:
        values = _smoothed(values, _SMOOTH_MM * pair.px_per_mm)
    least = _REAL * np.array([reading.zones[z].no_change_sd for z in ZONES], np.float32)
    refused = np.array([reading.zones[z].status != "measured" for z in ZONES])
    least[refused | ~np.isfinite(least)] = np.inf
    smallest = np.append(least, np.float32(np.inf))[pair.labels]
    values = np.where(np.abs(values) > smallest, values, np.float32(np.nan))
    if not np.isfinite(values).any():
        return b""
    return _indexed_png(_shrunk(values), overlay_scale(sign).full)


def canvas_of(view: FaceView) -> Canvas:
    """Return size, resolution and outlines of the zones of the baseline's view."""
    height, width = view.shape
    skin = cv2.GaussianBlur(view.skin, (0, 0), _SMOOTH_MM * view.px_per_mm) > 0.5
    outlines = {
        zone: _outlines((view.labels == k) & skin, view.px_per_mm) for k, zone in enumerate(ZONES)
    }
    return Canvas(
        width, height, view.px_per_mm, MappingProxyType({z: o for z, o in outlines.items() if o})
    )


def _outlines(
    inside: NDArray[np.bool_], px_per_mm: float
) -> tuple[tuple[tuple[float, float], ...], ...]:
    # The labels come from a coarser grid: their steps are no part of the face.
    soft = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), _SMOOTH_MM * px_per_mm) > 0.5
    found, _ = cv2.findContours(soft.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    large = [c for c in found if cv2.contourArea(c) >= _LEAST_OUTLINE_MM2 * px_per_mm**2]
    simple = [cv2.approxPolyDP(c, _OUTLINE_MM * px_per_mm, True)[:, 0] for c in large]
    return tuple(tuple((float(x), float(y)) for x, y in polygon) for polygon in simple)


def _capped(picture: Array, tallest: int) -> Array:
    height, width = picture.shape[:2]
    if height <= tallest:
        return picture
    size = (round(width * tallest / height), tallest)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)


def _smoothed(values: Array, sigma: float) -> Array:
    """Gaussian mean of what is there; NaN stays NaN."""
    known = np.isfinite(values)
    weight = cv2.GaussianBlur(known.astype(np.float32), (0, 0), sigma)
    total = cv2.GaussianBlur(np.where(known, values, np.float32(0.0)), (0, 0), sigma)
    return np.where(known, total / np.maximum(weight, np.float32(1e-6)), np.float32(np.nan))


def _shrunk(values: Array) -> Array:
    """Average down to the overlay's size; a place is drawn where half of it is."""
    height, width = values.shape
    if height <= TALLEST_OVERLAY_PX:
        return values
    size = (round(width * TALLEST_OVERLAY_PX / height), TALLEST_OVERLAY_PX)
    drawn = np.isfinite(values)
    share = cv2.resize(drawn.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    total = cv2.resize(np.where(drawn, values, 0.0), size, interpolation=cv2.INTER_AREA)
    mean = total / np.maximum(share, np.float32(1e-6))
    return np.where(share >= 0.5, mean, np.float32(np.nan)).astype(np.float32)


def _indexed_png(values: Array, full: float) -> bytes:
    """Palette PNG: index 0 is transparent, then decreases, then increases by size."""
    step = np.ceil(np.clip(np.abs(values) / full, 0.0, 1.0) * _STEPS)
    step = np.where(np.isfinite(step), np.maximum(step, 1.0), 0.0).astype(np.uint8)
    index = np.where((values > 0.0) & (step > 0), step + _STEPS, step).astype(np.uint8)
    image = Image.fromarray(index)
    less, more = ramp(LESS), ramp(MORE)
    image.putpalette([0, 0, 0, *(c for rgba in (*less, *more) for c in rgba[:3])])
    alpha = bytes([0, *(round(255 * rgba[3]) for rgba in (*less, *more))])
    buffer = io.BytesIO()
    image.save(buffer, "PNG", transparency=alpha, optimize=True)
    return buffer.getvalue()


def ramp(
    ends: tuple[tuple[int, int, int], tuple[int, int, int]],
) -> list[tuple[int, int, int, float]]:
    """Colours of the steps from the least to the largest change: red, green, blue, opacity."""
    shares = np.linspace(0.0, 1.0, _STEPS)
    colours = np.outer(1.0 - shares, ends[0]) + np.outer(shares, ends[1])
    opacity = _ALPHA[0] + (_ALPHA[1] - _ALPHA[0]) * shares
    return [
        (round(r), round(g), round(b), float(a))
        for (r, g, b), a in zip(colours, opacity, strict=True)
    ]
