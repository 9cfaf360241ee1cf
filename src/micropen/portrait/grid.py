"""The low-resolution working grid of slowly varying maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

# Skin colour and zones vary over millimetres: 1.25 px/mm carries them.
GRID_PX_PER_MM: Final = 1.25
# A small face in a large photograph must not blow the maps up.
MAX_CELLS: Final = 2_500_000


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid laid over the whole photograph.

    Parameters
    ----------
    shape
        Height and width of the grid, cells.
    full_shape
        Height and width of the photograph, px.
    px_per_mm
        Cells per mm of skin.
    """

    shape: tuple[int, int]
    full_shape: tuple[int, int]
    px_per_mm: float

    @classmethod
    def over(cls, full_shape: tuple[int, int], px_per_mm: float) -> Grid:
        """Build the grid of a photograph with `px_per_mm` px per mm of skin."""
        height, width = full_shape
        factor = min(1.0, GRID_PX_PER_MM / px_per_mm, float(np.sqrt(MAX_CELLS / (height * width))))
        shape = (max(1, round(height * factor)), max(1, round(width * factor)))
        return cls(shape, full_shape, px_per_mm * shape[1] / width)

    @property
    def scale(self) -> tuple[float, float]:
        """Cells per px along x and y."""
        return self.shape[1] / self.full_shape[1], self.shape[0] / self.full_shape[0]

    def from_full(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """Grid coordinates of photograph coordinates ``(..., 2)``; centres are integers."""
        return ((np.asarray(points) + 0.5) * self.scale - 0.5).astype(np.float32)

    def to_full(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """Photograph coordinates of grid coordinates ``(..., 2)``."""
        return ((np.asarray(points) + 0.5) / self.scale - 0.5).astype(np.float32)

    def reduce(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """Average a full-size picture onto the grid."""
        size = (self.shape[1], self.shape[0])
        return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.float32)

    def enlarge(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Interpolate grid values linearly to full size."""
        size = (self.full_shape[1], self.full_shape[0])
        return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_LINEAR), np.float32)
