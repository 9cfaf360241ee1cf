"""How a complication states itself: a probability per person, with its evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import zone_record
from micropen.errors import MicropenError
from micropen.evidence import ParameterSet
from micropen.healing.course import Course
from micropen.healing.process import Array
from micropen.treatment import People, Session


@dataclass(frozen=True)
class RiskContext:
    """What a complication may depend on.

    Parameters
    ----------
    course
        Signs of the treated zones; it should reach two months beyond the last session.
    people
        Covariates, one person per draw of the course.
    sessions
        As treated.
    parameters
        The set that made the course; its ``people_per_world`` says how many draws share what is
        not known.
    seed
        Of the forecast.
    zones
        Zones that are looked at; by default the treated ones.

    Raises
    ------
    MicropenError
        Where people and draws, or sessions of the course, do not match.
    """

    course: Course
    people: People
    sessions: tuple[Session, ...]
    parameters: ParameterSet
    seed: int
    zones: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.people.draws != self.course.draws:
            raise MicropenError(
                f"The course has {self.course.draws} draws but there are {self.people.draws} "
                "people; give one person per draw."
            )
        if len(self.sessions) != len(self.course.origin.session_days):
            raise MicropenError(
                f"The course has {len(self.course.origin.session_days)} sessions, "
                f"{len(self.sessions)} were given; give those that made it."
            )

    @property
    def seen(self) -> tuple[str, ...]:
        """Zones that are looked at."""
        return self.zones or self.course.treated

    def sample(self, name: str) -> Array:
        """Draws of ``healing.risks.<name>``, shape ``(draw,)``."""
        return self.parameters.sample(f"healing.risks.{name}", self.people.draws, self.seed)

    def sign(self, name: str) -> NDArray[np.float32]:
        """A sign in the zones that are looked at, shape ``(draw, zone, day)``."""
        index = [self.course.zones.index(zone) for zone in self.seen]
        return np.asarray(self.course.dataset[name].values[:, index])

    def face(self, name: str) -> Array:
        """A sign as the mean over the zones that are looked at, by area, ``(draw, day)``."""
        areas = [zone_record(zone, self.parameters).area_cm2 for zone in self.seen]
        return np.average(self.sign(name).astype(np.float64), axis=1, weights=areas)

    def days_since_session(self) -> Array:
        """Days since the latest session, for each reported day."""
        starts = np.array(self.course.origin.session_days)
        latest = np.searchsorted(starts, self.course.days, side="right") - 1
        return np.asarray(self.course.days - starts[latest])


@dataclass(frozen=True, slots=True)
class Risk:
    """One complication.

    Parameters
    ----------
    name
        Snake case, as the observation model of the same complication.
    summary
        One line: what it is and what drives it here.
    sources
        Bibliography keys of the counts behind it.
    counts
        What was counted, in one line.
    parameters
        Dotted names that it leans on.
    probability
        ``probability(context)``: of each person over the whole series, shape ``(draw,)``; NaN
        where the course ends before it could show.
    """

    name: str
    summary: str
    sources: tuple[str, ...]
    counts: str
    parameters: tuple[str, ...]
    probability: Callable[[RiskContext], Array]


def over_sessions(hazards: list[Array]) -> Array:
    """Probability of at least one event from the hazard of each session."""
    none = np.ones_like(hazards[0])
    for hazard in hazards:
        none = none * (1.0 - np.clip(hazard, 0.0, 1.0))
    return 1.0 - none
