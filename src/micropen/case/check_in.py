"""A check-in: what a person wrote down about their skin at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a person scores from 0 to 10.

    Parameters
    ----------
    name
        Column of the check-in file.
    sign
        Name in `micropen.signs` where it has one; empty for itching, which several signs cause.
    scale
        Observation model of the answer, a name in ``micropen scales``.
    asked
        The question in a person's words.
    """

    name: str
    sign: str
    scale: str
    asked: str


QUESTIONS: Final[dict[str, Question]] = {
    question.name: question
    for question in (
        Question("redness", "erythema", "erythema_subject", "How red is your face?"),
        Question("pain", "pain", "pain_after", "How much does it hurt?"),
        Question("swelling", "swelling", "swelling_subject", "How swollen is it?"),
        Question("itching", "", "itching_subject", "How much does it itch?"),
        Question("peeling", "scaling", "peeling_subject", "How much does it peel?"),
    )
}

WARNING_SIGNS: Final[dict[str, str]] = {
    "fever": "fever or chills",
    "pus": "pus or yellow crusts",
    "blisters": "blisters, or a group of small blisters",
    "spreading_heat": "redness and heat that spread",
    "eye": "a red, painful or swollen eye, or trouble seeing",
}
"""Red flags: name in the file to words; any of them always means: see a clinician."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer on 0-10: a number, or a word that covers a range of numbers.

    Parameters
    ----------
    low, high
        Least and greatest number that the answer stands for; equal where a number was given.
    written
        As it was written.
    """

    low: float
    high: float
    written: str

    @property
    def middle(self) -> float:
        """Middle of the range."""
        return 0.5 * (self.low + self.high)


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One line of the check-in file.

    Parameters
    ----------
    when
        Local date and time.
    scores
        Question name (of `QUESTIONS`) to answer; unanswered ones are missing.
    breakouts
        Number of spots on the treated face; None where not counted.
    makeup
        Whether makeup was worn; None where not said.
    sun
        Sun on the face since the check-in before: ``""`` (not said), ``"none"``, ``"little"``,
        ``"much"``.
    products
        What was put on the skin, free text.
    warning_signs
        Names of `WARNING_SIGNS` that were ticked.
    note
        Free text.
    line
        Line of the file, from 1; 0 for one that was not read from a file.
    """

    when: datetime
    scores: Mapping[str, Answer] = field(default_factory=dict)
    breakouts: int | None = None
    makeup: bool | None = None
    sun: str = ""
    products: str = ""
    warning_signs: tuple[str, ...] = ()
    note: str = ""
    line: int = 0
