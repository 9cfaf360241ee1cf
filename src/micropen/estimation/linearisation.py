"""The slope of every prediction in every unknown, by differences in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.estimation.likelihood.term import FACE_WIDE
from micropen.estimation.problem import Problem

Array = NDArray[np.float64]

# Step of the one-sided differences, in prior standard deviations: well above rounding of float32,
# well below the curvature of the model.
_STEP: Final = 0.05


@dataclass(frozen=True, eq=False)
class Linearisation:
    """The problem about one person.

    Parameters
    ----------
    centre
        The person, shape ``(unknown,)``.
    predictions
        Of each term, shape ``(reading,)``.
    jacobian
        Of all readings, terms one after the other, shape ``(reading, unknown)``.
    log_posterior
        At the centre.
    """

    centre: Array
    predictions: tuple[Array, ...]
    jacobian: Array
    log_posterior: float


def linearise(problem: Problem, centre: Array) -> Linearisation:
    """Work out all slopes about one person, in one batch.

    The scatter of one purpose is moved in all zones at once: a zone's reading answers to its own
    zone only, and a reading of the whole face to each by its share of the area.
    """
    moves, single, blocks = _moves(problem)
    batch = centre + np.concatenate([np.zeros((1, centre.size)), _STEP * moves])
    predictions = problem.predictions(batch)
    slopes = _slopes(predictions)
    zones = np.array([zone for term in problem.terms for zone in term.zones], np.int64)
    jacobian = np.zeros((zones.size, centre.size))
    jacobian[:, single] = slopes[: single.size].T
    for slope, block in zip(slopes[single.size :], blocks, strict=True):
        jacobian[:, block] = _shared_out(slope, zones, problem.shares)
    first = tuple(p[:1] for p in predictions)
    log_posterior = float(problem.log_likelihood(first)[0]) - 0.5 * float(centre @ centre)
    return Linearisation(centre, tuple(p[0] for p in first), jacobian, log_posterior)


def look_ahead(
    problem: Problem, line: Linearisation, tried: Array, directions: Array
) -> tuple[Array, Linearisation]:
    """Weigh persons, and work out the slopes about the first of them, in one batch.

    Parameters
    ----------
    problem
        Of one person.
    line
        Slopes about a person nearby; kept but along the directions.
    tried
        Shape ``(person, unknown)``.
    directions
        Orthonormal, shape ``(unknown, direction)``.

    Returns
    -------
    heights
        Log-posterior of each person, shape ``(person,)``.
    ahead
        The problem about the first person.
    """
    count, first = tried.shape[0], tried[0]
    batch = np.concatenate([tried, first + _STEP * directions.T])
    predictions = problem.predictions(batch)
    weighed = problem.log_likelihood(tuple(p[:count] for p in predictions))
    heights = weighed - 0.5 * (tried**2).sum(axis=1)
    slopes = _slopes(tuple(np.concatenate([p[:1], p[count:]]) for p in predictions))
    jacobian = line.jacobian + (slopes.T - line.jacobian @ directions) @ directions.T
    own = tuple(p[0] for p in predictions)
    return heights, Linearisation(first, own, jacobian, float(heights[0]))


def _slopes(predictions: Sequence[Array]) -> Array:
    """Slopes of all readings by the steps after the first row, ``(step, reading)``."""
    table = np.concatenate(predictions, axis=1)
    return (table[1:] - table[0]) / _STEP


def _moves(problem: Problem) -> tuple[Array, NDArray[np.int64], list[slice]]:
    """Steps of the differences: of single unknowns, and of one purpose's scatter in all zones."""
    unknowns = problem.unknowns
    known = set(problem.engine_columns.tolist())
    single = [i for i in range(len(unknowns.parameters)) if i in known]
    single += range(unknowns.engine_count, unknowns.count)
    scatter = [block for block in unknowns.blocks().values() if block.start in known]
    single += [block.start for block in scatter if block.stop - block.start != len(ZONES)]
    blocks = [block for block in scatter if block.stop - block.start == len(ZONES)]
    moves = np.zeros((len(single) + len(blocks), unknowns.count))
    moves[np.arange(len(single)), single] = 1.0
    for move, block in zip(moves[len(single) :], blocks, strict=True):
        move[block] = 1.0
    return moves, np.array(single, np.int64), blocks


def _shared_out(slope: Array, zones: NDArray[np.int64], shares: Array) -> Array:
    """Slope of each reading in the scatter of each zone, ``(reading, zone)``."""
    own = np.where(zones[:, None] == np.arange(len(ZONES)), 1.0, 0.0)
    return slope[:, None] * np.where(zones[:, None] == FACE_WIDE, shares, own)


def weighted(problem: Problem, line: Linearisation) -> tuple[Array, Array]:
    """Gradient of the log-likelihood and information of all readings."""
    pairs = [t.slope(p) for t, p in zip(problem.terms, line.predictions, strict=True)]
    gradient = np.concatenate([g for g, _ in pairs]) if pairs else np.empty(0)
    information = np.zeros((gradient.size, gradient.size))
    start = 0
    for _, block in pairs:
        stop = start + block.shape[0]
        information[start:stop, start:stop] = block
        start = stop
    return gradient, information
