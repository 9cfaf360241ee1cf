"""The same numbers as tables: for those who read rather than look."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from micropen.anatomy import ZONES
from micropen.estimation.result import FACE, Finding, Followed, ReadPoint, Score
from micropen.report.following.chart import DOUBTFUL, Chart
from micropen.report.following.headline import told
from micropen.report.following.measures import NINE_OF_TEN, measure
from micropen.report.following.moments import Calendar
from micropen.report.measurement.words import zone_title
from micropen.report.words import plain, share_words

# A ratio of 1/3 and of 3 lie at the ends of its line.
_FARTHEST: Final = 3.0


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading: what, where, how much, its error bar, and how it is taken."""

    what: str
    zone: str
    value: str
    error: str
    doubt: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding with the places of its interval on a line from a third to three times."""

    finding: Finding
    sure: str
    told: str
    share: float
    ratio: str
    left: float
    width: float
    at: float


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """How one earlier forecast did, in words."""

    made: str
    knew: str
    readings: int
    inside: str
    yours: str
    typical: str
    verdict: str


def reading_rows(followed: Followed, calendar: Calendar) -> list[tuple[str, list[ReadingRow]]]:
    """Every reading, grouped by its moment and where it comes from, in time."""
    groups: dict[str, list[ReadingRow]] = {}
    for point in sorted(followed.readings, key=_reading_order):
        moment = f"{calendar.of_reading(point)} · {point.source}"
        groups.setdefault(moment, []).append(_reading(point))
    return list(groups.items())


def _reading_order(point: ReadPoint) -> tuple[float, str, tuple[int, int, str], int, str]:
    zones = (FACE, *ZONES)
    place = zones.index(point.zone) if point.zone in zones else len(zones)
    day = point.day if math.isfinite(point.day) else math.inf
    return day, point.source, measure(point.key, point.axis).order, place, point.zone


def _reading(point: ReadPoint) -> ReadingRow:
    shown = measure(point.key, point.axis)
    half = NINE_OF_TEN * point.sd
    low, high = (float(shown.shown(point.value + side * half)) for side in (-1.0, 1.0))
    return ReadingRow(
        what=shown.title,
        zone=zone_title(point.zone),
        value=shown.number(float(shown.shown(point.value))),
        error=shown.bare_span(low, high) if high > low else "",
        doubt="looks mistaken" if point.doubt > DOUBTFUL else "",
    )


def forecast_rows(charts: Iterable[Chart]) -> Mapping[str, list[tuple[str, str, str]]]:
    """Title of a figure to its rows: moment, the person's forecast, the typical one."""
    return {
        chart.measure.title: [_told_at(stop.say, stop.more) for stop in chart.stops]
        for chart in charts
        if chart.stops[0].say
    }


def _told_at(say: str, more: str) -> tuple[str, str, str]:
    typical, _, moment = more.rpartition(" · ")
    if say.startswith("Typical: "):
        return moment, "–", say.removeprefix("Typical: ")
    return moment, say.removeprefix("Yours: "), typical.removeprefix("typical ") or "–"


def finding_rows(findings: Sequence[Finding]) -> list[FindingRow]:
    """Findings in the order given."""
    return [_finding(finding) for finding in findings]


def _finding(finding: Finding) -> FindingRow:
    left, at, right = (_along(r) for r in (finding.low, finding.ratio, finding.high))
    learned = finding.learned if math.isfinite(finding.learned) else 0.0
    return FindingRow(
        finding=finding,
        sure=share_words(finding.probability) if math.isfinite(finding.probability) else "",
        told=told(finding.learned),
        share=round(100.0 * min(max(learned, 0.0), 1.0)),
        ratio=_times(finding),
        left=left,
        width=round(max(right - left, 1.0), 2),
        at=at,
    )


def _times(finding: Finding) -> str:
    if not math.isfinite(finding.ratio):
        return ""
    text = f"{finding.ratio:.2f} times typical"
    if math.isfinite(finding.low) and math.isfinite(finding.high):
        text += f" ({finding.low:.2f} to {finding.high:.2f})"
    return text


def _along(ratio: float) -> float:
    """Place of a ratio in per cent; the middle is typical."""
    if not math.isfinite(ratio) or ratio <= 0.0:
        return 50.0
    share = math.log(ratio) / math.log(_FARTHEST)
    return round(50.0 + 50.0 * min(max(share, -1.0), 1.0), 2)


def score_rows(scores: Sequence[Score], calendar: Calendar) -> list[ScoreRow]:
    """Scores in the order given."""
    return [_score(score, calendar) for score in scores]


def _score(score: Score, calendar: Calendar) -> ScoreRow:
    made = score.made_at
    return ScoreRow(
        made=f"{made:%a} {made.day} {made:%B}, {made:%H:%M}",
        knew=calendar.short(score.data_until_day),
        readings=score.readings,
        inside=f"{100.0 * score.coverage:.0f} %" if math.isfinite(score.coverage) else "–",
        yours=plain(score.interval_score, signed=False, fine=2),
        typical=plain(score.population_interval_score, signed=False, fine=2),
        verdict=_verdict(score),
    )


def _verdict(score: Score) -> str:
    own, other = score.interval_score, score.population_interval_score
    if not (math.isfinite(own) and math.isfinite(other) and other > 0.0):
        return ""
    gain = round(100.0 * (1.0 - own / other))
    if gain == 0:
        return "as good as the typical forecast"
    way = "better" if gain > 0 else "worse"
    return f"{abs(gain)} % {way} than the typical forecast"
