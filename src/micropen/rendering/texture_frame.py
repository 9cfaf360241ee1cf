"""The frame in which fine texture is drawn: the treated window, at a resolution set in mm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.portrait import Portrait

Array = NDArray[np.float32]

# Texture is drawn at least this finely, then blurred and reduced to what the photograph resolves;
# plates of .8 mm need 4 px/mm, and beyond 8 px/mm their edges gain nothing a viewer can see.
_COARSEST_PX_PER_MM: Final = 4.0
_FINEST_PX_PER_MM: Final = 8.0
# A whole face in view is about 170 x 230 mm; a texture beyond this is a close-up at fault.
_MOST_PIXELS: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class TextureFrame:
    """The window of the photograph that may change, and its texture raster.

    Parameters
    ----------
    window
        Rows and columns of the photograph.
    shape
        Height and width of the texture raster.
    px_per_mm
        Of the texture raster.
    blur_px
        sd of the photograph's point spread, px of the texture raster.
    """

    window: tuple[slice, slice]
    shape: tuple[int, int]
    px_per_mm: float
    blur_px: float

    @classmethod
    def of(cls, portrait: Portrait) -> TextureFrame:
        """Frame the support of a portrait."""
        support = portrait.masks.support
        rows = np.flatnonzero(support.any(1))
        columns = np.flatnonzero(support.any(0))
        if rows.size == 0:
            rows, columns = np.array([0, 1]), np.array([0, 1])
        window = (slice(int(rows[0]), int(rows[-1]) + 1),
                  slice(int(columns[0]), int(columns[-1]) + 1))  # fmt: skip
        height, width = window[0].stop - window[0].start, window[1].stop - window[1].start
        wanted = float(np.clip(portrait.px_per_mm, _COARSEST_PX_PER_MM, _FINEST_PX_PER_MM))
        factor = wanted / portrait.px_per_mm
        factor = min(factor, float(np.sqrt(_MOST_PIXELS / (height * width))))
        shape = (max(2, round(height * factor)), max(2, round(width * factor)))
        return cls(window, shape, portrait.px_per_mm * factor, portrait.sharpness_px * factor)

    @property
    def full_shape(self) -> tuple[int, int]:
        """Height and width of the window, px of the photograph."""
        rows, columns = self.window
        return rows.stop - rows.start, columns.stop - columns.start

    def from_grid(self, values: Array, portrait: Portrait) -> Array:
        """A map of the working grid on the texture raster."""
        rows, columns = self.window
        height, width = self.shape
        scale_x, scale_y = portrait.grid.scale
        step_x = (columns.stop - columns.start) / width * scale_x
        step_y = (rows.stop - rows.start) / height * scale_y
        # Texture cell i has its centre at photograph px start + (i + .5) * step - .5.
        place = np.array(
            [
                [step_x, 0.0, columns.start * scale_x + 0.5 * step_x - 0.5],
                [0.0, step_y, rows.start * scale_y + 0.5 * step_y - 0.5],
            ],
            dtype=np.float64,
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(
            cv2.warpAffine(
                values, place, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
            ),
            dtype=np.float32,
        )

    def to_full(self, texture: NDArray[np.generic]) -> NDArray[np.generic]:
        """A texture plane at the photograph's resolution; reduced by averaging."""
        size = (self.full_shape[1], self.full_shape[0])
        if size[0] < self.shape[1]:
            return np.asarray(cv2.resize(texture, size, interpolation=cv2.INTER_AREA))
        return np.asarray(cv2.resize(texture, size, interpolation=cv2.INTER_LINEAR))
