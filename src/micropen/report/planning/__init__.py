"""The page of a plan: verdict, named plans, trade-offs, settings, series, calendar, chances."""

from micropen.report.planning.page import render_planning
from micropen.report.planning.write import PAGE, write_planning

__all__ = ["PAGE", "render_planning", "write_planning"]
