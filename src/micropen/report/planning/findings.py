"""What was found in the answers, gravest first, each with its source and grade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from micropen.planning.result import Planned
from micropen.planning.suitability.verdict import Finding, Verdict
from micropen.report.planning.headline import when
from micropen.report.planning.wording import GRADE_WORDS, cited

_TONES: Final = {
    Verdict.GO: ("go", "Note"),
    Verdict.CONDITIONS: ("conditions", "With a condition"),
    Verdict.DEFER: ("defer", "Wait"),
    Verdict.CLINICIAN: ("clinician", "Ask a clinician"),
}


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding as the page shows it."""

    tone: str
    level: str
    finding: Finding
    when: str
    source: str
    link: str
    grade_words: str


def finding_rows(planned: Planned) -> list[FindingRow]:
    """Findings, gravest first; equals stay in the order given."""
    sessions = planned.plans[0].sessions if planned.plans else ()
    first = sessions[0].on if sessions else None
    ordered = sorted(planned.suitability.findings, key=lambda f: -f.verdict.gravity)
    return [_row(finding, first, planned.client.today) for finding in ordered]


def _row(finding: Finding, first: date | None, today: date) -> FindingRow:
    tone, level = _TONES[finding.verdict]
    title, link = cited(finding.source)
    return FindingRow(
        tone, level, finding, when(finding, first, today), title, link, GRADE_WORDS[finding.grade]
    )
