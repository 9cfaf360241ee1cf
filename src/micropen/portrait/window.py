"""The part of the grid around a face: maps are computed there and padded to the whole grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from micropen.portrait.face_frame import FaceFrame

_MARGIN_MM: Final = 85.0  # beyond the mesh: forehead extension, then hair and background to learn


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of grid cells.

    Parameters
    ----------
    top, left, bottom, right
        Cells; bottom and right exclusive.
    shape
        Shape of the whole grid.
    """

    top: int
    left: int
    bottom: int
    right: int
    shape: tuple[int, int]

    @classmethod
    def around(cls, frame: FaceFrame) -> Window:
        """Window around a face with room for forehead, hair and background."""
        margin = frame.mm(_MARGIN_MM)
        low = np.floor(frame.points.min(0) - margin).astype(int)
        high = np.ceil(frame.points.max(0) + margin).astype(int) + 1
        height, width = frame.shape
        left, right = (int(np.clip(v, 0, width)) for v in (low[0], high[0]))
        top, bottom = (int(np.clip(v, 0, height)) for v in (low[1], high[1]))
        return cls(top, left, bottom, right, frame.shape)

    def cut(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cut the window out of a map ``(h, w, ...)``."""
        return values[self.top : self.bottom, self.left : self.right]

    def frame(self, frame: FaceFrame) -> FaceFrame:
        """Return the face in the window's own cells."""
        shift = np.array([self.left, self.top], np.float32)
        shape = (self.bottom - self.top, self.right - self.left)
        return FaceFrame(frame.points - shift, frame.depth, shape, frame.px_per_mm)

    def pad(self, values: NDArray[Any], *, repeat_edge: bool, fill: float = 0) -> NDArray[Any]:
        """Lay a window's map ``(h, w, ...)`` on the whole grid.

        Cells outside repeat the nearest edge cell, or take the value `fill`.
        """
        height, width = self.shape
        sides = ((self.top, height - self.bottom), (self.left, width - self.right))
        padding = (*sides, *(((0, 0),) * (values.ndim - 2)))
        if repeat_edge:
            return np.pad(values, padding, mode="edge")
        return np.pad(values, padding, constant_values=fill)
