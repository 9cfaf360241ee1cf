"""Counted spots.

A forecast gives the expected number. What comes is a whole number that stays for days: one person
with an expectation of two may get none or five, and sees them on every day. So all counts of a
person share their luck, and each has the error of coming, going and counting::

    count ~ Poisson(share * expected * exp(s * luck - s^2 / 2)),  s^2 = ln(1 + 1 / (height + .5))

with the height that is expected three days after the first session.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from micropen.anatomy import ZONES
from micropen.estimation.likelihood.term import FACE_WIDE, Seen, Term
from micropen.estimation.readings import SpotCount
from micropen.estimation.result import FACE, Axis, ReadPoint
from micropen.evidence import ParameterSet

Array = NDArray[np.float64]

SHARE: Final = "observation.lesions.counted_share"
LUCK: Final = "spots.luck"
HEIGHT_DAY: Final = 3.0
"""Day after the first session that stands for the height of breakouts."""
# Nobody's expectation is exactly zero.
_LEAST: Final = 1e-3


@dataclass(frozen=True, eq=False)
class CountTerm(Term):
    """All counts of one person.

    Parameters
    ----------
    counts
        By time.
    mistaken
        Probability that a count has nothing to do with the treatment.
    typical_mistake
        Mean of such a count.
    """

    counts: tuple[SpotCount, ...]
    mistaken: float
    typical_mistake: float

    @classmethod
    def of(cls, counts: tuple[SpotCount, ...], parameters: ParameterSet) -> CountTerm:
        """Read the error model."""
        return cls(
            counts,
            parameters.value("estimation.spots.mistaken"),
            parameters.value("estimation.spots.typical_mistake"),
        )

    @property
    def own(self) -> tuple[str, ...]:
        """The person's luck."""
        return (LUCK,)

    @property
    def signs(self) -> tuple[str, ...]:
        """Expected lesions."""
        return ("lesions",)

    @property
    def zones(self) -> tuple[int, ...]:
        """Of each count."""
        return tuple(
            ZONES.index(c.zones[0]) if len(c.zones) == 1 else FACE_WIDE for c in self.counts
        )

    @property
    def points(self) -> tuple[ReadPoint, ...]:
        """In spots."""
        return tuple(
            ReadPoint("lesions", Axis.COUNT, FACE, c.day, c.count, c.sd, c.source, when=c.when)
            for c in self.counts
        )

    def predicted(self, seen: Seen) -> Array:
        """Logarithm of the expected count, ``(draw, reading)``."""
        luck = log_luck(seen)
        share = np.clip(seen.parameters.sample(SHARE, seen.draws, 0), 0.0, 1.0)
        columns = []
        for count in self.counts:
            counted = share if count.source == "check-in" else 1.0
            expected = counted * np.maximum(seen.total("lesions", count.zones, count.day), 0.0)
            columns.append(np.log(expected + _LEAST) + luck)
        return np.stack(columns, axis=1)

    def log_likelihood(self, predicted: Array) -> Array:
        """Sum over the counts, ``(draw,)``."""
        return np.asarray(self.single(predicted).sum(axis=1))

    def single(self, predicted: Array) -> Array:
        """Of each count, ``(draw, reading)``."""
        return np.asarray(np.logaddexp(self._right(predicted), self._wrong))

    def slope(self, predicted: Array) -> tuple[Array, Array]:
        """As in `Term`; Fisher information of a Poisson count, less where it is doubted."""
        rate = np.exp(predicted)
        sure = 1.0 - self.doubt(predicted[None])[0]
        fuzz = rate / (rate + self._sd**2)
        return sure * fuzz * (self._values - rate), np.diag(sure * fuzz * rate)

    def doubt(self, predicted: Array) -> Array:
        """Probability that a count is mistaken, ``(draw, reading)``."""
        return np.asarray(np.exp(self._wrong - self.single(predicted)))

    def replica(
        self, predicted: Array, random: np.random.Generator, *, mistakes: bool = False
    ) -> Array:
        """New counts, ``(draw, reading)``; as in `Term`."""
        blur = self._sd * random.standard_normal(predicted.shape)
        drawn = random.poisson(np.exp(predicted)) + blur
        if mistakes:
            other = random.geometric(1.0 / (1.0 + self.typical_mistake), predicted.shape) - 1.0
            drawn = np.where(random.random(predicted.shape) < self.mistaken, other, drawn)
        return np.asarray(np.where(self._sd > 0.0, drawn, np.maximum(drawn, 0.0)))

    @property
    def _values(self) -> Array:
        return np.array([c.count for c in self.counts])

    @property
    def _sd(self) -> Array:
        return np.array([c.sd for c in self.counts])

    def _right(self, predicted: Array) -> Array:
        """Log-probability of each count that is meant, ``(draw, reading)``."""
        rate, values, sd = np.exp(predicted), self._values, self._sd
        whole = np.maximum(np.round(values), 0.0)
        exact = whole * predicted - rate - gammaln(whole + 1.0)
        variance = rate + sd**2
        blurred = -0.5 * ((values - rate) ** 2 / variance + np.log(2.0 * np.pi * variance))
        return np.asarray(np.log1p(-self.mistaken) + np.where(sd > 0.0, blurred, exact))

    @property
    def _wrong(self) -> Array:
        """Log-probability of a mistaken count: geometric, ``(reading,)``."""
        mean = self.typical_mistake
        values = np.maximum(np.round(self._values), 0.0)
        geometric = values * np.log(mean / (1.0 + mean)) - np.log1p(mean)
        return np.asarray(np.log(self.mistaken) + geometric)


def log_luck(seen: Seen) -> Array:
    """Logarithm of what came over what was expected, shape ``(draw,)``.

    How far luck reaches depends on how many spots are expected at their height, for which one day
    stands: it must be the same whichever days are reported.
    """
    at = int(np.argmin(np.abs(seen.days - HEIGHT_DAY)))
    expected = np.maximum(seen.totals("lesions")[:, at], 0.0)
    variance = np.log1p(1.0 / (expected + 0.5))
    return np.asarray(np.sqrt(variance) * seen.own[LUCK] - 0.5 * variance)
