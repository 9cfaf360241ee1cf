"""Readings of one sign on one photograph.

    reading = change * exp(gain_sd * person's gain) + shared + own error

The gain is what the method makes of this person's skin, the same on all their photographs. The
shared error is what light and camera do to all zones of a photograph at once, and what the
forecast misses on a day: skin is washed, warmed, creamed. A photograph may be
mistaken as a whole (another light, a filter) or in one zone (a shadow, a hair): a mixture, so that
an absurd reading loses its weight and can be named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from micropen.anatomy import ZONES
from micropen.estimation.likelihood.term import Seen, Term
from micropen.estimation.readings import PhotoReading
from micropen.estimation.result import Axis, ReadPoint
from micropen.evidence import ParameterSet

Array = NDArray[np.float64]

_LOG_2PI: Final = float(np.log(2.0 * np.pi))
# A photograph that is mistaken as a whole is so unevenly: variance of its zones, times.
_WIDER: Final = 4.0


@dataclass(frozen=True, eq=False)
class PhotoTerm(Term):
    """Readings of one sign on one photograph.

    Parameters
    ----------
    readings
        Of one photograph and one sign.
    error
        The error model.
    """

    readings: tuple[PhotoReading, ...]
    error: PhotoError

    @property
    def own(self) -> tuple[str, ...]:
        """The person's gain of this sign."""
        return (gain_name(self.readings[0].sign),)

    @property
    def signs(self) -> tuple[str, ...]:
        """The one sign."""
        return (self.readings[0].sign,)

    @property
    def zones(self) -> tuple[int, ...]:
        """Of each reading."""
        return tuple(ZONES.index(r.zone) for r in self.readings)

    @property
    def points(self) -> tuple[ReadPoint, ...]:
        """In the unit of the sign."""
        return tuple(
            ReadPoint(r.sign, Axis.SIGN, r.zone, r.day, r.change, r.sd, r.photo, when=r.when)
            for r in self.readings
        )

    def predicted(self, seen: Seen) -> Array:
        """Expected change as the method reads it, ``(draw, reading)``."""
        gain = np.exp(self.error.gain_sd * seen.own[self.own[0]])
        return np.stack(
            [gain * seen.change(r.sign, r.zone, r.day, r.baseline_day) for r in self.readings],
            axis=1,
        )

    def log_likelihood(self, predicted: Array) -> Array:
        """Of all zones together, ``(draw,)``."""
        return np.asarray(logsumexp(self._components(predicted), axis=1))

    def slope(self, predicted: Array) -> tuple[Array, Array]:
        """As in `Term`; variances are taken as those of this prediction."""
        row = predicted[None]
        share = _shares(self._components(row))[0]
        residual = self._values - predicted
        information = np.zeros((residual.size, residual.size))
        for weight, (own, shared) in zip(share, self._ways(row), strict=True):
            information += weight * _precision(own[0], float(shared[0]))
        return information @ residual, information

    def doubt(self, predicted: Array) -> Array:
        """Mistaken as a whole, or in this zone, ``(draw, reading)``."""
        share = _shares(self._components(predicted))
        return np.asarray(share[:, 1:2] + share[:, 2:])

    def replica(
        self, predicted: Array, random: np.random.Generator, *, mistakes: bool = False
    ) -> Array:
        """New readings, ``(draw, reading)``; as in `Term`."""
        draws = predicted.shape[0]
        ways, weights = self._ways(predicted), np.exp(self._log_weights)
        way = random.choice(weights.size, draws, p=weights) if mistakes else np.zeros(draws, int)
        own = np.stack([own for own, _ in ways])[way, np.arange(draws)]
        shared = np.stack([shared for _, shared in ways])[way, np.arange(draws)]
        light = random.standard_normal((draws, 1))
        each = random.standard_normal(predicted.shape)
        return np.asarray(predicted + np.sqrt(shared)[:, None] * light + np.sqrt(own) * each)

    @property
    def _values(self) -> Array:
        return np.array([r.change for r in self.readings])

    def _variances(self, predicted: Array) -> tuple[Array, Array]:
        """Own variance ``(draw, reading)`` and shared one ``(draw,)`` where nothing is mistaken."""
        error, stated = self.error, np.array([r.sd for r in self.readings])
        level = error.day_share * np.abs(predicted).mean(axis=1)
        shared = error.shared_share * float(np.mean(stated)) ** 2 + level**2 + error.day_least**2
        own = (1.0 - error.shared_share) * stated**2 + (error.model_share * predicted) ** 2
        return own + error.model_least**2, shared

    def _ways(self, predicted: Array) -> list[tuple[Array, Array]]:
        """Own and shared variance of each way to be right: right, all wrong, a zone wrong."""
        own, shared = self._variances(predicted)
        more = self.error.mistake_sd**2
        ways = [(own, shared), (_WIDER * own, shared + more)]
        for k in range(own.shape[1]):
            wrong = own.copy()
            wrong[:, k] += more
            ways.append((wrong, shared))
        return ways

    def _components(self, predicted: Array) -> Array:
        """Log of weight times density of each way to be right or wrong, ``(draw, way)``."""
        residual = self._values - predicted
        own, shared = self._variances(predicted)
        more = self.error.mistake_sd**2
        right, wider = _parts(residual, own), _parts(residual, _WIDER * own)
        sums = right.sum(axis=2, keepdims=True)
        # Where one zone is wrong, what it adds to each sum is exchanged.
        each = sums - right + _parts(residual, own + more)
        columns = (
            _log_density(sums, shared[:, None]),
            _log_density(wider.sum(axis=2, keepdims=True), shared[:, None] + more),
            _log_density(each, shared[:, None]),
        )
        return self._log_weights + np.concatenate(columns, axis=1)

    @property
    def _log_weights(self) -> Array:
        """Logarithm of the prior probability of each way, ``(way,)``."""
        zones = len(self.readings)
        right = 1.0 - self.error.photo_mistaken - self.error.zone_mistaken
        wrong = [self.error.zone_mistaken / zones] * zones
        return np.log([right, self.error.photo_mistaken, *wrong])


@dataclass(frozen=True, slots=True)
class PhotoError:
    """Error model of one sign on photographs; numbers from ``estimation.photograph``.

    Parameters
    ----------
    gain_sd
        Spread of the person's gain, on its logarithm.
    shared_share
        Share of a reading's stated variance that all zones of a photograph share.
    model_share
        Error of the forecast itself in a zone, as a share of the change.
    model_least
        The same at no change, in the unit of the sign.
    day_share
        Error of the forecast itself on a day, in all zones alike, as a share of their mean change.
    day_least
        The same at no change, in the unit of the sign: skin has its days.
    mistake_sd
        How far a mistaken reading may be off, in the unit of the sign.
    photo_mistaken, zone_mistaken
        Probability that a whole photograph, or one of its zones, is mistaken.
    """

    gain_sd: float
    shared_share: float
    model_share: float
    model_least: float
    day_share: float
    day_least: float
    mistake_sd: float
    photo_mistaken: float
    zone_mistaken: float

    @classmethod
    def of(cls, sign: str, parameters: ParameterSet) -> PhotoError:
        """Read the error model of a sign."""

        def value(name: str) -> float:
            return parameters.value(f"estimation.photograph.{name}")

        return cls(
            gain_sd=value(f"gain_sd.{sign}"),
            shared_share=value("shared_share"),
            model_share=value(f"model_share.{sign}"),
            model_least=value(f"model_least.{sign}"),
            day_share=value(f"day_share.{sign}"),
            day_least=value(f"day_least.{sign}"),
            mistake_sd=value(f"mistake_sd.{sign}"),
            photo_mistaken=value("photo_mistaken"),
            zone_mistaken=value("zone_mistaken"),
        )


def gain_name(sign: str) -> str:
    """Name of the unknown gain of a sign."""
    return f"photograph.gain.{sign}"


def _parts(residual: Array, own: Array) -> Array:
    """What each reading adds to the sums that its normal density needs, ``(sum, draw, reading)``.

    These are the weight, weight times residual, weight times its square, and the logarithm of the
    variance.
    """
    weight = 1.0 / own
    pulled = weight * residual
    return np.stack([weight, pulled, pulled * residual, np.log(own) + _LOG_2PI])


def _log_density(sums: Array, shared: Array) -> Array:
    """Normal with covariance ``diag(own) + shared``, by the matrix determinant lemma.

    Sums of `_parts` of shape ``(sum, draw, way)`` give ``(draw, way)``.
    """
    total, pulled, square, log_determinant = sums
    grown = 1.0 + shared * total
    return np.asarray(
        -0.5 * (square - shared * pulled**2 / grown + log_determinant + np.log(grown))
    )


def _precision(own: Array, shared: float) -> Array:
    """Inverse of ``diag(own) + shared``."""
    weight = 1.0 / own
    return np.diag(weight) - shared * np.outer(weight, weight) / (1.0 + shared * weight.sum())


def _shares(components: Array) -> Array:
    """Posterior probability of each way, ``(draw, way)``."""
    return np.asarray(np.exp(components - logsumexp(components, axis=1, keepdims=True)))
