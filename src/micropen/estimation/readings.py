"""What is known of one person: numbers from photographs, answers from check-ins, counted spots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np


@dataclass(frozen=True, slots=True)
class PhotoReading:
    """One sign in one zone of one photograph.

    Parameters
    ----------
    photo
        File name.
    day
        Since the first session.
    zone, sign
        Names as in `micropen.anatomy` and `micropen.signs`.
    change
        Against the baseline photograph, in the unit of the sign.
    sd
        Its standard deviation.
    baseline_day
        Day of the baseline photograph; below 0 before the first session.
    when
        Local time, where known.
    """

    photo: str
    day: float
    zone: str
    sign: str
    change: float
    sd: float
    baseline_day: float = -1.0
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    """One answer on 0-10.

    Parameters
    ----------
    question
        A name of `micropen.case.QUESTIONS`.
    day
        Since the first session.
    low, high
        Least and greatest score that it stands for; equal where a number was given.
    step
        Steps in which numbers were given: 1, or .5 where halves occur.
    when
        Local time, where known.
    """

    question: str
    day: float
    low: float
    high: float
    step: float = 1.0
    when: datetime | None = None

    @property
    def middle(self) -> float:
        """Middle of the range."""
        return 0.5 * (self.low + self.high)


@dataclass(frozen=True, slots=True)
class SpotCount:
    """Spots that were counted on the treated face.

    Parameters
    ----------
    day
        Since the first session.
    count
        More than before the session.
    sd
        Error of counting; 0 for a person's own count.
    zones
        Where they were counted; empty for all treated zones.
    source
        Photograph's name, or ``"check-in"``.
    when
        Local time, where known.
    """

    day: float
    count: float
    sd: float = 0.0
    zones: tuple[str, ...] = ()
    source: str = "check-in"
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Readings:
    """All that is known of one person's response, oldest first within each kind.

    Parameters
    ----------
    photographs
        Readings of single zones.
    answers
        Scores.
    counts
        Counted spots.
    usual
        Question to the score that is usual for this person without treatment, where told.
    """

    photographs: tuple[PhotoReading, ...] = ()
    answers: tuple[ScoredAnswer, ...] = ()
    counts: tuple[SpotCount, ...] = ()
    usual: tuple[tuple[str, float], ...] = ()

    @property
    def days(self) -> tuple[float, ...]:
        """Every day on which something is known, and every later baseline's, increasing."""
        known = set(self._taken)
        known |= {r.baseline_day for r in self.photographs if r.baseline_day > 0.0}
        return tuple(sorted(known))

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return len(self.photographs) + len(self.answers) + len(self.counts)

    @property
    def last_day(self) -> float:
        """Day of the newest; -inf where there is none."""
        return max(self._taken, default=-np.inf)

    @property
    def _taken(self) -> list[float]:
        """Day of every number."""
        return [
            *(r.day for r in self.photographs),
            *(a.day for a in self.answers),
            *(c.day for c in self.counts),
        ]

    def until(self, day: float, *, before: bool = False) -> Readings:
        """Return what was known on a day (`before`: strictly before it)."""

        def known(each: float) -> bool:
            return each < day if before else each <= day

        return replace(
            self,
            photographs=tuple(r for r in self.photographs if known(r.day)),
            answers=tuple(r for r in self.answers if known(r.day)),
            counts=tuple(r for r in self.counts if known(r.day)),
        )


def by_photo_and_sign(
    readings: Sequence[PhotoReading],
) -> dict[tuple[str, str], tuple[PhotoReading, ...]]:
    """Group readings that share a photograph and a sign, and so its light."""
    groups: dict[tuple[str, str], tuple[PhotoReading, ...]] = {}
    for reading in readings:
        key = (reading.photo, reading.sign)
        groups[key] = (*groups.get(key, ()), reading)
    return groups
