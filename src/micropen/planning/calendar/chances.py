"""What others notice on the days after a session: chances, days of downtime, days at work.

A whole day d holds what is reported within half a day of it. On that day nothing is noticed where
every sign of `SEEN` stays below the value from which it is clear, and no spot is there: spots come
independently, so none of an expected number n is there with probability exp(-n).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.healing.noticed import STEPS, noticed_limits
from micropen.planning.session_response import SEEN, Array, SessionResponse

Windows = NDArray[np.int64]
Flags = NDArray[np.bool_]

SPOTS: Final = "lesions"
GLOW: Final = "gloss"

# On the day itself skin shines from swelling and serum; the glow is what comes after.
_GLOW_FROM: Final = 1
# Grids are rounded to 1e-8 days.
_ROUNDING: Final = 1e-6
_HALF_A_DAY: Final = 0.5


def clear_limits(parameters: ParameterSet) -> dict[str, float]:
    """Return from which value others notice each sign of `SEEN`, and the glow."""
    limits = noticed_limits(parameters)
    return {sign: limits[sign][STEPS.index("clear")] for sign in (*SEEN, GLOW)}


def day_windows(lags: Array) -> Windows:
    """Return which reported lags belong to each whole day.

    Parameters
    ----------
    lags
        Days since the session, increasing from 0, shape ``(lag,)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(day, 2)``: first index, and one beyond the last, of the lags within half a day of
        day 0, 1, ... up to the last that is reported; the two neighbours where none is so near.
    """
    days = np.arange(np.floor(lags[-1] + _ROUNDING) + 1.0)
    first = np.searchsorted(lags, days - _HALF_A_DAY - _ROUNDING)
    beyond = np.searchsorted(lags, days + _HALF_A_DAY + _ROUNDING)
    none = first == beyond
    first = np.where(none, first - 1, first)
    return np.stack([first, np.where(none, beyond + 1, beyond)], axis=1).astype(np.int64)


def _over_days(
    combine: np.ufunc, values: NDArray[np.generic], windows: Windows
) -> NDArray[np.generic]:
    """Combine values ``(draw, lag)`` within each day, ``(draw, day)``."""
    # reduceat needs every bound inside the axis: one column more, which no window holds.
    padded = np.concatenate([values, values[:, -1:]], axis=1)
    return combine.reduceat(padded, windows.ravel(), axis=1)[:, ::2]


def noticed_by_lag(
    signs: Mapping[str, Array], limits: Mapping[str, float], windows: Windows
) -> Flags:
    """Whether others notice a sign at some time of each day; spots apart.

    Parameters
    ----------
    signs
        At least `SEEN`, each of shape ``(draw, lag)``.
    limits
        Of `clear_limits`.
    windows
        Of `day_windows`.

    Returns
    -------
    numpy.ndarray
        Shape ``(draw, day)``.
    """
    above = signs[SEEN[0]] >= limits[SEEN[0]]
    for sign in SEEN[1:]:
        above = above | (signs[sign] >= limits[sign])
    return np.asarray(_over_days(np.logical_or, above, windows), dtype=np.bool_)


def spots_by_lag(lesions: Array, windows: Windows) -> Array:
    """Return the most spots expected at a time of each day, shape ``(draw, day)``."""
    return np.asarray(_over_days(np.maximum, np.maximum(lesions, 0.0), windows), dtype=np.float64)


def glow_noticed_by_lag(gloss: Array, limit: float, windows: Windows) -> Flags:
    """Whether others notice a glow through all of each day but that of the session."""
    seen = np.array(_over_days(np.logical_and, gloss >= limit, windows), dtype=np.bool_)
    seen[:, :_GLOW_FROM] = False
    return seen


def no_spot(spots: Array) -> Array:
    """Return the probability of no spot at all where so many are expected (Poisson)."""
    return np.asarray(np.exp(-spots), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class DaysAfter:
    """The whole days after one session, draw by draw, and the chances on each of them.

    Parameters
    ----------
    noticed
        Whether others notice a sign of `SEEN`, shape ``(draw, day)``; day 0 is the session's.
    spots
        Expected spots, shape ``(draw, day)``.
    glowing
        Whether others notice a glow, shape ``(draw, day)``.
    clear
        Probability that nothing is noticed, shape ``(day,)``.
    glow
        Probability that a glow is noticed and nothing else, shape ``(day,)``.
    """

    noticed: Flags
    spots: Array
    glowing: Flags
    clear: Array
    glow: Array

    @classmethod
    def of(cls, response: SessionResponse, parameters: ParameterSet) -> DaysAfter:
        """Work out all of a response."""
        return cls.of_signs(response.signs, clear_limits(parameters), day_windows(response.lags))

    @classmethod
    def of_signs(
        cls, signs: Mapping[str, Array], limits: Mapping[str, float], windows: Windows
    ) -> DaysAfter:
        """Work out all of plain arrays; limits and windows are made once for many."""
        noticed = noticed_by_lag(signs, limits, windows)
        spots = spots_by_lag(signs[SPOTS], windows)
        glowing = glow_noticed_by_lag(signs[GLOW], limits[GLOW], windows)
        unseen = np.where(noticed, 0.0, no_spot(spots))
        glow = np.where(glowing, unseen, 0.0).mean(axis=0)
        return cls(noticed, spots, glowing, unseen.mean(axis=0), glow)

    @property
    def last(self) -> int:
        """Last day that is known."""
        return int(self.clear.size - 1)

    @property
    def downtime_days(self) -> Array:
        """Days on which others notice a sign, the session's included, shape ``(draw,)``."""
        return np.asarray(self.noticed.sum(axis=1), dtype=np.float64)

    @property
    def any_spot(self) -> float:
        """Probability that at least one spot is there on the day on which most are expected."""
        return float(np.mean(1.0 - no_spot(self.spots.max(axis=1))))


def first_clear_day(curve: Array, wanted: float) -> int | None:
    """Return the first day from which a curve stays at or above a probability to its end.

    It has to stay: skin that looks well on the second day may peel on the fourth.

    Parameters
    ----------
    curve
        Probability by day, shape ``(day,)``.
    wanted
        Probability, 0-1.

    Returns
    -------
    int or None
        None where the last day of the curve is still below.
    """
    below = np.flatnonzero(curve < wanted - _ROUNDING)
    first = int(below[-1]) + 1 if below.size else 0
    return first if first < curve.size else None


def stays_clear(curve: Array) -> Array:
    """Return the least probability from each day to the end of the curve, shape ``(day,)``."""
    return np.asarray(np.minimum.accumulate(curve[::-1])[::-1])


def work_days_by_offset(share: Array, work: Flags) -> Array:
    """Return the expected noticed days at work of a session on each day of the calendar.

    Parameters
    ----------
    share
        Probability that something is noticed by day after the session, shape ``(day,)``: the mean
        of `noticed_by_lag` over draws.
    work
        Whether others see the face at work, by offset from today, shape ``(offset,)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(offset,)``; days beyond the calendar's end do not count.
    """
    return np.correlate(np.append(work, np.zeros(share.size - 1)), share, mode="valid")
