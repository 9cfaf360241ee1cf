"""Measures of a portrait that decide what can be done with it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy.zones import ZONES
from micropen.evidence import ParameterSet
from micropen.portrait.channels import largest_channel
from micropen.portrait.faces import Face
from micropen.portrait.masks import Masks
from micropen.portrait.photo import Photo
from micropen.portrait.pose import pose_deg
from micropen.portrait.quality import GOOD, NOT_VISIBLE, PARTLY_COVERED, Measures
from micropen.portrait.sharpness import point_spread_sd
from micropen.portrait.zones import Zones

_CLEAR: Final = 0.5  # texture mask above which a cell counts as clear skin
_CLIPPED_CODE: Final = 250  # of 255: what cameras write where a channel is full
_DARKEST: Final = 1e-3
_SURFACE: Final = 468


def inspect(
    photo: Photo,
    face: Face,
    *,
    masks: Masks,
    zones: Zones,
    linear: NDArray[np.float32],
    parameters: ParameterSet,
) -> Measures:
    """Measure what `quality.assess` judges.

    Parameters
    ----------
    photo, face, masks, zones
        What was found in the photograph.
    linear
        ``(h, w, 3)`` linear sRGB on the grid.
    parameters
        Supplies the iris distance and the shares for covered zones.
    """
    clear = masks.texture > _CLEAR
    skin = linear[clear] if clear.any() else linear.reshape(-1, 3)
    red_blue = np.log(np.maximum(skin[:, 0], _DARKEST) / np.maximum(skin[:, 2], _DARKEST))
    window = _face_window(face, photo.shape)
    part = photo.eight_bit[window]
    yaw, pitch, roll = pose_deg(face.landmarks)
    return Measures(
        iris_distance_px=face.iris_distance_px,
        px_per_mm=face.iris_distance_px / parameters.value("portrait.scale.iris_distance_mm"),
        sharpness_px=point_spread_sd(np.ascontiguousarray(part[..., 1])),
        clipped_share=_clipped(part, clear, window, photo.shape),
        brightness=float(np.median(skin.mean(-1))),
        colourfulness=float(np.abs(red_blue).mean()),
        yaw_deg=yaw,
        pitch_deg=pitch,
        roll_deg=roll,
        zone_status=_zone_status(masks, zones, parameters),
    )


def _face_window(face: Face, shape: tuple[int, int]) -> tuple[slice, slice]:
    low = np.floor(face.landmarks[:_SURFACE, :2].min(0))
    high = np.ceil(face.landmarks[:_SURFACE, :2].max(0)) + 1
    x0, x1 = (int(np.clip(v, 0, shape[1])) for v in (low[0], high[0]))
    y0, y1 = (int(np.clip(v, 0, shape[0])) for v in (low[1], high[1]))
    return slice(y0, y1), slice(x0, x1)


def _clipped(
    part: NDArray[np.uint8],
    clear: NDArray[np.bool_],
    window: tuple[slice, slice],
    shape: tuple[int, int],
) -> float:
    """Share of clear skin in the window with a full channel."""
    rows = np.arange(window[0].start, window[0].stop) * clear.shape[0] // shape[0]
    columns = np.arange(window[1].start, window[1].stop) * clear.shape[1] // shape[1]
    on_skin = clear[np.ix_(rows, columns)]
    if not on_skin.any():
        return 0.0
    return float((largest_channel(part)[on_skin] >= _CLIPPED_CODE).mean())


def _zone_status(masks: Masks, zones: Zones, parameters: ParameterSet) -> dict[str, str]:
    """Say per zone whether enough of its skin is in sight."""
    inside = zones.labels >= 0
    bare = np.bincount(zones.labels[inside], masks.bare[inside], len(ZONES))
    seen = bare / np.maximum(zones.full_area, 1.0)
    good, some = (
        parameters.value(f"portrait.quality.zone_{name}_share") for name in ("good", "some")
    )
    words = np.where(seen >= good, GOOD, np.where(seen >= some, PARTLY_COVERED, NOT_VISIBLE))
    return {zone: str(word) for zone, word in zip(ZONES, words, strict=True)}
