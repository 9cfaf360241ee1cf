"""From what the rules found to the alerts of a person, most serious first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from typing import Final

from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.rule import Rule, Suspicion
from micropen.estimation.alerts.rules import RULES
from micropen.estimation.alerts.spending import Thresholds, thresholds
from micropen.estimation.alerts.words import DO_FIRST
from micropen.estimation.result import Alert, Level

_GRAVEST_FIRST: Final = (Level.CLINICIAN, Level.ASK, Level.WATCH)

# Together they are how an infection looks: two of them that are to be asked about become one
# matter for a clinician.
_INFLAMED: Final = frozenset({"redness", "swelling", "pain", "one place"})
_SAME_SIGN: Final = {"one place": "redness"}


def raise_alerts(context: AlertContext, rules: Sequence[Rule] = RULES) -> tuple[Alert, ...]:
    """Return what this person's own forecast did not expect.

    Parameters
    ----------
    context
        The case.
    rules
        By default all of the program.

    Returns
    -------
    tuple of Alert
        Most serious first, then most improbable; at most one per family and, of red flags, one
        per flag. Better than expected is never an alert.
    """
    limits = thresholds(rules, context)
    found = [
        (rule, _alert(rule, suspicion, limits))
        for rule in rules
        for suspicion in rule.look(context)
    ]
    told = _one_per_family([(rule, alert) for rule, alert in found if alert is not None])
    alerts = [alert for _, alert in _graver_together(told)]
    return tuple(sorted(alerts, key=_order))


def _order(alert: Alert) -> tuple[int, float, str]:
    chance = -1.0 if isnan(alert.probability) else alert.probability
    return _GRAVEST_FIRST.index(alert.level), chance, alert.key


def _alert(rule: Rule, suspicion: Suspicion, limits: Thresholds) -> Alert | None:
    level = limits.level(suspicion)
    if level is None:
        return None
    advice = suspicion.advice
    if suspicion.certain is None and suspicion.most is not Level.WATCH:
        advice = f"{DO_FIRST[level]} {advice}"
    return Alert(
        key=rule.name,
        level=level,
        title=suspicion.title,
        sentence=suspicion.sentence.strip(),
        probability=suspicion.probability,
        evidence=suspicion.evidence,
        harmless=suspicion.harmless,
        advice=advice,
        day=suspicion.day,
    )


def _one_per_family(found: list[tuple[Rule, Alert]]) -> list[tuple[Rule, Alert]]:
    """Of rules that speak of one trouble keep the gravest; the others become its evidence."""
    kept: dict[str, tuple[Rule, Alert]] = {}
    flags = []
    for rule, alert in sorted(found, key=lambda pair: _order(pair[1])):
        if isnan(alert.probability):
            flags.append((rule, alert))
        elif rule.family in kept:
            first, gravest = kept[rule.family]
            kept[rule.family] = first, _with_evidence(gravest, alert)
        else:
            kept[rule.family] = rule, alert
    return flags + list(kept.values())


def _with_evidence(alert: Alert, other: Alert) -> Alert:
    return replace(alert, evidence=(*alert.evidence, other.sentence))


def _graver_together(found: list[tuple[Rule, Alert]]) -> list[tuple[Rule, Alert]]:
    """Two signs of inflammation that are each to be asked about go to a clinician."""
    together = {
        rule.family
        for rule, alert in found
        if rule.family in _INFLAMED and alert.level is Level.ASK
    }
    # One red place is one sign, however many rules see it.
    if len({_SAME_SIGN.get(family, family) for family in together}) < 2:
        return found
    return [
        (rule, _for_a_clinician(alert) if rule.family in together else alert)
        for rule, alert in found
    ]


def _for_a_clinician(alert: Alert) -> Alert:
    first = DO_FIRST[alert.level]
    why = "Several signs of inflammation are off at once, as an infection would make them."
    rest = alert.advice.removeprefix(first).strip()
    return replace(
        alert,
        level=Level.CLINICIAN,
        advice=f"{DO_FIRST[Level.CLINICIAN]} {why} {rest}",
    )
