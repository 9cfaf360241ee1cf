"""The dates that a person plans with, each with its place on one line of days."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from micropen.estimation.result import DateLine
from micropen.report.following.headline import certainty
from micropen.report.following.time_axis import TimeAxis

# A span so short is still drawn as wide as this, in per cent.
_LEAST: Final = 1.2


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date as the page shows it.

    Parameters
    ----------
    line
        What is told.
    certainty
        Its probability in words.
    left, width, at
        Where its span and its middle lie in time, per cent; NaN where it never comes, or only
        after the days of the forecast.
    past
        Whether its middle lies before today.
    """

    line: DateLine
    certainty: str
    left: float
    width: float
    at: float
    past: bool

    @property
    def spans(self) -> bool:
        """Whether any of it lies in the days of the forecast."""
        return math.isfinite(self.left)

    @property
    def comes(self) -> bool:
        """Whether its middle has a place in time."""
        return math.isfinite(self.at)


def date_rows(dates: Sequence[DateLine], time: TimeAxis, today: float) -> list[DateRow]:
    """Lay out every date, in the order given."""
    return [_row(line, time, today) for line in dates]


def _row(line: DateLine, time: TimeAxis, today: float) -> DateRow:
    sure, known = certainty(line.probability), math.isfinite(line.day)
    first = line.day_low if math.isfinite(line.day_low) else line.day
    if not math.isfinite(first):
        return DateRow(line, sure, math.nan, math.nan, math.nan, False)
    # A last day that is not known lies beyond the forecast.
    left = time.at(first)
    right = time.at(line.day_high if math.isfinite(line.day_high) else time.end)
    at = time.at(line.day) if known else math.nan
    return DateRow(line, sure, left, max(right - left, _LEAST), at, known and line.day < today)
