"""What was found: from a row as written to a `Finding`, with its moment and what it claims."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from micropen.evidence import Grade
from micropen.healing.time_grid import HORIZON_LIMIT
from micropen.observation import Kind, Scale
from micropen.studies.file_format import FindingTable
from micropen.studies.scale_lookup import is_yes_or_no, require_scale
from micropen.studies.study import Arm, Claim, Finding, Role, Statistic
from micropen.studies.study_errors import MisstatedError
from micropen.studies.toml_lines import Path

_HOURS_PER_DAY: Final = 24.0
# Half width of a confidence interval of a normal mean over its standard error.
_Z_95: Final = 1.959964
_Z_99: Final = 2.575829
# A change of more than ten times the start is per cent by mistake.
_LARGEST_RELATIVE: Final = 10.0
_LEAST_RELATIVE: Final = -1.0

_CLAIMS: Final = ("value", "at_most", "at_least", "between")
_MOMENTS: Final = ("day", "hours", "days_after_last")
_ERRORS: Final = ("standard_error", "ci_95", "ci_99")
_COMPARES: Final = frozenset({Statistic.DIFFERENCE, Statistic.RATIO})
_CHANGES: Final = frozenset({Statistic.MEAN_CHANGE, Statistic.RELATIVE_CHANGE})


def finding_of(
    study: str, grade: Grade, role: Role, table: FindingTable, place: Path, arms: Mapping[str, Arm]
) -> Finding:
    """Build one finding.

    Parameters
    ----------
    study, grade, role
        Key of the study, and what holds where the row says nothing else.
    table
        The row as written.
    place
        Where it stands.
    arms
        Arms that can be simulated; the row's own are among them.

    Raises
    ------
    MisstatedError
        With the place and the field.
    """
    scale = require_scale(table.scale, (*place, "scale"))
    arm = arms[arm_name(table, arms)]
    claim, low, high = _claim(table, scale, place)
    return Finding(
        key=f"{study}.{table.key}",
        arm=arm.key,
        versus=table.versus,
        scale=table.scale,
        statistic=table.statistic,
        threshold=_threshold(table, scale, place),
        day=_day(table, scale, arm, place),
        claim=claim,
        low=low,
        high=high,
        sd=math.nan if table.sd is None else table.sd,
        standard_error=_standard_error(table, place),
        n=table.n or arm.group.n,
        grade=table.grade or grade,
        role=table.role or role,
        facts=table.facts,
        note=table.note,
    )


def arm_name(table: FindingTable, arms: Mapping[str, object]) -> str:
    """Return the arm that a row speaks of: the only one where it names none."""
    return next(iter(arms)) if table.arm is None else table.arm


def check_row(table: FindingTable, place: Path, arms: tuple[str, ...]) -> None:
    """Refuse what is wrong with a row, whether or not its arm can be simulated.

    Raises
    ------
    MisstatedError
        With the place and the field.
    """
    check_arms(table, place, arms)
    scale = require_scale(table.scale, (*place, "scale"))
    _claim(table, scale, place)
    _threshold(table, scale, place)
    _standard_error(table, place)


def check_arms(table: FindingTable, place: Path, arms: tuple[str, ...]) -> None:
    """Refuse a row of an arm that the file does not have.

    Raises
    ------
    MisstatedError
        Also where a comparison lacks its other side.
    """
    if table.arm is None and len(arms) > 1:
        raise MisstatedError((*place, "arm"), f"is missing; the file has {', '.join(arms)}")
    for name, value in (("arm", table.arm), ("versus", table.versus)):
        if value and value not in arms:
            raise MisstatedError(
                (*place, name),
                f"is {value!r}, an arm that the file lacks; it has {', '.join(arms)}",
            )
    compares = table.statistic in _COMPARES
    if compares and not table.versus:
        raise MisstatedError(
            (*place, "versus"), f"is missing; a {table.statistic} needs the other arm"
        )
    if table.versus and not compares:
        raise MisstatedError(
            (*place, "versus"), f"belongs to a difference or ratio, not to {table.statistic}"
        )
    if compares and table.versus == arm_name(table, dict.fromkeys(arms)):
        raise MisstatedError((*place, "versus"), f"is {table.versus!r}, the same arm")


def _given(table: FindingTable, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if getattr(table, name) is not None]


def _only(table: FindingTable, names: tuple[str, ...], place: Path) -> str:
    """The one field of several that is given; empty for none."""
    given = _given(table, names)
    if len(given) > 1:
        raise MisstatedError((*place, given[1]), f"stands beside {given[0]}; state one of them")
    return given[0] if given else ""


def _claim(table: FindingTable, scale: Scale, place: Path) -> tuple[Claim, float, float]:
    name = _only(table, _CLAIMS, place)
    if not name:
        raise MisstatedError(
            (*place, "value"), "is missing; state value, at_most, at_least or between"
        )
    stated = getattr(table, name)
    for number in stated if name == "between" else (stated,):
        _check_size(float(number), table, scale, (*place, name))
    match name:
        case "value":
            return Claim.EQUALS, stated, stated
        case "at_most":
            return Claim.AT_MOST, -math.inf, stated
        case "at_least":
            return Claim.AT_LEAST, stated, math.inf
    return Claim.BETWEEN, stated[0], stated[1]


def _check_size(number: float, table: FindingTable, scale: Scale, place: Path) -> None:
    low, high = _range(table.statistic, scale)
    if low <= number <= high:
        return
    hint = ""
    per_cent = high in {1.0, _LARGEST_RELATIVE} or low == -1.0
    if per_cent and abs(number) <= 100.0 * max(1.0, abs(low)) and abs(number) > 1.0:
        hint = f"; a fraction, not per cent: write {number / 100.0:g}"
    upper = "" if math.isinf(high) else f" to {high:g}"
    raise MisstatedError(
        place, f"is {number:g}; {table.statistic} of {table.scale} goes from {low:g}{upper}{hint}"
    )


def _range(statistic: Statistic, scale: Scale) -> tuple[float, float]:
    match statistic:
        case Statistic.SHARE:
            return 0.0, 1.0
        case Statistic.RELATIVE_CHANGE:
            return _LEAST_RELATIVE, _LARGEST_RELATIVE
        case Statistic.MEAN | Statistic.MEDIAN:
            relative = scale.unit == "1" and scale.lower == _LEAST_RELATIVE
            return scale.lower, min(scale.upper, _LARGEST_RELATIVE) if relative else scale.upper
        case Statistic.SD:
            return 0.0, math.inf
    return -math.inf, math.inf


def _threshold(table: FindingTable, scale: Scale, place: Path) -> float:
    stated, where = table.threshold, (*place, "threshold")
    if table.statistic is not Statistic.SHARE:
        if stated is not None:
            raise MisstatedError(where, f"belongs to a share, not to {table.statistic}")
        return math.nan
    if stated is None and not is_yes_or_no(scale):
        what = "the day up to which it came" if scale.kind is Kind.EVENT else "from which value on"
        raise MisstatedError(where, f"is missing; a share of {table.scale} needs it: {what}")
    return 0.5 if stated is None else stated


def _day(table: FindingTable, scale: Scale, arm: Arm, place: Path) -> float | None:
    name = _only(table, _MOMENTS, place)
    if scale.kind is Kind.EVENT:
        if name:
            raise MisstatedError(
                (*place, name), f"belongs to a value at a moment; {table.scale} is itself a time"
            )
        return None
    if scale.kind is Kind.OUTCOME and table.statistic in _CHANGES:
        raise MisstatedError(
            (*place, "statistic"), f"is {table.statistic}; nobody has {table.scale} before"
        )
    if not name:
        raise MisstatedError((*place, "day"), "is missing; state day, hours or days_after_last")
    stated = float(getattr(table, name))
    last = max(session.day for protocol in arm.protocols for session in protocol)
    day = {"day": stated, "hours": stated / _HOURS_PER_DAY, "days_after_last": last + stated}[name]
    if day >= HORIZON_LIMIT:
        raise MisstatedError(
            (*place, name), f"means day {day:g}; a simulation ends before day {HORIZON_LIMIT:g}"
        )
    return day


def _standard_error(table: FindingTable, place: Path) -> float:
    name = _only(table, _ERRORS, place)
    if not name:
        return math.nan
    if name == "standard_error":
        return float(table.standard_error or 0.0)
    low, high = getattr(table, name)
    if table.value is not None and not low <= table.value <= high:
        raise MisstatedError(
            (*place, name), f"is [{low:g}, {high:g}], which does not hold value {table.value:g}"
        )
    return float((high - low) / (2.0 * (_Z_95 if name == "ci_95" else _Z_99)))
