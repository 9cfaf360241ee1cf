"""Relief and plumpness: bands of log-luminance, and how strongly to act for an asked reduction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet

Array = NDArray[np.float32]

_DARKEST: Final = 0.004  # keeps ln finite on black, below any skin
_STRONGEST: Final = 3.0  # beyond this the band would turn inside out


@dataclass(frozen=True, slots=True)
class ReliefBand:
    """Fine relief of one photograph.

    Parameters
    ----------
    limited
        ln-luminance between the two scales, with moles, hairs and edges taken out, ``(H, W)``.
    variance, covariance, limited_variance
        Of the band as measured and of the part of `limited` that would be measured again.
    """

    limited: Array
    variance: float
    covariance: float
    limited_variance: float

    def strength(self, reduction: float) -> float:
        """Factor on `limited` that takes the asked share away from the measured contrast.

        Parameters
        ----------
        reduction
            Asked relative reduction of the band's sd; negative makes it rougher.

        Returns
        -------
        float
            Root of ``var - 2 k cov + k² limited_var = (1 - reduction)² var``, the smaller one;
            where there is none, the strength that takes most away.
        """
        if self.limited_variance <= 0.0 or reduction == 0.0:
            return 0.0
        left = (1.0 - reduction) ** 2 * self.variance
        most = self.covariance / self.limited_variance
        square = most**2 - (self.variance - left) / self.limited_variance
        k = most - np.sqrt(square) if square > 0.0 else most
        return float(np.clip(k, -_STRONGEST, _STRONGEST))


def log_luminance(green: Array) -> Array:
    """Logarithm of the green channel, the one nearest to luminance and the best resolved."""
    return np.log(green + np.float32(_DARKEST))


def difference_of_gaussians(image: Array, finest_px: float, coarsest_px: float) -> Array:
    """Detail between two scales, ``(H, W)``; zero where the finest is already too coarse."""
    if coarsest_px < 0.3:
        return np.zeros_like(image)
    fine = cv2.GaussianBlur(image, (0, 0), finest_px) if finest_px > 0.5 else image
    factor = max(1, int(coarsest_px / 3.0))
    if factor == 1:
        return np.asarray(fine - cv2.GaussianBlur(image, (0, 0), coarsest_px))
    height, width = image.shape
    size = (max(1, width // factor), max(1, height // factor))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), coarsest_px / factor)
    return np.asarray(fine - cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))


def soft_limit(band: Array, limit: float) -> Array:
    """Let small contrasts through and large ones fall back to nothing."""
    return np.asarray(band / (1.0 + (band / np.float32(limit)) ** 2), dtype=np.float32)


def relief_band(
    green: Array, clear: NDArray[np.bool_], px_per_mm: float, parameters: ParameterSet
) -> ReliefBand:
    """Take the fine relief out of a photograph.

    Parameters
    ----------
    green
        Linear green channel, ``(H, W)``.
    clear
        Strict skin, ``(H, W)``: where contrast is measured.
    px_per_mm
        Of the photograph.
    parameters
        ``rendering.relief.*``.

    Returns
    -------
    ReliefBand
    """
    finest = parameters.value("rendering.relief.finest_mm") * px_per_mm
    coarsest = parameters.value("rendering.relief.coarsest_mm") * px_per_mm
    band = difference_of_gaussians(log_luminance(green), finest, coarsest)
    limited = soft_limit(band, parameters.value("rendering.relief.limit"))
    again = difference_of_gaussians(limited, finest, coarsest)
    if not clear.any():
        return ReliefBand(limited, 0.0, 0.0, 0.0)
    measured, removed = band[clear].astype(np.float64), again[clear].astype(np.float64)
    covariance = np.cov(measured, removed)
    return ReliefBand(
        limited, float(covariance[0, 0]), float(covariance[0, 1]), float(covariance[1, 1])
    )


def hollow_shading(
    luminance: Array, skin: Array, px_per_mm: float, parameters: ParameterSet
) -> Array:
    """Shading of shallow hollows and ridges, as ln: what plumpness takes away in full.

    Parameters
    ----------
    luminance
        Diffuse linear luminance on the working grid, ``(h, w)``.
    skin
        Strict skin mask, ``(h, w)``.
    px_per_mm
        Of the working grid.
    parameters
        ``rendering.plumpness.*`` and the relief's limit.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32: negative in hollows, positive and reduced on ridges.
    """
    logs = np.log(luminance + np.float32(0.01))
    weight = skin + np.float32(1e-3)

    def mean(scale_mm: float) -> Array:
        sd = max(scale_mm * px_per_mm, 0.3)
        return np.asarray(
            cv2.GaussianBlur(logs * weight, (0, 0), sd) / cv2.GaussianBlur(weight, (0, 0), sd)
        )

    band = mean(parameters.value("rendering.plumpness.finest_mm"))
    band = band - mean(parameters.value("rendering.plumpness.coarsest_mm"))
    band = soft_limit(band, parameters.value("rendering.relief.limit")) * skin
    bright = np.float32(parameters.value("rendering.plumpness.bright_share"))
    return np.asarray(np.where(band < 0.0, band, bright * band), dtype=np.float32)
