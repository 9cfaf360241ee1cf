"""What a flake of dry skin would look like at each place of a photograph."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array

_CHANNELS = ("red", "green", "blue")
# Least linear value of a channel that is divided by.
_DARKEST = 0.003
# Least way from the skin to white, of G/R and B/R: a place that is white already tells nothing.
_LEAST_WAY = 0.05
_MOST = 0.95


@dataclass(frozen=True, slots=True)
class Flake:
    """The white of loose scale against the skin of one face.

    Parameters
    ----------
    over_skin
        ``(3,)`` white of a flake over the mean skin of the face, per channel, under one light.
    """

    over_skin: NDArray[np.float64]

    @classmethod
    def on(cls, ita_deg: float, parameters: ParameterSet) -> Flake:
        """Build the flake of a person.

        Skin's reflectance is interpolated in its logarithm between a light and a dark tone.
        """

        def value(name: str) -> float:
            return parameters.value(f"measurement.scaling.{name}")

        light, dark = value("light_ita_deg"), value("dark_ita_deg")
        share = (ita_deg - dark) / (light - dark)
        white = np.array([value(f"white_{c}") for c in _CHANNELS])
        pale = np.log([value(f"light_skin_{c}") for c in _CHANNELS])
        deep = np.log([value(f"dark_skin_{c}") for c in _CHANNELS])
        return cls(white / np.exp(deep + share * (pale - deep)))

    def towards_white(self, before: Array, face_ratios: NDArray[np.float64]) -> Array:
        """Distance of G/R and B/R of the skin from those of white ``(h, w, 2)``, positive.

        Parameters
        ----------
        before
            ``(h, w, 2)`` G/R and B/R of the skin below.
        face_ratios
            ``(2,)`` the same of the whole face: what a white is in this photograph's white
            balance follows from it.
        """
        white = (face_ratios * self.over_skin[1:] / self.over_skin[0]).astype(np.float32)
        return np.asarray(np.maximum(white - before, np.float32(_LEAST_WAY)), np.float32)

    def whiteness(self, of_red: Array) -> Array:
        """Share of white laid over the skin, from the share of the red light that it sends.

        White over skin by a share p sends ``y = p w / (1 - p + p w)`` of the red light where w is
        its red over the skin's; G/R and B/R lie at the share y of the way to white's own.

        Parameters
        ----------
        of_red
            ``(h, w)`` y; negative where the place got redder.
        """
        over, shown = np.float32(self.over_skin[0]), np.minimum(of_red, np.float32(_MOST))
        return np.asarray(shown / (over + (1.0 - over) * shown), np.float32)

    def of_red(self, whiteness: Array) -> Array:
        """Return the reverse of `whiteness`."""
        over = np.float32(self.over_skin[0])
        return np.asarray(whiteness * over / (1.0 + (over - 1.0) * whiteness), np.float32)


def ratios(linear: Array, sd_px: float) -> Array:
    """G/R and B/R ``(h, w, 2)`` of slightly smoothed colours: blind to light and shade."""
    smooth = np.maximum(cv2.GaussianBlur(linear, (0, 0), sd_px), np.float32(_DARKEST))
    return np.ascontiguousarray(smooth[..., 1:] / smooth[..., :1], np.float32)


def slow_mean(values: Array, weight: Array, sd_px: float) -> Array:
    """Gaussian mean over weighted places ``(h, w[, c])``, worked out on a coarser grid.

    Parameters
    ----------
    values
        ``(h, w[, c])``.
    weight
        ``(h, w)`` not negative.
    sd_px
        Standard deviation, px. Below a quarter of it nothing is left to see, so the grid may
        be that coarse.
    """
    height, width = weight.shape
    coarse = max(1, int(sd_px / 4.0))
    size = (max(1, width // coarse), max(1, height // coarse))
    heavy = weight if values.ndim == 2 else weight[..., None]
    small = cv2.resize(values * heavy, size, interpolation=cv2.INTER_AREA)
    total = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
    sd = sd_px / coarse
    total = cv2.GaussianBlur(total, (0, 0), sd) + np.float32(1e-4)
    small = cv2.GaussianBlur(small, (0, 0), sd)
    mean = small / (total if values.ndim == 2 else total[..., None])
    return np.asarray(cv2.resize(mean, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
