"""The page of a followed case: what to expect now, alerts, what was learned, curves, the record."""

from micropen.report.following.page import render_following
from micropen.report.following.write import PAGE, write_following

__all__ = ["PAGE", "render_following", "write_following"]
