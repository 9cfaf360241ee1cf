"""Full-resolution planes of one face that every frame reuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from weakref import WeakKeyDictionary

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.portrait import Portrait
from micropen.rendering.colour import Baseline
from micropen.rendering.flakes import FlakeField
from micropen.rendering.kernel import THICKEST, Sampling
from micropen.rendering.needle_tracks import track_texture
from micropen.rendering.relief import ReliefBand, hollow_shading, relief_band
from micropen.rendering.texture_frame import TextureFrame
from micropen.rendering.transfer import Transfer, transfer_for

Array = NDArray[np.float32]
Bytes = NDArray[np.uint8]

# Signed planes are stored as bytes around 128; these are the values of one whole side.
_TRACK_RANGE: Final = 3.2
_RELIEF_RANGE: Final = 0.12  # the soft limit never lets more than .11 through
_CLEAR: Final = 0.7
_TINT: Final = 0.2  # ln; the largest colour cast that flakes take on

_PLANES: WeakKeyDictionary[Portrait, dict[tuple[int, str], Planes]] = WeakKeyDictionary()


def _signed(values: Array, full: float) -> Bytes:
    return np.rint(128.0 + np.clip(values / full, -1.0, 1.0) * 127.0).astype(np.uint8)


def _meaning(full: float) -> Array:
    return ((np.arange(256) - 128.0) * (full / 127.0)).astype(np.float32)


@dataclass(eq=False)
class Planes:
    """Everything about one photograph that does not change from day to day.

    Planes cover the window of the support only, as bytes: a 12-megapixel face needs about
    30 MB. Each is made when first needed.

    Parameters
    ----------
    portrait
        The face.
    seed
        Seed of the forecast.
    parameters
        ``rendering.*``.
    """

    portrait: Portrait
    seed: int
    parameters: ParameterSet = field(repr=False)

    @cached_property
    def frame(self) -> TextureFrame:
        """The window and its texture raster."""
        return TextureFrame.of(self.portrait)

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the photograph that hold the support."""
        return self.frame.window

    @cached_property
    def transfer(self) -> Transfer:
        """Tables of the photograph's bit depth."""
        return transfer_for(self.portrait.photo.encoded.dtype)

    @cached_property
    def sampling(self) -> Sampling:
        """Where the window lies on the grid."""
        return Sampling.of(self.window, self.portrait.grid.scale)

    @cached_property
    def support(self) -> NDArray[np.bool_]:
        """The support within the window."""
        return np.ascontiguousarray(self.portrait.masks.support[self.window])

    @cached_property
    def baseline(self) -> Baseline:
        """The untreated face in the colour model."""
        return Baseline.of(self.portrait)

    @cached_property
    def _surface_full(self) -> float:
        return max(float(self.portrait.skin.specular[self.window].max(initial=0.0)), 1e-3)

    @cached_property
    def surface(self) -> Bytes:
        """Surface reflection."""
        scaled = self.portrait.skin.specular[self.window] * np.float32(255.0 / self._surface_full)
        return np.rint(scaled).astype(np.uint8)

    @cached_property
    def tracks(self) -> Bytes:
        """Needle-track texture at the photograph's sharpness."""
        texture = track_texture(self.frame.shape, self.frame.px_per_mm, self.seed, self.parameters)
        if self.frame.blur_px > 0.3:
            texture = cv2.GaussianBlur(texture, (0, 0), self.frame.blur_px)
        return np.asarray(self.frame.to_full(_signed(texture, _TRACK_RANGE)), dtype=np.uint8)

    @cached_property
    def relief_band(self) -> ReliefBand:
        """Fine relief within the window, and how strongly it answers."""
        green = self.transfer.decode[self.portrait.photo.encoded[self.window][..., 1]]
        texture = self.frame.from_grid(self.portrait.masks.texture, self.portrait)
        clear = np.asarray(self.frame.to_full(texture)) > _CLEAR
        return relief_band(green, clear, self.portrait.px_per_mm, self.parameters)

    @cached_property
    def relief(self) -> Bytes:
        """Fine relief as bytes."""
        return _signed(self.relief_band.limited, _RELIEF_RANGE)

    @cached_property
    def hollows(self) -> Array:
        """Shading of shallow hollows on the working grid."""
        linear = self.portrait.grid.reduce(self.portrait.photo.linear)
        surface = self.portrait.grid.reduce(self.portrait.skin.specular)
        light = np.maximum(linear.mean(-1) - surface, 0.0).astype(np.float32)
        return hollow_shading(
            light, self.portrait.masks.texture, self.portrait.grid.px_per_mm, self.parameters
        )

    @cached_property
    def flakes(self) -> FlakeField:
        """Flakes of the face."""
        return FlakeField(self.portrait, self.frame, self.seed, self.parameters)

    @cached_property
    def tables(self) -> Array:
        """What the bytes of surface, tracks, relief, flake cover and flake edge mean."""
        return np.stack([
            (np.arange(256) * (self._surface_full / 255.0)).astype(np.float32),
            _meaning(_TRACK_RANGE),
            _meaning(_RELIEF_RANGE),
            (np.arange(256) * (THICKEST / 255.0)).astype(np.float32),
            _meaning(1.0),
        ])  # fmt: skip

    @cached_property
    def flake_look(self) -> Array:
        """Opacity, lit edge, edge shading, dulling, and paper white R, G, B."""
        names = ("opacity", "lit_edge", "edge_shading", "dulling",
                 "white_red", "white_green", "white_blue")  # fmt: skip
        values = [self.parameters.value(f"rendering.flakes.{name}") for name in names]
        # White is white under this photograph's light; a wild offset is no light but a bad guess,
        # and where the colour model does not hold the offset says nothing of the light.
        skin = self.portrait.skin
        offset = skin.anchor.offset if skin.reliable else (0.0, 0.0)
        red_green, green_blue = np.clip(offset, -_TINT, _TINT)
        tint = np.exp([0.0, red_green, red_green + green_blue])
        return np.array([*values[:4], *(tint * values[4:])], dtype=np.float32)

    @property
    def pixels(self) -> NDArray[Any]:
        """The encoded window of the photograph."""
        return self.portrait.photo.encoded[self.window]


def planes_of(portrait: Portrait, seed: int, parameters: ParameterSet | None = None) -> Planes:
    """Prepare, or find again, the planes of a face.

    Parameters
    ----------
    portrait
        The face.
    seed
        Seed of the forecast.
    parameters
        Defaults to the program's own.

    Returns
    -------
    Planes
        The same object for the same portrait, seed and parameters.
    """
    chosen = parameters or load_parameters()
    kept = _PLANES.setdefault(portrait, {})
    key = (seed, chosen.digest if parameters is not None else "")
    if key not in kept:
        kept[key] = Planes(portrait, seed, chosen)
    return kept[key]
