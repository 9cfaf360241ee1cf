"""A person's own draws for a plan: what their case has taught, and when its last session was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from micropen.case import Case
from micropen.estimation.fit import estimate
from micropen.evidence import ParameterSet, load_parameters
from micropen.planning.intake.client import Answer, Client, Span
from micropen.planning.search.make_plan import SEARCH_DRAWS, TOLD_DRAWS
from micropen.treatment import Session
from micropen.workflows.follow import FollowRequest, readings_of
from micropen.workflows.stages import Stages

_EVENING: Final = time(23, 59)


@dataclass(frozen=True, eq=False)
class OwnDraws:
    """A person's own draws, and what the case says of the calendar.

    Parameters
    ----------
    client
        With the days closed that come too soon after the last session, and no first needling.
    sets
        Parameter set by number of draws.
    readings
        That were learned from.
    earlier
        Sessions that have been, in order.
    """

    client: Client
    sets: Mapping[int, ParameterSet]
    readings: int
    earlier: tuple[Session, ...]

    def believed(self, draws: int) -> ParameterSet:
        """Return the person's own draws, as many as asked for."""
        return self.sets[draws]


def own_draws(folder: Path, today: date, client: Client, seed: int, stages: Stages) -> OwnDraws:
    """Learn from a case, and keep the next session away from its last one.

    Parameters
    ----------
    folder
        Of the case.
    today
        Day on which the plan is made.
    client
        As the person file says.
    seed
        Of everything random.
    stages
        Told how far it is.

    Raises
    ------
    MicropenError
        For a case that cannot be read.
    """
    now = datetime.combine(today, _EVENING)
    case = Case.open(folder, now)
    follow_request = FollowRequest(folder, folder, seed=seed, now=now)
    readings = readings_of(follow_request, case, stages)
    stages.report("learning from the case", 0.0)
    posterior = estimate(case.treatment, readings, load_parameters(), seed)
    unknowns = posterior.problem.unknowns
    sets = {
        draws: unknowns.parameter_set(posterior.persons(draws))
        for draws in (SEARCH_DRAWS, TOLD_DRAWS)
    }
    stages.report("learning from the case", 1.0)
    been = tuple(s for s in case.treatment.sessions if s.date <= client.today)
    return OwnDraws(_after_the_last(client, been), sets, readings.count, been)


def _after_the_last(client: Client, been: Sequence[Session]) -> Client:
    """Close the days until the interval after the last session that has been is over."""
    if not been:
        return client
    wait = load_parameters().value("healing.milestones.session_interval")
    last = been[-1].date
    span = Span(last, last + timedelta(days=int(wait) - 1), f"the last session was on {last}")
    diary = replace(client.diary, away=(*client.diary.away, span))
    # The case knows better than a form that was filled in before the first session.
    answers = {**client.answers, "first_needling": Answer(yes=False)}
    return replace(client, diary=diary, answers=MappingProxyType(answers))
