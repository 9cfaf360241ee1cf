"""What is said where wishes leave no plan: which of them, and the nearest plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from micropen.estimation.phrases import short_date
from micropen.planning.calendar import Appointments, DaysAfter, still_possible
from micropen.planning.search.face import Face
from micropen.planning.search.named import Telling
from micropen.planning.search.optimise import Found


def no_day_at_all(appointments: Appointments) -> str:
    """Say that no day is possible, what closes them, and what would open one."""
    ways = [
        f'on {short_date(day)} {day.year} without "{why}"'
        for why in appointments.changeable_reasons
        if (day := appointments.first_without(why)) is not None
    ]
    reasons = "; ".join(appointments.reasons)
    nearest = f" A session would be possible {', or '.join(ways)}." if ways else ""
    return (
        f"No day within the {appointments.offsets.size} days that are planned is possible for a "
        f"session: {reasons}.{nearest} Change what stands against it in [diary] or [wishes]."
    )


def contradiction(told: Telling, nearest: Found, face: Face | None) -> str:
    """Say which wishes contradict each other, and what the nearest plan would ask for.

    Parameters
    ----------
    told
        Person and problem.
    nearest
        The plan that breaks least.
    face
        Holds its settings, for what is still possible before an event; the search's own if None.
    """
    wants = "; ".join(_wants(told, nearest, face or told.problem.face))
    best = "The nearest plan" if "worth" in nearest.breaks else "The nearest plan worth doing"
    return (
        f"No plan keeps to all wishes: {wants}. {best}: {_plan_words(told, nearest)}. Allow what "
        "it needs in [wishes] or [diary], or leave out zones."
    )


def _wants(told: Telling, nearest: Found, face: Face) -> Iterator[str]:
    limits, outcome, wishes = told.problem.tolerance, nearest.outcome, told.client.wishes
    for name in nearest.breaks:
        match name:
            case "downtime":
                yield (
                    f"downtime_days = {limits.downtime_days:g}{_whose(wishes.downtime_days)} holds "
                    f"in {100.0 * outcome.within:.0f} of 100 people like this one, wanted are "
                    f"{100.0 * limits.downtime_share:.0f}; {_days_needed(told, nearest)} would "
                    "hold in as many"
                )
            case "pain":
                yield (
                    f"pain = {limits.pain:g}{_whose(wishes.pain)} is exceeded "
                    f"({outcome.pain:.1f} is typical with "
                    f'anaesthetic = "{wishes.anaesthetic.value}")'
                )
            case "pigment":
                yield (
                    f"a probability of dark marks of {limits.pigment_risk:.2g} is exceeded "
                    f"({outcome.pigment_risk:.2g})"
                )
            case "worth":
                yield (
                    f"a session would bring {100.0 * outcome.gain / len(outcome.days):.1f} points "
                    f"of result, less than the {100.0 * limits.worth:g} for which it is worth doing"
                )
            case "style":
                yield "others notice something for longer than this plan is meant for"
            case "first":
                yield (
                    "the first needling of this face would come less than "
                    f"{told.problem.first_before_event} days before an event"
                )
            case "diary":
                yield "no series fits between the days that are closed"
            case _:
                yield _event(told, int(name.removeprefix("event ")), nearest, face)


def _whose(wished: float | None) -> str:
    """Say where a limit is not the person's."""
    return " (the program's own, as none is named)" if wished is None else ""


def _days_needed(told: Telling, nearest: Found) -> int:
    """Tolerated days that would hold in the wanted share of people."""
    days = told.problem.judged(nearest.candidate.settings).days.downtime_days
    share = told.problem.tolerance.downtime_share
    return int(np.ceil(np.quantile(days, share, method="higher")))


def _event(told: Telling, number: int, nearest: Found, face: Face) -> str:
    event = told.client.diary.events[number]
    problem = told.problem
    after = DaysAfter.of(face.response(nearest.candidate.settings), problem.parameters)
    return still_possible(event, after, problem.appointments, problem.parameters).rstrip(".")


def _plan_words(told: Telling, nearest: Found) -> str:
    settings, outcome = nearest.candidate.settings, nearest.outcome
    lengths = ", ".join(
        f"{group.title} {length:g} mm"
        for group, length in zip(told.options.groups, settings.lengths_mm, strict=True)
    )
    dates = told.problem.appointments.dates(outcome.days)
    when = f" on {', '.join(map(str, dates))}" if dates else ""
    sessions = f"{len(dates)} session{'' if len(dates) == 1 else 's'}{when}"
    return f"{sessions}, {lengths}, {settings.passes:g} passes"
