"""Colour contrast at the scale of a lesion: how a place differs from the skin around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.measurement.face_view import Array
from micropen.optics.erythema import UNCONTROLLED, erythema_weights

# Core and surround of the difference of Gaussians, in diameters. A round spot of Gaussian profile
# gives its largest answer where the diameter is about its own full width at half contrast.
_CORE: Final = 0.30
_SURROUND: Final = 0.75
# A spot of Gaussian profile has this sd, in full widths at half height.
_SPOT: Final = 0.4247
# Answer of the difference at the centre of such a spot of contrast 1.
_ANSWER: Final = 1.0 / (1.0 + (_CORE / _SPOT) ** 2) - 1.0 / (1.0 + (_SURROUND / _SPOT) ** 2)
# Least linear value whose logarithm is taken: below it there is no colour.
_DARKEST: Final = 0.002
# sd of a normal distribution over its mean absolute value.
_MEAN_TO_SD: Final = 1.2533
# A calm neighbourhood is not taken to be calmer than this share of the whole face.
_LEAST_SHARE: Final = 0.7
# Share of bare skin below which a working pixel is no skin.
_BARE: Final = 0.5
# A mean over sd of more px than this is taken on a smaller picture: it has no detail to lose.
_WIDE_PX: Final = 12.0
# Least sd of a wide mean on its smaller picture, px.
_LEAST_WIDE_PX: Final = 4.0


@dataclass(frozen=True, eq=False)
class WorkingGrid:
    """Pictures averaged down to the resolution that lesions need.

    Parameters
    ----------
    px_per_mm
        Pixels of the grid per mm of skin.
    step
        Pixels of the view per pixel of the grid along x and y.
    skin
        ``(h, w)`` float32 in 0-1: usable skin.
    labels
        ``(h, w)`` int8 zones.
    """

    px_per_mm: float
    step: tuple[float, float]
    skin: Array
    labels: NDArray[np.int8]

    @classmethod
    def over(
        cls, usable: Array, labels: NDArray[np.int8], px_per_mm: float, wanted: float
    ) -> WorkingGrid:
        """Build the grid of a view with at most `wanted` px per mm."""
        height, width = usable.shape
        factor = min(1.0, wanted / px_per_mm)
        size = (max(1, round(width * factor)), max(1, round(height * factor)))
        skin = np.asarray(cv2.resize(usable, size, interpolation=cv2.INTER_AREA), np.float32)
        small = np.asarray(
            cv2.resize(labels.astype(np.int16), size, interpolation=cv2.INTER_NEAREST), np.int8
        )
        skin = np.where(skin >= _BARE, skin, np.float32(0.0))
        return cls(px_per_mm * size[0] / width, (width / size[0], height / size[1]), skin, small)

    @cached_property
    def means(self) -> SkinMeans:
        """Gaussian means over the skin."""
        return SkinMeans(self.skin)

    def reduce(self, picture: Array) -> Array:
        """Average a picture of the view onto the grid."""
        size = (self.skin.shape[1], self.skin.shape[0])
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)

    def log_colour(self, linear: Array) -> Array:
        """Return ln of the averaged colour ``(h, w, 3)``: mean first, ln after."""
        return np.log(np.maximum(self.reduce(linear), np.float32(_DARKEST)))

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """Coordinates on the view of coordinates on the grid."""
        return (x + 0.5) * self.step[0] - 0.5, (y + 0.5) * self.step[1] - 0.5


def red_green(log_colour: Array) -> Array:
    """ln(R/G) ``(h, w)``: blind to light and shade, and the steadiest sign of blood in a JPEG.

    Weights that are blind to melanin too need the blue channel and double the noise; of a place
    that was found, `erythema_contrast` tells the amount.
    """
    return np.asarray(log_colour[..., 0] - log_colour[..., 1], np.float32)


def erythema_contrast(log_contrast: NDArray[np.floating], ita_deg: float) -> float:
    """Contrast ``(3,)`` of ln(R), ln(G), ln(B) in ln units of erythema."""
    weights = erythema_weights(ita_deg, UNCONTROLLED)
    # The rows of the table below 0 degrees do not sum to exactly 0.
    return float((weights - weights.mean()) @ np.asarray(log_contrast, np.float64))


class SkinMeans:
    """Gaussian means over skin only; the mean weight of each width is worked out once.

    Parameters
    ----------
    skin
        ``(h, w)`` float32 weight of each place.
    """

    def __init__(self, skin: Array) -> None:
        self._skin = skin
        self._totals: dict[float, Array] = {}

    def mean(self, values: Array, sd_px: float) -> Array:
        """Mean of a map ``(h, w)`` around each place; 0 where there is no skin near."""
        if sd_px not in self._totals:
            self._totals[sd_px] = _blurred(self._skin, sd_px) + np.float32(1e-4)
        return np.asarray(_blurred(values * self._skin, sd_px) / self._totals[sd_px], np.float32)

    def spot_contrast(self, values: Array, diameter_px: float) -> Array:
        """Contrast that a round spot of this diameter would have at each place ``(h, w)``.

        Parameters
        ----------
        values
            ``(h, w)`` map.
        diameter_px
            Full width at half contrast of the spot, px.

        Returns
        -------
        numpy.ndarray
            Difference of Gaussian means over the skin, scaled so that a spot of Gaussian profile
            and this diameter reads its own peak.
        """
        core = self.mean(values, _CORE * diameter_px)
        surround = self.mean(values, _SURROUND * diameter_px)
        return np.asarray((core - surround) / np.float32(_ANSWER), np.float32)


def spot_contrast_at(
    values: Array, skin: Array, x: float, y: float, diameter_px: float
) -> NDArray[np.float64]:
    """Contrast of a round spot as `SkinMeans.spot_contrast`, of one place and all channels.

    Parameters
    ----------
    values
        ``(h, w, c)`` map; what lies outside does not count.
    skin
        ``(h, w)`` weight of each place.
    x, y
        Column and row.
    diameter_px
        Full width at half contrast of the spot, px.

    Returns
    -------
    numpy.ndarray
        ``(c,)``.
    """
    across, down = np.arange(skin.shape[1]) - x, np.arange(skin.shape[0]) - y
    means = []
    for share in (_CORE, _SURROUND):
        narrow = -0.5 / (share * diameter_px) ** 2
        kernel = np.outer(np.exp(narrow * down**2), np.exp(narrow * across**2))
        weight = kernel / kernel.sum() * skin
        means.append(np.tensordot(weight, values, 2) / (weight.sum() + 1e-4))
    return np.asarray((means[0] - means[1]) / _ANSWER, np.float64)


def _blurred(values: Array, sd_px: float) -> Array:
    """Gaussian blur ``(h, w)``; a wide one on a smaller picture."""
    if sd_px <= _WIDE_PX:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sd_px), np.float32)
    height, width = values.shape
    step = int(sd_px / _LEAST_WIDE_PX)
    size = (-(-width // step), -(-height // step))
    small = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
    # Averaging and interpolating are blurs themselves: a twelfth and a sixth of the step squared.
    rest = float(np.sqrt(sd_px**2 - step**2 / 4.0)) / step
    small = cv2.GaussianBlur(small, (0, 0), rest)
    return np.asarray(cv2.resize(small, (width, height)), np.float32)


def robust_sd(values: Array, inside: NDArray[np.bool_]) -> float:
    """Standard deviation of the bulk of a map, from the median distance to its median."""
    chosen = values[inside]
    if not chosen.size:
        return 0.0
    return float(1.4826 * np.median(np.abs(chosen - np.median(chosen))))


def local_sd(values: Array, near: SkinMeans, overall: float, reach_px: float) -> Array:
    """Standard deviation of the neighbourhood ``(h, w)``, never far below that of the face.

    Parameters
    ----------
    values
        ``(h, w)`` map whose mean is about 0.
    near
        Means over where it counts.
    overall
        `robust_sd` of the map: single places further out than three of it count as that.
    reach_px
        sd of the neighbourhood, px.
    """
    size = np.minimum(np.abs(values), np.float32(3.0 * overall)) * np.float32(_MEAN_TO_SD)
    return np.maximum(near.mean(size, reach_px), np.float32(_LEAST_SHARE * overall))
