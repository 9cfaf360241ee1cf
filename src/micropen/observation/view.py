"""What observers of one group of treated people could see: signs, people, and their own errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import zone_record
from micropen.errors import MicropenError
from micropen.evidence import ParameterSet, stream
from micropen.healing import Course
from micropen.healing.risks import RiskContext, risk
from micropen.treatment import People, Session

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A scale before treatment in one group: mean and sd between people, in the scale's unit."""

    mean: float
    sd: float


@dataclass(frozen=True)
class View:
    """One group of treated people, one person per draw, as observers meet them.

    Parameters
    ----------
    course
        Signs per draw, zone and day.
    people
        Covariates of the draws.
    zones
        Zones that are looked at; they count by area.
    parameters
        Parameter set; its ``people_per_world`` says how many draws are one trial.
    seed
        Of the simulation.
    baselines
        Scale name to its value before treatment, where known.
    controlled
        True where the study compares with an untreated or sham side, so that what would have
        improved anyway is already taken off.
    sessions
        What was done, as the course was made: the complications need it.
    """

    course: Course
    people: People
    zones: tuple[str, ...]
    parameters: ParameterSet
    seed: int = 0
    baselines: Mapping[str, Baseline] = field(default_factory=dict)
    controlled: bool = False
    sessions: tuple[Session, ...] = ()
    _faces: dict[str, Array] = field(default_factory=dict, repr=False, compare=False)

    @property
    def draws(self) -> int:
        """Number of people."""
        return self.people.draws

    @property
    def days(self) -> Array:
        """Reported days since the first session."""
        return self.course.days

    @property
    def session_days(self) -> tuple[float, ...]:
        """Day of each session."""
        return self.course.origin.session_days

    def over_time(self, sign: str) -> Array:
        """A sign as the mean over the zones by area, shape ``(draw, day)``."""
        if sign not in self._faces:
            index = [self.course.zones.index(zone) for zone in self.zones]
            areas = [zone_record(zone, self.parameters).area_cm2 for zone in self.zones]
            values = self.course.dataset[sign].values[:, index].astype(np.float64)
            self._faces[sign] = np.average(values, axis=1, weights=areas)
        return self._faces[sign]

    def at(self, sign: str, day: float | None) -> Array:
        """A sign at a day (zero before treatment), shape ``(draw,)``; linear between days."""
        if day is None:
            return np.zeros(self.draws)
        return self._between(self.over_time(sign), day)

    def count_at(self, sign: str, day: float | None) -> Array:
        """A sign that counts (lesions), summed over the zones, shape ``(draw,)``."""
        if day is None:
            return np.zeros(self.draws)
        index = [self.course.zones.index(zone) for zone in self.zones]
        values = self.course.dataset[sign].values[:, index].sum(axis=1, dtype=np.float64)
        return self._between(values, day)

    def _between(self, values: Array, day: float) -> Array:
        """Values of shape ``(draw, day)`` at one day."""
        days = self.days
        if not days[0] <= day <= days[-1]:
            raise MicropenError(
                f"Day {day:g} was asked for; the simulation reaches day {days[-1]:g}."
            )
        upper = int(np.clip(np.searchsorted(days, day), 1, days.size - 1))
        share = (day - days[upper - 1]) / (days[upper] - days[upper - 1])
        return (1.0 - share) * values[:, upper - 1] + share * values[:, upper]

    def parameter(self, name: str) -> Array:
        """Draws of ``observation.<name>``, shape ``(draw,)``."""
        return self.parameters.sample(f"observation.{name}", self.draws, self.seed)

    def noise(self, purpose: str) -> Array:
        """Standard normal of each person, shape ``(draw,)``: error of one score."""
        return stream(self.seed, f"observation.noise.{purpose}").standard_normal(self.draws)

    def rater(self, purpose: str) -> Array:
        """Standard normal of each world, repeated for its people: lean of a study's raters."""
        each = self.parameters.people_per_world
        worlds = -(-self.draws // each)
        z = stream(self.seed, f"observation.rater.{purpose}").standard_normal(worlds)
        return np.repeat(z, each)[: self.draws]

    def risk(self, name: str, day: float) -> Array:
        """Probability of each person to have had a complication by a day, shape ``(draw,)``.

        That of the whole course, of which a part of the sessions has the same part of the hazard;
        zero where the course ends before it could show.

        Raises
        ------
        UnknownNameError
            For a complication that the room healing does not know.
        MicropenError
            Where `sessions` are not those of the course.
        """
        known = RiskContext(
            self.course, self.people, self.sessions, self.parameters, self.seed, self.zones
        )
        whole = np.nan_to_num(risk(name).probability(known))
        begun = sum(start <= day for start in self.session_days) / len(self.session_days)
        return np.asarray(1.0 - (1.0 - whole) ** begun)

    def baseline(self, scale: str, mean: float, sd: float) -> Array:
        """A scale before treatment, shape ``(draw,)``; the given values where none are known."""
        known = self.baselines.get(scale, Baseline(mean, sd))
        return known.mean + known.sd * self.noise(f"baseline.{scale}")
