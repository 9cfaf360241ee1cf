"""From a plan that the search found to everything that is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from micropen.healing.risks.pih import share_that_sees_it
from micropen.planning.calendar import AllowedFrom, DaysAfter, clear_from, event_chance
from micropen.planning.goals.goal import sampler
from micropen.planning.goals.lasting import lasting
from micropen.planning.intake.client import Client
from micropen.planning.result import (
    EventChance,
    GainAfter,
    Lasting,
    NamedPlan,
    SessionLine,
    Spread,
)
from micropen.planning.search.face import Face
from micropen.planning.search.objective import Style
from micropen.planning.search.optimise import Found
from micropen.planning.search.over_a_series import (
    Array,
    Gaps,
    added_at,
    effect_at,
    largest_pigment,
    signs_at,
)
from micropen.planning.search.prices import everywhere, zone_choices
from micropen.planning.search.problem import Problem
from micropen.planning.session_response import SessionResponse
from micropen.planning.settings import Options
from micropen.treatment import Device, Treatment

TITLES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "balanced": ("Balanced", "result first, with a price on every day that others notice"),
        "gentle": ("Gentle", "few days that others notice, little pain, little risk"),
        "fastest": ("Fastest", "done early: waiting costs more than days that others notice"),
    }
)

# Days after the last session at which a result is followed: to about a year.
_FOLLOWED: Final = (8.0, 15.0, 22.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 240.0, 300.0)
# How many sessions beyond the plan's are looked at, to show where another stops paying.
_BEYOND: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """What is needed to tell of a plan.

    Parameters
    ----------
    client, device, options
        Of the person.
    problem
        That was searched.
    seed
        Of everything random.
    """

    client: Client
    device: Device
    options: Options
    problem: Problem
    seed: int

    def named(self, key: str, found: Found, face: Face) -> NamedPlan:
        """Tell of one plan.

        Parameters
        ----------
        key
            ``"balanced"``, ``"gentle"`` or ``"fastest"``.
        found
            What the search found.
        face
            Holds its settings with the draws that chances are told with.
        """
        problem, settings = self.problem, found.candidate.settings
        dates = problem.appointments.dates(found.outcome.days)
        response = face.response(settings)
        after = DaysAfter.of(response, problem.parameters)
        gaps = face.counted(found.outcome.days)
        gains, drawn = self._gains(found, face)
        own = drawn[len(dates) - 1]
        one_more = drawn[len(dates)] - own
        title, why = TITLES[key]
        style = Style.named(key, problem.parameters)
        days = found.outcome.days
        return NamedPlan(
            key=key,
            title=title,
            why=why,
            treatment=self._treatment(title, found, dates),
            zones=tuple(zone_choices(problem, self.options, settings, days, style)),
            interval_days=found.candidate.interval,
            sessions=tuple(self._sessions(dates, response, after)),
            gains=gains,
            gain=Spread.of(own),
            earlier=self._earlier(found, face),
            gain_on=problem.appointments.day(round(days[-1] + problem.read_after)),
            downtime_days=Spread.of(after.downtime_days),
            work_days=float(problem.judge(face, settings).work_days[list(days)].sum()),
            pain=Spread.of(response.pain),
            pigment_risk=Spread.of(
                share_that_sees_it(
                    largest_pigment(face.chosen(settings), gaps, face.earlier_days),
                    problem.parameters,
                )
            ),
            events=tuple(self._events(dates, after)),
            lasting=self._lasting(found, face, one_more),
            shallower=everywhere(problem, settings, days, style, -1),
            deeper=everywhere(problem, settings, days, style, 1),
            objective=found.value,
        )

    def _gains(self, found: Found, face: Face) -> tuple[tuple[GainAfter, ...], list[Array]]:
        """What each number of sessions brings, and its draws; one beyond those told is drawn."""
        problem = self.problem
        goal, planned = problem.goal, len(found.outcome.days)
        sample = sampler(goal, problem.parameters_of_draws, face.draws, self.seed)
        gaps = _continued(face.counted(found.outcome.days), found.candidate.interval, _BEYOND)
        worth = problem.parameters.value(goal.worth)
        drawn, lines, before = [], [], 0.0
        for count in range(1, len(gaps) + 1):
            read = gaps[count - 1] + problem.read_after
            gain = added_at(goal, sample, face, found.candidate.settings, gaps[:count], read)
            mean = float(gain.mean())
            lines.append(GainAfter(count, Spread.of(gain), mean - before, mean - before >= worth))
            drawn.append(gain)
            before = mean
        most = max(planned, problem.space.most_sessions)
        return tuple(lines[:most]), drawn

    def _earlier(self, found: Found, face: Face) -> Spread | None:
        """What earlier sessions alone would have left when the goal is read."""
        if not face.earlier_days:
            return None
        problem = self.problem
        sample = sampler(problem.goal, problem.parameters_of_draws, face.draws, self.seed)
        read = (found.outcome.days[-1] + problem.read_after,)
        return Spread.of(
            effect_at(problem.goal, sample, face, found.candidate.settings, (), read)[0]
        )

    def _sessions(
        self, dates: tuple[date, ...], response: SessionResponse, after: DaysAfter
    ) -> Iterator[SessionLine]:
        parameters = self.problem.parameters
        allowed = AllowedFrom.of(response, self.client.person, parameters)
        clear = clear_from(after, parameters)
        appointments = self.problem.appointments
        for number, day in enumerate(dates, start=1):
            on = allowed.on(day)
            yield SessionLine(
                number=number,
                on=day,
                downtime_days=Spread.of(after.downtime_days),
                spots=after.any_spot,
                clear_from=appointments.day(appointments.offset(day) + clear),
                makeup_from=on["makeup"],
                sport_from=on["sport"],
                sun_from=on["sun"],
            )

    def _events(self, dates: tuple[date, ...], after: DaysAfter) -> Iterator[EventChance]:
        problem = self.problem
        for event in self.client.diary.events:
            # A first needling keeps its days; a session after another need not.
            known = any((event.date - day).days >= problem.first_before_event for day in dates)
            yield event_chance(
                event,
                dates,
                after,
                problem.appointments,
                problem.parameters,
                0 if known else problem.first_before_event,
            )

    def _lasting(self, found: Found, face: Face, one_more: Array) -> Lasting:
        problem, gaps = self.problem, face.counted(found.outcome.days)
        days = np.unique([*_FOLLOWED, problem.read_after])
        moments = tuple(gaps[-1] + float(day) for day in days)
        signs = signs_at(problem.goal, face, found.candidate.settings, gaps, moments)
        by_draw = {name: values.T for name, values in signs.items()}
        members = problem.parameters_of_draws
        return lasting(problem.goal, days, by_draw, one_more, members, self.seed)

    def _treatment(self, title: str, found: Found, dates: tuple[date, ...]) -> Treatment:
        return Treatment.from_dict(treatment_table(self, title, found, dates))


def _continued(gaps: Gaps, interval: int, more: int) -> Gaps:
    """Days of a series with some more sessions at its wished interval."""
    return (*gaps, *(gaps[-1] + float(interval * (n + 1)) for n in range(more)))


def treatment_table(
    told: Telling, title: str, found: Found, dates: tuple[date, ...]
) -> dict[str, Any]:
    """Return a plan as the tables of a treatment file."""
    client, settings = told.client, found.candidate.settings
    zones = {
        zone: {"needle_length_mm": length, "passes": settings.passes}
        for group, length in zip(told.problem.space.groups, settings.lengths_mm, strict=True)
        for zone in group
    }
    return {
        "title": f"{client.title}: {title.lower()} plan" if client.title else f"{title} plan",
        "person": person_table(client),
        "session": [
            {
                "date": day,
                "device": told.device.name,
                "anaesthetic": client.wishes.anaesthetic.value,
                "aftercare": client.wishes.aftercare.value,
                "zones": zones,
            }
            for day in dates
        ],
    }


def person_table(client: Client) -> dict[str, Any]:
    """Return a person as the table of a treatment file: what differs from the usual."""
    table = client.person.model_dump(exclude_defaults=True, exclude_none=True)
    for name in ("medication", "history"):
        if name in table:
            table[name] = [word.value for word in table[name]]
    if "birth_date" in table:
        # The age at the first session follows from it.
        table.pop("age_years", None)
    return table
