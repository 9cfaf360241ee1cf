"""Healing: from the punctures of a series of sessions to the course of every sign.

A kinetic-pharmacodynamic, indirect-response population model, strictly feed-forward: one file per
process in `micropen.healing.processes`, solved state by state over draws and zones.
"""

from micropen.healing.course import SCENARIOS, Course, Scenario
from micropen.healing.forecast import forecast
from micropen.healing.risks import (
    RISKS,
    Risk,
    RiskContext,
    RiskEstimate,
    estimate_risks,
    risks_of,
)
from micropen.healing.streamed_quantiles import forecast_quantiles
from micropen.healing.time_grid import day_grid
from micropen.healing.visibility import visible_days

__all__ = [
    "RISKS",
    "SCENARIOS",
    "Course",
    "Risk",
    "RiskContext",
    "RiskEstimate",
    "Scenario",
    "day_grid",
    "estimate_risks",
    "forecast",
    "forecast_quantiles",
    "risks_of",
    "visible_days",
]
