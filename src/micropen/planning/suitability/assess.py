"""The verdict: every rule held against what is known of a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from micropen.evidence import ParameterSet
from micropen.planning.intake.client import Client
from micropen.planning.suitability.known import Known, known
from micropen.planning.suitability.rule import Rule, rules_for
from micropen.planning.suitability.verdict import Finding, Question, Suitability, Verdict
from micropen.treatment import Anaesthetic, Device

_ROOM: Final = "planning.suitability"
_ASK_AGAIN: Final = "Ask again when it is over."
_SAY_WHEN: Final = "The day of it is needed to say until when."
_LABEL: Final = "label"


def _fits(rule: Rule, client: Client, facts: Mapping[str, Known]) -> bool:
    """Whether a rule concerns this goal, this anaesthetic and what else is known."""
    if rule.goals and client.wishes.goal not in rule.goals:
        return False
    if rule.with_anaesthetic and client.wishes.anaesthetic is Anaesthetic.NONE:
        return False
    needed = all(facts[key].yes is True for key in rule.needs)
    return needed and all(facts[key].yes is False for key in rule.unless)


def _age(name: str, device: Device, parameters: ParameterSet) -> float:
    if name == _LABEL:
        return device.minimum_age_years
    return parameters.value(f"{_ROOM}.age.{name}")


def _covers(rule: Rule, client: Client, device: Device, parameters: ParameterSet) -> bool:
    """Whether age and phototype lie where a rule speaks: from the first, below the second."""
    age, phototype = client.person.age_years, client.person.phototype

    def shade(name: str) -> float:
        return parameters.value(f"{_ROOM}.phototype.{name}")

    return (
        (not rule.age_from or age >= _age(rule.age_from, device, parameters))
        and (not rule.age_below or age < _age(rule.age_below, device, parameters))
        and (not rule.phototype_from or phototype >= shade(rule.phototype_from))
        and (not rule.phototype_below or phototype < shade(rule.phototype_below))
    )


def _holds(rule: Rule, client: Client, fact: Known | None) -> bool:
    """Whether the fact of a rule is known to be so."""
    if rule.by_itself:
        return True
    if rule.acne:
        return client.person.active_acne == rule.acne
    return fact is not None and fact.yes is True


def _finding(rule: Rule, fact: Known, today: date) -> Finding | None:
    """What a rule says; None where its wait is over."""
    until, verdict, sentence = None, rule.verdict, rule.reason
    if rule.wait is not None and fact.when is not None:
        until, verdict, sentence = rule.wait.end(fact.when), Verdict.DEFER, rule.reason_after
        if until < today:
            return None
    elif verdict is Verdict.DEFER:
        sentence = f"{sentence} {_SAY_WHEN if rule.date_needed else _ASK_AGAIN}"
    return Finding(
        key=rule.key,
        title=rule.title,
        verdict=verdict,
        sentence=sentence,
        source=rule.source,
        grade=rule.grade,
        until=until,
        condition=rule.condition,
        days_before=rule.days_before,
        days_after=rule.days_after,
        first_waits=rule.first_waits,
    )


def _question(rule: Rule, client: Client, fact: Known) -> Question | None:
    """The question of a rule where its answer is open; the day alone where only that is."""
    if rule.not_sex and client.person.sex == rule.not_sex and fact.yes is None:
        return None
    no_grade = bool(rule.acne) and fact.yes is True and client.person.active_acne == "none"
    if fact.yes is None or no_grade:
        return rule.as_question()
    if fact.yes and rule.date_needed and fact.when is None:
        return rule.as_question(day=True)
    return None


def _earliest(findings: tuple[Finding, ...], today: date) -> date | None:
    """First day on which a session may be; None where no day is known."""
    holding = [f for f in findings if f.verdict.gravity >= Verdict.DEFER.gravity]
    days = [f.until for f in holding if f.verdict is Verdict.DEFER and f.until is not None]
    if len(days) < len(holding):
        return None
    return max([today, *(day + timedelta(days=1) for day in days)])


def _speaking(
    client: Client, device: Device, parameters: ParameterSet, facts: Mapping[str, Known]
) -> Iterator[tuple[Rule, Finding]]:
    for rule in rules_for(device):
        fact = facts.get(rule.subject)
        concerned = _fits(rule, client, facts) and _covers(rule, client, device, parameters)
        if concerned and _holds(rule, client, fact):
            finding = _finding(rule, fact or Known(), client.today)
            if finding is not None:
                yield rule, finding


def assess(client: Client, device: Device, parameters: ParameterSet) -> Suitability:
    """Hold every rule against what is known of a person.

    Parameters
    ----------
    client
        Person, answers, diary and wishes, free of contradictions as a person file is read;
        `Client.today` is the day of the verdict.
    device
        That the plan is made for: labels differ.
    parameters
        Ages, phototypes and limits of the rules.

    Returns
    -------
    Suitability
        Verdict, findings, open questions and the first possible day. Nothing is assumed: what
        nobody said is a question, and neither speaks for nor against.

    Notes
    -----
    docs/suitability.md says how the rules are read, and lists them with source and grade.
    """
    asking = [rule for rule in rules_for(device) if rule.question]
    facts = {rule.key: known(rule, client) for rule in asking}
    spoken = list(_speaking(client, device, parameters, facts))
    findings = tuple(sorted((f for _, f in spoken), key=lambda f: -f.verdict.gravity))
    open_questions = (
        _question(rule, client, facts[rule.key]) for rule in asking if _fits(rule, client, facts)
    )
    limits = [
        parameters.value(f"{_ROOM}.most_pigment_risk.{rule.limits_pigment_risk}")
        for rule, _ in spoken
        if rule.limits_pigment_risk
    ]
    ahead = [
        parameters.value(f"{_ROOM}.days_before_event.{rule.days_before_event}")
        for rule, _ in spoken
        if rule.days_before_event
    ]
    return Suitability(
        verdict=findings[0].verdict if findings else Verdict.GO,
        findings=findings,
        questions=tuple(q for q in open_questions if q is not None),
        earliest=_earliest(findings, client.today),
        most_pigment_risk=min(limits, default=1.0),
        mild=tuple(rule.title for rule, _ in spoken if rule.mild),
        days_before_event=max(ahead, default=0.0),
    )
