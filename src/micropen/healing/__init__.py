"""Healing: from the punctures of a series of sessions to the course of every sign.

A kinetic-pharmacodynamic, indirect-response population model, strictly feed-forward: one file per
process in `micropen.healing.processes`, solved state by state over draws and zones.
"""

from micropen.healing.course import SCENARIOS, Course, Scenario
from micropen.healing.forecast import forecast
from micropen.healing.time_grid import day_grid
from micropen.healing.visibility import probability_gone, visible_days

__all__ = [
    "SCENARIOS",
    "Course",
    "Scenario",
    "day_grid",
    "forecast",
    "probability_gone",
    "visible_days",
]
