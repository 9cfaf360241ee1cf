"""One person's planning problem: from a candidate to what it does, with everything kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from micropen.evidence import ParameterSet
from micropen.healing.risks.pih import share_that_sees_it
from micropen.planning.calendar.appointments import Appointments
from micropen.planning.goals.goal import Goal, Sample
from micropen.planning.search.adding_up import Made, made_of
from micropen.planning.search.face import Face, FaceSettings, PartName, part_names
from micropen.planning.search.judging import Judge, Judged
from micropen.planning.search.objective import Outcome, Tolerance
from micropen.planning.search.over_a_series import Array, Gaps, largest_pigment
from micropen.planning.search.series import area_sum, sums_of_series
from micropen.planning.search.space import Candidate, Space


@dataclass(frozen=True, slots=True, eq=False)
class EventDay:
    """An event as the search sees it: days from today, and whether a glow is wished."""

    day: int
    glow: bool


@dataclass(eq=False)
class Problem:
    """What a search asks: what a given candidate does.

    Parameters
    ----------
    space
        Allowed plans.
    appointments
        Possible days.
    events
        In the order of the diary.
    tolerance
        Limits of the person and of the rules.
    goal, sample
        What is read of the signs, with the draws of the search.
    read_after
        Days after the last session at which the goal is read.
    judge
        Judges a session.
    face
        Table of parts, with the draws of the search.
    parameters
        Typical values.
    parameters_of_draws
        The draws with which a plan is verified and told.
    first_before_event
        Days that the first session keeps before an event at least.

    Notes
    -----
    Settings can be verified (`verify`): they are then judged by more draws.
    """

    space: Space
    appointments: Appointments
    events: tuple[EventDay, ...]
    tolerance: Tolerance
    goal: Goal
    sample: Sample
    read_after: float
    judge: Judge
    face: Face
    parameters: ParameterSet
    parameters_of_draws: ParameterSet
    first_before_event: int = 0
    evaluations: int = 0
    _outcomes: dict[Candidate, Outcome] = field(init=False, default_factory=dict, repr=False)
    _judged: dict[FaceSettings, Judged] = field(default_factory=dict, repr=False)
    _gains: dict[tuple[FaceSettings, Gaps], float] = field(default_factory=dict, repr=False)
    _risks: dict[tuple[FaceSettings, Gaps], float] = field(default_factory=dict, repr=False)
    _verified: dict[FaceSettings, float] = field(default_factory=dict, repr=False)
    _parts: dict[Any, Array] = field(default_factory=dict, repr=False)

    def judged(self, settings: FaceSettings) -> Judged:
        """One session with these settings."""
        if settings not in self._judged:
            self._judged[settings] = self.judge(self.face, settings)
        return self._judged[settings]

    def verify(self, settings: FaceSettings, face: Face, sessions: tuple[int, ...]) -> None:
        """Judge these settings by a face with more draws from now on.

        A session is judged anew. Dark marks are worked out anew for one series, and those of other
        series with these settings taken in proportion.
        """
        gaps = self.face.counted(sessions) if sessions else (0.0,)
        rough = self.pigment_risk(settings, gaps)
        largest = largest_pigment(face.chosen(settings), gaps, face.earlier_days)
        exact = float(share_that_sees_it(largest, self.parameters).mean())
        self._judged[settings] = self.judge(face, settings)
        self._verified[settings] = exact / rough if rough > 0.0 else 1.0
        self._outcomes = {
            one: outcome for one, outcome in self._outcomes.items() if one.settings != settings
        }

    def verified(self, settings: FaceSettings) -> bool:
        """Whether these settings are judged by more draws than the search has."""
        return settings in self._verified

    def outcome(self, candidate: Candidate) -> Outcome:
        """What a candidate does."""
        if candidate not in self._outcomes:
            self.evaluations += 1
            sessions = self.days(candidate)
            self._outcomes[candidate] = self.with_sessions(candidate.settings, sessions)
        return self._outcomes[candidate]

    def with_sessions(self, settings: FaceSettings, sessions: tuple[int, ...]) -> Outcome:
        """What sessions with some settings on given days do; days from today, may be none."""
        more = self._verified.get(settings, 1.0)
        return self._with(self.judged(settings), more, settings, sessions)

    def with_search_draws(self, settings: FaceSettings, sessions: tuple[int, ...]) -> Outcome:
        """As `with_sessions`, never with more draws: for comparing settings with each other."""
        if not self.verified(settings):
            return self.with_sessions(settings, sessions)
        return self._with(self.judge(self.face, settings), 1.0, settings, sessions)

    def _with(
        self, judged: Judged, more: float, settings: FaceSettings, sessions: tuple[int, ...]
    ) -> Outcome:
        if not sessions:
            return _nothing(judged, len(self.events))
        chances = [self._event(judged, n, event, sessions) for n, event in enumerate(self.events)]
        return Outcome(
            days=sessions,
            gain=self.gain(settings, sessions),
            downtime_days=judged.downtime_days,
            within=judged.within,
            work_days=float(judged.work_days[list(sessions)].sum()),
            pain=judged.pain,
            pigment_risk=more * self.pigment_risk(settings, self.face.counted(sessions)),
            clear=tuple(clear for clear, _, _ in chances),
            early_days=tuple(early for _, early, _ in chances),
            glow=tuple(glow for _, _, glow in chances),
            first_days=self._first_days(sessions[0]),
        )

    def days(self, candidate: Candidate) -> tuple[int, ...]:
        """Days of all sessions; empty where they do not fit into the diary."""
        days = self.appointments.series(candidate.start, candidate.interval, candidate.sessions)
        if days is None:
            return ()
        sessions = [int(day) for day in days]
        if candidate.for_glow:
            sessions = sorted([*sessions, *self._for_glow(self.judged(candidate.settings))])
        near = any(b - a < self.space.intervals[0] for a, b in pairwise(sessions))
        many = len(sessions) > self.space.most_sessions
        return () if near or many else tuple(sessions)

    def _for_glow(self, judged: Judged) -> Iterator[int]:
        """Best possible day for a session before each event on which a glow is wished."""
        for number, event in enumerate(self.events):
            chances = judged.days.glow[judged.clear_from[number] :]
            if not event.glow or not chances.size:
                continue
            lags = judged.clear_from[number] + np.argsort(-chances, kind="stable")
            days = event.day - lags
            possible = days[(days >= 0) & self.appointments.offsets[np.maximum(days, 0)]]
            yield from possible[:1].tolist()

    @property
    def last_day(self) -> int:
        """Last day that is planned, from today."""
        return int(self.appointments.offsets.size - 1)

    def gain(self, settings: FaceSettings, sessions: tuple[int, ...]) -> float:
        """Mean share of the fault that these sessions take away, when the goal is read."""
        key = (settings, self.face.counted(sessions))
        if key not in self._gains:
            read = key[1][-1] + self.read_after
            gained = self._effect(*key, read)
            if self.face.earlier_days:
                gained -= self._effect(settings, (), read)
            self._gains[key] = gained
        return self._gains[key]

    def _effect(self, settings: FaceSettings, gaps: Gaps, moment: float) -> float:
        """Mean share of the fault that is gone at a moment."""
        signs = {
            one.sign: self._mean(one, settings, gaps, moment) for one in made_of(self.goal.signs)
        }
        return float(np.mean(self.goal.effect(signs, self.sample)))

    def pigment_risk(self, settings: FaceSettings, gaps: Gaps) -> float:
        """Probability of dark marks over the series, with the draws of the search."""
        key = (settings, gaps)
        if key not in self._risks:
            largest = np.max([self._worst(part, gaps) for part in part_names((settings,))], axis=0)
            self._risks[key] = float(share_that_sees_it(largest, self.parameters).mean())
        return self._risks[key]

    def _mean(self, made: Made, settings: FaceSettings, gaps: Gaps, moment: float) -> Array:
        """A sign over the treated area at a moment, shape ``(draw,)``."""
        total, area = np.zeros(self.face.draws), 0.0
        for name in part_names((settings,)):
            key = (made.sign, name, gaps, moment)
            part = self.face.parts[name]
            if key not in self._parts:
                sums = sums_of_series(gaps, (moment,), self.face.earlier_days)
                self._parts[key] = area_sum(part, made, sums)[0]
            total += self._parts[key]
            area += float(part.areas_cm2.sum())
        return total / area

    def _worst(self, name: PartName, gaps: Gaps) -> Array:
        """Largest pigment anywhere in a group over the series, shape ``(draw,)``."""
        key = (name, gaps)
        if key not in self._parts:
            parts = (self.face.parts[name],)
            self._parts[key] = largest_pigment(parts, gaps, self.face.earlier_days)
        return self._parts[key]

    def _first_days(self, first: int) -> int:
        """Days by which the first session comes too near before an event."""
        lags = [event.day - first for event in self.events if event.day >= first]
        return max(self.first_before_event - min(lags, default=self.first_before_event), 0)

    def _event(
        self, judged: Judged, number: int, event: EventDay, sessions: Sequence[int]
    ) -> tuple[float, int, float]:
        """Chance that nothing is noticed, days by which the session is late, chance of a glow."""
        before = [day for day in sessions if day <= event.day]
        if not before:
            return 1.0, 0, 0.0
        lag = event.day - before[-1]
        if lag > judged.days.last:
            return 1.0, 0, 0.0
        late = max(judged.clear_from[number] - lag, 0)
        return float(judged.days.clear[lag]), late, float(judged.days.glow[lag])


def _nothing(judged: Judged, events: int) -> Outcome:
    """Outcome of a candidate that does not fit into the diary."""
    return Outcome(
        (),
        0.0,
        judged.downtime_days,
        judged.within,
        0.0,
        judged.pain,
        0.0,
        (1.0,) * events,
        (0,) * events,
        (0.0,) * events,
    )
