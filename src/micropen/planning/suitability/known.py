"""What is known of each question: answers, words of the person file and the diary together.

Statements that cannot all be right are refused where a person file is read; here a yes counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from micropen.planning.intake.client import Client
from micropen.planning.suitability.rule import Rule
from micropen.treatment import Person


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a question.

    Parameters
    ----------
    yes
        None where nobody said.
    when
        Day on which it ended or happened; None where it holds now, or no day was said.
    """

    yes: bool | None = None
    when: date | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What one place of a person file says of a question.

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


def said_of_person(rule: Rule, person: Person) -> Iterator[Said]:
    """Yield what ``[person]`` says of a question.

    Parameters
    ----------
    rule
        The row that asks it.
    person
        A default is no statement: only what was set counts.
    """
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
    if rule.acne and "active_acne" in person.model_fields_set:
        where = f'person.active_acne is "{person.active_acne}"'
        yield Said(where, yes=person.active_acne != "none")


def _in_the_diary(rule: Rule, client: Client) -> Iterator[Known]:
    """What the diary says; it never says no, since nobody writes down what was not."""
    today, diary = client.today, client.diary
    if rule.sun == "planned" and any(span.last > today for span in diary.sun):
        yield Known(yes=True)
    days = [p.date for p in diary.procedures if p.kind in rule.procedures and p.date <= today]
    if rule.sun == "past":
        days += [span.last for span in diary.sun if span.first <= today]
    yield from (Known(True, day) for day in days)


def known(rule: Rule, client: Client) -> Known:
    """Return what is known of the question of a rule.

    Parameters
    ----------
    rule
        One that asks, on the device that is planned with.
    client
        Answers, person and diary. A day in the diary counts whatever the answers say.
    """
    answer = client.answers.get(rule.key)
    facts = [Known(said.yes, said.when) for said in said_of_person(rule, client.person)]
    facts += _in_the_diary(rule, client)
    if answer is not None and answer.yes is not None:
        facts.append(Known(answer.yes, answer.when))
    if any(fact.yes for fact in facts):
        days = (fact.when for fact in facts if fact.yes and fact.when is not None)
        return Known(True, max(days, default=None))
    return Known(yes=False) if facts else Known()
