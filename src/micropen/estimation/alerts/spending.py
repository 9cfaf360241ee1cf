"""How improbable a finding must be: false alarms are spent over the tests of a whole course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.rule import Look, Rule, Suspicion
from micropen.estimation.result import Level


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities at or below which one test speaks.

    Parameters
    ----------
    watch, ask
        Of the two levels.
    """

    watch: float
    ask: float

    def level(self, suspicion: Suspicion) -> Level | None:
        """Return how serious a finding is; None for what chance explains."""
        if suspicion.certain is not None:
            return suspicion.certain
        if not suspicion.probability <= self.watch:
            return None
        asked = suspicion.at_risk or suspicion.probability <= self.ask
        return Level.ASK if asked and suspicion.most is not Level.WATCH else Level.WATCH


def tests_of_course(rules: Sequence[Rule], context: AlertContext) -> float:
    """Return how many tests a course of the planned length makes over all rules."""
    planned = {
        Look.CHECK_IN: context.value("planned_check_ins"),
        Look.PHOTOGRAPH: context.value("planned_photographs"),
    }
    return sum(planned[look] for rule in rules for look in rule.looks)


def thresholds(rules: Sequence[Rule], context: AlertContext) -> Thresholds:
    """Return the thresholds of this look.

    The false alarms that a course may have are shared evenly by its tests (Bonferroni). A course
    that goes on for longer than planned gets half as many for as many looks again, and so on: at
    most twice as many in all, however long it is.
    """
    planned = context.value("planned_check_ins") + context.value("planned_photographs")
    share = 0.5 ** int(max(_looks_so_far(context) - 1, 0) // planned)
    tests = tests_of_course(rules, context)
    return Thresholds(
        watch=share * context.value("false_watch_per_course") / tests,
        ask=share * context.value("false_ask_per_course") / tests,
    )


def _looks_so_far(context: AlertContext) -> int:
    """Photographs and check-ins since the latest session."""
    latest = context.session_before(context.today)
    points = context.predictive.points
    return len({(point.source, point.day) for point in points if point.day >= latest})
