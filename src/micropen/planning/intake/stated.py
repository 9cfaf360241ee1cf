"""What the rest of a person file says of a question: a fact may stand in several places.

The forecast reads a `Person`, the rules of suitability read both it and the answers. What
``[person]``, procedures and sun say counts as answered; what an answer says is carried over to
the `Person`; two that disagree are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from micropen.planning.intake.client import Answer
from micropen.planning.intake.file_format import PersonFileTable, ProcedureTable, SpanTable
from micropen.planning.suitability.known import Said, said_of_person
from micropen.planning.suitability.rule import Rule
from micropen.treatment import Person


def said_of(rule: Rule, table: PersonFileTable, today: date) -> Iterator[Said]:
    """Yield what a file says of a question elsewhere than under ``[answers]``.

    Parameters
    ----------
    rule
        The row that asks it.
    table
        The file.
    today
        Day on which the plan is made.
    """
    yield from said_of_person(rule, table.person)
    for number, procedure in enumerate(table.procedure, start=1):
        if procedure.kind in rule.procedures and procedure.date <= today:
            yield _by_procedure(number, procedure)
    for number, span in enumerate(table.sun, start=1):
        if rule.sun == "past" and span.first <= today:
            yield Said(_sun(number, span), yes=True, when=min(span.last, today))
        if rule.sun == "planned" and span.last > today:
            yield Said(_sun(number, span), yes=True)


def said_of_answers(
    rule: Rule, answers: Mapping[str, Answer], rules: Iterable[Rule]
) -> Iterator[Said]:
    """Yield what answers to other questions say of a question: uncontrolled diabetes is diabetes.

    Parameters
    ----------
    rule
        The row that asks it.
    answers
        As given, by question key.
    rules
        All rows that ask.
    """
    for other in rules:
        answer = answers.get(other.key, Answer(yes=None))
        # The word that the answer adds to the history (`with_answers`).
        shared = other.key != rule.key and set(other.history[:1]) & set(rule.history)
        if shared and answer.yes and answer.when is None:
            yield Said(f"answers.{other.key} is true", yes=True)


def _by_procedure(number: int, procedure: ProcedureTable) -> Said:
    where = f"procedure[{number}] is {procedure.kind} on {procedure.date}"
    return Said(where, yes=True, when=procedure.date)


def _sun(number: int, span: SpanTable) -> str:
    return f"sun[{number}] is {span.first} to {span.last}"


def disagree(said: Said, answer: Answer, rule: Rule, today: date) -> bool:
    """Whether another place of the file and an answer cannot both be right."""
    if answer.yes is None:
        return False
    if not answer.yes:
        # Long over, it may honestly be answered with no.
        over = said.when is not None and (rule.wait is None or rule.wait.end(said.when) < today)
        return said.yes and not over
    if not said.yes or answer.when is None:
        return not said.yes or said.ended
    return said.now or (said.ended and answer.when != said.when)


def with_answers(person: Person, answers: Mapping[str, Answer], rules: Iterable[Rule]) -> Person:
    """Return the person with what answers with yes add.

    Parameters
    ----------
    person
        As ``[person]`` states it.
    answers
        By question key.
    rules
        The rows that ask.

    Returns
    -------
    Person
        A word more in medication or history for each question that stands for one, melasma,
        and the last day of isotretinoin.
    """
    for rule in rules:
        answer = answers.get(rule.key, Answer(yes=None))
        if answer.yes:
            person = person.model_copy(update=_added(person, rule, answer))
    return person


def _added(person: Person, rule: Rule, answer: Answer) -> dict[str, Any]:
    if answer.when is not None:  # it is over: the words mean what holds now
        return {"isotretinoin_stopped": answer.when} if rule.isotretinoin_stopped else {}
    update: dict[str, Any] = {"melasma": True} if rule.melasma else {}
    # One of two medicines: nobody knows which.
    if len(rule.medication) == 1 and rule.medication[0] not in person.medication:
        update["medication"] = (*person.medication, *rule.medication)
    # The first of two words is the wider one.
    if rule.history and not set(rule.history) & set(person.history):
        update["history"] = (*person.history, rule.history[0])
    return update
