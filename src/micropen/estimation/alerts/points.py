"""Readings of one sign with their draws: what a rule looks at, cleared of what cannot be judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.result import FACE, Axis, ReadPoint

Array = NDArray[np.float64]

# A tail cannot be followed from fewer draws.
FEWEST_DRAWS: Final = 50

# Readings closer in time than this belong to one look, days.
_ONE_MOMENT: Final = 0.125

# Anscombe's shift: 2 sqrt(count + 3/8) of a Poisson count has standard deviation 1.
_ANSCOMBE: Final = 0.375


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is watched, as photographs and as answers tell it.

    Parameters
    ----------
    name
        Of its parameters.
    sign
        Key of photographs' readings; empty where they do not tell it.
    question
        Key of answers; empty where it is not asked.
    counted
        Whether it is a number of spots.
    """

    name: str
    sign: str = ""
    question: str = ""
    counted: bool = False

    def has(self, point: ReadPoint) -> bool:
        """Whether a point tells it."""
        if self.counted:
            return point.axis is Axis.COUNT
        key = {Axis.SIGN: self.sign, Axis.DIARY: self.question}.get(point.axis, "")
        return bool(key) and point.key == key


REDNESS: Final = Measure("redness", "erythema", "redness")
SWELLING: Final = Measure("swelling", "", "swelling")
PAIN: Final = Measure("pain", "", "pain")
ITCHING: Final = Measure("itching", "", "itching")
PEELING: Final = Measure("peeling", "scaling", "peeling")
PIGMENT: Final = Measure("pigment", "pigment", "")
BREAKOUTS: Final = Measure("breakouts", counted=True)


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Points of one measure, by time, on a scale where their spread hardly depends on their size.

    Parameters
    ----------
    measure
        What they tell.
    points
        Shape ``(point,)``.
    values, draws
        Shapes ``(point,)`` and ``(draw, point)``; counts as ``2 sqrt(count + 3/8)``.
    seen, expected, low, high
        As written: the value, and median, 5 and 95 % of the draws, shape ``(point,)``.
    least
        Smallest excess that matters to anybody, as written, shape ``(point,)``.
    new
        Which the forecast did not know, shape ``(point,)``.
    moments
        Number of the look that each belongs to, from 0, shape ``(point,)``.
    """

    measure: Measure
    points: tuple[ReadPoint, ...]
    values: Array
    draws: Array
    seen: Array
    expected: Array
    low: Array
    high: Array
    least: Array
    new: NDArray[np.bool_]
    moments: NDArray[np.int64]

    @property
    def excess(self) -> Array:
        """How far above expectation, as written, shape ``(point,)``."""
        return self.seen - self.expected

    def keep(self, chosen: NDArray[np.bool_]) -> Readings:
        """Return some of the points; their moments are numbered anew."""
        points = tuple(p for p, is_in in zip(self.points, chosen, strict=True) if is_in)
        columns = (self.values, self.seen, self.expected, self.low, self.high, self.least)
        values, seen, expected, low, high, least = (column[chosen] for column in columns)
        return Readings(
            measure=self.measure,
            points=points,
            values=values,
            draws=self.draws[:, chosen],
            seen=seen,
            expected=expected,
            low=low,
            high=high,
            least=least,
            new=self.new[chosen],
            moments=_moments(points),
        )

    @property
    def judged(self) -> bool:
        """Whether there is anything to judge."""
        return bool(self.points) and bool(self.new.any())


def _moments(points: tuple[ReadPoint, ...]) -> NDArray[np.int64]:
    """Number the looks of points sorted by time."""
    days = np.array([point.day for point in points])
    if days.size == 0:
        return np.zeros(0, dtype=np.int64)
    return np.concatenate([[0], np.cumsum(np.diff(days) > _ONE_MOMENT)]).astype(np.int64)


def _usable(context: AlertContext, column: int, measure: Measure) -> bool:
    """Whether a point tells the measure, after a session, and has most of its draws."""
    point = context.predictive.points[column]
    if not measure.has(point) or not np.isfinite([point.value, point.day]).all():
        return False
    if np.isnan(context.since_session(point.day)):
        return False
    return bool(np.isfinite(context.predictive.draws[:, column]).mean() > 0.5)


def _not_told_twice(points: list[ReadPoint], counted: bool) -> list[bool]:
    """Of a photograph's zones and its whole face keep one: zones of a sign, the face of a count."""
    whole = {(p.source, p.day) for p in points if p.zone == FACE and p.axis is not Axis.DIARY}
    parts = {(p.source, p.day) for p in points if p.zone != FACE}
    both = whole & parts
    return [
        (p.source, p.day) not in both or p.axis is Axis.DIARY or (p.zone == FACE) == counted
        for p in points
    ]


def _least(context: AlertContext, measure: Measure, axis: Axis, kind: str) -> float:
    axis_name = "photo" if axis is Axis.SIGN else str(axis.value)
    return context.value(f"{measure.name}.{kind}_{axis_name}")


def _slack(size: int, column: int) -> Array:
    """Evenly spread standard normals in an order of the column's own: the same every time."""
    return np.random.default_rng(column).permutation(_even_normals(size))


@lru_cache(maxsize=8)
def _even_normals(size: int) -> Array:
    even = np.asarray(ndtri((np.arange(size) + 0.5) / size), dtype=np.float64)
    even.setflags(write=False)
    return even


def readings_of(
    context: AlertContext,
    measure: Measure,
    wanted: Callable[[ReadPoint], bool] = lambda _: True,
) -> Readings:
    """Return the points of a measure that can be judged.

    Left out: points before the first session, points that are not finite or lack most of their
    draws, a photograph's whole face beside its zones. Every draw gets a slack of its own on top
    of the forecast's error (``estimation.alerts.<measure>.slack_...``): where the forecast says
    nothing but zero, an answer of one is still no miracle.

    Parameters
    ----------
    context
        The case.
    measure
        What to look at.
    wanted
        Points to keep.

    Returns
    -------
    Readings
        By time; without points where there are none, or fewer than 50 whole draws.
    """
    points = context.predictive.points
    columns = [i for i, p in enumerate(points) if _usable(context, i, measure) and wanted(p)]
    once = _not_told_twice([points[i] for i in columns], measure.counted)
    columns = [i for i, is_kept in zip(columns, once, strict=True) if is_kept]
    columns.sort(key=lambda i: (points[i].day, points[i].axis, points[i].zone))
    draws = context.predictive.draws[:, columns]
    whole = draws[np.isfinite(draws).all(axis=1)]
    if whole.shape[0] < FEWEST_DRAWS:
        columns, whole = [], whole[:0, :0]
    return _prepared(context, measure, columns, np.asarray(whole, dtype=np.float64))


def _prepared(
    context: AlertContext, measure: Measure, columns: list[int], draws: Array
) -> Readings:
    points = tuple(context.predictive.points[i] for i in columns)
    seen = np.array([point.value for point in points])
    slack = np.array([_least(context, measure, point.axis, "slack") for point in points])
    noise = [_slack(draws.shape[0], i) for i in columns]
    values, scaled = (seen, draws) if not measure.counted else (_root(seen), _root(draws))
    if points:
        scaled = scaled + np.stack(noise, axis=1) * slack
        low, expected, high = np.quantile(draws, [0.05, 0.5, 0.95], axis=0)
    else:
        low = expected = high = np.zeros(0)
    return Readings(
        measure=measure,
        points=points,
        values=values,
        draws=scaled,
        seen=seen,
        expected=expected,
        low=low,
        high=high,
        least=np.array([_least(context, measure, p.axis, "least") for p in points]),
        new=np.asarray(context.predictive.new, dtype=bool)[columns],
        moments=_moments(points),
    )


def _root(counts: Array) -> Array:
    return np.asarray(2.0 * np.sqrt(np.maximum(counts, 0.0) + _ANSCOMBE))
