"""How the number of a reading is shown: units a person knows, no more digits than it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from micropen.measurement.measured_signs import MEASURED_SIGNS
from micropen.measurement.method import Method
from micropen.measurement.result import Row, SeriesMeasurement
from micropen.report.display import SIGN_DISPLAYS
from micropen.report.words import plain
from micropen.signs import SIGNS

CONFIDENCE: Final = 1.959964
# Shares of the skin: their change is in points, not in per cent of what was there.
_SHARES: Final = frozenset({"spot_area", "shine"})


@dataclass(frozen=True, slots=True)
class Shown:
    """One method as the page shows it.

    Parameters
    ----------
    method, sign
        Names.
    title
        Heading.
    what
        What is counted, in words.
    unit
        After a number; ``"%"`` where a change is told in per cent.
    summary
        How it is read.
    main
        Whether it stands for its sign.
    first
        Whether a forecast predicts the same sign: these come first, the others on demand.
    convert
        From the reading's unit to the shown one; increasing.
    """

    method: str
    sign: str
    title: str
    what: str
    unit: str
    summary: str
    main: bool
    first: bool
    convert: Callable[[float], float]

    @property
    def counted(self) -> bool:
        """Whether it is a number of things, which add up over the face."""
        return self.sign == "lesions"

    def interval(self, row: Row) -> tuple[float, float, float]:
        """Change with its 95 % interval in the shown unit; NaN where it was not measured."""
        reach = CONFIDENCE * row.change_sd
        low, middle, high = (
            self.convert(x) for x in (row.change - reach, row.change, row.change + reach)
        )
        return low, middle, high

    def number(self, value: float, *, signed: bool = True) -> str:
        """A shown value with sign and unit: ``"+62 %"``."""
        return f"{self.digits(value, signed=signed)}{' ' if self.unit else ''}{self.unit}"

    def span(self, low: float, high: float) -> str:
        """An interval: ``"+44 to +86 %"``; of things, ``"up to 0.3 either way"`` below one."""
        if self.counted and low <= 0.0 <= high and max(-low, high) < 1.0:
            return f"up to {self.number(max(-low, high), signed=False)} either way"
        return f"{self.digits(low)} to {self.number(high)}"

    def digits(self, value: float, *, signed: bool = True) -> str:
        """A shown value with sign, without its unit."""
        return plain(value, signed=signed, fine=1 if self.unit else 2)


def shown_methods(measurement: SeriesMeasurement, known: Mapping[str, Method]) -> dict[str, Shown]:
    """Describe the methods that occur in a measurement, those of the main signs first.

    Parameters
    ----------
    measurement
        Whose rows are shown.
    known
        Method name to method. One that is not among them stands for its sign if no other does.
    """
    used = {row.method: row for row in reversed(measurement.rows)}
    taken = {m.sign for m in known.values() if m.main and m.name in used}
    found: list[Shown] = []
    for row in sorted(used.values(), key=lambda r: (_order(r.sign), r.method)):
        method = known.get(row.method)
        main = method.main if method else row.sign not in taken
        taken |= {row.sign} if main else set()
        found.append(_shown(row, method, main))
    return {shown.method: shown for shown in sorted(found, key=lambda s: (not s.first, not s.main))}


def _order(sign: str) -> int:
    names = list(SIGN_DISPLAYS)
    return names.index(sign) if sign in names else len(names)


def _shown(row: Row, method: Method | None, main: bool) -> Shown:
    display = SIGN_DISPLAYS.get(row.sign)
    first = main and row.sign in SIGNS
    return Shown(
        method=row.method,
        sign=row.sign,
        title=_title(row, method, main),
        what=display.what if display else (method.label if method else "change"),
        unit=_unit(row),
        summary=method.summary if method else "",
        main=main,
        first=first,
        convert=_conversion(row),
    )


def _title(row: Row, method: Method | None, main: bool) -> str:
    if main and row.sign in SIGN_DISPLAYS:
        return SIGN_DISPLAYS[row.sign].title
    if main and row.sign in MEASURED_SIGNS:
        return _upper(MEASURED_SIGNS[row.sign].label)
    return _upper(method.label if method else row.method.replace("_", " "))


def _is_forecast_unit(row: Row) -> bool:
    return row.sign in SIGN_DISPLAYS and row.unit == SIGNS[row.sign].unit


def _unit(row: Row) -> str:
    if row.unit == "count":
        return "spots" if row.sign == "lesions" else ""
    if _is_forecast_unit(row):
        return SIGN_DISPLAYS[row.sign].unit
    if row.sign in _SHARES and row.unit == "1":
        return "points"
    return "" if row.unit in {"1", "count", ""} else row.unit


def _conversion(row: Row) -> Callable[[float], float]:
    if _is_forecast_unit(row):
        turn = SIGN_DISPLAYS[row.sign].convert
        return lambda value: float(turn(np.asarray(value)))
    if row.sign in _SHARES and row.unit == "1":
        return lambda value: 100.0 * value
    return float


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def rows_by(
    rows: Sequence[Row], methods: Mapping[str, Shown]
) -> dict[tuple[str, str], dict[str, Row]]:
    """Photograph and method to zone to row."""
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        if row.method in methods:
            found.setdefault((row.photo, row.method), {})[row.zone] = row
    return found
