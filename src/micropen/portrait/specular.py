"""Surface reflection (highlights) of skin, separated from the light that came out of it.

Skin colour acts on the diffuse part only. A highlight is white and keeps its colour when the
skin reddens; without the split a reddened face looks painted. The split is a least-squares one
per pixel, ``I = d c + s (1, 1, 1)``, with the diffuse colour ``c`` taken from the neighbourhood,
plus an even veil of Fresnel reflection that covers all skin and dominates very dark skin.
"""

from __future__ import annotations

import math
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.compiled import njit
from micropen.evidence import ParameterSet
from micropen.portrait.channels import smallest_channel

Array = NDArray[np.float32]

# Below this, a Gaussian is narrower than a pixel and would only cost time.
_NO_BLUR_PX: Final = 0.25
# Local light further than this from its surroundings (in ln) is an edge, a hair or a highlight.
_EVEN_LIGHT: Final = 0.25
_CLIP_FROM: Final = 0.80
_RED, _GREEN, _BLUE = 0.2126, 0.7152, 0.0722  # luminance of linear sRGB
_CLIP_TO: Final = 0.98
# Keeps the 2 x 2 system solvable where the neighbourhood is grey.
_RIDGE: Final = 1e-4


def smooth(image: Array, sd_px: float) -> Array:
    """Gaussian blur that leaves the image alone when the kernel is below a pixel.

    Parameters
    ----------
    image
        ``(h, w)`` or ``(h, w, c)`` float32.
    sd_px
        Standard deviation in pixels.

    Returns
    -------
    numpy.ndarray
        Same shape, float32.
    """
    if sd_px < _NO_BLUR_PX:
        return image
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sd_px), dtype=np.float32)


def weighted_smooth(image: Array, weight: Array, sd_px: float, floor: float = 1e-3) -> Array:
    """Gaussian mean of `image` that counts only where `weight` is.

    Parameters
    ----------
    image
        ``(h, w)`` or ``(h, w, c)`` float32.
    weight
        ``(h, w)`` float32, not negative.
    sd_px
        Standard deviation in pixels.
    floor
        Added to the blurred weight, so that places without any weight tend to zero.

    Returns
    -------
    numpy.ndarray
        Same shape as `image`.
    """
    w = weight if image.ndim == 2 else weight[..., None]
    total = smooth(weight, sd_px) + np.float32(floor)
    return smooth(image * w, sd_px) / (total if image.ndim == 2 else total[..., None])


def diffuse_colour(low: Array, skin: Array, px_per_mm: float, parameters: ParameterSet) -> Array:
    """Colour of the diffuse light around each place of the working grid, mean 1 over channels.

    Parameters
    ----------
    low
        Linear sRGB on the working grid, ``(h, w, 3)``.
    skin
        Strict skin mask, ``(h, w)``.
    px_per_mm
        Of the working grid.
    parameters
        The program's parameters.

    Returns
    -------
    numpy.ndarray
        ``(h, w, 3)`` float32.
    """
    luminance = np.log(np.maximum(low, 1e-3)).mean(-1)
    even = np.abs(luminance - smooth(luminance, 6.0 * px_per_mm)) < _EVEN_LIGHT
    weight = (skin * even).astype(np.float32)
    scale = parameters.value("portrait.specular.colour_scale_mm") * px_per_mm
    colour = np.maximum(weighted_smooth(low, weight, scale), 1e-3)
    return np.asarray(colour / colour.mean(-1, keepdims=True), dtype=np.float32)


@njit
def _split(linear: Any, colour: Any, usual: Any, skin: Any, cap: Any, cap_clipped: Any, out: Any
           ) -> None:  # fmt: skip
    height, width = linear.shape[0], linear.shape[1]
    h, w = skin.shape
    for y in range(height):
        j = min(y * h // height, h - 1)
        for x in range(width):
            i = min(x * w // width, w - 1)
            out[y, x] = np.float32(0)
            if skin[j, i] < np.float32(0.02):
                continue
            r, g, b = linear[y, x, 0], linear[y, x, 1], linear[y, x, 2]
            c0, c1, c2 = colour[j, i, 0], colour[j, i, 1], colour[j, i, 2]
            total = c0 + c1 + c2
            square = c0 * c0 + c1 * c1 + c2 * c2
            determinant = np.float32(3) * square - total * total + np.float32(_RIDGE)
            along = c0 * r + c1 * g + c2 * b
            s = (square * (r + g + b) - total * along) / determinant
            # A place greyer than its surroundings but no brighter is stubble or shade, not shine.
            brightness = np.float32(_RED) * r + np.float32(_GREEN) * g + np.float32(_BLUE) * b
            s = min(s, brightness - usual[j, i])
            brightest = max(r, g, b)
            clipped = (brightest - np.float32(_CLIP_FROM)) / np.float32(_CLIP_TO - _CLIP_FROM)
            clipped = min(max(clipped, np.float32(0)), np.float32(1))
            limit = cap + (cap_clipped - cap) * clipped
            out[y, x] = min(max(s, np.float32(0)), limit * min(r, g, b))


def highlights(
    linear: Array, low: Array, skin: Array, px_per_mm: float, parameters: ParameterSet
) -> Array:
    """White excess over the neighbourhood's diffuse colour, at full resolution.

    Parameters
    ----------
    linear
        Linear sRGB photograph, ``(H, W, 3)`` float32.
    low
        The same on the working grid, ``(h, w, 3)``.
    skin
        Strict skin mask on the working grid, ``(h, w)``.
    px_per_mm
        Of the photograph.
    parameters
        The program's parameters.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` float32, zero outside skin, at most the capped share of the darkest channel.
    """
    low_px_per_mm = px_per_mm * low.shape[1] / linear.shape[1]
    colour = diffuse_colour(low, skin, low_px_per_mm, parameters)
    luminance = np.asarray(low @ np.array([_RED, _GREEN, _BLUE], np.float32), np.float32)
    reach = parameters.value("portrait.specular.brightness_scale_mm") * low_px_per_mm
    usual = weighted_smooth(luminance, skin, reach)
    usual = usual * np.float32(parameters.value("portrait.specular.brightness_share"))
    grain = max(parameters.value("portrait.specular.grain_mm") * px_per_mm, 0.5)
    out = np.empty(linear.shape[:2], np.float32)
    _split(
        smooth(linear, grain),
        colour,
        usual,
        np.ascontiguousarray(skin, dtype=np.float32),
        np.float32(parameters.value("portrait.specular.cap")),
        np.float32(parameters.value("portrait.specular.cap_clipped")),
        out,
    )
    # A grain of noise may dip below its smoothed surroundings; the diffuse part stays positive.
    cap = np.float32(parameters.value("portrait.specular.cap"))
    return np.minimum(out, cap * smallest_channel(linear))


def even_veil(diffuse: Array, reflectance: Array, px_per_mm: float, share: float) -> Array:
    """Even part of the surface reflection: Fresnel reflectance times the light that falls there.

    Parameters
    ----------
    diffuse
        Luminance without highlights on the working grid, ``(h, w)``.
    reflectance
        Luminance reflectance of the skin below, from the colour model, ``(h, w)``.
    px_per_mm
        Of the working grid.
    share
        Surface reflectance times the share that arrives evenly.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32, to be taken from every channel.
    """
    light = diffuse / np.maximum(reflectance + np.float32(share), 1e-3)
    return np.float32(share) * smooth(light.astype(np.float32), math.sqrt(2.0) * px_per_mm)
