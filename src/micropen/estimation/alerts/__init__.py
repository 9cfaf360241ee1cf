"""Alerts: what departs from this person's own forecast, and red flags they tell."""

from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.raising import raise_alerts
from micropen.estimation.alerts.rule import Look, Rule, Suspicion
from micropen.estimation.alerts.rules import RULES

__all__ = ["RULES", "AlertContext", "Look", "Rule", "Suspicion", "raise_alerts"]
