"""The table of rules: read and checked, sources that exist, and the page that lists it."""

from datetime import date
from pathlib import Path

import pytest
from made_up_client import documented_lines, documented_notes

from micropen.errors import MicropenError, UnknownNameError
from micropen.evidence import prior_parameters, source
from micropen.planning.intake.words import PROCEDURES
from micropen.planning.suitability import Rule, Verdict, Wait, rules
from micropen.planning.suitability.rule import read_rules
from micropen.treatment import devices

PAGE = Path(__file__).parents[2] / "docs" / "suitability.md"
ROW = """
[[rule]]
key = "a"
title = "A"
question = "A?"
why = "a"
verdict = "defer"
reason = "A."
wait = { value = 2, unit = "week" }
reason_after = "After A."
source = "assumed"
grade = "D"
note = ""
"""


@pytest.mark.parametrize("rule", rules(), ids=lambda r: r.key)
def test_each_row_has_a_source_no_weaker_than_it_says(rule):
    for name in sorted(devices()):
        here = rule.on_device(name)
        assert here.grade.value >= source(here.source).grade.value
    if rule.source == "assumed":
        assert rule.note


@pytest.mark.parametrize("rule", rules(), ids=lambda r: r.key)
def test_sentences_are_whole(rule):
    for words in (rule.reason, rule.reason_after, rule.condition):
        assert not words or (words[0].isupper() and words.endswith("."))
    assert not set(rule.procedures) - set(PROCEDURES)


def test_each_threshold_is_a_parameter():
    parameters = prior_parameters()
    ages = {n for r in rules() for n in (r.age_from, r.age_below)} - {"", "label"}
    types = {n for r in rules() for n in (r.phototype_from, r.phototype_below)} - {""}
    limits = {r.limits_pigment_risk for r in rules()} - {""}
    room = "planning.suitability"
    named = {f"{room}.age.{n}" for n in ages} | {f"{room}.phototype.{n}" for n in types}
    named |= {f"{room}.most_pigment_risk.{n}" for n in limits}
    ahead = {r.days_before_event for r in rules()} - {""}
    named |= {f"{room}.days_before_event.{n}" for n in ahead}
    assert named == {p.name for p in parameters if p.name.startswith(f"{room}.")}


def test_each_procedure_of_the_diary_has_a_row():
    assert {kind for r in rules() for kind in r.procedures} == set(PROCEDURES)


def test_a_row_is_read():
    (rule,) = read_rules(ROW)
    assert isinstance(rule, Rule)
    assert rule.verdict is Verdict.DEFER
    assert (rule.subject, rule.as_question().takes_date) == ("a", True)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('key = "a"', 'key = "a"\nworries = 1', "rule a: .*unknown key 'worries'"),
        ('"defer"', '"defre"', "unknown verdict 'defre'; nearest: defer"),
        ('reason = "A."', "", "rule a: reason is missing"),
        ('"defer"', '"conditions"', "condition and verdict do not fit together"),
        ('reason_after = "After A."', "", "wait and reason_after do not fit together"),
        ('why = "a"', "", "question and why do not fit together"),
        ('why = "a"', 'why = "a"\nneeds = ["b"]', "rule a names 'b', which no question asks"),
        ("value = 2", "value = 0", "rule a: wait.value"),
        ('"week"', '"fortnight"', "rule a: wait.unit"),
    ],
)
def test_a_torn_row_is_refused(old, new, sentence):
    assert old in ROW
    with pytest.raises(MicropenError, match=sentence):
        read_rules(ROW.replace(old, new))


def test_a_key_twice_and_unknown_names_are_refused():
    with pytest.raises(MicropenError, match="the keys a stand twice"):
        read_rules(ROW + ROW)
    with pytest.raises(UnknownNameError, match="source"):
        read_rules(ROW.replace('"assumed"', '"asumed"'))
    override = '[[rule.on]]\ndevices = ["{}"]\nverdict = "{}"\n'
    with pytest.raises(UnknownNameError, match="device"):
        read_rules(ROW + override.format("exced", "clinician"))
    with pytest.raises(MicropenError, match="condition and verdict"):
        read_rules(ROW + override.format("exceed", "conditions"))
    assert read_rules(ROW + override.format("exceed", "clinician"))


@pytest.mark.parametrize(
    ("value", "unit", "day", "end"),
    [
        (30, "day", date(2026, 1, 31), date(2026, 3, 2)),
        (2, "week", date(2026, 12, 25), date(2027, 1, 8)),
        (6, "month", date(2026, 8, 31), date(2027, 2, 28)),
        (6, "month", date(2027, 8, 31), date(2028, 2, 29)),
        (12, "month", date(2026, 5, 17), date(2027, 5, 17)),
        (1, "month", date(2026, 12, 31), date(2027, 1, 31)),
        (1, "year", date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_waits_by_the_calendar(value, unit, day, end):
    assert Wait(value=value, unit=unit).end(day) == end


def test_the_page_lists_every_row_and_no_other():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("| `")] == documented_lines()
    assert [line for line in lines if line.startswith("- `")] == documented_notes()
