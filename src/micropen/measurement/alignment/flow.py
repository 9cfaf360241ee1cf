"""Dense refinement from coarse to fine that changed skin does not pull along."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.measurement.alignment.pattern import Codes, blur, pattern, redness, strength
from micropen.measurement.face_view import Array, FaceView

Number = TypeVar("Number", bound=np.generic)
Box = tuple[slice, slice]
"""Rows and columns of a part of a view."""
WHOLE: Final[Box] = (slice(None), slice(None))


@dataclass(frozen=True)
class Level:
    """One pass: resolution, smoothness of the correction, largest believable correction.

    Parameters
    ----------
    px_per_mm
        Resolution.
    smooth_mm
        Standard deviation of the smoothing of the correction; 0 fits one turned head instead.
    most_mm
        Corrections beyond this are more likely to be mistakes.
    finest
        Finest scale of the flow (0 is every pixel, 1 every second).
    face
        Whether only the face is looked at: hair, neck and wall need no such detail.
    """

    px_per_mm: float
    smooth_mm: float
    most_mm: float
    finest: int
    face: bool


# Coarse to fine: the guess from landmarks is off by 1-3 mm on the face, more outside the mesh; the
# last smoothing is the finest that noise and new lesions of 3 mm allow.
LEVELS: Final = (
    Level(1.25, 0.0, 6.0, 0, False),
    Level(0.8, 10.0, 2.5, 0, False),
    Level(1.6, 5.0, 2.5, 0, False),
    Level(2.5, 3.0, 2.0, 1, True),
    Level(3.5, 0.8, 1.5, 0, True),
)
_NEIGHBOURS_MM: Final = 0.6  # a residual counts with its surroundings
_AGREE_MM: Final = 0.15  # there and back again: half as believable beyond this
_ROUGHER_BEYOND_MM: Final = 20.0
_HEAD_REACH_MM: Final = 25.0  # forehead and scalp belong to the head, neck and wall do not
_FIT_ROUNDS: Final = 6
_FIT_TOLERANCE_MM: Final = 1.0
_LEAST_CURVED: Final = 1e-3  # keeps a fit without evidence at zero
_ROUNDS: Final = 3  # reweighted means settle after three
_LEAST_SUPPORT: Final = 0.002  # below this no evidence is left: the coarser guess stays
_FAINT: Final = 0.2  # variance of the pattern below which noise decides
_LEAST_REDNESS: Final = 0.01  # log units; a smaller change of colour is noise
_STEADY: Final = 3.0  # robust standard deviations


@dataclass(frozen=True, eq=False)
class Scaled:
    """A view at the resolution of one level."""

    codes: Codes = field(repr=False)
    red: Array = field(repr=False)
    scale: tuple[float, float]
    px_per_mm: float

    @classmethod
    def of(
        cls, view: FaceView, px_per_mm: float, parameters: ParameterSet, box: Box = WHOLE
    ) -> Scaled:
        """Bring a view, or a box of it, down to a resolution; it is never enlarged."""
        part = view.linear[box]
        shrink = min(1.0, px_per_mm / view.px_per_mm)
        height, width = part.shape[:2]
        size = (max(8, round(width * shrink)), max(8, round(height * shrink)))
        linear = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
        here = view.px_per_mm * shrink
        scale = (size[0] / width, size[1] / height)
        return cls(pattern(linear, here, parameters), redness(linear), scale, here)


def own_place(shape: tuple[int, ...]) -> Array:
    """Column and row of each pixel, ``(h, w, 2)`` float32."""
    place = np.empty((shape[0], shape[1], 2), np.float32)
    place[..., 0] = np.arange(shape[1], dtype=np.float32)
    place[..., 1] = np.arange(shape[0], dtype=np.float32)[:, None]
    return place


def length(vectors: Array) -> Array:
    """Length of vectors ``(h, w, 2)``."""
    return np.asarray(cv2.magnitude(vectors[..., 0], vectors[..., 1]), np.float32)


def fourth(values: Array) -> Array:
    """Fourth power; numpy's own takes ten times as long."""
    squares = values * values
    return squares * squares


def sample(values: NDArray[Number], place: Array) -> NDArray[Number]:
    """Bilinear values at places ``(h, w, 2)``; edges repeat."""
    return cv2.remap(values, place, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def raw_flow(here: Codes, there: Codes, finest: int) -> Array:
    """Dense inverse search from one pattern to another, px, ``(h, w, 2)`` float32.

    Kroeger et al. 2016, as in OpenCV.
    """
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    search.setFinestScale(finest)
    return search.calc(here, there, None)


@dataclass(frozen=True, eq=False)
class Head:
    """What the meshes say of the head at the resolution of one level.

    Parameters
    ----------
    depth_mm
        ``(h, w)`` float32: depth, larger is farther.
    beyond_mm
        ``(h, w)`` float32: distance to the nearest landmark.
    """

    depth_mm: Array = field(repr=False)
    beyond_mm: Array = field(repr=False)


def refine(baseline: Scaled, moving: Scaled, place: Array, level: Level, head: Head) -> Array:
    """Correct places at one level.

    Parameters
    ----------
    baseline, moving
        The two views at the level's resolution.
    place
        ``(h, w, 2)`` float32: places so far, px of the moving picture.
    level
        Smoothness and limits.
    head
        Depth, and where the landmarks are.

    Returns
    -------
    place
        ``(h, w, 2)`` float32, corrected.
    """
    warped = sample(moving.codes, place)
    own = own_place(place.shape)
    flow = raw_flow(baseline.codes, warped, level.finest)
    weight = _believable(baseline, warped, flow, own, level.finest)
    weight *= same_colour(baseline, moving, place)
    # Off the mesh the guess was rough, and larger corrections are in order.
    most = level.most_mm * (1.0 + (head.beyond_mm / _ROUGHER_BEYOND_MM) ** 2) * baseline.px_per_mm
    weight /= 1.0 + fourth(length(flow) / most)
    if level.smooth_mm > 0.0:
        mean = _robust_mean(flow, weight, level, baseline.px_per_mm)
    else:
        mean = _turned_head(flow, weight, head, baseline.px_per_mm)
    correction = own + mean
    # Displacements are interpolated, not places: linear interpolation of a ramp is coarse.
    return sample(place - own, correction) + correction


def _believable(baseline: Scaled, warped: Codes, flow: Array, own: Array, finest: int) -> Array:
    """Weight of each flow vector: does it come back, does the picture match, is there any."""
    mm = 1.0 / baseline.px_per_mm
    back = raw_flow(warped, baseline.codes, finest)
    arrived = own + flow
    astray = length(flow + sample(back, arrived)) * mm
    weight = 1.0 / (1.0 + (astray / _AGREE_MM) ** 2)
    unlike = cv2.absdiff(sample(warped, arrived), baseline.codes).astype(np.float32)
    unlike = blur(unlike, _NEIGHBOURS_MM * baseline.px_per_mm)
    weight /= 1.0 + fourth(unlike / (2.0 * float(np.median(unlike)) + 1e-3))
    there_is = strength(baseline.codes, baseline.px_per_mm)
    return np.asarray(weight * (there_is / (there_is + _FAINT)), np.float32)


def same_colour(baseline: Scaled, moving: Scaled, place: Array) -> Array:
    """Low where redness came or went within millimetres: a new lesion is no landmark."""
    change = blur(sample(moving.red, place) - baseline.red, 0.4 * baseline.px_per_mm)
    change -= blur(change, 5.0 * baseline.px_per_mm)
    usual = _STEADY * 1.48 * float(np.median(np.abs(change))) + _LEAST_REDNESS
    return np.asarray(1.0 / (1.0 + fourth(change / usual)), np.float32)


def _turned_head(flow: Array, weight: Array, head: Head, px_per_mm: float) -> Array:
    """Flow of one head turned in space, fitted robustly: landmarks are few and noisy.

    Highlights stay with the light when a bald temple turns; only the rest of the face tells.
    """
    height, width = weight.shape
    place = own_place(weight.shape)
    x = (place[..., 0] - width / 2) / (100.0 * px_per_mm)
    y = (place[..., 1] - height / 2) / (100.0 * px_per_mm)
    z = head.depth_mm / 100.0
    # First order is an affine camera; second order its perspective and a depth not quite right.
    terms = np.stack([np.ones_like(x), x, y, z, x * x, x * y, y * y, x * z, y * z], -1)
    sure = (weight * np.exp(-((head.beyond_mm / _HEAD_REACH_MM) ** 2))).reshape(-1, 1)
    flat, wanted = terms.reshape(-1, terms.shape[-1]), flow.reshape(-1, 2)
    current = sure
    fitted = wanted
    for _ in range(_FIT_ROUNDS):
        normal = flat.T @ (current * flat) + _LEAST_CURVED * np.eye(flat.shape[1])
        fitted = flat @ np.linalg.solve(normal, flat.T @ (current * wanted))
        off = np.sqrt(((wanted - fitted) ** 2).sum(-1, keepdims=True))
        current = sure / (1.0 + (off / (_FIT_TOLERANCE_MM * px_per_mm)) ** 2)
    return np.asarray(fitted.reshape(flow.shape), np.float32)


def _robust_mean(flow: Array, weight: Array, level: Level, px_per_mm: float) -> Array:
    """Smooth a flow by means whose weights fall where a vector differs from its surroundings."""
    sd = level.smooth_mm * px_per_mm
    mean = flow
    for _ in range(_ROUNDS):
        support = blur(weight, sd) + _LEAST_SUPPORT
        mean = blur(flow * weight[..., None], sd) / support[..., None]
        off = length(flow - mean)
        usual = max(1.5 * float(np.median(off)), 0.05 * px_per_mm)
        weight = weight / (1.0 + (off / usual) ** 2)
    return np.asarray(mean, np.float32)
