"""Needle tracks: the fine unevenness of fresh redness along the rows of channels."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.appearance.noise import band_noise
from micropen.evidence import ParameterSet, stream

Array = NDArray[np.float32]

_DIRECTIONS: Final = (0.15, 1.2, 2.3)  # radians, as the points of bleeding
_PIN_MM: Final = (0.9, 1.3)
_STROKE_MM: Final = (8.0, 25.0)
_GAP_MM: Final = (1.0, 8.0)
_STROKES: Final = 0.55  # share of a line on which the pen really ran
_WANDER_MM: Final = 0.18
_GRAIN_MM: Final = (0.5, 1.6)


def track_texture(
    shape: tuple[int, int], px_per_mm: float, seed: int, parameters: ParameterSet
) -> Array:
    """Texture of needle tracks and grain with mean 0 and sd 1.

    Parameters
    ----------
    shape
        Height and width, px.
    px_per_mm
        Pixels per mm; at least about 3 to carry the tracks.
    seed
        Seed of the forecast.
    parameters
        ``rendering.tracks.*``.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32.
    """
    random = stream(seed, "rendering.tracks")
    tracks = np.zeros(shape, np.float32)
    for direction in _DIRECTIONS:
        _stamp_lines(tracks, px_per_mm, direction, random, parameters)
    blur = parameters.value("rendering.tracks.pin_blur_mm") * px_per_mm
    tracks = cv2.GaussianBlur(tracks, (0, 0), max(blur, 0.3))
    grain = band_noise(shape, px_per_mm, _GRAIN_MM, 0.4, random)
    share = parameters.value("rendering.tracks.grain_share")
    texture = tracks / max(float(tracks.std()), 1e-6) + share * grain
    slow = parameters.value("rendering.tracks.without_above_mm") * px_per_mm
    texture -= _slow_part(texture, slow)
    return np.asarray(texture / max(float(texture.std()), 1e-6), dtype=np.float32)


def _slow_part(texture: Array, sd_px: float) -> Array:
    """Gaussian mean, worked out on a reduced picture where it is wide."""
    factor = max(1, int(sd_px / 3.0))
    height, width = texture.shape
    small = cv2.resize(
        texture,
        (max(1, width // factor), max(1, height // factor)),
        interpolation=cv2.INTER_AREA,
    )
    small = cv2.GaussianBlur(small, (0, 0), sd_px / factor)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))


def _stamp_lines(
    image: Array,
    px_per_mm: float,
    direction: float,
    random: np.random.Generator,
    parameters: ParameterSet,
) -> None:
    """Lay parallel lines of pins over the whole picture in one direction."""
    height, width = image.shape
    reach = 0.5 * float(np.hypot(height, width))
    along = np.array([np.cos(direction), np.sin(direction)])
    across = np.array([-along[1], along[0]])
    closest = parameters.value("rendering.tracks.pitch_smallest_mm") * px_per_mm
    widest = parameters.value("rendering.tracks.pitch_largest_mm") * px_per_mm
    offsets = np.cumsum(random.uniform(closest, widest, int(2 * reach / closest) + 1)) - reach
    bend = random.uniform(-0.04, 0.04, len(offsets))
    centre = np.array([0.5 * width, 0.5 * height])
    for offset, bow in zip(offsets[offsets < reach], bend, strict=False):
        t = _pins_of_line(reach, px_per_mm, random)
        points = (
            centre + offset * across + np.outer(t, along) + np.outer(t * t / reach * bow, across)
        )
        points += _WANDER_MM * px_per_mm * random.standard_normal(points.shape)
        column, row = np.rint(points).astype(int).T
        inside = (column >= 0) & (row >= 0) & (column < width) & (row < height)
        weight = random.uniform(0.4, 1.4, len(t)).astype(np.float32)
        np.add.at(image, (row[inside], column[inside]), weight[inside])


def _pins_of_line(
    reach: float, px_per_mm: float, random: np.random.Generator
) -> NDArray[np.float64]:
    """Places of the pins along one line that is run over in strokes with gaps."""
    strokes = int(2 * reach / ((_STROKE_MM[0] + _GAP_MM[0]) * px_per_mm)) + 1
    length = random.uniform(*_STROKE_MM, strokes) * px_per_mm
    gap = random.uniform(*_GAP_MM, strokes) * px_per_mm
    end = np.cumsum(length + gap) - reach
    start = end - length - gap
    pitch = random.uniform(*_PIN_MM) * px_per_mm
    pins = np.arange(-reach, reach, pitch)
    stroke = np.clip(np.searchsorted(end, pins), 0, strokes - 1)
    ran = random.random(strokes) < _STROKES
    return np.asarray(pins[ran[stroke] & (pins < start[stroke] + length[stroke])])
