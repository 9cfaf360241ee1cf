"""The part of a photograph that is measured: the face and its surroundings at one resolution."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.portrait import Portrait
from micropen.portrait.channels import largest_channel

Array = NDArray[np.float32]

CLIPPED_CODE: Final = 250
"""8-bit code from which a channel no longer follows the light."""

# A photograph that is hardly finer than wanted stays as it is: averaging it down by a few per cent
# would blur it, and differently from the next one.
_KEPT = 0.8


@dataclass(frozen=True, eq=False)
class FaceView:
    """A window of a photograph around the face, averaged down to the measuring resolution.

    Photographs of very different size meet here: all measurement runs on views, so that memory
    and time do not grow with the camera.

    Parameters
    ----------
    portrait
        The photograph with everything found in it.
    linear
        ``(h, w, 3)`` float32 linear sRGB, contiguous.
    fullest
        ``(h, w)`` uint8: the largest 8-bit code of any channel of any pixel that was averaged;
        255 is clipped.
    points
        ``(478, 2)`` float32 landmarks in px of the view.
    px_per_mm
        Pixels of the view per mm of skin.
    scale
        Pixels of the view per pixel of the photograph, at most 1.
    origin
        Column and row of the window's top left corner in the photograph, px.
    """

    portrait: Portrait
    linear: Array = field(repr=False)
    fullest: NDArray[np.uint8] = field(repr=False)
    points: Array = field(repr=False)
    px_per_mm: float
    scale: float
    origin: tuple[int, int]

    @classmethod
    def of(
        cls,
        portrait: Portrait,
        parameters: ParameterSet | None = None,
        px_per_mm: float | None = None,
    ) -> FaceView:
        """Cut the face out of a photograph.

        Parameters
        ----------
        portrait
            A photograph that passed the gate.
        parameters
            Supplies ``measurement.view.*``.
        px_per_mm
            Resolution wanted: that of the baseline's view; never more than the photograph has.
        """
        chosen = parameters or load_parameters()
        wanted = px_per_mm or chosen.value("measurement.view.px_per_mm")
        left, top, right, bottom = _window(portrait, chosen)
        scale = min(1.0, wanted / portrait.px_per_mm)
        if scale > _KEPT:
            scale = 1.0
        size = (max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)))
        codes = largest_channel(portrait.photo.eight_bit[top:bottom, left:right])
        linear = portrait.photo.linear[top:bottom, left:right]
        if scale < 1.0:
            reach = round(1.0 / scale)
            codes = cv2.dilate(codes, np.ones((reach, reach), np.uint8)) if reach > 1 else codes
            codes = cv2.resize(codes, size, interpolation=cv2.INTER_NEAREST)
            linear = cv2.resize(linear, size, interpolation=cv2.INTER_AREA)
        across, down = size[0] / (right - left), size[1] / (bottom - top)
        corner = np.array([left, top], np.float32)
        points = (portrait.face.landmarks[:, :2] - corner + 0.5) * (across, down) - 0.5
        return cls(
            portrait,
            np.ascontiguousarray(linear, np.float32),
            np.ascontiguousarray(codes, np.uint8),
            points.astype(np.float32),
            portrait.px_per_mm * across,
            across,
            (left, top),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the view, px."""
        return self.linear.shape[0], self.linear.shape[1]

    def with_linear(self, linear: Array) -> FaceView:
        """Return the same view with other colours: after correction by a chart."""
        return replace(self, linear=linear)

    def mm(self, length_mm: float) -> float:
        """Pixels of the view in a length in mm."""
        return length_mm * self.px_per_mm

    def to_photo(self, points: NDArray[np.floating]) -> Array:
        """Coordinates in the photograph of coordinates ``(..., 2)`` in the view."""
        return ((np.asarray(points) + 0.5) / self.scale - 0.5 + np.array(self.origin)).astype(
            np.float32
        )

    def lay(self, values: NDArray[np.generic], *, nearest: bool = False) -> NDArray[np.generic]:
        """Bring a map of the portrait's grid ``(gh, gw[, c])`` onto the view ``(h, w[, c])``."""
        grid = self.portrait.grid
        (sx, sy), (left, top) = grid.scale, self.origin
        back = 1.0 / self.scale
        matrix = np.array(
            [
                [back * sx, 0.0, (0.5 * back + left) * sx - 0.5],
                [0.0, back * sy, (0.5 * back + top) * sy - 0.5],
            ]
        )
        how = cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR
        return cv2.warpAffine(
            values,
            matrix,
            (self.shape[1], self.shape[0]),
            flags=how | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )

    @cached_property
    def labels(self) -> NDArray[np.int8]:
        """``(h, w)`` int8: index into `micropen.anatomy.zones.ZONES`, -1 outside the zones."""
        raised = (self.portrait.zones.labels + 1).astype(np.uint8)
        return np.asarray(self.lay(raised, nearest=True), np.int8) - np.int8(1)

    @cached_property
    def skin(self) -> Array:
        """``(h, w)`` float32 in 0-1: bare skin (no hair, brow, eye, lip or nostril)."""
        return np.asarray(self.lay(self.portrait.masks.texture), np.float32)


def _window(portrait: Portrait, parameters: ParameterSet) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the face with its surroundings, clipped to the photograph."""
    height, width = portrait.photo.shape

    def margin(side: str) -> float:
        return parameters.value(f"measurement.view.{side}_mm") * portrait.px_per_mm

    low, high = portrait.face.landmarks[:, :2].min(0), portrait.face.landmarks[:, :2].max(0)
    left, right = low[0] - margin("beside"), high[0] + margin("beside")
    top, bottom = low[1] - margin("above"), high[1] + margin("below")
    return (
        int(np.clip(np.floor(left), 0, width - 1)),
        int(np.clip(np.floor(top), 0, height - 1)),
        int(np.clip(np.ceil(right) + 1, 1, width)),
        int(np.clip(np.ceil(bottom) + 1, 1, height)),
    )
