"""How a rule states itself: what it looks for and how often, not how serious its finding is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.result import Level


class Look(StrEnum):
    """What gives a rule something new to judge."""

    CHECK_IN = "check-in"
    PHOTOGRAPH = "photograph"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What a rule found, before it is weighed against how often it would find it in anybody.

    Parameters
    ----------
    title, sentence, evidence, harmless, advice, day
        As in `micropen.estimation.result.Alert`.
    probability
        Of something at least so far off; NaN where `certain` says the level.
    certain
        Level that needs no probability; None otherwise.
    most
        Level that it never exceeds.
    at_risk
        Whether the person's history makes it graver: what would be watched is then asked about.
    """

    title: str
    sentence: str
    probability: float
    evidence: tuple[str, ...]
    harmless: str
    advice: str
    day: float
    certain: Level | None = None
    most: Level = Level.CLINICIAN
    at_risk: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Parameters
    ----------
    name
        Snake case; the key of its alerts.
    family
        Rules of one family speak of one trouble: only the gravest of them is told.
    summary
        One line: what it looks for.
    looks
        What gives it something new to judge: each counts as a test of the course.
    sources
        Bibliography keys of what its words say.
    look
        What it finds in a case; empty for nothing.
    """

    name: str
    family: str
    summary: str
    looks: tuple[Look, ...]
    sources: tuple[str, ...]
    look: Callable[[AlertContext], tuple[Suspicion, ...]]
