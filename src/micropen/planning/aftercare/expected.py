"""What to expect on a day: what practices state, and what the forecast says."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from micropen.planning.aftercare.days import Expected
from micropen.planning.aftercare.lines import CareLine
from micropen.planning.aftercare.rows import Kind
from micropen.planning.result import LagChance, SessionLine

# Below this share of the forecasts spots are not worth a line: about one in twenty.
_WORTH_SAYING: Final = 0.05
# Up to here the sheet speaks of each day by itself.
_LAST_SINGLE_DAY: Final = 7


def expected(
    lines: Sequence[CareLine], forecast: SessionLine | None, curve: Sequence[LagChance]
) -> Expected:
    """Give what to expect on some days after a session.

    Parameters
    ----------
    lines
        Of the session; those of kind `Kind.EXPECT` are used.
    forecast
        Of the session; None leaves out what it would say.
    curve
        Chances by whole days after the session; may be empty.

    Returns
    -------
    Callable
        First and last day since the session to sentences.
    """
    by_day = {chance.days: chance for chance in curve}

    def sentences(first: int, last: int | None) -> tuple[str, ...]:
        said = [
            line.text for line in lines if line.kind is Kind.EXPECT and _speaks(line, first, last)
        ]
        if forecast is not None and first >= 0:
            said += _forecast(forecast, by_day, first, last)
        return tuple(said)

    return sentences


def _speaks(line: CareLine, first: int, last: int | None) -> bool:
    """Whether a line tells of these days: of a week it has to hold for more than its edge."""
    if first == last:
        return line.overlaps(first, last)
    return line.overlaps(first + 1, None) and line.overlaps(
        first, None if last is None else last - 1
    )


def _forecast(
    forecast: SessionLine, by_day: dict[int, LagChance], first: int, last: int | None
) -> Iterator[str]:
    clear_on = (forecast.clear_from - forecast.on).days
    if first <= _LAST_SINGLE_DAY:
        yield from _noticed(forecast, by_day, first, last, clear_on)
    if first == 1 and forecast.spots >= _WORTH_SAYING:
        yield f"Spots in {_of_ten(forecast.spots)} forecasts."
    if first <= clear_on and (last is None or clear_on <= last):
        on = f"{forecast.clear_from:%a} {forecast.clear_from.day} {forecast.clear_from:%B}"
        yield f"From {on} on others should notice nothing."


def _noticed(
    forecast: SessionLine,
    by_day: dict[int, LagChance],
    first: int,
    last: int | None,
    clear_on: int,
) -> Iterator[str]:
    """Whether others notice anything: a share of the forecasts where known, else in words."""
    if clear_on <= first or (last is not None and first < clear_on <= last and last > first):
        return
    day = first if last is None else last
    if day in by_day:
        yield f"Noticed by others in {_of_ten(1.0 - by_day[day].clear)} forecasts."
        return
    spread = forecast.downtime_days
    if first < spread.low:
        yield "Others will notice."
    elif first < spread.median:
        yield "Others probably notice."
    elif math.isinf(spread.high) or first < spread.high:
        yield "Others may still notice something."


def _of_ten(share: float) -> str:
    """``"about 3 of 10"``, with words at both ends."""
    if share >= 0.95:
        return "nearly all"
    if share < _WORTH_SAYING:
        return "hardly any"
    return f"about {max(1, min(9, math.floor(share * 10 + 0.5)))} of 10"
