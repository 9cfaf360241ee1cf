"""Made-up people for the tests of suitability, and the lines of its documentation."""

from __future__ import annotations

from datetime import date

from micropen.evidence import prior_parameters
from micropen.planning.intake.client import Answer, Client, Diary, Wishes
from micropen.planning.suitability import Rule, Verdict, assess, rules
from micropen.treatment import Person, device

TODAY = date(2026, 11, 23)
ASKING = tuple(rule for rule in rules() if rule.question)
NO = Answer(yes=False)
ALL_NO = {rule.key: NO for rule in ASKING}
WORDS = {
    Verdict.GO: "a note only",
    Verdict.CONDITIONS: "go, with a condition",
    Verdict.DEFER: "wait",
    Verdict.CLINICIAN: "ask a clinician",
}


def a_client(answers=None, *, diary=None, goal="texture", wishes=None, today=TODAY, **person):
    """Client who answers no to everything but what is given."""
    facts = {"age_years": 36, "phototype": 2, **person}
    return Client(
        title="",
        person=Person.model_validate(facts),
        wishes=Wishes(goal=goal, device="", **(wishes or {})),
        diary=diary or Diary(),
        today=today,
        answers=ALL_NO | (answers or {}),
    )


def verdict_of(client, name="dermapen"):
    return assess(client, device(name), prior_parameters())


def by_key(found):
    return {finding.key: finding for finding in found.findings}


def _days(rule: Rule) -> str:
    if not rule.days_before and not rule.days_after:
        return ""
    return f"{rule.days_before:g} before to {rule.days_after:g} after"


def _wait(rule: Rule) -> str:
    if rule.wait is None:
        return ""
    return f"{rule.wait.value} {rule.wait.unit}{'s' if rule.wait.value > 1 else ''}"


def _cells(rule: Rule, title: str) -> str:
    cells = (f"`{rule.key}`", title, WORDS[rule.verdict], _wait(rule), _days(rule))
    return "| " + " | ".join((*cells, f"{rule.source}, {rule.grade}")) + " |"


def documented_lines() -> list[str]:
    """Lines of the tables in docs/suitability.md."""
    lines = []
    for rule in rules():
        lines.append(_cells(rule, rule.title))
        names = dict.fromkeys(name for o in rule.on for name in o.devices)
        lines += [_cells(rule.on_device(name), f"… on {name}") for name in names]
    return lines


def documented_notes() -> list[str]:
    """What of each row is not from its source."""
    return [f"- `{rule.key}`: {rule.note}" for rule in rules() if rule.note]
