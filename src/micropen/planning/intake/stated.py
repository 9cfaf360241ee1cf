"""What the rest of a person file says of a question: a fact may stand in several places.

The forecast reads a `Person`, the rules of suitability read both it and the answers. What
``[person]``, procedures and sun say counts as answered; what an answer says is carried over to
the `Person`; two that disagree are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from micropen.planning.intake.client import Answer
from micropen.planning.intake.file_format import PersonFileTable, ProcedureTable, SpanTable
from micropen.planning.suitability.rule import Rule
from micropen.treatment import Person

ACNE: Final = "active_acne"


@dataclass(frozen=True, slots=True)
class Said:
    """What one place of the file says of a question.

    Parameters
    ----------
    where
        The place with its value, as a sentence names it.
    yes
        What it amounts to.
    when
        When it ended, or was last so.
    now
        Whether it holds today for certain.
    ended
        Whether it no longer holds for certain.
    """

    where: str
    yes: bool
    when: date | None = None
    now: bool = False
    ended: bool = False


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
    yield from _by_person(rule, table.person)
    for number, procedure in enumerate(table.procedure, start=1):
        if procedure.kind in rule.procedures and procedure.date <= today:
            yield _by_procedure(number, procedure)
    for number, span in enumerate(table.sun, start=1):
        if rule.sun == "past" and span.first <= today:
            yield Said(_sun(number, span), yes=True, when=min(span.last, today))
        if rule.sun == "planned" and span.last > today:
            yield Said(_sun(number, span), yes=True)


def _by_person(rule: Rule, person: Person) -> Iterator[Said]:
    for medication in rule.medication:
        if medication in person.medication:
            yield Said(f'person.medication has "{medication}"', yes=True, now=True)
    for condition in rule.history:
        if condition in person.history:
            yield Said(f'person.history has "{condition}"', yes=True)
    stopped = person.isotretinoin_stopped
    if rule.isotretinoin_stopped and stopped is not None:
        where = f"person.isotretinoin_stopped is {stopped}"
        yield Said(where, yes=True, when=stopped, ended=True)
    if rule.melasma and "melasma" in person.model_fields_set:
        yield Said(f"person.melasma is {str(person.melasma).lower()}", yes=person.melasma)
    if rule.key == ACNE and ACNE in person.model_fields_set:
        where = f'person.active_acne is "{person.active_acne}"'
        yield Said(where, yes=person.active_acne != "none")


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


def with_answers(person: Person, answers: Mapping[str, Answer], rules: Sequence[Rule]) -> Person:
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
