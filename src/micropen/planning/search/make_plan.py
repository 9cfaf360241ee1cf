"""The whole planning of one person: space, table, search, verification, telling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from micropen.errors import PlanError
from micropen.evidence import ParameterSet
from micropen.planning.calendar import Appointments, over, wanted_of
from micropen.planning.goals import goal as goal_named
from micropen.planning.goals.goal import Goal, sampler
from micropen.planning.intake.client import Client, Wish
from micropen.planning.result import Origin, Planned
from micropen.planning.search.contradiction import contradiction, no_day_at_all
from micropen.planning.search.face import Face, FaceSettings
from micropen.planning.search.front import front
from micropen.planning.search.judging import Judge
from micropen.planning.search.named import Telling
from micropen.planning.search.notes import notes_of
from micropen.planning.search.objective import FREEST, STYLES, Style, Tolerance
from micropen.planning.search.offered import offered
from micropen.planning.search.optimise import Found, Search, look_at
from micropen.planning.search.over_a_series import made_for
from micropen.planning.search.problem import EventDay, Problem
from micropen.planning.search.space_of import space_of
from micropen.planning.settings import Options, options
from micropen.planning.suitability import Suitability, Verdict, prepared
from micropen.treatment import Device, Session, device

SEARCH_DRAWS: Final = 128
"""Draws of the search: the same for all candidates, so that they differ by what they do."""
TOLD_DRAWS: Final = 2000
"""Draws behind every probability that is told."""

# Verified settings may break a limit that the search's few draws did not show; then it goes on.
_MOST_ROUNDS: Final = 6

Believed = Callable[[int], ParameterSet]
"""``believed(draws)``: the population, or a person's own draws, as many as asked for."""
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, eq=False)
class PlanRequest:
    """What to plan.

    Parameters
    ----------
    client, suitability
        Who asks, and what is said of it beforehand.
    parameters
        Typical values: limits, waits, prices.
    believed
        Where the draws come from.
    seed
        Of everything random.
    case_readings
        Readings behind a person's own draws; 0 for the population.
    earlier
        Sessions that have been, in order.
    """

    client: Client
    suitability: Suitability
    parameters: ParameterSet
    believed: Believed
    seed: int = 0
    case_readings: int = 0
    earlier: tuple[Session, ...] = ()


def make_plan(request: PlanRequest, progress: Progress | None = None) -> Planned:
    """Plan: settings, series and dates of a person who may be treated.

    Parameters
    ----------
    request
        What to plan.
    progress
        Called with stage and share done.

    Returns
    -------
    Planned
        Without plans where nobody should treat.

    Raises
    ------
    PlanError
        Where wishes and limits leave no plan: which, and the nearest one.
    UnknownNameError, OutsideEvidenceError
        Unknown goal, or a device that is too long for every zone.
    """
    report = progress or (lambda _stage, _share: None)
    client, wishes = request.client, request.client.wishes
    goal, used = goal_named(wishes.goal), device(wishes.device)
    if request.suitability.verdict is Verdict.CLINICIAN or request.suitability.earliest is None:
        return _without_plans(request, goal)
    mild = request.suitability.mild
    allowed = options(wishes.zones, used, client.person, goal, request.parameters, mild)
    report("what sessions do", 0.0)
    _refuse_past_events(request)
    problem = problem_of(request, goal, used, allowed)
    report("what sessions do", 1.0)
    searches = {key: Search(problem, Style.named(key, request.parameters)) for key in STYLES}
    found: dict[str, Found] = {}
    for number, (key, one) in enumerate(searches.items()):
        report("search", number / len(STYLES))
        start = next(iter(found.values())).index if found else None
        found[key] = one.run(request.seed, start)
    report("search", 1.0)
    report("verification", 0.0)
    faces = _verified(searches, found, request, used)
    report("verification", 1.0)
    told = Telling(client, used, allowed, problem, request.seed)
    _refuse_contradictions(told, found, faces)
    report("telling", 0.0)
    planned = _planned(request, goal, told, found, faces)
    report("telling", 1.0)
    return planned


def _refuse_past_events(request: PlanRequest) -> None:
    """Refuse events that are over, and say what is still possible."""
    client, parameters = request.client, request.parameters
    past = [event for event in client.diary.events if event.date < client.today]
    if past:
        suitability = prepared(client, request.suitability)
        appointments = Appointments.of(client, suitability, parameters)
        raise PlanError(" ".join(over(event, appointments) for event in past))


def tolerance_of(request: PlanRequest, goal: Goal) -> Tolerance:
    """What the person tolerates, where they say so, what rules allow, and what is worth it."""
    wishes, parameters = request.client.wishes, request.parameters

    def wished(name: str, own: float | None) -> float:
        return parameters.value(f"planning.tolerance.{name}") if own is None else own

    pigment = wished("pigment_risk", wishes.pigment_risk)
    return Tolerance(
        downtime_days=wished("downtime_days", wishes.downtime_days),
        downtime_share=parameters.value("planning.tolerance.downtime_share"),
        pain=wished("pain", wishes.pain),
        pigment_risk=min(pigment, request.suitability.most_pigment_risk),
        worth=parameters.value(goal.worth),
    )


def problem_of(request: PlanRequest, goal: Goal, used: Device, allowed: Options) -> Problem:
    """Set up what is searched: space, possible days, table of sessions, limits.

    Raises
    ------
    PlanError
        Where no day is possible at all.
    """
    client, parameters = request.client, request.parameters
    appointments = Appointments.of(client, prepared(client, request.suitability), parameters)
    latest = int(parameters.value("planning.search.latest_start"))
    space = space_of(client, allowed, appointments, latest)
    if space is None:
        raise PlanError(no_day_at_all(appointments))
    members = request.believed(SEARCH_DRAWS)
    face = Face.under(
        client,
        used,
        space.groups,
        space.table(),
        members,
        SEARCH_DRAWS,
        request.seed,
        made_for(goal),
        request.earlier,
    )
    tolerance = tolerance_of(request, goal)
    events = client.diary.events
    wanted = tuple(wanted_of(event, parameters) for event in events)
    return Problem(
        space=space,
        appointments=appointments,
        events=tuple(EventDay(appointments.offset(e.date), e.wish is Wish.GLOW) for e in events),
        tolerance=tolerance,
        goal=goal,
        sample=sampler(goal, members, SEARCH_DRAWS, request.seed),
        read_after=parameters.value(goal.read_after),
        judge=Judge.of(parameters, tolerance.downtime_days, appointments.work, wanted),
        face=face,
        parameters=parameters,
        parameters_of_draws=request.believed(TOLD_DRAWS),
        # A case shows how this skin answers.
        first_before_event=0 if request.earlier else ceil(request.suitability.days_before_event),
    )


def _verified(
    searches: Mapping[str, Search], found: dict[str, Found], request: PlanRequest, used: Device
) -> dict[FaceSettings, Face]:
    """Judge what was found with more draws; take the next best where a limit breaks, in place."""
    problem = searches[FREEST].problem
    faces: dict[FaceSettings, Face] = {}
    for rounds_left in reversed(range(_MOST_ROUNDS)):
        fresh = {one.candidate.settings for one in found.values()} - set(faces)
        if not fresh:
            break
        ordered = sorted(fresh, key=lambda settings: (settings.lengths_mm, settings.passes))
        face = Face.under(
            request.client,
            used,
            problem.space.groups,
            ordered,
            problem.parameters_of_draws,
            TOLD_DRAWS,
            request.seed,
            made_for(problem.goal),
            request.earlier,
            next(iter(reversed(faces.values())), None),
        )
        for settings in ordered:
            faces[settings] = face
            one = next(each for each in found.values() if each.candidate.settings == settings)
            problem.verify(settings, face, one.outcome.days)
        for key, before in found.items():
            again = look_at(problem, before.index, searches[key].style)
            found[key] = again
            # After the last round nothing unverified may stand: the plan is then left out.
            if again.breaks and not before.breaks and rounds_left:
                found[key] = searches[key].again()
    return faces


def _refuse_contradictions(
    told: Telling, found: Mapping[str, Found], faces: Mapping[FaceSettings, Face]
) -> None:
    """Refuse where even the plan that asks least of itself breaks a limit: then every plan does."""
    best = found[FREEST]
    if best.breaks:
        raise PlanError(contradiction(told, best, faces.get(best.candidate.settings)))


def _planned(
    request: PlanRequest,
    goal: Goal,
    told: Telling,
    found: Mapping[str, Found],
    faces: Mapping[FaceSettings, Face],
) -> Planned:
    plans, left_out = offered(told, found, faces)
    named = [
        (plan.key, found[plan.key].candidate.settings, found[plan.key].outcome) for plan in plans
    ]
    notes = notes_of(request.client, request.suitability, goal, told, faces, plans)
    said = _without_plans(request, goal)
    return replace(
        said,
        plans=plans,
        front=front(told.problem, named),
        notes=(*notes, *left_out),
        origin=replace(said.origin, evaluations=told.problem.evaluations),
    )


def _without_plans(request: PlanRequest, goal: Goal) -> Planned:
    """What is said where nobody should treat."""
    parameters = request.parameters
    return Planned(
        client=request.client,
        suitability=request.suitability,
        goal_title=goal.title,
        gain_words=goal.words,
        plans=(),
        front=(),
        notes=tuple(notes_of(request.client, request.suitability, goal)),
        origin=Origin(
            draws=TOLD_DRAWS,
            evaluations=0,
            seed=request.seed,
            parameter_set=parameters.name,
            digest=parameters.digest,
            lowest_grade=parameters.lowest_grade(),
            case_readings=request.case_readings,
        ),
    )
