"""Papules, painted: a red core with a halo, the shading of a low bump, a small highlight."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from micropen.appearance import Papules
from micropen.compiled import njit
from micropen.evidence import ParameterSet
from micropen.rendering.transfer import Transfer

_REACH: Final = 3.2  # radii painted; the halo is below one code beyond
# Redness: a core and a wider halo, as shares of the whole and radii over the papule's.
_CORE, _CORE_RADIUS = 0.62, 1.05
_HALO, _HALO_RADIUS = 0.38, 1.9
_STEEPNESS: Final = 0.9  # of the bump's height, exp(-steepness r²)
_GLEAM_AT, _GLEAM_SIZE = 0.30, 0.09  # of the highlight: towards the light, squared radius
# Raggedness of the outline: second and third harmonic.
_SECOND, _THIRD = 0.10, 0.07


@njit
def _radius(x: Any, y: Any, cosine: Any, sine: Any, elongation: Any, phase: Any) -> Any:
    """Distance from the middle in radii of an outline that is no perfect ellipse."""
    u = (cosine * x + sine * y) * elongation
    v = (cosine * y - sine * x) / elongation
    angle = np.arctan2(v, u)
    ragged = 1.0 + _SECOND * np.sin(2.0 * angle + phase)
    ragged += _THIRD * np.sin(3.0 * angle + 1.7 * phase)
    return np.sqrt(u * u + v * v) * ragged


@njit
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
        reach = _REACH * radius
        for row in range(max(0, int(cy - reach)), min(height - 1, int(cy + reach) + 1) + 1):
            for column in range(max(0, int(cx - reach)), min(width - 1, int(cx + reach) + 1) + 1):
                if not support[row, column]:
                    continue
                x, y = (column - cx) / radius, (row - cy) / radius
                rho = _radius(x, y, cosine, sine, elongation, phase)
                red = _CORE * np.exp(-((rho / _CORE_RADIUS) ** 2))
                red += _HALO * np.exp(-((rho / _HALO_RADIUS) ** 2))
                bump = np.exp(-_STEEPNESS * (x * x + y * y))
                slope = 2.0 * _STEEPNESS * bump * (x * light[0] + y * light[1])
                shade = 1.0 + relief * strength * slope
                spot = (x - _GLEAM_AT * light[0]) ** 2 + (y - _GLEAM_AT * light[1]) ** 2
                gleam = highlight * strength * np.exp(-spot / _GLEAM_SIZE)
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
