"""What an earlier posterior expects of every reading, old and new."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.posterior import Posterior
from micropen.estimation.predictive import Predictive
from micropen.estimation.problem import Problem
from micropen.estimation.unknowns import Unknowns
from micropen.evidence import stream

Array = NDArray[np.float64]


def expectation(
    before: Posterior, latest: Posterior, known_until_day: float, draws: int = 1000
) -> Predictive:
    """Draw what a forecast that did not know the newest data expects of all data.

    Parameters
    ----------
    before
        Fitted to what was known until `known_until_day`.
    latest
        Fitted to everything; says which readings are doubtful.
    known_until_day
        Readings after this day are new.
    draws
        How many.
    """
    problem = latest.problem
    random = stream(latest.seed, "estimation.expectation")
    values = carried(before.persons(draws), before.problem.unknowns, problem.unknowns, random)
    points = latest.points()
    new = np.array([point.day > known_until_day for point in points], dtype=bool)
    return Predictive(points, _replicas(problem, values, random), new)


def carried(
    values: Array, source: Unknowns, target: Unknowns, random: np.random.Generator
) -> Array:
    """Move persons from one list of unknowns to another; what the first lacks is drawn anew."""
    place = {name: i for i, name in enumerate(source.names)}
    moved = random.standard_normal((values.shape[0], target.count))
    for i, name in enumerate(target.names):
        if name in place:
            moved[:, i] = values[:, place[name]]
    return moved


def _replicas(problem: Problem, values: Array, random: np.random.Generator) -> Array:
    predictions = problem.predictions(values)
    parts = [
        term.replica(predicted, random)
        for term, predicted in zip(problem.terms, predictions, strict=True)
    ]
    return np.concatenate(parts, axis=1) if parts else np.empty((values.shape[0], 0))
