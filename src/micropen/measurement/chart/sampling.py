"""The chart's patches read at the photograph's own resolution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.measurement.chart.placement import PATCHES, transformed
from micropen.measurement.chart.reference import COLUMNS, ROWS
from micropen.portrait.colour_encoding import linear_from_codes
from micropen.portrait.photo import Photo

FloatArray = NDArray[np.float64]

# Pixels from patch to patch in the straightened chart; the sample is the middle, clear of the wide
# frames of small charts; its core is the inner fifth.
_PIXELS: Final = 32
_SAMPLE: Final = slice(10, 22)
_CORE: Final = slice(13, 19)
_CLIPPED_CODE: Final = 254
_CLIPPED_SHARE: Final = 0.02
# Blocks inside a sample whose differences tell shadow edges and shine from noise.
_BLOCK: Final = 3
# Linear difference of patch and frame from which blur can be read.
_LEAST_CONTRAST: Final = 0.03


@dataclass(frozen=True, eq=False)
class PatchSamples:
    """Colours of the 24 patches of one photograph.

    Parameters
    ----------
    colours
        ``(24, 3)`` mean linear sRGB of the middle of each patch.
    unevenness
        ``(24,)`` relative range of luminance within the sample (3 × 3 px blocks, 10-90 %).
    clipped
        ``(24,)`` some of the sample is at the upper end of the encoding.
    outside
        ``(24,)`` the patch is not wholly in the picture.
    leak
        Share of the frame's colour that blur carries to the rim of the samples, middle patch.
    pitch
        Distance of patches in the photograph, px, where it is least.
    """

    colours: FloatArray
    unevenness: FloatArray
    clipped: NDArray[np.bool_]
    outside: NDArray[np.bool_]
    leak: float
    pitch: float


def sample_patches(photo: Photo, matrix: FloatArray) -> PatchSamples:
    """Read the patches of a chart that was found.

    Parameters
    ----------
    photo
        The photograph.
    matrix
        ``(3, 3)`` homography from the chart's column and row to px of the photograph.
    """
    height, width = photo.shape
    cells = transformed(matrix, np.concatenate([PATCHES + d for d in _CELL]))
    outside = ((cells < 0.0) | (cells > (width - 1.0, height - 1.0))).any(axis=1)
    pitch = chart_pitch(matrix)
    linear, codes = _straightened(photo, matrix, pitch)
    blocks = linear.reshape(ROWS, _PIXELS, COLUMNS, _PIXELS, 3).swapaxes(1, 2)
    blocks = blocks.reshape(24, _PIXELS, _PIXELS, 3)
    fullest = codes.reshape(ROWS, _PIXELS, COLUMNS, _PIXELS).swapaxes(1, 2)
    samples = blocks[:, _SAMPLE, _SAMPLE]
    full = fullest.reshape(24, _PIXELS, _PIXELS)[:, _SAMPLE, _SAMPLE] >= _CLIPPED_CODE
    return PatchSamples(
        colours=samples.mean(axis=(1, 2), dtype=np.float64),
        unevenness=_unevenness(samples),
        clipped=np.asarray(full.mean(axis=(1, 2)) > _CLIPPED_SHARE),
        outside=np.asarray(outside.reshape(len(_CELL), 24).any(axis=0)),
        leak=_leak(blocks),
        pitch=pitch,
    )


_CELL: Final = ((-0.4, -0.4), (0.4, -0.4), (0.4, 0.4), (-0.4, 0.4))


def chart_pitch(matrix: FloatArray) -> float:
    """Distance from patch to patch, px, in the direction and place where it is least."""
    places = transformed(matrix, PATCHES).reshape(ROWS, COLUMNS, 2)
    across = np.linalg.norm(np.diff(places, axis=1), axis=2).min()
    down = np.linalg.norm(np.diff(places, axis=0), axis=2).min()
    return float(min(across, down))


def _straightened(
    photo: Photo, matrix: FloatArray, pitch: float
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """The chart seen square on: linear ``(4 * 32, 6 * 32, 3)`` and its fullest codes."""
    rim = np.array([(-1, -1), (COLUMNS, -1), (COLUMNS, ROWS), (-1, ROWS)], np.float64)
    rim_px = transformed(matrix, rim)
    height, width = photo.shape
    left, top = np.clip(np.floor(rim_px.min(axis=0)), 0, (width - 2, height - 2)).astype(int)
    right, bottom = np.clip(np.ceil(rim_px.max(axis=0)) + 1, (left + 2, top + 2), (width, height))
    window = photo.encoded[top : int(bottom), left : int(right)]
    linear = linear_from_codes(window)
    fullest = photo.eight_bit[top : int(bottom), left : int(right)].max(axis=2)
    # Averaged, not skipped, where the photograph is finer than the straightened chart.
    scale = min(1.0, 1.5 * _PIXELS / pitch)
    if scale < 1.0:
        size = tuple(max(1, round(n * scale)) for n in window.shape[1::-1])
        linear = cv2.resize(linear, size, interpolation=cv2.INTER_AREA)
        reach = int(np.ceil(1.0 / scale))
        fullest = cv2.dilate(fullest, np.ones((reach, reach), np.uint8))
        fullest = cv2.resize(fullest, size, interpolation=cv2.INTER_NEAREST)
    across = linear.shape[1] / window.shape[1]
    down = linear.shape[0] / window.shape[0]
    to_window = np.array(
        [
            [across, 0.0, across * (0.5 - left) - 0.5],
            [0.0, down, down * (0.5 - top) - 0.5],
            [0.0, 0.0, 1.0],
        ]
    )
    step = 1.0 / _PIXELS
    to_chart = np.array([[step, 0, 0.5 * step - 0.5], [0, step, 0.5 * step - 0.5], [0, 0, 1.0]])
    whole = to_window @ matrix @ to_chart
    size = (COLUMNS * _PIXELS, ROWS * _PIXELS)
    back = cv2.WARP_INVERSE_MAP
    return (
        cv2.warpPerspective(linear, whole, size, flags=cv2.INTER_LINEAR | back),
        cv2.warpPerspective(fullest, whole, size, flags=cv2.INTER_NEAREST | back),
    )


def _unevenness(samples: NDArray[np.float32]) -> FloatArray:
    count = samples.shape[1] // _BLOCK
    green = samples.mean(axis=3).reshape(24, count, _BLOCK, count, _BLOCK).mean(axis=(2, 4))
    low, high = np.percentile(green.reshape(24, -1), [10, 90], axis=1)
    return np.asarray((high - low) / np.maximum(green.mean(axis=(1, 2)), 1e-4))


def _leak(blocks: NDArray[np.float32]) -> float:
    """How far patch borders have spread into the samples: 0 is sharp."""
    core = blocks[:, _CORE, _CORE].mean(axis=(1, 2))
    leaks = []
    for side in range(4):
        turned = np.rot90(blocks, side, axes=(1, 2))
        rim = turned[:, 10:11, _CORE].mean(axis=(1, 2))
        frame = turned[:, 0:1, _CORE].mean(axis=(1, 2))
        towards = frame - core
        strength = (towards**2).sum(axis=1)
        leak = ((rim - core) * towards).sum(axis=1) / np.maximum(strength, 1e-9)
        leaks.append(leak[strength > _LEAST_CONTRAST**2])
    found = np.concatenate(leaks)
    return float(np.median(found)) if found.size else 1.0
