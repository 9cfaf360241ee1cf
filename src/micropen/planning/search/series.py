"""A series of sessions by superposition: what each one adds, and what the skin has room for.

Between sessions four weeks apart all but collagen, fading pigment and the surface has come to rest,
and these are nearly sums of what single sessions add; signs are made of the sums (`adding_up`). The
full engine on the same series is the check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.healing.process import Values
from micropen.planning.search.adding_up import Made
from micropen.planning.search.face import GroupPart
from micropen.planning.search.zone_responses import DAYS

Array = NDArray[np.float64]
Single = NDArray[np.float32]

# Products of more numbers than this are summed without BLAS.
_LARGE: Final = 2**15


def weights_at(lags: Array) -> Single:
    """Weights of the reported days that give the sum over sessions at some moments.

    Parameters
    ----------
    lags
        Days since each session, shape ``(moment, session)``; negative before it.

    Returns
    -------
    numpy.ndarray
        Shape ``(day, moment)``: linear between reported days, nothing before a session, the last
        reported day's value beyond it.
    """
    moments = np.arange(lags.shape[0])[:, None]
    inside = np.clip(lags, 0.0, DAYS[-1])
    upper = np.clip(np.searchsorted(DAYS, inside, side="right"), 1, DAYS.size - 1)
    share = (inside - DAYS[upper - 1]) / (DAYS[upper] - DAYS[upper - 1])
    begun = (lags >= 0.0).astype(np.float64)
    weights = np.zeros((DAYS.size, lags.shape[0]))
    np.add.at(weights, (upper - 1, np.broadcast_to(moments, lags.shape)), begun * (1.0 - share))
    np.add.at(weights, (upper, np.broadcast_to(moments, lags.shape)), begun * share)
    return weights.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights of those reported days that count.

    Parameters
    ----------
    days
        Indices of the days, shape ``(day,)``.
    values
        Shape ``(moment, day)``.
    """

    days: NDArray[np.int64]
    values: Single

    @classmethod
    def at(cls, lags: Array) -> Weights:
        """Weights of `weights_at` without the days that count nowhere."""
        every = weights_at(lags)
        days = np.flatnonzero(every.any(axis=1))
        return cls(days, np.ascontiguousarray(every[days].T))


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Weights of the reported days of every session at some moments.

    Parameters
    ----------
    new
        Of the sessions of a series, which are all alike.
    earlier
        Of each session that has been.
    """

    new: Weights
    earlier: tuple[Weights, ...] = ()


@lru_cache(maxsize=4096)
def sums_of_series(
    sessions: tuple[float, ...], moments: tuple[float, ...], earlier: tuple[float, ...] = ()
) -> Sums:
    """Return the weights of a series, kept: a search asks for it in every group of zones.

    Parameters
    ----------
    sessions, moments, earlier
        Days on one count: of the series, of the moments, of the sessions that have been.
    """
    at = np.array(moments)
    each = (Weights.at(lags_after(np.array([day]), at)) for day in earlier)
    return Sums(Weights.at(lags_after(np.array(sessions), at)), tuple(each))


def zone_values(part: GroupPart, made: Made, sums: Sums) -> Array:
    """A sign in each zone of a group at some moments, shape ``(moment, draw, zone)``."""
    x = {}
    for name in made.states:
        total = _weighted(part.states[name], sums.new)
        for states, weights in zip(part.earlier, sums.earlier, strict=True):
            total += _weighted(states[name], weights)
        x[name] = total.astype(np.float64)
    p = part.values[made.process]
    return np.asarray(made.equation(Values(**x), Values(**p)), dtype=np.float64)


def _weighted(states: Single, weights: Weights) -> Single:
    """Weighted sum over days, shape ``(moment, draw, zone)``."""
    few = states[weights.days]
    if few.size > _LARGE:
        # One large product would wake threads that wait for each other longer than they work.
        return np.asarray(np.einsum("md,dxz->mxz", weights.values, few))
    flat = weights.values @ few.reshape(few.shape[0], states[0].size)
    return np.asarray(flat.reshape(-1, *states.shape[1:]))


def area_sum(part: GroupPart, made: Made, sums: Sums) -> Array:
    """A sign times area, summed over the zones of a group, shape ``(moment, draw)``."""
    values = zone_values(part, made, sums)
    return np.asarray(values @ part.areas_cm2)


def face_mean(parts: Sequence[GroupPart], made: Made, sums: Sums) -> Array:
    """A sign as the mean over the treated area by area, shape ``(moment, draw)``.

    Parameters
    ----------
    parts
        One per group.
    made
        The sign.
    sums
        Of the series at the moments.
    """
    total: Array = np.sum([area_sum(part, made, sums) for part in parts], axis=0)
    return total / sum(float(part.areas_cm2.sum()) for part in parts)


def worst_zone(parts: Sequence[GroupPart], made: Made, sums: Sums) -> Array:
    """Largest value of a sign in any zone at any of some moments, shape ``(draw,)``."""
    tops = [zone_values(part, made, sums).max(axis=(0, 2)) for part in parts]
    return np.asarray(np.max(tops, axis=0), dtype=np.float64)


def lags_after(session_days: Array, moments: Array) -> Array:
    """Days since each session at each moment, shape ``(moment, session)``."""
    return np.asarray(moments[:, None] - session_days[None, :], dtype=np.float64)
