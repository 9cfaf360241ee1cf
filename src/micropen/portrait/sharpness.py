"""How sharp the photograph really is: the sd of its point spread, from its steepest edges."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

# A step blurred by sd s has its steepest slope proportional to 1/s. Blurring the picture twice
# more, by a known a and b, therefore gives s from the ratio of the slopes. The small pair is exact
# for sharp pictures, the large one for blurred or compressed ones.
_BLUR_PAIRS: Final = ((0.7, 1.5), (1.0, 3.0))
_EDGE_SHARE: Final = 0.01  # only the steepest edges: lashes, iris, brows, nostrils
_SHARPEST_SHARE: Final = 0.2  # of these, soft ones are soft in themselves
_PIXEL_SD: Final = 0.5  # a pixel's own aperture: no picture is sharper
_SOFTEST: Final = 12.0
_LEAST_SIDE: Final = 24


def point_spread_sd(image: NDArray[np.uint8]) -> float:
    """Estimate the sd of the point spread of a face, px.

    Parameters
    ----------
    image
        ``(h, w)`` uint8, one encoded channel of the part of the photograph that shows the face.

    Returns
    -------
    float
        Between 0.5 and 12. Against known blurs of 0.55-5 px on seven photographs: within a
        factor of 1.4 from 1 px on where the photograph was not sharpened (docs/portrait.md).
    """
    if min(image.shape) < _LEAST_SIDE:
        return _PIXEL_SD
    channel = image.astype(np.float32) / 255.0
    return max(_PIXEL_SD, *(_from_pair(channel, a, b) for a, b in _BLUR_PAIRS))


def _from_pair(channel: NDArray[np.float32], small: float, large: float) -> float:
    slope = _slope(channel, small)
    crest = slope >= cv2.dilate(slope, np.ones((3, 3), np.uint8))
    edges = crest & (slope > np.quantile(slope, 1.0 - _EDGE_SHARE))
    if not edges.any():
        return _PIXEL_SD
    again = np.maximum(_slope(channel, large)[edges], 1e-6)
    ratio = np.maximum((slope[edges].astype(np.float64) / again) ** 2, 1.0 + 1e-3)
    variance = (large**2 - ratio * small**2) / (ratio - 1.0)
    sd = np.sqrt(np.clip(variance, _PIXEL_SD**2, _SOFTEST**2))
    return float(np.quantile(sd, _SHARPEST_SHARE))


def _slope(channel: NDArray[np.float32], sd: float) -> NDArray[np.float32]:
    smooth = cv2.GaussianBlur(channel, (0, 0), sd)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    return np.asarray(cv2.magnitude(across, down), np.float32)
