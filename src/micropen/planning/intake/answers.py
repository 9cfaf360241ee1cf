"""``[answers]``: yes, no, a date, or not known; held against the questions of the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from micropen.planning.intake.client import Answer
from micropen.planning.intake.file_format import PersonFileTable
from micropen.planning.intake.stated import disagree, said_of, said_of_answers, with_answers
from micropen.planning.intake.words import is_unknown
from micropen.planning.suitability.known import Said
from micropen.planning.suitability.rule import Rule, rules
from micropen.toml_files import nearest, shown
from micropen.treatment import Person

ALL_OTHERS: Final = "all_others"
_ALL_OTHERS_MEANS: Final = (
    'it can only be false, which answers every question not named with "no"; leave it out to be '
    "asked"
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the answers come to.

    Parameters
    ----------
    answers
        By question key, in the order of the form.
    person
        With what the answers add to it.
    findings
        What is wrong, in sentences without a full stop; empty where nothing is.
    """

    answers: Mapping[str, Answer]
    person: Person
    findings: tuple[str, ...]


def read_answers(table: PersonFileTable, today: date) -> Answered:
    """Hold the answers of a file against the questions, and against the rest of the file.

    Parameters
    ----------
    table
        The file.
    today
        No answer lies after it.
    """
    asking = {rule.key: rule for rule in rules() if rule.question}
    findings = [
        sentence
        for key, value in table.answers.items()
        if (sentence := _finding(key, value, asking, today)) is not None
    ]
    if findings:
        return Answered({}, table.person, tuple(findings))
    given = {key: _answer(value) for key, value in table.answers.items() if key in asking}
    answers = {}
    for key, rule in asking.items():
        said = (*said_of(rule, table, today), *said_of_answers(rule, given, asking.values()))
        findings += _disagreements(table, rule, said, today)
        if key in given:
            answers[key] = given[key]
        elif ALL_OTHERS in table.answers and not _contradicts_no(rule, said, today):
            answers[key] = Answer(yes=False)
    person = with_answers(table.person, answers, asking.values())
    return Answered(answers, person, tuple(findings))


def _contradicts_no(rule: Rule, said: Sequence[Said], today: date) -> bool:
    return any(disagree(one, Answer(yes=False), rule, today) for one in said)


def _answer(value: Any) -> Answer:
    if isinstance(value, date):
        return Answer(yes=True, when=value)
    return Answer(yes=value if isinstance(value, bool) else None)


def _finding(key: str, value: Any, asking: Mapping[str, Rule], today: date) -> str | None:
    """Say what is wrong with one answer by itself; None where nothing is."""
    where = f"answers.{key} is {shown(value)}"
    if key == ALL_OTHERS:
        return None if value is False else f"{where}: {_ALL_OTHERS_MEANS}"
    if key not in asking:
        return f"answers has an unknown key {key!r}; {nearest(key, {*asking, ALL_OTHERS})}"
    if isinstance(value, bool) or is_unknown(value):
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return _finding_of_date(where, value, asking[key].wait is not None, today)
    date_words = ", a date without quotes such as 2026-05-08" if asking[key].wait else ""
    return f'{where}: it must be true, false{date_words} or "unknown"'


def _finding_of_date(where: str, day: date, takes_date: bool, today: date) -> str | None:
    if not takes_date:
        return f'{where}: this question takes no date; answer true, false or "unknown"'
    if day > today:
        return (
            f"{where}, after today ({today}): a date says when it ended or was last so; answer "
            "true if it still holds"
        )
    return None


def _disagreements(
    table: PersonFileTable, rule: Rule, said: Sequence[Said], today: date
) -> Iterator[str]:
    now = next((one for one in said if one.now), None)
    ended = next((one for one in said if one.ended), None)
    if now is not None and ended is not None:
        yield f"{now.where}, but {ended.where}; state one of them only"
    if rule.key not in table.answers:
        return
    value = table.answers[rule.key]
    answer = _answer(value)
    for one in said:
        if disagree(one, answer, rule, today):
            yield f"answers.{rule.key} is {shown(value)}, but {one.where}; state one of them only"
    if rule.acne and answer.yes and not said:
        yield (
            "answers.active_acne is true, but not how much acne there is; state "
            'person.active_acne as "mild", "moderate" or "severe" instead'
        )
