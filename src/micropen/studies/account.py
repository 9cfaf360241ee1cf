"""One person's account, held against the model sign by sign and day by day."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from micropen.errors import StudyError
from micropen.evidence import ParameterSet
from micropen.healing import Course
from micropen.healing.visibility import first_day_above, last_day_above, visible_face
from micropen.studies.score import LEAST_PROBABILITY

Array = NDArray[np.float64]

_COUNTED: Final = "lesions"
_PEAK_UNTIL: Final = 30.0


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact of an account and what the model makes of it.

    Parameters
    ----------
    key, sign, moment, words
        What was said of which sign, and when.
    criterion
        What the model's person has to show for it, in words.
    measure, unit
        How the sign is read (see the account's file), and the unit of the numbers.
    day, threshold, sign_unit
        Where a level is read, and above which level something starts or ends, in the sign's unit;
        NaN where that is not asked.
    low, high
        The criterion as limits; infinite where open.
    predicted_low, predicted_median, predicted_high
        5, 50 and 95 % of the model's people; infinite where they never show it.
    probability
        Share of the model's people who meet the criterion.
    """

    key: str
    sign: str
    moment: str
    words: str
    criterion: str
    measure: str
    unit: str
    day: float
    threshold: float
    sign_unit: str
    low: float
    high: float
    predicted_low: float
    predicted_median: float
    predicted_high: float
    probability: float

    @property
    def inside(self) -> bool:
        """Whether one person's account is compatible: at least 5 % of people would give it."""
        return self.probability >= LEAST_PROBABILITY


@dataclass(frozen=True, slots=True)
class Curve:
    """A sign of the treated face over time: 5, 50 and 95 % of people, each of shape ``(day,)``."""

    sign: str
    days: Array
    low: Array
    median: Array
    high: Array


@dataclass(frozen=True, slots=True)
class Replay:
    """An account replayed: its statements, and the curves they are read from."""

    statements: tuple[Statement, ...]
    curves: tuple[Curve, ...]


def _limit(row: Mapping[str, Any], name: str, parameters: ParameterSet, default: float) -> float:
    value = row.get(name, default)
    if not isinstance(value, str):
        return float(value)
    sign = -1.0 if value.startswith("-") else 1.0
    return sign * parameters.value(value.lstrip("-"))


def _face(course: Course, sign: str, parameters: ParameterSet) -> Array:
    """A sign of the whole treated face, shape ``(draw, day)``."""
    if sign == _COUNTED:
        return np.asarray(course.dataset[sign].values.sum(axis=1), dtype=np.float64)
    return visible_face(course, sign, parameters)


def _measured(
    row: Mapping[str, Any], course: Course, parameters: ParameterSet
) -> tuple[Array, str]:
    """What a statement speaks of in each of the model's people, and its unit."""
    sign, days = str(row["sign"]), course.days
    unit = str(course.dataset[sign].attrs["units"])
    if row["measure"] == "contrast":
        k = int(np.abs(days - row["day"]).argmin())
        values = {
            zone: course.dataset[sign].values[:, course.zones.index(zone), k]
            for zone in (*row["zones"], row["against"])
        }
        least = np.min([values[zone] for zone in row["zones"]], axis=0)
        return np.asarray(least - values[row["against"]], dtype=np.float64), unit
    face = _face(course, sign, parameters)
    match row["measure"]:
        case "level":
            return np.array([np.interp(row["day"], days, one) for one in face]), unit
        case "peak":
            return face[:, days <= _PEAK_UNTIL].max(axis=1), unit
        case "starts":
            limit = _limit(row, "threshold", parameters, 0.0)
            first = first_day_above(days, face, limit)
            return np.where(np.isnan(first), np.inf, first), "d"
        case "ends":
            last = last_day_above(days, face, _limit(row, "threshold", parameters, 0.0))
            return np.where(np.isnan(last), 0.0, last), "d"
    raise StudyError(f"Unknown measure {row['measure']!r} in the account's statement {row['key']}.")


def _quantile(values: Array, q: float) -> float:
    return float(np.quantile(values, q, method="nearest"))


def _statement(row: Mapping[str, Any], course: Course, parameters: ParameterSet) -> Statement:
    values, unit = _measured(row, course, parameters)
    low = _limit(row, "at_least", parameters, -np.inf)
    high = _limit(row, "at_most", parameters, np.inf)
    return Statement(
        key=str(row["key"]),
        sign=str(row["sign"]),
        moment=str(row["moment"]),
        words=str(row["words"]),
        criterion=str(row["criterion"]),
        measure=str(row["measure"]),
        unit=unit,
        day=float(row.get("day", np.nan)),
        threshold=_limit(row, "threshold", parameters, np.nan),
        sign_unit=str(course.dataset[str(row["sign"])].attrs["units"]),
        low=low,
        high=high,
        predicted_low=_quantile(values, 0.05),
        predicted_median=_quantile(values, 0.5),
        predicted_high=_quantile(values, 0.95),
        probability=float(((values >= low) & (values <= high)).mean()),
    )


def _curve(course: Course, sign: str, parameters: ParameterSet) -> Curve:
    face = _face(course, sign, parameters)
    low, median, high = np.quantile(face, [0.05, 0.5, 0.95], axis=0)
    return Curve(sign, course.days, low, median, high)


def read_statements(path: Path) -> Sequence[Mapping[str, Any]]:
    """Return the statements of an account's file."""
    rows: list[Mapping[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["statement"]
    return rows


def replay(
    statements: Sequence[Mapping[str, Any]], course: Course, parameters: ParameterSet
) -> Replay:
    """Hold an account against a forecast of its treatment.

    Parameters
    ----------
    statements
        As `read_statements` returns them.
    course
        Forecast, one possible person per draw, reaching beyond the last day spoken of.
    parameters
        Thresholds of the words.
    """
    signs = dict.fromkeys(str(row["sign"]) for row in statements)
    return Replay(
        tuple(_statement(row, course, parameters) for row in statements),
        tuple(_curve(course, sign, parameters) for sign in signs),
    )
