"""What is said of a person before anything is planned: verdict, findings, open questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from micropen.evidence import Grade


class Verdict(StrEnum):
    """From the mildest to the gravest."""

    GO = "go"
    CONDITIONS = "go, with conditions"
    DEFER = "defer"
    CLINICIAN = "do not treat: ask a clinician"

    @property
    def gravity(self) -> int:
        """0 for go, 3 for a clinician."""
        return list(Verdict).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that speaks of this person.

    Parameters
    ----------
    key
        Of the rule.
    title
        Two or three words: ``"Isotretinoin"``.
    verdict
        What this rule alone would say.
    sentence
        Why, and on whose word.
    until
        Last day on which it still holds a session back; None where it does not end by a date.
    condition
        What has to be done or observed; empty where nothing.
    days_before, days_after
        The condition holds from so many days before each session to so many after it.
    source, grade
        Bibliography key and evidence grade.
    first_waits
        Whether a first session has to leave time for the days before.
    """

    key: str
    title: str
    verdict: Verdict
    sentence: str
    source: str
    grade: Grade
    until: date | None = None
    condition: str = ""
    days_before: float = 0.0
    days_after: float = 0.0
    first_waits: bool = True

    @property
    def prepares_days(self) -> float:
        """Days that have to pass before a first session."""
        return self.days_before if self.first_waits else 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the intake.

    Parameters
    ----------
    key
        As it stands in the person file.
    text
        As it is asked.
    why
        What depends on it, in a few words.
    takes_date
        Whether a date may answer it (when it ended, or was last so).
    """

    key: str
    text: str
    why: str
    takes_date: bool = False


@dataclass(frozen=True, slots=True)
class Suitability:
    """Whether a person may be treated, from when on, and on which conditions.

    Parameters
    ----------
    verdict
        The gravest of the findings.
    findings
        Gravest first.
    questions
        Those without an answer, in the order of the form; nothing is planned while there are any.
    earliest
        First day on which a session may be; None where none may.
    most_pigment_risk
        Tolerated probability of dark marks at most, by the rules; 1 where none limits it.
    mild
        Titles of the findings that ask for mild settings; empty where none does.
    days_before_event
        Days that the first session of a plan keeps before an event at least; 0 where none.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    earliest: date | None
    most_pigment_risk: float = 1.0
    mild: tuple[str, ...] = ()
    days_before_event: float = 0.0
