"""What many possible persons would show on the days on which one was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.healing import Course
from micropen.healing.chain import Chain, default_chain
from micropen.healing.course import CourseOrigin
from micropen.healing.forecast import course_of_doses, doses_of
from micropen.healing.population import lanes
from micropen.healing.time_grid import day_grid
from micropen.treatment import People, Treatment

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Predictor:
    """The forecast of one treatment, for given persons and days.

    Parameters
    ----------
    treatment
        Person's covariates and sessions.
    chain
        The processes that the wanted signs need.
    days
        Reported days, increasing, from 0.
    origin
        What its courses record of how they were made.
    """

    treatment: Treatment
    chain: Chain
    days: Array
    origin: CourseOrigin

    @classmethod
    def of(
        cls,
        treatment: Treatment,
        parameters: ParameterSet,
        signs: Iterable[str] | None,
        days: Sequence[float] | Array,
        seed: int = 0,
    ) -> Predictor:
        """Prepare a forecast of some signs (None: all) on some days."""
        whole = default_chain()
        chain = whole if signs is None else whole.giving(signs)
        starts = list(treatment.days)
        origin = CourseOrigin.of(chain, parameters, 0, seed, starts)
        return cls(treatment, chain, np.unique(np.asarray(days, np.float64)), origin)

    @classmethod
    def whole(
        cls, treatment: Treatment, parameters: ParameterSet, horizon: float, seed: int = 0
    ) -> Predictor:
        """Prepare a forecast of every sign on the days that a course reports."""
        return cls.of(treatment, parameters, None, day_grid(treatment.days, horizon), seed)

    def course(self, parameters: ParameterSet, draws: int) -> Course:
        """Solve for as many persons as the parameter set draws.

        Parameters
        ----------
        parameters
            Gives the persons; see `micropen.estimation.unknowns.Unknowns.parameter_set`.
        draws
            How many.

        Returns
        -------
        Course
            Signs of shape (draw, zone, day).
        """
        seed, sessions = self.origin.seed, self.treatment.sessions
        people = People.of(self.treatment.person, draws)
        doses = doses_of(sessions, people, parameters, seed)
        population = lanes(self.chain, people, doses, parameters, seed=seed)
        origin = replace(self.origin, draws=draws)
        course = course_of_doses(doses, population, self.days, origin, parameters, chain=self.chain)
        return replace(course, treatment=self.treatment)
