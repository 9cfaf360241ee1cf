"""What is known of each question: answers, words of the person file and the diary together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from micropen.errors import MicropenError, unknown_name
from micropen.planning.intake.client import Answer, Client
from micropen.planning.suitability.rule import Rule, rules


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
class _Said:
    """One statement, and where it stands: ``still`` where it says that it holds today."""

    yes: bool
    place: str
    when: date | None = None
    still: bool = False


def _answered(rule: Rule, answer: Answer | None, today: date) -> Iterator[_Said]:
    """Statement of the answers; a day that cannot be is refused."""
    if answer is None or answer.yes is None:
        return
    when, place = answer.when, f"answers.{rule.key}"
    if when is not None and (not answer.yes or rule.wait is None):
        raise MicropenError(
            f"{place} has the day {when}, but this answer takes none; answer true or false."
        )
    if when is not None and when > today:
        raise MicropenError(
            f"{place} has the day {when}, after today ({today}); give the day on which it ended, "
            "or true while it still holds."
        )
    yield _Said(answer.yes, f"{place} says {'yes' if answer.yes else 'no'}", when)


def _stated(rule: Rule, client: Client) -> Iterator[_Said]:
    """Statements of ``[person]``."""
    person = client.person
    for medication in rule.medication:
        if medication in person.medication:
            yield _Said(True, f'person.medication has "{medication}"', still=True)
    for condition in rule.history:
        if condition in person.history:
            yield _Said(True, f'person.history has "{condition}"')
    stopped = person.isotretinoin_stopped
    if rule.isotretinoin_stopped and stopped is not None:
        yield _Said(True, f"person.isotretinoin_stopped is {stopped}", stopped)
    # A default is no statement: only what the file says counts.
    if rule.melasma and (person.melasma or "melasma" in person.model_fields_set):
        yield _Said(person.melasma, f"person.melasma is {str(person.melasma).lower()}")
    if rule.acne and (person.active_acne != "none" or "active_acne" in person.model_fields_set):
        grade = person.active_acne
        yield _Said(grade != "none", f'person.active_acne is "{grade}"')


def _in_the_diary(rule: Rule, client: Client) -> Known | None:
    """What the diary says; it never says no, since nobody writes down what was not."""
    today, diary = client.today, client.diary
    if rule.sun == "planned":
        return Known(yes=True) if any(span.last > today for span in diary.sun) else None
    days = [p.date for p in diary.procedures if p.kind in rule.procedures and p.date <= today]
    if rule.sun == "past":
        days += [span.last for span in diary.sun if span.first <= today]
    return Known(True, max(days)) if days else None


def _is_over(said: _Said, rule: Rule, today: date) -> bool:
    return said.when is not None and rule.wait is not None and rule.wait.end(said.when) < today


def _refuse_contradictions(rule: Rule, said: list[_Said], today: date) -> None:
    """Refuse statements that cannot all be right."""
    no = next((s for s in said if not s.yes), None)
    yes = next((s for s in said if s.yes and not _is_over(s, rule, today)), None)
    still = next((s for s in said if s.still), None)
    ended = next((s for s in said if s.when is not None), None)
    for one, other in ((no, yes), (still, ended)):
        if one is not None and other is not None:
            day = f" ({other.when})" if other.when and str(other.when) not in other.place else ""
            raise MicropenError(
                f"{one.place}, but {other.place}{day}: both cannot be right; correct one of them."
            )


def known(rule: Rule, client: Client) -> Known:
    """Return what is known of the question of a rule.

    Parameters
    ----------
    rule
        One that asks, on the device that is planned with.
    client
        Answers, person and diary. A day in the diary counts whatever the answers say.

    Raises
    ------
    MicropenError
        Where two statements contradict each other, or a day lies after today.
    """
    answer = client.answers.get(rule.key)
    said = [*_answered(rule, answer, client.today), *_stated(rule, client)]
    _refuse_contradictions(rule, said, client.today)
    noted = _in_the_diary(rule, client)
    yes = [s for s in said if s.yes]
    days = [s.when for s in yes if s.when is not None]
    if noted is not None:
        days += [noted.when] if noted.when is not None else []
        return Known(True, max(days, default=None))
    if yes:
        return Known(True, max(days, default=None))
    return Known(yes=False) if said else Known()


def check_keys(client: Client) -> None:
    """Refuse an answer to a question that no rule asks, with the nearest ones."""
    asked = [rule.key for rule in rules() if rule.question]
    for key in client.answers:
        if key not in asked:
            raise unknown_name("question", key, asked)
