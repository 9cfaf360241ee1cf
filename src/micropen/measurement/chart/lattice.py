"""Squares that stand in rows and columns, seen in perspective."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.measurement.chart.squares import Squares

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Neighbours stand 1 to 1.7 sides apart (frames are an eighth to a half of a patch wide) and are
# of similar area.
_NEAREST: Final = 0.9
_FARTHEST: Final = 1.75
_SIMILAR: Final = 1.6
# A neighbour is taken where it stands within this share of a step from where it should.
_TOLERANCE: Final = 0.22
_LEAST_MEMBERS: Final = 6
_MOST_SEEDS: Final = 120
# Robust fit: a member may lie off the lattice by this share of a step.
_FIT_TOLERANCE: Final = 0.12


@dataclass(frozen=True, eq=False)
class Lattice:
    """Squares in rows and columns.

    Parameters
    ----------
    nodes
        ``(n, 2)`` whole column and row numbers of the members.
    matrix
        ``(3, 3)`` homography from column and row numbers to px.
    """

    nodes: IntArray
    matrix: FloatArray


def lattices(squares: Squares) -> list[Lattice]:
    """Find all groups of at least 6 squares in at least 2 rows and 2 columns, largest first.

    Parameters
    ----------
    squares
        Candidates of one picture.

    Returns
    -------
    list of Lattice
        Right-handed in the picture (rows run down where columns run right): a mirrored chart is
        not a chart.
    """
    close = _neighbours(squares)
    order = np.argsort(-close.sum(axis=1), kind="stable")
    used = np.zeros(len(squares.sides), bool)
    found = []
    for seed in order[:_MOST_SEEDS]:
        if used[seed] or close[seed].sum() < 2:
            continue
        members = _grow(int(seed), squares, close)
        nodes = np.array(list(members.values()), np.int64)
        if len(members) < _LEAST_MEMBERS or (np.ptp(nodes, axis=0) < 1).any():
            continue
        indices = np.array(list(members))
        used[indices] = True
        lattice = fitted_lattice(nodes, squares.centres[indices])
        if lattice is not None:
            found.append(lattice)
    return sorted(found, key=lambda lattice: -len(lattice.nodes))


def fitted_lattice(nodes: IntArray, centres: FloatArray) -> Lattice | None:
    """Lay a homography through members, leaving out those that do not fit; None if too few do."""
    steps = np.linalg.norm(centres[:, None] - centres[None], axis=2)
    apart = np.linalg.norm((nodes[:, None] - nodes[None]).astype(float), axis=2)
    step = float(np.median(steps[apart == 1.0])) if (apart == 1.0).any() else 0.0
    if step <= 0.0:
        return None
    matrix, inside = cv2.findHomography(
        nodes.astype(np.float64), centres, cv2.RANSAC, max(1.0, _FIT_TOLERANCE * step)
    )
    if matrix is None or inside.sum() < _LEAST_MEMBERS:
        return None
    fit = inside.ravel().astype(bool)
    if (np.ptp(nodes[fit], axis=0) < 1).any():
        return None
    return Lattice(nodes[fit], np.asarray(matrix, np.float64))


def _neighbours(squares: Squares) -> NDArray[np.bool_]:
    offsets = squares.centres[None] - squares.centres[:, None]
    distance = np.linalg.norm(offsets, axis=2)
    smaller = np.minimum(squares.sides[:, None], squares.sides[None])
    larger = np.maximum(squares.sides[:, None], squares.sides[None])
    close = (distance > _NEAREST * smaller) & (distance < _FARTHEST * larger)
    return np.asarray(close & (larger < _SIMILAR * smaller))


def _grow(seed: int, squares: Squares, close: NDArray[np.bool_]) -> dict[int, tuple[int, int]]:
    """Number the squares around a seed by rows and columns."""
    steps = _first_steps(seed, squares, close)
    if steps is None:
        return {}
    places: dict[int, tuple[int, int]] = {seed: (0, 0)}
    taken = {(0, 0)}
    queue = deque([(seed, steps)])
    while queue:
        index, (across, down) = queue.popleft()
        column, row = places[index]
        for turn, (dx, dy) in enumerate(((1, 0), (0, 1), (-1, 0), (0, -1))):
            step = (across, down, -across, -down)[turn]
            place = (column + dx, row + dy)
            near = _nearest(squares.centres, squares.centres[index] + step, step)
            if near is None or near in places or place in taken or not close[index, near]:
                continue
            real = (squares.centres[near] - squares.centres[index]) * (dx + dy)
            renewed = (real, down) if dx else (across, real)
            places[near] = place
            taken.add(place)
            queue.append((near, renewed))
    return places


def _nearest(centres: FloatArray, target: FloatArray, step: FloatArray) -> int | None:
    distance = np.linalg.norm(centres - target, axis=1)
    best = int(np.argmin(distance))
    return best if distance[best] < _TOLERANCE * np.linalg.norm(step) else None


def _first_steps(
    seed: int, squares: Squares, close: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray] | None:
    """Take the nearest neighbour and the nearest one that stands across to it."""
    others = np.flatnonzero(close[seed])
    offsets = squares.centres[others] - squares.centres[seed]
    lengths = np.linalg.norm(offsets, axis=1)
    first = offsets[np.argmin(lengths)]
    sines = (first[0] * offsets[:, 1] - first[1] * offsets[:, 0]) / (
        lengths * np.linalg.norm(first)
    )
    across = np.abs(sines) > 0.75
    if not across.any():
        return None
    best = np.flatnonzero(across)[np.argmin(lengths[across])]
    second = offsets[best] if sines[best] > 0.0 else -offsets[best]
    return first, second
