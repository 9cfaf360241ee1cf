"""Reports: a self-contained page, frames, a film, the course as data, and its provenance."""

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
