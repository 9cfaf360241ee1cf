"""What is believed of one person after their readings: draws, and how far to trust them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.prediction import Predictor
from micropen.estimation.problem import Problem
from micropen.estimation.result import FitSummary, ReadPoint
from micropen.evidence import stream
from micropen.healing import Course

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of one person's unknowns.

    Parameters
    ----------
    problem
        What was asked.
    values
        Standard normals, shape ``(draw, unknown)``.
    weights
        Sum to 1, shape ``(draw,)``.
    map_estimate
        The most probable person, shape ``(unknown,)``.
    summary
        How it was found.
    seed
        Of everything random.
    """

    problem: Problem
    values: Array
    weights: Array
    map_estimate: Array
    summary: FitSummary
    seed: int

    def persons(self, count: int) -> Array:
        """Equally weighted draws, systematically chosen, shape ``(count, unknown)``.

        A draw that stands for many is repeated. What nothing observed has read, such as the
        response of a session to come, is drawn anew for each: there the posterior is the prior.
        """
        random = stream(self.seed, "estimation.persons")
        places = (random.random() + np.arange(count)) / count
        chosen = np.searchsorted(np.cumsum(self.weights), places)
        persons = self.values[np.minimum(chosen, self.weights.size - 1)]
        unread = np.setdiff1d(
            np.arange(self.problem.unknowns.engine_count), self.problem.engine_columns
        )
        persons[:, unread] = random.standard_normal((count, unread.size))
        return persons

    def course(self, horizon: float, draws: int) -> Course:
        """Forecast this person over all sessions of the treatment.

        Parameters
        ----------
        horizon
            Days since the first session.
        draws
            How many.

        Returns
        -------
        Course
            Signs of shape (draw, zone, day).
        """
        treatment = self.problem.treatment
        predictor = Predictor.whole(treatment, self.problem.members, horizon, self.seed)
        persons = self.problem.unknowns.parameter_set(self.persons(draws))
        return predictor.course(persons, draws)

    def points(self) -> tuple[ReadPoint, ...]:
        """Every reading with the probability that it is mistaken."""
        found: list[ReadPoint] = []
        for term, predicted in zip(self.problem.terms, self._predictions(), strict=True):
            doubt = np.minimum(self.weights @ term.doubt(predicted), 1.0)
            found += [replace(p, doubt=float(d)) for p, d in zip(term.points, doubt, strict=True)]
        return tuple(found)

    def mean(self) -> Mapping[str, float]:
        """Posterior mean of each unknown by name, in prior standard deviations."""
        return dict(zip(self.problem.unknowns.names, self.weights @ self.values, strict=True))

    def _predictions(self) -> tuple[Array, ...]:
        return self.problem.predictions(self.values)
