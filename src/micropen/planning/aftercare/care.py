"""Care of one person around one session, with dates: rows of the table chosen and laid out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from micropen.evidence import Grade, ParameterSet, load_parameters
from micropen.planning.aftercare.days import CareDay, care_days
from micropen.planning.aftercare.expected import expected
from micropen.planning.aftercare.lines import CareLine
from micropen.planning.aftercare.rows import CareRow, Kind, care_rows, day_number
from micropen.planning.result import LagChance, SessionLine
from micropen.planning.suitability.verdict import Finding
from micropen.treatment import Condition, Device, Medication, Person

# Devices whose own after-care the table holds, by the beginning of their names.
_OWN_CARE = ("skinpen", "exceed", "dermapen")


@dataclass(frozen=True, slots=True)
class CareCondition:
    """What a finding asks of this person around this session.

    Parameters
    ----------
    title, text
        Of the finding, and what has to be done or observed.
    first, last
        Days on which it holds, both included; equal to the session's where no days are said.
    source, grade
        Bibliography key and evidence grade.
    """

    title: str
    text: str
    first: date
    last: date
    source: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Care:
    """Care around one session.

    Parameters
    ----------
    session_on, next_on
        The session; the next one, None where there is none.
    days
        The table, day by day: before, 0, 1, 2, 3, 4-7, 8-14, until the next session.
    lines
        Every line behind the table, with its dates.
    calls
        Reasons to call the practice, in words; the signs that need a clinician are
        `micropen.case.WARNING_SIGNS`.
    conditions
        What findings ask besides.
    note
        On whose word the care rests where the device's own was not seen; empty otherwise.
    sources
        Bibliography key to the best and the weakest grade of what rests on it, in order of use.
    """

    session_on: date
    next_on: date | None
    days: tuple[CareDay, ...]
    lines: tuple[CareLine, ...]
    calls: tuple[str, ...]
    conditions: tuple[CareCondition, ...]
    note: str
    sources: tuple[tuple[str, Grade, Grade], ...]


def care_for(
    person: Person,
    device: Device,
    session_on: date,
    next_on: date | None = None,
    findings: Sequence[Finding] = (),
    line: SessionLine | None = None,
    *,
    goal: str = "",
    curve: Sequence[LagChance] = (),
    parameters: ParameterSet | None = None,
) -> Care:
    """Choose the care for a person around a session, with dates.

    Parameters
    ----------
    person
        Melasma, phototype, cold sores and retinoids choose among the rows.
    device
        Its own label's rows take the place of general ones.
    session_on, next_on
        The session, and the next one where there is one.
    findings
        Of the suitability; those with a condition are given dates.
    line
        Forecast of the session: puts days off that labels allow too early, and says what to
        expect. None goes by labels alone.
    goal
        Name of the goal; ``"glow"`` has care of its own.
    curve
        Chances by days after the session, for what to expect on a day.
    parameters
        Holds the days; None loads the program's own.

    Returns
    -------
    Care
        The same for the same arguments.
    """
    numbers = parameters or load_parameters()
    holds = _holds(person, device, goal, numbers)
    rows = [row for row in care_rows() if _applies(row, holds)]
    made = (_line(row, session_on, next_on, findings, line, numbers) for row in rows)
    lines = tuple(one for one in made if one is not None)
    conditions = tuple(_condition(f, session_on) for f in findings if f.condition)
    said = expected(lines, line, curve)
    return Care(
        session_on,
        next_on,
        care_days(lines, session_on, next_on, said),
        lines,
        _calls(lines, line),
        conditions,
        _note(device),
        _sources(lines, conditions),
    )


def _holds(person: Person, device: Device, goal: str, parameters: ParameterSet) -> frozenset[str]:
    """Names of the conditions of rows that hold."""
    dark = parameters.value("report.care.strict_sun_from_phototype")
    truth = {
        "melasma": person.melasma,
        "dark_skin": person.phototype >= dark,
        "herpes": person.has(Condition.HERPES),
        "retinoids": person.takes(Medication.TOPICAL_RETINOIDS),
        "glow": goal == "glow",
        **{f"device:{name}": device.name.startswith(name) for name in _OWN_CARE},
    }
    return frozenset(name for name, true in truth.items() if true)


def _applies(row: CareRow, holds: frozenset[str]) -> bool:
    if row.when and not holds & set(row.when):
        return False
    return not holds & set(row.unless)


def _first_and_end(
    row: CareRow,
    findings: Sequence[Finding],
    forecast: SessionLine | None,
    parameters: ParameterSet,
) -> tuple[int, int | None]:
    """First day of a row and the day on which it is over, without a next session.

    As early and as late as a finding on the same matter asks, as late as the forecast asks.
    """
    asked = [f for f in findings if row.finding and row.finding in f.key and f.condition]
    first = min([day_number(row.from_day, parameters), *(-f.days_before for f in asked)])
    before = day_number(row.before_day, parameters)
    if math.isinf(before):
        return math.floor(first), None
    # An instruction ends on the day on which its last hour falls: 72 h allow from day 3 on.
    end = math.ceil(before) + row.day_itself
    if end > 0:
        end = max([end, *(math.ceil(f.days_after) + 1 for f in asked if f.days_after > 0)])
    if row.forecast and forecast is not None:
        end = max(end, (getattr(forecast, row.forecast) - forecast.on).days)
    # A row after the session does not begin before it because a finding does.
    return math.floor(first) if row.from_day.startswith("-") else max(math.floor(first), 0), end


def _line(
    row: CareRow,
    session_on: date,
    next_on: date | None,
    findings: Sequence[Finding],
    forecast: SessionLine | None,
    parameters: ParameterSet,
) -> CareLine | None:
    """A row with its days; None where the next session leaves none of them."""
    from_day, end = _first_and_end(row, findings, forecast, parameters)
    again = row.again
    if next_on is not None:
        gap = (next_on - session_on).days
        # What ends with the next session is not allowed again on its day.
        again = "" if end is None or end >= gap else again
        end = gap if end is None else min(end, gap)
    if end is not None and end <= from_day:
        return None
    last = None if end is None else session_on + timedelta(days=end - 1)
    to_day = None if end is None else end - 1
    first_on = session_on + timedelta(days=from_day)
    return CareLine(row, from_day, to_day, first_on, last, again)


def _condition(finding: Finding, session_on: date) -> CareCondition:
    first = session_on - timedelta(days=math.ceil(finding.days_before))
    last = session_on + timedelta(days=math.ceil(finding.days_after))
    return CareCondition(
        finding.title, finding.condition, first, last, finding.source, finding.grade
    )


def _calls(lines: Sequence[CareLine], forecast: SessionLine | None) -> tuple[str, ...]:
    """Reasons to call; one that needs a forecast is left out without one."""
    found = []
    for line in lines:
        if line.kind is not Kind.CALL:
            continue
        if "{latest}" in line.text:
            if forecast is None or not math.isfinite(forecast.downtime_days.high):
                continue
            latest = f"day {math.ceil(forecast.downtime_days.high)}"
            found.append(line.text.replace("{latest}", latest))
        else:
            found.append(line.text)
    return tuple(found)


def _note(device: Device) -> str:
    if device.name.startswith(_OWN_CARE):
        return ""
    return (
        f"No after-care instructions of {device.label} itself were seen: these are of other "
        "needling devices. What your practice says comes first."
    )


def _sources(
    lines: Sequence[CareLine], conditions: Sequence[CareCondition]
) -> tuple[tuple[str, Grade, Grade], ...]:
    grades: dict[str, list[Grade]] = {}
    rests = [(of.source, of.grade) for of in lines] + [(of.source, of.grade) for of in conditions]
    for key, grade in rests:
        grades.setdefault(key, []).append(grade)
    return tuple((key, min(found), max(found)) for key, found in grades.items())
