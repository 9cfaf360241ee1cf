"""The page: one HTML file with everything inside and nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from markupsafe import Markup

from micropen.healing.treated_area import TreatedArea
from micropen.report.complications import complication_rows, over_treatment_note
from micropen.report.content import Milestone, ReportContent, SessionSummary, SignEvidence
from micropen.report.display import GRADE_MEANINGS, NUMBING, SIGN_DISPLAYS, ZONE_LABELS
from micropen.report.page_data import EmbeddedPictures, Series, page_data
from micropen.report.reassurance import harmless, series_note
from micropen.report.self_contained import environment, policy, resource, script_data
from micropen.report.words import Vocabulary, date_words, whole_day

_PACKAGE: Final = "micropen.report"
_SCRIPTS: Final = ("picture.js", "timeline.js", "charts.js", "report.js")
_SIDES: Final = ("left", "right")
_PAIRS: Final[Mapping[str, str]] = {
    "temple": "temples",
    "periorbital": "around the eyes",
    "cheek": "cheeks",
    "jaw": "jaw",
}


@dataclass(frozen=True, slots=True)
class PainRow:
    """Pain while being needled in one zone: 5, 50 and 95 % on a 0-10 scale, and a word."""

    label: str
    low: float
    median: float
    high: float
    word: str


@dataclass(frozen=True, slots=True)
class SettingRow:
    """Zones that were treated alike."""

    zones: str
    needle_length_mm: float
    passes: float


def render_page(
    content: ReportContent,
    pictures: EmbeddedPictures,
    *,
    series: Series,
    milestones: Sequence[Milestone],
    vocabulary: Vocabulary,
    area: TreatedArea,
) -> str:
    """Render the whole page.

    Parameters
    ----------
    content
        What the report is about; every text in it is escaped.
    pictures
        Pictures as data addresses.
    series
        Curves per zone and sign.
    milestones
        Downtime in words.
    vocabulary
        Thresholds of the words.
    area
        The treated zones.

    Returns
    -------
    str
        HTML with a content security policy that forbids every request.
    """
    data = page_data(content, pictures, series, vocabulary, area)
    size = f":root{{--w:{pictures.width};--h:{pictures.height}}}\n"
    style = resource(_PACKAGE, "report.css") + size
    script = '"use strict";\n' + "\n".join(resource(_PACKAGE, name) for name in _SCRIPTS)
    template = environment(_PACKAGE).get_template("report.html.j2")
    return template.render(
        content=content,
        pictures=pictures,
        data=script_data(data),
        first=data["frames"][_first_scenario(content)][1],
        scenarios=data["scenarios"],
        first_scenario=_first_scenario(content),
        zones=data["charts"]["zones"],
        style=Markup(style),
        script=Markup(script),
        policy=policy(style, script),
        milestones=[_dated(m, content) for m in _cleared(milestones, content)],
        harmless=harmless(milestones),
        complications=complication_rows(content.complications),
        over_treatment=over_treatment_note(content.over_treatment),
        series_note=series_note(content.sessions),
        warnings=[note for note in content.warnings if note not in content.alerts],
        settings=[(session, setting_rows(session)) for session in content.sessions],
        pain=pain_rows(content, series, vocabulary),
        evidence=sorted(content.evidence, key=_evidence_order),
        sign_titles={name: shown.title for name, shown in SIGN_DISPLAYS.items()},
        grades=GRADE_MEANINGS,
        numbing=NUMBING,
        start=date_words(content.sessions[0].date, 0.0),
    )


def setting_rows(session: SessionSummary) -> list[SettingRow]:
    """Group zones with the same settings, deepest first, both sides named once."""
    groups: dict[tuple[float, float], list[str]] = {}
    for zone, setting in session.zones.items():
        groups.setdefault((setting.needle_length_mm, setting.passes), []).append(zone)
    return [
        SettingRow(_zone_list(zones), depth, passes)
        for (depth, passes), zones in sorted(groups.items(), reverse=True)
    ]


def pain_rows(content: ReportContent, series: Series, vocabulary: Vocabulary) -> list[PainRow]:
    """Pain during the first session by zone, the most painful first."""
    rows = []
    for zone in content.treated_zones:
        curve = series[zone]["pain"]
        k = int(np.abs(curve.days - content.sessions[0].day).argmin())
        low, median, high = (float(v[k]) for v in (curve.low, curve.median, curve.high))
        word = vocabulary.word("pain", median)
        rows.append(PainRow(ZONE_LABELS.get(zone, zone), low, median, high, word))
    return sorted(rows, key=lambda row: -row.median)


def _zone_list(zones: Sequence[str]) -> str:
    names: list[str] = []
    for zone in ZONE_LABELS:
        if zone not in zones:
            continue
        stem = zone.rsplit("_", 1)[0]
        paired = stem in _PAIRS and all(f"{stem}_{side}" in zones for side in _SIDES)
        name = _PAIRS[stem] if paired else ZONE_LABELS[zone].lower()
        if name not in names:
            names.append(name)
    text = ", ".join(names)
    return text[:1].upper() + text[1:]


def _first_scenario(content: ReportContent) -> str:
    return "expected" if "expected" in content.scenarios else content.scenarios[0]


def _dated(milestone: Milestone, content: ReportContent) -> tuple[Milestone, str]:
    start = content.sessions[0].date
    if start is None or np.isnan(milestone.median_day) or milestone.group != "do":
        return milestone, ""
    if milestone.key == "next":
        return milestone, "" if content.alerts else _next_date(milestone, content, start)
    day = milestone.last_day if milestone.key == "event" else milestone.median_day
    return milestone, "" if np.isnan(day) else date_words(start, whole_day(day))


def _next_date(milestone: Milestone, content: ReportContent, start: date) -> str:
    """Date of the next session: the plan's, and the advised one where the plan is earlier."""
    advised = whole_day(milestone.median_day)
    if len(content.sessions) == 1:
        return date_words(start, advised)
    following = content.sessions[1]
    day = following.day - content.sessions[0].day
    planned = date_words(following.date, 0.0) or date_words(start, day)
    if whole_day(day) >= advised:
        return planned
    return f"planned {planned}; advised from {date_words(start, advised)}"


def _cleared(milestones: Sequence[Milestone], content: ReportContent) -> list[Milestone]:
    """Leave out what would invite to a treatment that something stands against."""
    if not content.alerts:
        return list(milestones)
    said = "Only when a clinician has cleared it: see the top of this page."
    return [
        replace(line, answer="not before it is cleared", detail=said, spread="", basis="forecast")
        if line.key == "next"
        else line
        for line in milestones
        if line.key != "glow"
    ]


def _evidence_order(record: SignEvidence) -> int:
    names = list(SIGN_DISPLAYS)
    return names.index(record.sign) if record.sign in names else len(names)
