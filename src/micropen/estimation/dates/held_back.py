"""Dates that must wait while something is off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from micropen.estimation.result import Alert, DateLine, Level

# What one may do; the other lines tell what goes away by itself.
_PLANS: Final = ("makeup", "event", "next")
# Rules that say of a sign that it is more than forecast: its forecast end is then not to be told.
_OFF: Final[Mapping[str, tuple[str, ...]]] = {
    "redness": ("redness", "rising_redness", "one_sided"),
    "swelling": ("swelling", "rising_swelling"),
    "peeling": ("peeling",),
}
_FIRST: Final = {
    Level.CLINICIAN: "not before a clinician has looked at this",
    Level.ASK: "ask your practitioner first",
}
_NOT_TOLD: Final = "cannot be told now: there is more than your forecast expects"


def held_back(dates: Sequence[DateLine], alerts: Sequence[Alert]) -> tuple[DateLine, ...]:
    """Take back the dates that would soothe falsely while an alert asks for somebody.

    A forecast takes what an infection does for a mistake, or learns it slowly: it may call a
    swelling gone that the person has just marked 7. And whoever is told to be seen must not read
    beside it that make-up is fine. The typical date stays.

    Parameters
    ----------
    dates
        From `dates`.
    alerts
        Of the same moment; those that only ask to look again hold nothing back.

    Returns
    -------
    tuple of DateLine
        In the same order; what was held back has no day and no probability. Given again, the same.
    """
    asking = [alert for alert in alerts if alert.level in _FIRST]
    if not asking:
        return tuple(dates)
    gravest = next((lv for lv in _FIRST if any(a.level is lv for a in asking)), Level.ASK)
    rules = {alert.key for alert in asking}
    return tuple(_held(line, gravest, rules) for line in dates)


def _held(line: DateLine, gravest: Level, rules: set[str]) -> DateLine:
    # A contraindication has held it back already, and says why.
    if "clinician" in line.personal:
        return line
    if line.key in _PLANS:
        return _without_day(line, _FIRST[gravest])
    if rules.intersection(_OFF.get(line.key, ())):
        return _without_day(line, _NOT_TOLD)
    return line


def _without_day(line: DateLine, words: str) -> DateLine:
    nan = float("nan")
    return replace(
        line,
        personal=words,
        day_low=nan,
        day=nan,
        day_high=nan,
        probability=nan,
        detail="",
    )
