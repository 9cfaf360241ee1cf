"""All dates after the session that today lies in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from micropen.estimation.dates.glow import glow
from micropen.estimation.dates.line import LINES, NEXT, dated
from micropen.estimation.dates.plan import ROUNDING, Calendar, Plan, holds
from micropen.estimation.phrases import of_ten
from micropen.estimation.result import DateLine
from micropen.evidence import ParameterSet
from micropen.healing.course import Course
from micropen.healing.recovery import Recovery
from micropen.treatment import Treatment


def dates(
    population: Course,
    personal: Course,
    treatment: Treatment,
    today_day: float,
    parameters: ParameterSet,
    first_session: datetime | None = None,
) -> tuple[DateLine, ...]:
    """Tell when signs are gone and what one may do when, after the session that today lies in.

    A date is a whole number of days after the session, at the session's time of day: what ends
    on day 1.8 is gone by day 2. It is told for 9 of 10 forecasts, for big events for 19 of 20
    (``estimation.words``). A probability is one under the model.

    Parameters
    ----------
    population, personal
        Forecasts of one treatment: of anybody like this person, and of this person; draws of
        equal weight.
    treatment
        Person and sessions.
    today_day
        Day of the latest entry since the first session.
    parameters
        Thresholds.
    first_session
        Local time of the end of the first session; None tells days instead of dates.

    Returns
    -------
    tuple of DateLine
        Redness, swelling, peeling, make-up, glow, big events, next session. `DateLine.personal`
        holds the date and `DateLine.probability` the share of forecasts, so that a page may say
        either.

    Raises
    ------
    MicropenError
        For a course that does not reach the session of today.
    """
    starts = treatment.days
    session = max(sum(day <= today_day + ROUNDING for day in starts) - 1, 0)
    typical, own = (
        Recovery.of(course.dataset, course.treated, starts, parameters, session)
        for course in (population, personal)
    )
    calendar = Calendar(first_session, starts[session], session > 0)
    plan = Plan(typical, own, today_day - starts[session], calendar, parameters)
    lines = [dated(line, plan) for line in LINES]
    lines.insert(-1, glow(plan))
    return (*lines, _next_session(plan, treatment))


def _next_session(plan: Plan, treatment: Treatment) -> DateLine:
    """From when the next session may be, beside when it is planned."""
    line = dated(NEXT, plan)
    planned = plan.personal.next_planned
    if treatment.contraindications:
        return replace(
            line,
            personal="only when a clinician has cleared it",
            probability=float("nan"),
            detail=" ".join(dict.fromkeys(treatment.contraindications)),
        )
    if np.isfinite(planned):
        share = holds(NEXT.days(plan.personal), planned)
        enough = share >= plan.limit("date_share")
        advice = (
            f"All has settled by then in {of_ten(share)} of your forecasts."
            if enough
            else f"That is earlier than advised ({line.personal}): ask whether to move it."
        )
        day = plan.calendar.name(round(planned))
        # The plan itself has no probability; what is settled by then says its own.
        return replace(line, personal=f"planned for {day}", probability=float("nan"), detail=advice)
    return line
