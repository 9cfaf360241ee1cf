"""Find a 24-patch chart in a photograph, or read one whose corners were given by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.errors import MicropenError
from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.chart.lattice import fitted_lattice, lattices
from micropen.measurement.chart.placement import (
    PATCH_SHARE,
    PATCHES,
    Placement,
    best_placement,
    placement_at,
    placement_of,
    transformed,
)
from micropen.measurement.chart.reference import COLUMNS, ROWS, Edition
from micropen.measurement.chart.sampling import PatchSamples, chart_pitch, sample_patches
from micropen.measurement.chart.squares import flat_squares
from micropen.portrait.colour_encoding import linear_from_codes
from micropen.portrait.photo import Photo

FloatArray = NDArray[np.float64]

# Longest side on which squares are looked for: the small picture shows charts near the camera at
# once; in the large one a chart of 60 px still has patches of 9.
_LONGEST: Final = (800, 1800)
# A match this good ends the search (CIEDE2000): no other thing in a picture comes near.
_CERTAIN: Final = 4.0
# Refinement: patch to patch in px, and how far a square may lie from its place, in patches.
_REFINED_PITCH: Final = 36.0
_REACH: Final = 0.3
_LEAST_REFINED: Final = 8


class ChartFault(StrEnum):
    """Why a chart cannot be used."""

    NOT_FOUND = "not found"
    WRONG_CORNERS = "wrong corners"
    TOO_SMALL = "too small"
    BLURRED = "blurred"
    CUT_OFF = "cut off"
    CLIPPED = "clipped"
    TOO_DARK = "too dark"
    UNEVEN_LIGHT = "uneven light"
    INCONSISTENT = "inconsistent colours"


@dataclass(frozen=True, eq=False)
class ChartProblem:
    """No chart, or one that cannot be used.

    Parameters
    ----------
    fault
        What is wrong.
    reason
        One sentence that a person can act on.
    corners
        ``(4, 2)`` px of the chart if it was found, else None.
    """

    fault: ChartFault
    reason: str
    corners: FloatArray | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart in a photograph.

    Parameters
    ----------
    matrix
        ``(3, 3)`` homography from column (0-5) and row (0-3) of the patches to px of the
        photograph.
    corners
        ``(4, 2)`` outer corners of the field of patches, px, clockwise from the dark skin patch:
        dark skin, bluish green, black, white.
    edition
        The make of the chart whose published colours agree better.
    match
        Mean CIEDE2000 of the best 20 patches after a 3 × 3 matrix: how sure the finding is.
    samples
        Colours of the patches.
    by_hand
        The corners were given.
    """

    matrix: FloatArray = field(repr=False)
    corners: FloatArray
    edition: Edition
    match: float
    samples: PatchSamples = field(repr=False)
    by_hand: bool


def find_chart(
    photo: Photo, corners: ArrayLike | None = None, parameters: ParameterSet | None = None
) -> Chart | ChartProblem:
    """Find the 24-patch chart.

    Squares of one colour are searched at two sizes of the picture, put into rows and columns, and
    the chart is laid over every such lattice in every way; the colours decide. (Libraries that do
    the same bring 100 MB and take seconds; OpenCV's own finder is not in its main package.)

    Parameters
    ----------
    photo
        The photograph.
    corners
        ``(4, 2)`` outer corners of the field of patches given by hand, column and row in px of the
        upright photograph, clockwise from the dark skin patch. A click beside a corner by up to a
        fifth of a patch is mended.
    parameters
        Supplies ``measurement.chart.*``.

    Returns
    -------
    Chart or ChartProblem
        A chart that lies there, usable or not; or why there is none.

    Raises
    ------
    MicropenError
        If `corners` are not four points in the picture.
    """
    largest = (parameters or load_parameters()).value("measurement.chart.largest_match_de00")
    given = None if corners is None else _checked(corners, photo)
    placed = _found(photo) if given is None else _by_hand(photo, given)
    if placed is not None:
        placed = _refined(photo, placed)
    if placed is None or placed.difference > largest:
        return _none(placed, by_hand=given is not None)
    return Chart(
        matrix=placed.matrix,
        corners=_corners(placed.matrix),
        edition=placed.edition,
        match=placed.difference,
        samples=sample_patches(photo, placed.matrix),
        by_hand=given is not None,
    )


def _none(placed: Placement | None, *, by_hand: bool) -> ChartProblem:
    if by_hand:
        difference = placed.difference if placed else float("nan")
        return ChartProblem(
            ChartFault.WRONG_CORNERS,
            f"Between the four corners lies no 24-patch chart (mean colour difference "
            f"{difference:.0f}); give the outer corners of the patches in px of the upright "
            "photograph, clockwise from the dark skin patch.",
        )
    return ChartProblem(
        ChartFault.NOT_FOUND,
        "No 24-patch chart was found; if one is in the picture, hold it flat, whole and in focus "
        "beside the face, or give its four corners.",
    )


def _checked(corners: ArrayLike, photo: Photo) -> FloatArray:
    points = np.asarray(corners, np.float64)
    height, width = photo.shape
    if points.shape != (4, 2):
        raise MicropenError(
            f"A chart has four corners of column and row; found an array of shape {points.shape}."
        )
    if not ((points >= 0.0) & (points <= (width - 1.0, height - 1.0))).all():
        raise MicropenError(
            f"The chart's corners {points.round().astype(int).tolist()} leave the picture of "
            f"{width} × {height} px; give px of the upright photograph."
        )
    return points


def _by_hand(photo: Photo, corners: FloatArray) -> Placement | None:
    if cv2.contourArea(corners.astype(np.float32)) < 16.0:
        return None
    return placement_of(photo.linear, corners)


def _found(photo: Photo) -> Placement | None:
    best: Placement | None = None
    for codes, back in _sizes(photo):
        linear = linear_from_codes(codes)
        for lattice in lattices(flat_squares(codes)):
            placed = best_placement(linear, lattice)
            if placed is not None and (best is None or placed.difference < best.difference):
                best = Placement(back @ placed.matrix, placed.difference, placed.edition)
        if best is not None and best.difference < _CERTAIN:
            return best
    return best


def _sizes(photo: Photo) -> Iterator[tuple[NDArray[np.uint8], FloatArray]]:
    """Yield the picture at each size with the matrix back to px of the photograph."""
    codes = photo.eight_bit
    last = 0
    for longest in _LONGEST:
        size = min(longest, max(photo.shape))
        if size > last:
            yield _resized(codes, size / max(photo.shape))
        last = size


def _resized(codes: NDArray[np.uint8], scale: float) -> tuple[NDArray[np.uint8], FloatArray]:
    height, width = codes.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    small = codes if size == (width, height) else cv2.resize(codes, size, interpolation=how)
    across, down = width / size[0], height / size[1]
    back = np.array(
        [
            [across, 0.0, 0.5 * across - 0.5],
            [0.0, down, 0.5 * down - 0.5],
            [0.0, 0.0, 1.0],
        ]
    )
    return np.asarray(small, np.uint8), back


def _refined(photo: Photo, placed: Placement) -> Placement:
    """Lay the chart anew through all squares near its patches, at one fineness for all charts."""
    pitch = chart_pitch(placed.matrix)
    rim = transformed(
        placed.matrix,
        np.array([(-1, -1), (COLUMNS, -1), (COLUMNS, ROWS), (-1, ROWS)], np.float64),
    )
    height, width = photo.shape
    left, top = np.clip(np.floor(rim.min(axis=0)), 0, (width - 2, height - 2)).astype(int)
    right, bottom = np.clip(np.ceil(rim.max(axis=0)), (left + 2, top + 2), (width, height))
    window = photo.eight_bit[top : int(bottom), left : int(right)]
    codes, back = _resized(window, float(np.clip(_REFINED_PITCH / pitch, 0.02, 3.0)))
    squares = flat_squares(codes)
    shift = np.array([[1.0, 0.0, left], [0.0, 1.0, top], [0.0, 0.0, 1.0]])
    if not len(squares.sides):
        return placed
    centres = transformed(shift @ back, squares.centres)
    expected = transformed(placed.matrix, PATCHES)
    distance = np.linalg.norm(expected[:, None] - centres[None], axis=2)
    nearest = distance.argmin(axis=1)
    near = distance.min(axis=1) < _REACH * pitch
    if near.sum() < _LEAST_REFINED:
        return placed
    lattice = fitted_lattice(np.rint(PATCHES[near]).astype(np.int64), centres[nearest[near]])
    if lattice is None:
        return placed
    small = linear_from_codes(codes)
    to_small = np.linalg.inv(shift @ back)
    before = placement_at(small, to_small @ placed.matrix)
    after = placement_at(small, to_small @ lattice.matrix)
    if after.difference > before.difference + 0.5:
        return placed
    return Placement(lattice.matrix, after.difference, after.edition)


def _corners(matrix: FloatArray) -> FloatArray:
    half = 0.5 * PATCH_SHARE
    last_column, last_row = COLUMNS - 1 + half, ROWS - 1 + half
    field = [(-half, -half), (last_column, -half), (last_column, last_row), (-half, last_row)]
    return transformed(matrix, np.array(field))
