"""From draws to the few curves that a reader sees: median and 5-95 % band per sign and zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from micropen.healing.treated_area import FACE, TreatedArea, course_days
from micropen.signs import SIGNS

QUANTILES: Final = (0.05, 0.5, 0.95)

# Grids are rounded to 1e-8 days; a point this near to a session is the session itself.
_SAME_MOMENT: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class SignSeries:
    """Median and band of one sign in one zone.

    Parameters
    ----------
    days
        Shape ``(day,)``.
    low, median, high
        5, 50 and 95 % quantiles over the draws, shape ``(day,)``, in the sign's unit.
    """

    days: NDArray[np.float64]
    low: NDArray[np.float64]
    median: NDArray[np.float64]
    high: NDArray[np.float64]

    def at(self, day: float) -> float:
        """Median on a day, linear between grid points."""
        return float(np.interp(day, self.days, self.median))

    def before(self, day: float) -> float:
        """Median at the last grid point before a day, so before a session on it."""
        k = int(np.searchsorted(self.days, day - _SAME_MOMENT)) - 1
        return float(self.median[max(k, 0)])


def band(days: NDArray[np.float64], draws: NDArray[np.float64]) -> SignSeries:
    """Median and 5-95 % band over the first axis of ``(draw, day)``."""
    low, median, high = np.quantile(draws, QUANTILES, axis=0)
    return SignSeries(days, low, median, high)


def all_series(course: xr.Dataset, area: TreatedArea) -> dict[str, dict[str, SignSeries]]:
    """Every curve of the report.

    Parameters
    ----------
    course
        Dataset with dimensions draw, zone, day.
    area
        The treated zones.

    Returns
    -------
    dict
        ``[zone or FACE][sign]``; zones in the course's order.
    """
    days = course_days(course)
    zones = [str(zone) for zone in course["zone"].values]
    result = {FACE: {s: band(days, area.draws(course, s)) for s in SIGNS}}
    result.update({zone: {} for zone in zones})
    for sign in SIGNS:
        values = course[sign].transpose("draw", "zone", "day").values
        low, median, high = np.quantile(np.asarray(values, np.float64), QUANTILES, axis=0)
        for k, zone in enumerate(zones):
            result[zone][sign] = SignSeries(days, low[k], median[k], high[k])
    return result


def scenario_series(
    course: xr.Dataset, area: TreatedArea, scenario: str
) -> Mapping[str, SignSeries]:
    """What a picture of this scenario shows, over the treated area.

    The pictures take the quantile zone by zone (5 % of what one would rather have less of in the
    best case, and so on), so the words must too; the band of the whole area is a little narrower.

    Returns
    -------
    Mapping
        Per sign; `low`, `median` and `high` are all the scenario's value.
    """
    days = course_days(course)
    result = {}
    for name, sign in SIGNS.items():
        level = scenario_quantile(scenario, sign.better)
        line = area.combine(name, np.quantile(area.values(course, name), level, axis=0))
        result[name] = SignSeries(days, line, line, line)
    return result


def scenario_quantile(scenario: str, better: str) -> float:
    """Quantile of a sign that a scenario takes: best is 5 % where lower is better, else 95 %."""
    if scenario == "expected":
        return 0.5
    return 0.05 if (scenario == "best") == (better == "lower") else 0.95


def thinned(
    days: NDArray[np.float64], most: int, starts: Sequence[float] = (0.0,)
) -> NDArray[np.intp]:
    """Choose grid points for a chart: dense after each session, sparse when little moves.

    Parameters
    ----------
    days
        Day grid, ascending.
    most
        About how many points to keep.
    starts
        Days of the sessions.

    Returns
    -------
    numpy.ndarray
        Ascending indices into `days`, with the first and the last.
    """
    if len(days) <= most:
        return np.arange(len(days), dtype=np.intp)
    edges = [*sorted(set(starts)), float(days[-1])]
    share = max(most // max(len(edges) - 1, 1), 8)
    wanted = [days[0], days[-1]]
    for start, end in pairwise(edges):
        # Signs move on a log scale of the time since the session, and so does the page's axis.
        wanted.extend(start + np.expm1(np.linspace(0.0, np.log1p(end - start), share)))
    nearest = np.abs(days[:, None] - np.asarray(wanted)).argmin(axis=0)
    return np.unique(np.concatenate([nearest, _around(days, starts)])).astype(np.intp)


def _around(days: NDArray[np.float64], starts: Sequence[float]) -> NDArray[np.intp]:
    """Grid points just before, at and just after each later session.

    Signs jump there; without them a chart would draw a slope that begins days before.
    """
    later = [start for start in starts if days[0] < start <= days[-1]]
    at = np.searchsorted(days, np.asarray(later) - _SAME_MOMENT)
    around = at[:, None] + np.array([-1, 0, 1])
    return np.clip(around, 0, len(days) - 1).ravel().astype(np.intp)
