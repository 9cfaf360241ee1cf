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
    unknowns = problem.unknowns
    moves, places = _moves(problem)
    batch = centre + np.concatenate([np.zeros((1, centre.size)), _STEP * moves])
    predictions = problem.predictions(batch)
    jacobian = np.zeros((sum(p.shape[1] for p in predictions), unknowns.count))
    row = 0
    for term, predicted in zip(problem.terms, predictions, strict=True):
        slopes = (predicted[1:] - predicted[0]) / _STEP
        for column, zone in enumerate(term.zones):
            _fill(jacobian[row + column], slopes[:, column], places, zone, problem.shares)
        row += len(term.zones)
    first = tuple(p[:1] for p in predictions)
    log_posterior = float(problem.log_likelihood(first)[0]) - 0.5 * float(centre @ centre)
    return Linearisation(centre, tuple(p[0] for p in first), jacobian, log_posterior)


def _moves(problem: Problem) -> tuple[Array, list[slice]]:
    """Steps of the differences, and which unknowns each stands for."""
    unknowns = problem.unknowns
    known = set(problem.engine_columns.tolist())
    single = [i for i in range(len(unknowns.parameters)) if i in known]
    single += range(unknowns.engine_count, unknowns.count)
    blocks = [block for block in unknowns.blocks().values() if block.start in known]
    places = [slice(i, i + 1) for i in single] + blocks
    moves = np.zeros((len(places), unknowns.count))
    for move, place in zip(moves, places, strict=True):
        move[place] = 1.0
    return moves, places


def _fill(row: Array, slopes: Array, places: Sequence[slice], zone: int, shares: Array) -> None:
    """Write the slopes of one reading in place."""
    for slope, place in zip(slopes, places, strict=True):
        if place.stop - place.start != len(ZONES):
            row[place] = slope
        elif zone == FACE_WIDE:
            row[place] = slope * shares
        else:
            row[place.start + zone] = slope


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
