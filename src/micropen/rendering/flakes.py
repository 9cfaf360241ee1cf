"""Flakes: irregular plates of loose scale that cover exactly the asked share of the surface."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.appearance.noise import band_noise
from micropen.evidence import ParameterSet, stream
from micropen.portrait import Portrait
from micropen.rendering.kernel import THICKEST, FlakePlanes
from micropen.rendering.texture_frame import TextureFrame

Array = NDArray[np.float32]

# Plates: cell size mm, ratio of axes, weight. Three layers, because one looks like tiling.
_PLATES: Final = ((2.4, 1.6, 0.8), (1.4, 1.4, 0.9), (0.8, 1.2, 0.7))
_WARP_MM: Final = (1.2, 7.0)
_WARP_BY_MM: Final = 0.32
_PATCH_MM: Final = (2.5, 20.0)
_GRAIN_MM: Final = (0.4, 1.4)
_FALL: Final = 0.9  # how a plate's height falls from its middle
_RAMP: Final = 1.1  # rise of opacity over rank, in units of the coverage
_LEAST: Final = 0.002  # coverage below which not one flake would show
# Loose scale is thin and clear in its middle, thick and white along its lifted rim.
_CLEAR: Final = 0.75
_RIM: Final = 0.5
_RIM_WIDTH: Final = 0.25  # in rank within the plates
_LIFT_MM: Final = (3.0, 25.0)  # skin over which plates lift on the same side
_UNEVEN: Final = 0.25
_UNEVEN_MM: Final = (0.3, 1.2)
_MEAN_THICKNESS: Final = _CLEAR + _RIM * _RIM_WIDTH * 0.8862  # sqrt(pi) / 2: the rim's mean
_QUANTILES: Final = 512
_ROUNDS: Final = 3  # zones overlap: where two meet, a mean of two ranks must be ranked again
_SAMPLE: Final = 60_000
_SMALL_WEIGHT: Final = 0.02


def flake_heights(
    shape: tuple[int, int], px_per_mm: float, seed: int, parameters: ParameterSet
) -> Array:
    """Height field whose upper level sets look like loose scale.

    Parameters
    ----------
    shape
        Height and width, px.
    px_per_mm
        Pixels per mm.
    seed
        Seed of the forecast.
    parameters
        ``rendering.flakes.*``.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32, of no particular scale.
    """
    random = stream(seed, "rendering.flakes")
    by = _WARP_BY_MM * px_per_mm
    x, y = np.meshgrid(np.arange(shape[1], dtype=np.float32), np.arange(shape[0], dtype=np.float32))
    x += by * band_noise(shape, px_per_mm, _WARP_MM, 1.0, random)
    y += by * band_noise(shape, px_per_mm, _WARP_MM, 1.0, random)
    total = np.zeros(shape, np.float32)
    for cell_mm, ratio, weight in _PLATES:
        total += weight * _plates(shape, x, y, cell_mm * px_per_mm, ratio, random)
    total /= max(float(total.std()), 1e-6)
    blur = parameters.value("rendering.flakes.edge_blur_mm") * px_per_mm
    total = cv2.GaussianBlur(total, (0, 0), max(blur, 0.5))
    patch = band_noise(shape, px_per_mm, _PATCH_MM, 1.2, random)
    grain = band_noise(shape, px_per_mm, _GRAIN_MM, 0.6, random)
    total += parameters.value("rendering.flakes.patch_weight") * patch
    total += parameters.value("rendering.flakes.grain_weight") * grain
    return np.asarray(total, dtype=np.float32)


def _plates(
    shape: tuple[int, int],
    x: Array,
    y: Array,
    cell_px: float,
    ratio: float,
    random: np.random.Generator,
) -> Array:
    """Voronoi plates of random height, falling towards their edges, stretched and warped."""
    height, width = int(shape[0] / ratio) + 2, shape[1]
    count = max(4, int(height * width * ratio / cell_px**2))
    empty = np.ones((height, width), np.uint8)
    empty[random.integers(0, height, count), random.integers(0, width, count)] = 0
    distance, plate = cv2.distanceTransformWithLabels(
        empty, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    value = random.standard_normal(int(plate.max()) + 1).astype(np.float32)
    column = np.clip(x, 0, width - 1)
    row = np.clip(y / np.float32(ratio), 0, height - 1)
    level = cv2.remap(value[plate], column, row, cv2.INTER_LINEAR)
    fall = cv2.remap(distance, column, row, cv2.INTER_LINEAR) / np.float32(0.5 * cell_px)
    return np.asarray(level - np.float32(_FALL) * fall, dtype=np.float32)


def rank_in_zones(heights: Array, zone_weights: list[Array], skin: Array) -> Array:
    """Rank of every height among its zone's own, so that ``rank > 1 - c`` covers a share c of it.

    Parameters
    ----------
    heights
        ``(h, w)``.
    zone_weights
        One ``(h, w)`` map per zone, summing to 1.
    skin
        Strict skin mask, ``(h, w)``.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32 in 0-1, uniform within each zone's skin.
    """
    rank = heights
    for _ in range(_ROUNDS):
        rank = _rank_once(rank, zone_weights, skin)
    return rank


def _rank_once(heights: Array, zone_weights: list[Array], skin: Array) -> Array:
    levels = np.linspace(0.0, 1.0, _QUANTILES)
    rank = np.zeros_like(heights)
    total = np.zeros_like(heights)
    everywhere = _quantiles(heights, skin, levels)
    for weight in zone_weights:
        near = weight > _SMALL_WEIGHT
        if not near.any():
            continue
        own = _quantiles(heights, np.where(near, weight * skin, 0.0), levels)
        table = everywhere if own is None else own
        if table is None:
            continue
        rank[near] += weight[near] * np.interp(heights[near], table, levels).astype(np.float32)
        total[near] += weight[near]
    return np.asarray(rank / np.maximum(total, 1e-6), dtype=np.float32)


def _quantiles(
    heights: Array, weight: Array, levels: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Weighted quantiles of the heights, from a regular sample; None without any skin."""
    cells = np.flatnonzero(weight > 0.01)
    if cells.size < 50:
        return None
    cells = cells[:: max(1, cells.size // _SAMPLE)]
    order = cells[np.argsort(heights.ravel()[cells])]
    share = np.cumsum(weight.ravel()[order], dtype=np.float64)
    share = (share - 0.5 * weight.ravel()[order]) / share[-1]
    return np.interp(levels, share, heights.ravel()[order].astype(np.float64))


def _lifted_side(heights: Array, px_per_mm: float, seed: int) -> Array:
    """How far the nearest edge is a lifted one, 0-1 and .5 on average: plates lift on one side."""
    random = stream(seed, "rendering.flakes.lift")
    shape = (int(heights.shape[0]), int(heights.shape[1]))
    along = band_noise(shape, px_per_mm, _LIFT_MM, 1.5, random)
    across = band_noise(shape, px_per_mm, _LIFT_MM, 1.5, random)
    smooth = cv2.GaussianBlur(heights, (0, 0), max(0.2 * px_per_mm, 0.5))
    slope_x = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    slope_y = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    length = np.hypot(slope_x, slope_y) * np.hypot(along, across) + np.float32(1e-9)
    return np.asarray(0.5 + 0.5 * (slope_x * along + slope_y * across) / length, np.float32)


class FlakeField:
    """Flakes of one face: ranks once, planes for every day.

    Parameters
    ----------
    portrait
        The face.
    frame
        Its texture frame.
    seed
        Seed of the forecast.
    parameters
        ``rendering.flakes.*``.
    """

    def __init__(
        self, portrait: Portrait, frame: TextureFrame, seed: int, parameters: ParameterSet
    ) -> None:
        self._portrait = portrait
        self._frame = frame
        heights = flake_heights(frame.shape, frame.px_per_mm, seed, parameters)
        weights = [frame.from_grid(w, portrait) for w in portrait.zones.weights]
        skin = frame.from_grid(portrait.masks.texture, portrait)
        self._rank = rank_in_zones(heights, weights, skin)
        uneven = band_noise(
            frame.shape, frame.px_per_mm, _UNEVEN_MM, 0.5, stream(seed, "rendering.flakes.uneven")
        )
        self._uneven = np.float32(_UNEVEN) * np.clip(uneven, -1.5, 1.5)
        self._rim = np.float32(2.0 * _RIM) * _lifted_side(heights, frame.px_per_mm, seed)
        self._softness_mm = parameters.value("rendering.flakes.softness_mm")
        self._edge_mm = parameters.value("rendering.flakes.edge_width_mm")

    def cover(self, coverage: Array) -> Array:
        """Share 0-1 of each cell of the texture raster that lies under a flake.

        Parameters
        ----------
        coverage
            Asked share on the working grid, ``(h, w)``.

        Returns
        -------
        numpy.ndarray
            Its mean over a zone is the asked share.
        """
        asked = self._frame.from_grid(coverage, self._portrait)
        steep = np.float32(_RAMP) / np.maximum(asked, np.float32(0.004))
        alpha = np.clip((self._rank - 1.0 + asked) * steep + 0.5, 0.0, 1.0)
        return np.asarray(alpha * (asked > _LEAST), dtype=np.float32)

    def thickness(self, alpha: Array, coverage: Array) -> Array:
        """Thickness of the flakes, mean 1 over them: thin and clear inside, thick at the rim.

        Parameters
        ----------
        alpha
            From `cover`.
        coverage
            Asked share on the working grid, ``(h, w)``.

        Returns
        -------
        numpy.ndarray
            Cover times thickness on the texture raster; its mean is again the asked share.
        """
        asked = self._frame.from_grid(coverage, self._portrait)
        inside = (self._rank - 1.0 + asked) / np.maximum(asked, np.float32(0.004))
        inside *= np.float32(1.0 / _RIM_WIDTH)
        profile = _CLEAR + self._rim * np.exp(-np.square(np.clip(inside, 0.0, 6.0)))
        profile += self._uneven
        return np.asarray(alpha * profile / np.float32(_MEAN_THICKNESS), dtype=np.float32)

    def planes(self, coverage: Array) -> FlakePlanes | None:
        """Flakes of one day at the photograph's resolution and sharpness.

        Parameters
        ----------
        coverage
            Asked share on the working grid, ``(h, w)``.

        Returns
        -------
        FlakePlanes or None
            None where no flake shows.
        """
        if float(coverage.max(initial=0.0)) <= _LEAST:
            return None
        alpha = self.cover(coverage)
        blur = max(self._frame.blur_px, self._softness_mm * self._frame.px_per_mm)
        step = max(self._edge_mm * self._frame.px_per_mm, 0.5)
        light = self._portrait.geometry.light
        side = np.array([light[0], light[1]], dtype=np.float64)
        if float(np.hypot(*side)) < 0.15:
            side = np.array([0.0, -1.0])  # no side light: as if from above
        side = step * side / np.hypot(*side)
        away = np.array([[1.0, 0.0, side[0]], [0.0, 1.0, side[1]]])
        size = (alpha.shape[1], alpha.shape[0])
        # The lit edge: covered here, bare one step towards the light.
        shifted = cv2.warpAffine(alpha, away, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        edge = alpha - shifted
        alpha = self.thickness(alpha, coverage)
        if blur > 0.3:
            alpha = cv2.GaussianBlur(alpha, (0, 0), blur)
            edge = cv2.GaussianBlur(edge, (0, 0), blur)
        thick = np.clip(alpha * np.float32(1.0 / THICKEST), 0.0, 1.0)
        cover = self._frame.to_full(np.rint(255.0 * thick).astype(np.uint8))
        lit = self._frame.to_full(np.rint(128.0 + 127.0 * np.clip(edge, -1, 1)).astype(np.uint8))
        return FlakePlanes(cover.astype(np.uint8, copy=False), lit.astype(np.uint8, copy=False))
