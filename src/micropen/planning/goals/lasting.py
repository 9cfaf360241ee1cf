"""How long a gain lasts without another session, and how often one session keeps it.

Up to the last day that the signs are known, the gain is the goal's effect on them. Beyond it the
new collagen decays by its turnover, and the signs follow through their own saturation:

    x(t)        = x(horizon) * exp(-turnover_rate * (t - horizon))
    collagen(t) = plateau * (1 - exp(-x(t) / plateau))       relief: alike, with its largest

By then all of it is collagen I (III is replaced within months), so that one rate is enough; what
else is left of gloss and pigment goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from micropen.evidence import Grade, ParameterSet
from micropen.planning.goals.goal import Array, Goal, sampler
from micropen.planning.result import Lasting, Spread

TURNOVER: Final = "healing.collagen.turnover_rate_per_day"
_LARGEST: Final = {"collagen": "healing.collagen.plateau", "relief": "healing.relief.largest"}

# Days after the horizon at which the gain is looked at, to 58 years, wider as decay slows; a
# straight line lies between.
_LATER: Final = np.concatenate([np.arange(10.0, 400.0, 10.0), np.geomspace(400.0, 21_900.0, 80)])

# A sign at its largest would never have begun to fade.
_NEARLY: Final = 1.0 - 1e-9

# Too small to speak of how long it lasts.
_NOTHING: Final = 1e-4

# A loss never quite reaches the whole gain: where one session brings all of it, it is due once
# nearly all is lost.
_NEARLY_ALL: Final = 0.9

_DAYS_PER_MONTH: Final = 30.44
_DAYS_PER_YEAR: Final = 365.25


def _faded(sign: str, at_horizon: Array, left: Array, parameters: ParameterSet, seed: int) -> Array:
    """A sign of shape ``(draw,)`` once a share of new collagen is left, shape ``(day, draw)``."""
    if sign not in _LARGEST:
        return np.asarray(left * at_horizon)
    largest = parameters.sample(_LARGEST[sign], at_horizon.size, seed)
    reached = np.clip(at_horizon / largest, 0.0, _NEARLY)
    return np.asarray(largest * -np.expm1(np.log1p(-reached) * left))


def gain_over_time(
    goal: Goal, days: Array, signs: Mapping[str, Array], parameters: ParameterSet, seed: int
) -> tuple[Array, Array]:
    """Return days after the last session, far beyond the known ones, and the gain on them.

    Parameters
    ----------
    goal
        What is read.
    days
        Days since the last session, increasing, shape ``(day,)``.
    signs
        The goal's signs without another session, each of shape ``(draw, day)``.
    parameters, seed
        Of the forecast.

    Returns
    -------
    tuple of numpy.ndarray
        Days, shape ``(later,)``; gain, shape ``(later, draw)``.
    """
    draws = next(iter(signs.values())).shape[0]
    rate = parameters.sample(TURNOVER, draws, seed)
    left = np.exp(-rate * _LATER[:, None])
    whole = {
        name: np.concatenate(
            [signs[name].T, _faded(name, signs[name][:, -1], left, parameters, seed)]
        )
        for name in goal.signs
    }
    gain = goal.effect(whole, sampler(goal, parameters, draws, seed))
    return np.concatenate([days, days[-1] + _LATER]), gain


def _first_below(days: Array, values: Array, level: float) -> float:
    """First day on which falling values reach a level, on a straight line; infinite if never."""
    below = np.flatnonzero(values <= level)
    if not below.size:
        return float("inf")
    after = int(below[0])
    if after == 0:
        return float(days[0])
    high, low = values[after - 1], values[after]
    share = (high - level) / (high - low)
    return float(days[after - 1] + share * (days[after] - days[after - 1]))


def _half_lives(days: Array, gain: Array) -> Array:
    """Days from the first one until half of that day's gain is gone, of draws that gained."""
    gained = np.flatnonzero(gain[0] > _NOTHING)
    if not gained.size:
        return np.zeros(1)
    ends = [_first_below(days, gain[:, i], 0.5 * gain[0, i]) for i in gained]
    return np.asarray(np.array(ends) - days[0])


def _maintenance(days: Array, mean_gain: Array, one_session: float, least: float) -> float:
    """Days until the mean loss is what one session brings; infinite where one brings nothing."""
    start = float(mean_gain[0])
    if min(start, one_session) <= _NOTHING:
        return float("inf")
    loss = min(one_session, _NEARLY_ALL * start)
    return max(least, _first_below(days, mean_gain, start - loss) - float(days[0]))


def span_in_words(days: float) -> str:
    """Say a span in days, months or years: ``"about 14 months"``."""
    if not np.isfinite(days):
        return "longer than can be foreseen"
    if days < 2.0 * _DAYS_PER_MONTH:
        whole = round(days)
        return f"about {whole} day{'' if whole == 1 else 's'}"
    if days < 2.0 * _DAYS_PER_YEAR:
        return f"about {days / _DAYS_PER_MONTH:.0f} months"
    return f"about {days / _DAYS_PER_YEAR:.0f} years"


def _sentence(goal: Goal, half_life: Spread, maintenance: float, grade: Grade) -> str:
    if half_life.high <= 0.0:
        return "This series brings no gain that could last."
    low, high = (span_in_words(x).removeprefix("about ") for x in (half_life.low, half_life.high))
    fades = (
        f"Without another session half of the gain is gone after {span_in_words(half_life.median)} "
        f"(in 9 of 10 forecasts between {low} and {high})"
    )
    if np.isfinite(maintenance):
        keeps = f"; one session every {span_in_words(maintenance).removeprefix('about ')} keeps it"
    else:
        keeps = "; one more session would add nothing that could keep it"
    return f"{fades}{keeps}. {goal.lasts} (grade {grade})."


def lasting(
    goal: Goal,
    days: Array,
    signs: Mapping[str, Array],
    single_session_gain: Array,
    parameters: ParameterSet,
    seed: int = 0,
) -> Lasting:
    """Return how long the gain of a series lasts, and what keeps it.

    Parameters
    ----------
    goal
        What is wished for.
    days
        Days since the last session, increasing, shape ``(day,)``: at least to the day on which
        the goal is read; a year or more for goals that new collagen carries.
    signs
        The goal's signs as means over the treated area without another session, each of shape
        ``(draw, day)``.
    single_session_gain
        What one more session would add, shape ``(draw,)``.
    parameters, seed
        Of the forecast.

    Returns
    -------
    Lasting
        Half-life and maintenance counted from the day on which the goal is read. Draws without a
        gain have no half-life and are left out of its spread.
    """
    all_days, gain = gain_over_time(goal, days, signs, parameters, seed)
    read_on = min(parameters.value(goal.read_after), float(days[-1]))
    at_read = np.array([np.interp(read_on, all_days, gain[:, i]) for i in range(gain.shape[1])])
    later = all_days > read_on
    all_days = np.concatenate([[read_on], all_days[later]])
    gain = np.concatenate([at_read[None], gain[later]])
    half_life = Spread.of(_half_lives(all_days, gain))
    least = parameters.value("healing.milestones.session_interval")
    one = float(single_session_gain.mean())
    maintenance = _maintenance(all_days, gain.mean(axis=1), one, least)
    names = [TURNOVER, goal.read_after, *(f"observation.{name}" for name in goal.parameters)]
    grade = parameters.lowest_grade(names)
    return Lasting(half_life, maintenance, _sentence(goal, half_life, maintenance, grade), grade)
