"""Where skin may change: a mask for colour, a stricter one for texture, their full-size support.

Realism stands and falls with these: an edge that cuts through the forehead or a tinted fringe is
seen at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, stream
from micropen.portrait import landmark_indices as at
from micropen.portrait.face_frame import FaceFrame
from micropen.portrait.hairline import Edge, face_edge
from micropen.portrait.region import face_outline
from micropen.portrait.skin_likelihood import skin_evidence

_NEGLIGIBLE: Final = 0.004  # below half an 8-bit code of the strongest effect: exactly zero
# What is never bare skin, and how far hairs, lashes and shine reach around it.
_KEEP_OUT_MM: Final = (
    (at.RIGHT_EYE, 2.2), (at.LEFT_EYE, 2.2), (at.RIGHT_BROW, 1.6), (at.LEFT_BROW, 1.6),
    (at.LIPS, 1.0), (at.RIGHT_NOSTRIL, 0.3), (at.LEFT_NOSTRIL, 0.3),
)  # fmt: skip
_LASHES_MM: Final = 1.5
_LID_SOFTNESS_MM: Final = 2.0  # colour fades out over the lids, which are not needled
_RIM_MM: Final = 0.5  # no wider: the red of the lips and the dark of a nostril are sharp edges
_BEYOND_OVAL_MM: Final = 3.0  # the oval runs just inside the visible cheek
_EDGE_SOFTNESS_MM: Final = 0.6
_LARGEST_ISLAND_MM2: Final = 80.0  # a mole or a blotch, not a spectacle lens

Map = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Masks:
    """Skin masks.

    Parameters
    ----------
    colour
        ``(h, w)`` float32 in 0-1 on the grid: how far colour may change. Runs through the brows
        at reduced strength, because a pale frame around them looks pasted.
    texture
        ``(h, w)`` float32 in 0-1 on the grid: bare skin only, for flakes, points and gloss.
    bare
        ``(h, w)`` float32 in 0-1 on the grid: how likely the cell is bare skin, without any fade.
    support
        ``(H, W)`` bool, full size: nothing outside may change by a single bit.
    """

    colour: NDArray[np.float32] = field(repr=False)
    texture: NDArray[np.float32] = field(repr=False)
    bare: NDArray[np.float32] = field(repr=False)
    support: NDArray[np.bool_] = field(repr=False)


def make_masks(
    frame: FaceFrame, linear: Map, parameters: ParameterSet, seed: int = 0
) -> tuple[Map, Map, Map]:
    """Build the masks of a face on its grid.

    Parameters
    ----------
    frame
        The face on its grid (or a window of it).
    linear
        ``(h, w, 3)`` linear sRGB on the same grid.
    parameters
        Margins, cuts and fades.
    seed
        Seed of the wobble of the fading edge.

    Returns
    -------
    colour, texture, bare
        ``(h, w)`` each, as in `Masks`.
    """
    outline = frame.grown(frame.polygon(face_outline(frame, parameters)), _BEYOND_OVAL_MM)
    keep_out = _keep_out(frame)
    evidence = skin_evidence(frame, linear, keep_out, outline, parameters)
    edge = face_edge(frame, evidence.ratio, outline, keep_out)
    # Hair found inside the outline teaches the second look what this person's fringe is like.
    evidence = evidence.relearned(edge.inside_mm < -2.0)
    edge = face_edge(frame, evidence.ratio, outline, keep_out)
    bare = _bare(frame, evidence.ratio, edge, keep_out)
    fade = _fade(frame, outline, edge, parameters, seed)
    texture = fade * bare * (1 - keep_out) * (1 - 0.8 * frame.blur(keep_out, 0.7))
    brows = np.maximum(frame.hull(at.RIGHT_BROW, 1.2), frame.hull(at.LEFT_BROW, 1.2))
    through = parameters.value("portrait.mask.brow_strength") * frame.blur(brows, 1.0)
    colour = fade * np.maximum(bare, through) * _off_eyes_and_lips(frame)
    return _clean(colour), _clean(texture), _clean(bare * (outline > 0.5))


def _clean(mask: NDArray[np.float32]) -> NDArray[np.float32]:
    out = np.clip(mask, 0.0, 1.0).astype(np.float32)
    out[out < _NEGLIGIBLE] = 0.0
    return out


def _keep_out(frame: FaceFrame) -> Map:
    """Eyes, brows, lips and nostrils with their margins."""
    return np.max([frame.hull(part, margin) for part, margin in _KEEP_OUT_MM], axis=0)


def _off_eyes_and_lips(frame: FaceFrame) -> Map:
    """Soft exclusion for colour: no wider than needed, a pale rim looks like a painted mask."""
    eyes = np.maximum(frame.hull(at.RIGHT_EYE, _LASHES_MM), frame.hull(at.LEFT_EYE, _LASHES_MM))
    nostrils = np.maximum(frame.hull(at.RIGHT_NOSTRIL), frame.hull(at.LEFT_NOSTRIL))
    lips = frame.polygon(frame.points[list(at.LIPS)])
    keep = (1 - eyes) * (1 - frame.blur(eyes, _LID_SOFTNESS_MM))
    return keep * (1 - frame.blur(lips, _RIM_MM)) * (1 - frame.blur(nostrils, _RIM_MM))


def _bare(frame: FaceFrame, ratio: Map, edge: Edge, keep_out: Map) -> Map:
    """Probability of bare skin, with moles and other small islands counted as skin."""
    likely = (1.0 / (1.0 + np.exp(-np.clip(ratio, -30.0, 30.0)))).astype(np.float32)
    likely[edge.inside_mm < 0.0] = 0.0
    islands = (likely < 0.5) & (keep_out < 0.5) & (edge.inside_mm > 0.0)
    # What touches brows, eyes or the edge (hair, frames) is no island.
    touching = frame.grown(((keep_out > 0.5) | (edge.inside_mm < 1.0)).astype(np.float32), 1.0)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(islands.astype(np.uint8))
    small = stats[:, cv2.CC_STAT_AREA] < _LARGEST_ISLAND_MM2 * frame.px_per_mm**2
    attached = np.bincount(labels[touching > 0.5], minlength=count) > 0
    fill = small & ~attached
    fill[0] = False
    likely[fill[labels]] = 1.0
    return frame.blur(likely, _EDGE_SOFTNESS_MM)


def _fade(frame: FaceFrame, outline: Map, edge: Edge, parameters: ParameterSet, seed: int) -> Map:
    """Fade towards hair (narrow), jaw (wide) and an open top of the head (widest)."""
    inside = (outline > 0.5).astype(np.uint8)
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 5) / frame.px_per_mm
    wobble = parameters.value("portrait.mask.edge_wobble_mm") * _wobble(frame, seed)
    jaw, scalp, hairline = (
        parameters.value(f"portrait.mask.{name}_fade_mm") for name in ("jaw", "scalp", "hairline")
    )
    above = np.clip((frame.height_above(at.BROW_TOPS) - 15.0) / 25.0, 0.0, 1.0)
    outer = _ramp((depth - 1.0 + wobble) / (jaw + (scalp - jaw) * above))
    hair = _ramp((edge.inside_mm + 0.5 + 0.4 * wobble) / hairline)
    return outer * (hair + (1.0 - hair) * edge.open_share)


def _ramp(position: NDArray[np.floating]) -> Map:
    t = np.clip(position, 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)


def _wobble(frame: FaceFrame, seed: int) -> NDArray[np.float32]:
    """Smooth noise of unit sd with wavelengths of 9-40 mm."""
    rng = stream(seed, "portrait.mask.wobble")
    total = np.zeros(frame.shape, np.float32)
    for wavelength_mm, weight in ((40.0, 1.0), (20.0, 0.7), (10.0, 0.4)):
        step = max(frame.mm(wavelength_mm / 2), 1.0)
        knots = (int(frame.shape[0] / step) + 3, int(frame.shape[1] / step) + 3)
        coarse = rng.standard_normal(knots).astype(np.float32)
        size = (round(knots[1] * step), round(knots[0] * step))
        fine = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
        total += weight * fine[: frame.shape[0], : frame.shape[1]]
    return np.asarray((total - total.mean()) / max(float(total.std()), 1e-6), np.float32)
