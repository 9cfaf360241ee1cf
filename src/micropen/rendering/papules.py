"""Papules, painted: a red core with a halo, the shading of a low bump, a small highlight."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from micropen.appearance import Papules
from micropen.evidence import ParameterSet
from micropen.rendering.transfer import Transfer

_REACH = 3.2  # radii painted; the halo is below one code beyond


@njit(fastmath=True, nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _radius(x: Any, y: Any, cosine: Any, sine: Any, elongation: Any, phase: Any) -> Any:
    """Distance from the middle in radii of an outline that is no perfect ellipse."""
    u = (cosine * x + sine * y) * elongation
    v = (cosine * y - sine * x) / elongation
    angle = np.arctan2(v, u)
    ragged = 1.0 + 0.10 * np.sin(2.0 * angle + phase) + 0.07 * np.sin(3.0 * angle + 1.7 * phase)
    return np.sqrt(u * u + v * v) * ragged


@njit(fastmath=True, nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _stamp(image: Any, support: Any, bumps: Any, density: Any, light: Any, look: Any, psf: Any,
           decode: Any, encode: Any) -> None:  # fmt: skip
    top = encode.size - 1
    height, width = support.shape
    relief, highlight = look
    for k in range(bumps.shape[0]):
        cx, cy, core, amplitude, elongation, angle, phase = bumps[k]
        radius = np.sqrt(core * core + 2.0 * psf * psf)
        strength = amplitude * core * core / (radius * radius)
        cosine, sine = np.cos(angle), np.sin(angle)
        reach = 3.2 * radius
        for row in range(max(0, int(cy - reach)), min(height - 1, int(cy + reach) + 1) + 1):
            for column in range(max(0, int(cx - reach)), min(width - 1, int(cx + reach) + 1) + 1):
                if not support[row, column]:
                    continue
                x, y = (column - cx) / radius, (row - cy) / radius
                rho = _radius(x, y, cosine, sine, elongation, phase)
                red = 0.62 * np.exp(-((rho / 1.05) ** 2)) + 0.38 * np.exp(-((rho / 1.9) ** 2))
                # The bump falls away from its middle: exp(-.9 r²), slope along the light.
                bump = np.exp(-0.9 * (x * x + y * y))
                slope = 1.8 * bump * (x * light[0] + y * light[1])
                shade = 1.0 + relief * strength * 0.9 * slope
                spot = (x - 0.30 * light[0]) ** 2 + (y - 0.30 * light[1]) ** 2
                gleam = highlight * strength * np.exp(-spot / 0.09)
                brightest = max(
                    decode[image[row, column, 0]],
                    decode[image[row, column, 1]],
                    decode[image[row, column, 2]],
                )
                for channel in range(3):
                    value = decode[image[row, column, channel]]
                    value *= np.exp(-strength * red * density[channel]) * shade
                    value = min(max(value + gleam * brightest, 0.0), 1.0)
                    image[row, column, channel] = encode[int(value * top + 0.5)]


def paint_papules(
    image: NDArray[Any],
    support: NDArray[np.bool_],
    papules: Papules,
    light: NDArray[np.float32],
    sharpness_px: float,
    transfer: Transfer,
    parameters: ParameterSet,
) -> None:
    """Paint the papules of one day on a picture, in place.

    Parameters
    ----------
    image
        Encoded picture, ``(H, W, 3)``.
    support
        Where it may change, ``(H, W)``.
    papules
        In px of the picture.
    light
        ``(3,)`` unit vector towards the main light.
    sharpness_px
        sd of the photograph's point spread.
    transfer
        Tables of the picture's bit depth.
    parameters
        ``rendering.papules.*``.
    """
    if len(papules) == 0:
        return
    bumps = np.column_stack([
        papules.x, papules.y, papules.radius_px, papules.amplitude,
        papules.elongation, papules.angle, papules.phase,
    ]).astype(np.float64)  # fmt: skip
    side = np.array([light[0], light[1]], dtype=np.float64)
    if float(np.hypot(*side)) < 0.15:
        side += (0.0, -0.25)  # frontal light still comes a little from above
    full = parameters.value("rendering.papules.density")
    density = full * np.array(
        [parameters.value(f"rendering.papules.{c}") for c in ("red", "green", "blue")]
    )
    look = (
        parameters.value("rendering.papules.relief"),
        parameters.value("rendering.papules.highlight"),
    )
    _stamp(image, support, bumps, density, side, look, float(sharpness_px), transfer.decode,
           transfer.encode)  # fmt: skip
