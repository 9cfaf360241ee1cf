"""From all that is known of a person to the terms of the likelihood."""

from __future__ import annotations

from micropen.case import QUESTIONS
from micropen.estimation.likelihood.answers import AnswerError, AnswerTerm
from micropen.estimation.likelihood.counts import CountTerm
from micropen.estimation.likelihood.photographs import PhotoError, PhotoTerm
from micropen.estimation.likelihood.term import Term
from micropen.estimation.readings import Readings, by_photo_and_sign
from micropen.evidence import ParameterSet
from micropen.treatment import Person


def terms_of(readings: Readings, person: Person, parameters: ParameterSet) -> tuple[Term, ...]:
    """Group readings into terms that are independent given the person.

    Parameters
    ----------
    readings
        What is known.
    person
        Whose it is.
    parameters
        Holds the error models.
    """
    photographs = [
        PhotoTerm(group, PhotoError.of(sign, parameters))
        for (_, sign), group in by_photo_and_sign(readings.photographs).items()
    ]
    usual = dict(readings.usual)
    answers = [
        AnswerTerm(
            question, chosen, person, usual.get(question), AnswerError.of(question, parameters)
        )
        for question in QUESTIONS
        if (chosen := tuple(a for a in readings.answers if a.question == question))
    ]
    counts = [CountTerm.of(readings.counts, parameters)] if readings.counts else []
    return (*photographs, *answers, *counts)
