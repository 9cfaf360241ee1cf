"""Blood points and crusts, painted as thin absorbing films of the photograph's own sharpness."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from micropen.appearance import Pinpoints
from micropen.compiled import njit
from micropen.evidence import ParameterSet
from micropen.rendering.transfer import Transfer

_DISC: Final = 0.55  # variance of the Gaussian that stands for a disc, over its squared radius
_STEEPER: Final = 1.6  # a film of blood has a steeper edge than a Gaussian
_REACH: Final = 2.6  # standard deviations painted
_FAINT: Final = 0.004  # density below which a pixel is left alone
_COLOURS: Final = ("red", "green", "blue")


@njit
def _stamp(image: Any, support: Any, points: Any, density: Any, psf: Any, decode: Any, encode: Any
           ) -> None:  # fmt: skip
    top = encode.size - 1
    height, width = support.shape
    for k in range(points.shape[0]):
        x, y, radius, strength = points[k]
        variance = _DISC * radius * radius
        sd = np.sqrt(variance + psf * psf)
        # Blur spreads the film; what it absorbs in all stays.
        amount = strength * variance / (sd * sd)
        reach = _REACH * sd
        for row in range(max(0, int(y - reach)), min(height - 1, int(y + reach) + 1) + 1):
            for column in range(max(0, int(x - reach)), min(width - 1, int(x + reach) + 1) + 1):
                if not support[row, column]:
                    continue
                squared = ((column - x) ** 2 + (row - y) ** 2) / (2.0 * sd * sd)
                film = amount * np.exp(-_STEEPER * squared)
                if film < _FAINT:
                    continue
                for channel in range(3):
                    light = decode[image[row, column, channel]] * np.exp(-density[channel] * film)
                    image[row, column, channel] = encode[int(light * top + 0.5)]


def film_density(crust: float, parameters: ParameterSet) -> NDArray[np.float64]:
    """Optical density (ln) of a typical film of blood that has dried by a share, R, G, B."""
    fresh = [parameters.value(f"rendering.pinpoints.fresh_{c}") for c in _COLOURS]
    dried = [parameters.value(f"rendering.pinpoints.crust_{c}") for c in _COLOURS]
    return np.asarray((1.0 - crust) * np.array(fresh) + crust * np.array(dried))


def paint_pinpoints(
    image: NDArray[Any],
    support: NDArray[np.bool_],
    pinpoints: Pinpoints,
    sharpness_px: float,
    transfer: Transfer,
    parameters: ParameterSet,
) -> None:
    """Paint the points of one day on a picture, in place.

    Parameters
    ----------
    image
        Encoded picture, ``(H, W, 3)``.
    support
        Where it may change, ``(H, W)``.
    pinpoints
        Points in px of the picture.
    sharpness_px
        sd of the photograph's point spread.
    transfer
        Tables of the picture's bit depth.
    parameters
        ``rendering.pinpoints.*``.
    """
    if len(pinpoints) == 0:
        return
    points = np.column_stack(
        [pinpoints.x, pinpoints.y, pinpoints.radius_px, pinpoints.strength]
    ).astype(np.float64)
    density = film_density(pinpoints.crust, parameters)
    _stamp(image, support, points, density, float(sharpness_px), transfer.decode, transfer.encode)
