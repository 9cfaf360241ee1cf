"""Reports: a self-contained page, frames, a film, the course as data, and its provenance.

What writes pictures and films is loaded when first used: a plan's page needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from micropen.report.complications import Complication, OverTreatment
from micropen.report.content import (
    Milestone,
    Provenance,
    ReportContent,
    SessionSummary,
    SignEvidence,
    ZoneSetting,
)
from micropen.report.milestones import milestones

if TYPE_CHECKING:
    from micropen.report.write import write_report

__all__ = [
    "Complication",
    "Milestone",
    "OverTreatment",
    "Provenance",
    "ReportContent",
    "SessionSummary",
    "SignEvidence",
    "ZoneSetting",
    "milestones",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """Load the writer of a report from its module."""
    if name != "write_report":
        raise AttributeError(f"module 'micropen.report' has no attribute {name!r}")
    from micropen.report.write import write_report  # noqa: PLC0415  (brings in OpenCV)

    return write_report


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
