"""What a reader of a plan has to be told besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from types import MappingProxyType

import numpy as np

from micropen.estimation.phrases import short_date
from micropen.planning.calendar import Appointments, DaysAfter, still_possible
from micropen.planning.goals.goal import Goal
from micropen.planning.intake.client import Client, Event
from micropen.planning.result import NamedPlan
from micropen.planning.search.face import Face, FaceSettings
from micropen.planning.search.named import Telling
from micropen.planning.suitability import Suitability, prepared


def notes_of(
    client: Client,
    suitability: Suitability,
    goal: Goal,
    told: Telling | None = None,
    faces: Mapping[FaceSettings, Face] = MappingProxyType({}),
    plans: Sequence[NamedPlan] = (),
) -> list[str]:
    """Say what has to be told besides the plans.

    Parameters
    ----------
    client, suitability, goal
        Who asks for what, and what was said beforehand.
    told, faces
        What is needed to tell of plans, with the draws that chances are told with; left out where
        nothing is planned.
    plans
        That are shown, the recommended one first.
    """
    notes = [goal.suits(client.person), goal.caveat, *_waits(client, suitability)]
    if told is not None:
        notes += [*_earlier(plans), *(left.why for left in told.options.left_out)]
        notes += [*_too_near(told, faces), *_first(told), told.options.passes_words]
    return [note for note in notes if note]


def _waits(client: Client, suitability: Suitability) -> Iterator[str]:
    """Say why the first session is not sooner."""
    later = prepared(client, suitability).earliest
    if later is None or later == suitability.earliest:
        return
    longest = max(suitability.findings, key=lambda finding: finding.prepares_days)
    yield (
        f"The first session leaves {ceil(longest.prepares_days)} days for what has to come before "
        f"it ({longest.title}). If it is done or kept already, say since when: prepared_since in "
        "[diary]."
    )


def _earlier(plans: Sequence[NamedPlan]) -> Iterator[str]:
    """Say what earlier sessions have left."""
    for plan in plans[:1]:
        if (left := plan.earlier) is not None:
            low, high, mean = (f"{100.0 * v:.0f}" for v in (left.low, left.high, left.mean))
            yield (
                "Results are what the new sessions add. Without them, earlier sessions would leave "
                f"{mean} % on {short_date(plan.gain_on)} (in 9 of 10 forecasts {low} to {high} %)."
            )


def _first(told: Telling) -> Iterator[str]:
    """Say before which event there is no time for a first needling."""
    problem = told.problem
    for event in told.client.diary.events:
        if _no_time_for_a_first(told, event):
            yield (
                f"No session before {event.name}: it would be the first needling of this face, "
                f"less than {problem.first_before_event} days before that day, and nobody knows "
                "yet how this skin answers."
            )


def _no_time_for_a_first(told: Telling, event: Event) -> bool:
    """Whether days before an event are possible, but too few of them for a first needling."""
    days = _days_before(told.problem.appointments, event)
    return 0 < days < told.problem.first_before_event


def _days_before(appointments: Appointments, event: Event) -> int:
    """Days from the first possible one to an event; below 0 where none comes before it."""
    return appointments.offset(event.date) - int(np.flatnonzero(appointments.offsets)[0])


def _too_near(told: Telling, faces: Mapping[FaceSettings, Face]) -> Iterator[str]:
    """Say what is still possible for an event before which no session is safe."""
    problem = told.problem
    for settings, face in list(faces.items())[:1]:
        after = DaysAfter.of(face.response(settings), problem.parameters)
        for event, clear_from in zip(
            told.client.diary.events, problem.judged(settings).clear_from, strict=True
        ):
            late = _days_before(problem.appointments, event) < clear_from
            if late and not _no_time_for_a_first(told, event):
                yield still_possible(event, after, problem.appointments, problem.parameters)
