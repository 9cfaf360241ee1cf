"""Where a day lies on the figures: every session's first days get the most room."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

# Per cent of a figure's width; the rest belongs to the numbers at its right.
SPAN: Final = 88.0
_TICKS: Final = (0, 1, 2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 240, 365)
# Days whose values are told when they are pointed at.
_STOPS: Final = (0.1, 0.5, *range(1, 15), 17, 21, 25, 30, 37, 45, 60, 90, 120, 180, 365)
# Labels nearer than this, in per cent of the width, would touch on a phone.
_APART: Final = 7.0
# The first label has a word more.
_APART_FROM_FIRST: Final = 11.0


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Days since the first session to per cent of the width.

    Within the days that follow a session, place goes with ln(1 + days since it): most happens in
    the first week, whichever session it follows.

    Parameters
    ----------
    sessions
        Days of the sessions, increasing, the first at the left edge.
    end
        Last day.
    """

    sessions: tuple[float, ...]
    end: float

    def at(self, day: float) -> float:
        """Place of a day, 0 to `SPAN`; days outside lie on the edge."""
        return float(self.places(np.array([day]))[0])

    def places(self, days: Values) -> Values:
        """Places of many days."""
        parts = self._parts()
        whole = sum(math.log1p(stop - start) for start, stop in parts)
        done = sum(np.log1p(np.clip(days - start, 0.0, stop - start)) for start, stop in parts)
        return np.round(SPAN * done / whole, 2)

    def _parts(self) -> list[tuple[float, float]]:
        end = max(self.end, self.sessions[-1] + 1.0)
        return list(zip(self.sessions, (*self.sessions[1:], end), strict=True))

    def ticks(self) -> list[tuple[float, str]]:
        """Place and label of days, counted from the session before them."""
        found: list[tuple[float, str]] = []
        for start, stop in self._parts():
            for day in _TICKS:
                # The day of the next session is labelled as that session's day 0.
                place = self.at(start + day)
                last = start + day >= stop and stop != self._parts()[-1][1]
                apart = _APART if len(found) > 1 else _APART_FROM_FIRST
                near = bool(found) and place - found[-1][0] < apart
                if start + day > stop or last or (near and day):
                    continue
                if near:
                    found.pop()
                found.append((place, "day 0" if day == 0 and not found else str(day)))
        return found

    def stops(self, also: float) -> list[float]:
        """Days at which values are told, increasing, `also` among them."""
        days = {s + d for s, stop in self._parts() for d in _STOPS if s + d < stop}
        end = self._parts()[-1][1]
        return sorted({*(d for d in days if abs(d - also) > 0.3), also, end})
