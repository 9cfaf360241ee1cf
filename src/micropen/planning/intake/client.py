"""Who comes, what they wish for, and the life that the plan has to fit into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from micropen.treatment import Aftercare, Anaesthetic, Person

EVERY_WEEKDAY: Final = frozenset(range(7))
DEFAULT_NAME: Final = "the event"
WORKING_WEEK: Final = frozenset(range(5))  # Monday to Friday


class Wish(StrEnum):
    """What a person wants of an event's day."""

    CLEAR = "clear"  # nothing that others would notice
    GLOW = "glow"  # clear, and the glow at its best


@dataclass(frozen=True, slots=True)
class Event:
    """A day on which the face must look well.

    Parameters
    ----------
    date
        The day.
    name
        In the person's words.
    wish
        What is wanted of it.
    probability
        With which probability nothing may be seen, 0-1; None takes the program's own.
    """

    date: date
    name: str = DEFAULT_NAME
    wish: Wish = Wish.CLEAR
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included, and why."""

    first: date
    last: date
    why: str = ""

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Procedure:
    """Another procedure on the face, past or planned.

    Parameters
    ----------
    kind
        ``"peel"``, ``"laser"``, ``"filler"``, ``"botulinum toxin"``, ``"waxing"``, ``"surgery"``.
    date
        When.
    """

    kind: str
    date: date


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says to one question of the intake.

    Parameters
    ----------
    yes
        None where it is not known.
    when
        When it ended, or the day it was last so; None where it holds now or was not said.
    """

    yes: bool | None
    when: date | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wanted, and what is tolerated.

    Parameters
    ----------
    goal
        Name of a goal (`micropen.planning.goals`).
    device
        Name of a device of the catalogue.
    zones
        Zones to be treated, each side by its own name, in the order of
        `micropen.anatomy.ZONES`; empty is the whole face.
    downtime_days
        Days after a session on which others may notice something; None takes the program's own.
    pain
        Pain during a session that is tolerated, 0-10; None as above.
    pigment_risk
        Tolerated probability of dark marks over the series, 0-1; None as above.
    most_sessions
        None takes the program's own.
    finish_by
        Last day for a session.
    anaesthetic, aftercare
        As in a treatment file.
    """

    goal: str
    device: str
    zones: tuple[str, ...] = ()
    downtime_days: float | None = None
    pain: float | None = None
    pigment_risk: float | None = None
    most_sessions: int | None = None
    finish_by: date | None = None
    anaesthetic: Anaesthetic = Anaesthetic.TOPICAL
    aftercare: Aftercare = Aftercare.BLAND


@dataclass(frozen=True, slots=True)
class Diary:
    """The life that the plan has to fit into.

    Parameters
    ----------
    events
        Days on which the face must look well, in order of time.
    away
        No session is possible on these days.
    sun
        Days of strong sun: no session shortly before, during or shortly after.
    procedures
        Other procedures on the face.
    session_weekdays
        Weekdays on which a session is possible, 0 = Monday.
    work_weekdays
        Weekdays on which others see the face.
    prepared_since
        Day since which what comes before a first session has been kept (test spot, protection
        from the sun); None where it begins on the day of the plan.
    """

    events: tuple[Event, ...] = ()
    away: tuple[Span, ...] = ()
    sun: tuple[Span, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    session_weekdays: frozenset[int] = EVERY_WEEKDAY
    work_weekdays: frozenset[int] = WORKING_WEEK
    prepared_since: date | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """One person who asks for a plan, as the person file says it.

    Parameters
    ----------
    title
        Free text.
    person
        Covariates, as in a treatment file; the age is that of `today`.
    answers
        By question key; a question that is not in it was not answered.
    wishes, diary
        What is wanted, and around what.
    today
        The day on which the plan is made.
    """

    title: str
    person: Person
    wishes: Wishes
    diary: Diary
    today: date
    answers: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
