"""How sure an alignment is, and what of the skin the later photograph shows at all."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet
from micropen.measurement.alignment.flow import Scaled, own_place, raw_flow, same_colour, sample
from micropen.measurement.alignment.pattern import blur
from micropen.measurement.face_view import Array, FaceView

_PX_PER_MM: Final = 2.5  # structures of half a millimetre; finer is noise
_WINDOW_MM: Final = 2.0
_CORRELATION_MM: Final = 3.0  # sd: some dozen independent structures, so that chance stays low
_MOST_LEFT_MM: Final = 1.5  # beyond, the left flow is itself a mistake; correlation tells then
_LOST_MM: Final = 6.0  # as wrong as an alignment of faces can be
_FOLDED: Final = 0.25  # of the usual area: seen so much from the side that nothing is left
_SQUEEZED: Final = 0.5


def judge(
    baseline: FaceView, moving: FaceView, place: Array, beyond: Array, parameters: ParameterSet
) -> tuple[Array, Array]:
    """Estimate error and visibility of places.

    Both pictures are compared once more where they should now agree: what flow is left between
    them, and how well their structures correlate; faint skin, and places far from every landmark,
    are less sure.

    Parameters
    ----------
    baseline, moving
        The two views.
    place
        ``(h, w, 2)`` float32: places in the moving view, px.
    beyond
        ``(h, w)`` float32: distance to the nearest landmark, mm.
    parameters
        Supplies ``measurement.alignment.error_*``.

    Returns
    -------
    error_mm
        ``(h, w)`` float32: standard deviation of one axis, mm.
    visible
        ``(h, w)`` float32 in 0-1.
    """
    here = Scaled.of(baseline, _PX_PER_MM, parameters)
    there = Scaled.of(moving, _PX_PER_MM, parameters)
    size = (here.codes.shape[1], here.codes.shape[0])
    own = own_place(place.shape)
    coarse = cv2.resize(place - own, size, interpolation=cv2.INTER_AREA)
    coarse += (own_place(here.codes.shape) + 0.5) / np.array(here.scale, np.float32) - 0.5
    coarse = (coarse + 0.5) * np.array(there.scale, np.float32) - 0.5
    visible = _visible(coarse, there)
    far = cv2.resize(beyond, size, interpolation=cv2.INTER_AREA)
    left, unlike = signals(here, there, coarse)
    error = _error(left, unlike, far, parameters)
    whole = (place.shape[1], place.shape[0])
    grown = cv2.resize(np.stack([error, visible], -1), whole, interpolation=cv2.INTER_LINEAR)
    seen = grown[..., 1] * _inside(place, moving.shape)
    return np.ascontiguousarray(grown[..., 0]), np.ascontiguousarray(seen)


def signals(here: Scaled, there: Scaled, place: Array) -> tuple[Array, Array]:
    """Flow that is left, mm (root mean square nearby), and 1 - correlation of the structures."""
    warped = sample(there.codes, place)
    flow = raw_flow(here.codes, warped, 1)
    mm = 1.0 / here.px_per_mm
    window = _WINDOW_MM * here.px_per_mm
    # A new lesion is no misalignment: what it hides is judged by its surroundings.
    same = np.maximum(same_colour(here, there, place), 1e-3)
    squares = np.minimum((flow**2).sum(-1) * 0.5 * mm**2, _MOST_LEFT_MM**2)
    left = np.sqrt(blur(same * squares, window) / blur(same, window))
    a, b = (codes.astype(np.float32) - 128.0 for codes in (here.codes, warped))
    reach = _CORRELATION_MM * here.px_per_mm
    total = blur(same, reach)
    together = blur(same * a * b, reach) / total
    power = np.sqrt(blur(same * a * a, reach) * blur(same * b * b, reach)) / total
    # A little power on top: skin without structure agrees with anything.
    return left.astype(np.float32), np.asarray(1.0 - together / (power + 50.0), np.float32)


def _error(left: Array, unlike: Array, beyond: Array, parameters: ParameterSet) -> Array:
    """Join the signs of error; each constant is a parameter."""

    def constant(name: str) -> np.float32:
        return np.float32(parameters.value(f"measurement.alignment.error_{name}"))

    bad = np.clip(unlike, 0.0, 1.0)
    lost = constant("lost") * np.clip((bad - 0.5) / 0.5, 0.0, 1.0) ** 2
    outside = constant("per_mm_beyond") * np.maximum(beyond - 10.0, 0.0)
    squares = constant("floor") ** 2 + (constant("per_flow_left") * left) ** 2
    squares += (constant("per_unlikeness") * bad) ** 2 + lost**2 + (outside * bad) ** 2
    return np.asarray(np.minimum(np.sqrt(squares), _LOST_MM), np.float32)


def _inside(place: Array, shape: tuple[int, int]) -> Array:
    """1 inside the other picture."""
    x, y = place[..., 0], place[..., 1]
    within = (x >= 0) & (y >= 0) & (x <= shape[1] - 1) & (y <= shape[0] - 1)
    return within.astype(np.float32)


def _visible(place: Array, there: Scaled) -> Array:
    """0 where the surface folds over or is seen from the side in the other picture."""
    area = _area(blur(place, 0.5 * there.px_per_mm))
    usual = float(np.median(area))
    share = (area / max(usual, 1e-6) - _FOLDED) / (_SQUEEZED - _FOLDED)
    return np.asarray(np.clip(share, 0.0, 1.0), np.float32)


def _area(place: Array) -> Array:
    """Area in the other picture of one pixel, negative where it is turned over."""
    (xr, xc), (yr, yc) = (np.gradient(place[..., k]) for k in (0, 1))
    return np.asarray(xc * yr - xr * yc, np.float32)


def zone_errors(baseline: FaceView, error_mm: Array, visible: Array) -> dict[str, float]:
    """Root mean square of the error over the visible skin of each zone, mm."""
    inside = baseline.labels >= 0
    index = baseline.labels[inside]
    weight = (baseline.skin * visible)[inside].astype(np.float64)
    total = np.bincount(index, weight, len(ZONES))
    squares = np.bincount(index, weight * error_mm[inside] ** 2, len(ZONES))
    mean = np.sqrt(squares / np.where(total > 0.0, total, np.nan))
    return dict(zip(ZONES, mean.tolist(), strict=True))
