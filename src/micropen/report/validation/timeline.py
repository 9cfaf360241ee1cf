"""The founding case as a figure: each sign over time, with what its account says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from micropen.report.axis import Axis, axis_for
from micropen.report.display import SIGN_DISPLAYS
from micropen.studies.account import Curve, Replay, Statement

_END: Final = 120.0
_DAYS: Final = (0, 1, 2, 3, 4, 7, 14, 30, 60, 120)
# Units of the drawing inside a figure; it is stretched to the screen.
_WIDTH: Final = 1000.0
_HEIGHT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A statement in a figure; places in per cent.

    Parameters
    ----------
    statement
        What was said.
    number
        Under which it stands in the list.
    left, right
        Where it lies in time; equal for one moment.
    top, bottom
        Which values it allows; equal for a moment at which something starts or ends.
    """

    statement: Statement
    number: int
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """Where its number stands."""
        return 0.5 * (self.left + self.right), 0.5 * (self.top + self.bottom)


@dataclass(frozen=True, slots=True)
class SignFigure:
    """One sign over time.

    Parameters
    ----------
    title, unit
        Of the sign.
    band, median
        Path data in a box of 1000 by 100.
    ticks
        Place from the top in per cent, and words.
    marks
        What the account says of it.
    """

    title: str
    unit: str
    band: str
    median: str
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]


def day_place(day: float) -> float:
    """Place of a day in per cent: logarithmic, because most happens in the first week."""
    return round(100.0 * math.log1p(min(max(day, 0.0), _END)) / math.log1p(_END), 2)


def day_ticks() -> list[tuple[float, str]]:
    """Days under the figures."""
    return [(day_place(day), "day 0" if day == 0 else str(day)) for day in _DAYS]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.2f}" for x, y in points)


def _mark(statement: Statement, number: int, axis: Axis) -> Mark | None:
    if statement.measure == "contrast":
        return None
    if statement.measure in {"starts", "ends"}:
        level = 100.0 - axis.at(statement.threshold)
        return Mark(
            statement, number, day_place(statement.low), day_place(statement.high), level, level
        )
    if statement.measure == "peak":
        left, right = day_place(0.0), day_place(30.0)
    else:
        left = right = day_place(statement.day)
    top, bottom = (100.0 - axis.at(v) for v in (statement.high, statement.low))
    return Mark(statement, number, left, right, top, bottom)


def _figure(curve: Curve, statements: Sequence[tuple[int, Statement]]) -> SignFigure:
    chosen = np.flatnonzero(curve.days <= _END)
    limits = [x for _, s in statements if s.unit != "d" for x in (s.low, s.high)]
    spread = [*curve.low[chosen].tolist(), *curve.high[chosen].tolist()]
    axis = axis_for([*spread, *limits])

    def point(day: float, value: float) -> tuple[float, float]:
        return (
            _WIDTH * day_place(day) / 100.0,
            _HEIGHT * (1.0 - axis.at(value) / 100.0),
        )

    days = curve.days[chosen]
    upper = [point(d, v) for d, v in zip(days, curve.high[chosen], strict=True)]
    lower = [point(d, v) for d, v in zip(days, curve.low[chosen], strict=True)]
    middle = [point(d, v) for d, v in zip(days, curve.median[chosen], strict=True)]
    display = SIGN_DISPLAYS.get(curve.sign)
    ticks = tuple((round(100.0 - axis.at(t), 2), f"{t:g}") for t in axis.ticks)
    marks = [_mark(s, number, axis) for number, s in statements]
    return SignFigure(
        title=display.title if display else curve.sign,
        unit=statements[0][1].sign_unit,
        band=_path([*upper, *reversed(lower)]) + "Z",
        median=_path(middle),
        ticks=ticks[:: max(1, len(ticks) // 3)],
        marks=tuple(mark for mark in marks if mark is not None),
    )


def sign_figures(replayed: Replay) -> list[SignFigure]:
    """Return one figure per sign that the account speaks of, statements numbered as listed."""
    numbered = list(enumerate(replayed.statements, start=1))
    return [
        _figure(curve, [(n, s) for n, s in numbered if s.sign == curve.sign])
        for curve in replayed.curves
    ]
