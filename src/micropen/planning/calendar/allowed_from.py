"""From which day make-up, sport, strong sun and active skin care may come back after a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, isfinite
from typing import Final

import numpy as np

from micropen.evidence import ParameterSet
from micropen.healing.noticed import STEPS, Step, noticed_limits
from micropen.healing.visibility import last_day_above
from micropen.planning.calendar.chances import DaysAfter, first_clear_day
from micropen.planning.calendar.closed_days import sun_wait
from micropen.planning.session_response import Array, SessionResponse
from micropen.treatment import Person

# A day that is a whole one but for rounding is that day.
_ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class AllowedFrom:
    """Earliest days after one session, in whole days since it.

    Parameters
    ----------
    makeup, sport, sun, actives
        Make-up; sport, sauna and pool; strong sun; acids, retinoids and vitamin C. The day by
        which it holds in nine of ten forecasts (``estimation.words.date_share``), and never before
        the labels' waits.
    """

    makeup: int
    sport: int
    sun: int
    actives: int

    @classmethod
    def of(cls, response: SessionResponse, person: Person, parameters: ParameterSet) -> AllowedFrom:
        """Work out all four from the draws of a response."""
        share = parameters.value("estimation.words.date_share")
        draws = (
            makeup_days(response, parameters),
            sport_days(response, parameters),
            sun_days(response, person, parameters),
            active_days(response, parameters),
        )
        return cls(*(_whole_day(days, share, response) for days in draws))

    def on(self, session: date) -> dict[str, date]:
        """Dates by name, for a session on a day."""
        return {
            name: session + timedelta(days=getattr(self, name))
            for name in ("makeup", "sport", "sun", "actives")
        }


def clear_from(after: DaysAfter, parameters: ParameterSet) -> int:
    """Return the first day on which nothing is noticed with the program's own probability.

    Returns
    -------
    int
        Days since the session; one beyond the last known day where it is not reached by then.
    """
    first = first_clear_day(after.clear, parameters.value("estimation.words.event_share"))
    return after.last + 1 if first is None else first


def makeup_days(response: SessionResponse, parameters: ParameterSet) -> Array:
    """Return the day from which skin is closed, calm, without dots, and the label's wait is over.

    Returns
    -------
    numpy.ndarray
        Shape ``(draw,)``; infinite where it does not come within the response. As
        `micropen.healing.recovery.Recovery.makeup_allowed`.
    """
    calm = _below(response, "erythema", parameters.value("healing.milestones.makeup_redness"))
    dots = _gone(response, "pinpoint_bleeding", "clear", parameters)
    days = np.maximum(np.maximum(_closed(response, parameters), calm), dots)
    return np.maximum(days, parameters.value("healing.milestones.makeup_wait"))


def sport_days(response: SessionResponse, parameters: ParameterSet) -> Array:
    """Return the day from which skin is closed and labels allow sweat, heat and shared water."""
    wait = max(
        parameters.value("healing.milestones.exercise_wait"),
        parameters.value("report.care.heat_and_water_from_day"),
    )
    return np.maximum(_closed(response, parameters), wait)


def sun_days(response: SessionResponse, person: Person, parameters: ParameterSet) -> Array:
    """Return the day from which others notice no redness and the wait for strong sun is over."""
    pink = _gone(response, "erythema", "clear", parameters)
    return np.maximum(pink, float(sun_wait(person, parameters)))


def active_days(response: SessionResponse, parameters: ParameterSet) -> Array:
    """Return the day from which flakes are gone, skin no longer stings, and the label agrees."""
    peeled = _gone(response, "scaling", "slight", parameters)
    limit = parameters.value("report.care.active_barrier_limit")
    closed = _below(response, "barrier_defect", limit)
    wait = parameters.value("report.care.active_skincare_from_day")
    return np.maximum(np.maximum(peeled, closed), wait)


def _closed(response: SessionResponse, parameters: ParameterSet) -> Array:
    limit = parameters.value("healing.milestones.open_barrier")
    return _below(response, "barrier_defect", limit)


def _below(response: SessionResponse, sign: str, limit: float) -> Array:
    """Day from which a sign stays below a limit; 0 where it always does."""
    last = last_day_above(response.lags, response.signs[sign], limit)
    return np.where(np.isnan(last), 0.0, last)


def _gone(response: SessionResponse, sign: str, step: Step, parameters: ParameterSet) -> Array:
    return _below(response, sign, noticed_limits(parameters)[sign][STEPS.index(step)])


def _whole_day(days: Array, share: float, response: SessionResponse) -> int:
    """First whole day by which it holds in a share of draws, or one beyond the response."""
    # Some draws may be infinite, which forbids interpolating between neighbours.
    day = float(np.sort(days)[max(ceil(share * days.size - _ROUNDING), 1) - 1])
    return ceil(day - _ROUNDING) if isfinite(day) else ceil(float(response.lags[-1])) + 1
