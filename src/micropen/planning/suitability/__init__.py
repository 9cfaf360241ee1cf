"""Suitability: who may be treated, from when on, and on which conditions."""

from micropen.planning.suitability.assess import assess
from micropen.planning.suitability.prepared import prepared
from micropen.planning.suitability.rule import Rule, Wait, questions_of_the_form, rules
from micropen.planning.suitability.verdict import Finding, Question, Suitability, Verdict

__all__ = [
    "Finding",
    "Question",
    "Rule",
    "Suitability",
    "Verdict",
    "Wait",
    "assess",
    "prepared",
    "questions_of_the_form",
    "rules",
]
