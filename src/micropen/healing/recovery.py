"""The days after one session, per draw: when signs come and go, and what one may do when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.healing.noticed import STEPS, Step, noticed_limits
from micropen.healing.process import Array
from micropen.healing.treated_area import TreatedArea, course_days
from micropen.healing.visibility import days_after_session, first_day_above, last_day_above

if TYPE_CHECKING:
    import xarray as xr

# What another person may notice; the barrier and the collagen cannot be seen.
SEEN: Final = ("erythema", "swelling", "pinpoint_bleeding", "scaling", "lesions")

# On the day itself skin shines from swelling and serum; the glow is what comes after.
_GLOW_FROM: Final = 1.0


@dataclass(frozen=True, slots=True)
class DaySpread:
    """5, 50 and 95 % of the draws in which it happens, in days; infinite beyond the forecast.

    Parameters
    ----------
    low, median, high
        NaN where it happens in no draw.
    share
        Of the draws in which it happens.
    """

    low: float
    median: float
    high: float
    share: float

    @classmethod
    def of(cls, days: Array) -> DaySpread:
        """Summarise one day per draw, NaN where it never happens."""
        happened = days[~np.isnan(days)]
        share = happened.size / days.size
        if not happened.size:
            return cls(float("nan"), float("nan"), float("nan"), share)
        # Some draws may be infinite, which forbids interpolating between neighbours.
        low, median, high = np.quantile(happened, (0.05, 0.5, 0.95), method="nearest")
        return cls(float(low), float(median), float(high), share)


def day_of_event(settled: float) -> int:
    """Whole day from which one may be photographed: the one after the day on which all settles.

    The nearest whole day counts until it is over; a sign that ends in its middle may still show.
    """
    return floor(settled + 0.5) + 1


@dataclass(frozen=True, slots=True, eq=False)
class Recovery:
    """All draws of the treated area between one session and the next, from that session on.

    Every method that gives days gives one per draw, shape ``(draw,)``, since that session; NaN
    where it never happens, infinite where it has not ended by the next session or the horizon.

    Parameters
    ----------
    course
        Dataset with dimensions draw, zone, day.
    area
        The treated zones.
    days
        Days since the session, shape ``(day,)``.
    chosen
        Their indices among the days of the course.
    limits
        From which value a sign is noticed (`micropen.healing.noticed`).
    parameters
        Further thresholds and waits.
    next_planned
        Days until the next session; infinite where there is none.
    """

    course: xr.Dataset
    area: TreatedArea
    days: Array
    chosen: NDArray[np.int64]
    limits: Mapping[str, tuple[float, float, float]]
    parameters: ParameterSet
    next_planned: float
    _drawn: dict[str, Array] = field(init=False, default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        course: xr.Dataset,
        zones: Sequence[str],
        session_days: Sequence[float],
        parameters: ParameterSet,
        session: int = 0,
    ) -> Recovery:
        """Take the days after one session, counted from 0.

        Raises
        ------
        MicropenError
            For a session that there is not, or that the course does not reach.
        """
        since, chosen = days_after_session(course_days(course), session_days, session)
        later = session_days[session + 1 :]
        return cls(
            course,
            TreatedArea.of(zones, parameters),
            since,
            chosen,
            noticed_limits(parameters),
            parameters,
            later[0] - session_days[session] if later else float("inf"),
        )

    def draws(self, sign: str) -> Array:
        """All draws of a sign over the treated area, ``(draw, day)``; worked out once."""
        if sign not in self._drawn:
            self._drawn[sign] = self.area.draws(self.course, sign)[:, self.chosen]
        return self._drawn[sign]

    def limit(self, sign: str, step: Step) -> float:
        """Value from which a sign is slight, clear or strong."""
        return self.limits[sign][STEPS.index(step)]

    def last(self, sign: str, step: Step) -> Array:
        """Last day on which a sign is at least slight, clear or strong."""
        return last_day_above(self.days, self.draws(sign), self.limit(sign, step))

    def first(self, sign: str, step: Step) -> Array:
        """First day on which a sign is at least slight, clear or strong."""
        return first_day_above(self.days, self.draws(sign), self.limit(sign, step))

    def below(self, sign: str, limit: str) -> Array:
        """Day from which a sign stays below a parameter; 0 where it always does."""
        value = self.parameters.value(limit)
        return np.nan_to_num(last_day_above(self.days, self.draws(sign), value), posinf=np.inf)

    def settled(self, step: Step) -> Array:
        """Day from which no sign that can be seen is at least slight, clear or strong."""
        ends = np.stack([self.last(sign, step) for sign in SEEN])
        return np.asarray(np.where(np.isnan(ends), 0.0, ends).max(axis=0), dtype=np.float64)

    def redness_seen(self) -> Array:
        """Last day of redness that others notice."""
        return self.last("erythema", "clear")

    def swelling_seen(self) -> Array:
        """Last day of swelling that the person notices."""
        return self.last("swelling", "slight")

    def peeling_seen(self) -> Array:
        """Last day of flakes that the person notices."""
        return self.last("scaling", "slight")

    def glow_seen(self) -> Array:
        """Last day of a glow that others notice; NaN where none comes after the first day."""
        last = self.last("gloss", "clear")
        return np.where(last >= _GLOW_FROM, last, np.nan)

    def glow_begins(self) -> Array:
        """First day of a glow that others notice."""
        return np.maximum(self.first("gloss", "clear"), _GLOW_FROM)

    def glow_best(self) -> Array:
        """Day after the first on which the skin glows most; NaN where the course ends before."""
        later = self.days >= _GLOW_FROM
        if not later.any():
            return np.full(self.course.sizes["draw"], np.nan)
        return np.asarray(self.days[later][self.draws("gloss")[:, later].argmax(axis=1)])

    def skin_closed(self) -> Array:
        """Day from which skin is closed enough for what touches it."""
        return self.below("barrier_defect", "healing.milestones.open_barrier")

    def makeup_allowed(self) -> Array:
        """Day from which skin is closed, calm and without dots, and the label's wait is over."""
        calm = self.below("erythema", "healing.milestones.makeup_redness")
        dots = np.nan_to_num(self.last("pinpoint_bleeding", "clear"), posinf=np.inf)
        wait = self.parameters.value("healing.milestones.makeup_wait")
        return np.asarray(np.maximum(np.maximum(np.maximum(self.skin_closed(), calm), dots), wait))

    def next_session_allowed(self) -> Array:
        """Day from which the next session may be: all settled, and the label's interval over."""
        settled = self.settled("slight")
        # A sign that outlasts a short forecast says nothing about the weeks after it.
        known = np.where(np.isinf(settled), 0.0, settled)
        return np.maximum(known, self.parameters.value("healing.milestones.session_interval"))
