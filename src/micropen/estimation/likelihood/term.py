"""What every term of the likelihood has: a prediction, a probability, a slope, doubt, a replica."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES, zone_record
from micropen.estimation.result import ReadPoint
from micropen.evidence import ParameterSet
from micropen.healing import Course
from micropen.observation import Baseline, View
from micropen.treatment import People, Person

Array = NDArray[np.float64]

FACE_WIDE = -1
"""Zone index of what belongs to the treated face as a whole."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What many possible persons would show, and what only observations read of them.

    Parameters
    ----------
    course
        Signs on the observed days.
    parameters
        Gives these persons' parameters.
    own
        Standard normals of observations by name, each of shape ``(draw,)``.
    shares
        Share of each zone in the treated area, shape ``(zone,)``.
    """

    course: Course
    parameters: ParameterSet
    own: Mapping[str, Array]
    shares: Array
    _faces: dict[str, Array] = field(default_factory=dict, repr=False)

    @property
    def draws(self) -> int:
        """How many persons."""
        return self.course.draws

    @cached_property
    def days(self) -> Array:
        """Reported days."""
        return self.course.days

    @cached_property
    def _signs(self) -> dict[str, NDArray[np.float32]]:
        return {str(name): v.values for name, v in self.course.dataset.data_vars.items()}

    def _at(self, day: float) -> int:
        return int(np.argmin(np.abs(self.days - day)))

    def change(self, sign: str, zone: str, day: float, baseline_day: float) -> Array:
        """Change of a sign in a zone since the baseline photograph, shape ``(draw,)``."""
        values = self._signs[sign][:, ZONES.index(zone)]
        now = values[:, self._at(day)].astype(np.float64)
        # Before the first session nothing had changed yet.
        return now if baseline_day <= 0.0 else now - values[:, self._at(baseline_day)]

    def totals(self, sign: str, zones: tuple[str, ...] = ()) -> Array:
        """A counted sign summed over zones (by default the treated), ``(draw, day)``."""
        chosen = [ZONES.index(z) for z in zones] if zones else np.flatnonzero(self.shares)
        return np.asarray(self._signs[sign][:, chosen].sum(axis=1, dtype=np.float64))

    def total(self, sign: str, zones: tuple[str, ...], day: float) -> Array:
        """The same on one day, shape ``(draw,)``."""
        return self.totals(sign, zones)[:, self._at(day)]

    def face(self, sign: str) -> Array:
        """Mean of a sign over the treated zones by area, ``(draw, day)``."""
        if sign not in self._faces:
            # Not tensordot: rows must not depend on how many draws there are.
            self._faces[sign] = np.einsum("dzt,z->dt", self._signs[sign], self.shares)
        return self._faces[sign]


class Term(ABC):
    """One independent part of the data."""

    @property
    @abstractmethod
    def own(self) -> tuple[str, ...]:
        """Names of the unknowns that only observations read."""

    @property
    @abstractmethod
    def signs(self) -> tuple[str, ...]:
        """Signs of the course that are read."""

    @property
    @abstractmethod
    def zones(self) -> tuple[int, ...]:
        """Zone index of each reading; `FACE_WIDE` for the whole face."""

    @property
    @abstractmethod
    def points(self) -> tuple[ReadPoint, ...]:
        """The readings, as they are drawn."""

    @abstractmethod
    def predicted(self, seen: Seen) -> Array:
        """What is expected of each reading, on the term's own scale, ``(draw, reading)``."""

    @abstractmethod
    def log_likelihood(self, predicted: Array) -> Array:
        """Logarithm of the probability (density) of the readings, ``(draw,)``."""

    @abstractmethod
    def slope(self, predicted: Array) -> tuple[Array, Array]:
        """Gradient and information with respect to one prediction.

        Parameters
        ----------
        predicted
            Shape ``(reading,)``.

        Returns
        -------
        gradient
            Of the log-likelihood, shape ``(reading,)``.
        information
            Positive semi-definite, shape ``(reading, reading)``.
        """

    def single(self, predicted: Array) -> Array | None:
        """Log-likelihood of each reading, ``(draw, reading)``; None where readings hang together.

        Parameters
        ----------
        predicted
            Shape ``(draw, reading)``.
        """
        del predicted
        return None

    @abstractmethod
    def doubt(self, predicted: Array) -> Array:
        """Probability that each reading is mistaken, given a prediction, ``(draw, reading)``."""

    @abstractmethod
    def replica(
        self, predicted: Array, random: np.random.Generator, *, mistakes: bool = False
    ) -> Array:
        """New readings in the unit of `points`, ``(draw, reading)``.

        Parameters
        ----------
        predicted
            Shape ``(draw, reading)``.
        random
            Source of chance.
        mistakes
            Whether some are mistaken, as often as the likelihood holds possible.
        """


class PersonalView(View):
    """What one observer, the person, could see: scale use is unknown, slips come later."""

    def __init__(self, seen: Seen, person: Person, baselines: Mapping[str, Baseline]) -> None:
        people = People.of(person, seen.draws)
        super().__init__(seen.course, people, (), seen.parameters, baselines=baselines)
        object.__setattr__(self, "_seen", seen)

    @property
    def _what(self) -> Seen:
        return cast("Seen", object.__getattribute__(self, "_seen"))

    @property
    def days(self) -> Array:
        """Reported days since the first session."""
        return self._what.days

    def over_time(self, sign: str) -> Array:
        """A sign as the mean over the treated zones by area, shape ``(draw, day)``."""
        return self._what.face(sign)

    def noise(self, purpose: str) -> Array:
        """Scale use of each person; no slip of a single answer."""
        return self._what.own.get(purpose, np.zeros(self.draws))

    def rater(self, purpose: str) -> Array:
        """How the wording of one question is taken by each person."""
        return self._what.own.get(purpose, np.zeros(self.draws))


def face_shares(treated: tuple[str, ...], parameters: ParameterSet) -> Array:
    """Share of each zone in the treated area, shape ``(zone,)``."""
    areas = np.array([zone_record(z, parameters).area_cm2 if z in treated else 0.0 for z in ZONES])
    return np.asarray(areas / areas.sum())
