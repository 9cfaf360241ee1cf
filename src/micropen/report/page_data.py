"""The numbers and words behind the page, ready for JSON."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from micropen.healing.treated_area import FACE, TreatedArea
from micropen.report.captions import caption, moment
from micropen.report.content import ReportContent
from micropen.report.display import (
    LANE_LABELS,
    LANES,
    METERS,
    SCENARIO_LABELS,
    SIGN_DISPLAYS,
    ZONE_LABELS,
)
from micropen.report.series import SignSeries, scenario_series, thinned
from micropen.report.words import Vocabulary, date_words, day_label, stop_label

_CHART_POINTS: Final = 150
_STEPS: Final = ("slight", "clear", "strong")

Series = Mapping[str, Mapping[str, SignSeries]]


@dataclass(frozen=True, slots=True)
class EmbeddedPictures:
    """Data addresses of the pictures of the page, and their size in px."""

    before: str
    frames: Mapping[tuple[str, float], str]
    width: int
    height: int


def page_data(
    content: ReportContent,
    pictures: EmbeddedPictures,
    series: Series,
    vocabulary: Vocabulary,
    area: TreatedArea,
) -> dict[str, Any]:
    """Collect everything the page's script needs.

    Returns
    -------
    dict
        ``stops, scenarios, frames, moments, jumps, lanes, charts``; plain lists, numbers and texts.
    """
    scenarios = content.scenarios
    curves = {s: scenario_series(content.course, area, s) for s in scenarios}
    return {
        "stops": _stops(content),
        "sessions": [session.day for session in content.sessions],
        "scenarios": [
            {"key": s, "label": SCENARIO_LABELS[s][0], "note": SCENARIO_LABELS[s][1]}
            for s in scenarios
        ],
        "frames": {
            s: [pictures.before, *(pictures.frames[s, day] for day in content.days)]
            for s in scenarios
        },
        "moments": {s: _moments(content, curves[s], vocabulary) for s in scenarios},
        "jumps": {s: _jumps(content, curves[s], vocabulary) for s in scenarios},
        "lanes": [{"key": key, "label": LANE_LABELS[key]} for key in LANES],
        "meters": [{"key": key, "label": SIGN_DISPLAYS[key].title} for key in METERS],
        "charts": _charts(content, series, vocabulary),
    }


def _stops(content: ReportContent) -> list[dict[str, Any]]:
    start = content.sessions[0].date
    stops: list[dict[str, Any]] = [
        {"day": None, "label": "Before", "short": "Before", "date": "", "mark": True}
    ]
    shown: set[str] = set()
    for day in content.days:
        short = stop_label(day)
        # Several stops may fall on one day (the evening of day 0): its number stands once.
        stops.append(
            {
                "day": day,
                "label": day_label(day),
                "short": short,
                "date": " · ".join(filter(None, [date_words(start, day), _since(content, day)])),
                "mark": short not in shown,
            }
        )
        shown.add(short)
    return stops


def _window(content: ReportContent, day: float) -> tuple[float, float]:
    """Day of the session before a day and of the one after it."""
    starts = [session.day for session in content.sessions]
    k = max(bisect_right(starts, day) - 1, 0)
    end = starts[k + 1] if k + 1 < len(starts) else float("inf")
    return starts[k], end


def _since(content: ReportContent, day: float) -> str:
    """``"3 days after session 2"`` where there are several sessions."""
    if len(content.sessions) == 1:
        return ""
    start, _ = _window(content, day)
    number = [s.day for s in content.sessions].index(start) + 1
    days = int(day - start + 1e-9)
    if days == 0:
        return f"the day of session {number}"
    return f"{days} day{'s' if days > 1 else ''} after session {number}"


def _moments(
    content: ReportContent, curves: Mapping[str, SignSeries], vocabulary: Vocabulary
) -> list[dict[str, Any]]:
    usual = {key: {"word": vocabulary.word(key, 0.0), "strength": 0.0} for key in METERS}
    result: list[dict[str, Any]] = [
        {
            "headline": "Before the treatment",
            "text": "Your photograph as it was taken. Nothing in it has been changed.",
            "meters": usual,
        }
    ]
    for day in content.days:
        now = moment(curves, day, _window(content, day), vocabulary, melasma=content.melasma)
        words = caption(now)
        meters = {
            key: {
                "word": vocabulary.word(key, now.shown(key)),
                "strength": round(vocabulary.strength(key, now.shown(key)), 3),
            }
            for key in METERS
        }
        result.append({"headline": words.headline, "text": words.text, "meters": meters})
    return result


def _jumps(
    content: ReportContent, curves: Mapping[str, SignSeries], vocabulary: Vocabulary
) -> list[dict[str, Any]]:
    """Where a later session falls between two stops, and how strong each sign is just before it.

    Without it the lanes would rise before the session that makes them rise.
    """
    days, jumps = content.days, []
    for session in content.sessions[1:]:
        k = bisect_left(days, session.day)
        if 0 < k < len(days):
            # Stop 0 is the photograph before, so day k - 1 stands at k.
            share = (session.day - days[k - 1]) / (days[k] - days[k - 1])
            strength = {
                key: round(vocabulary.strength(key, curves[key].before(session.day)), 3)
                for key in LANES
            }
            jumps.append({"place": round(k + share, 3), "strength": strength})
    return jumps


def _charts(content: ReportContent, series: Series, vocabulary: Vocabulary) -> dict[str, Any]:
    days = next(iter(series[FACE].values())).days
    chosen = thinned(days, _CHART_POINTS, [session.day for session in content.sessions])
    treated = content.treated_zones
    zones = [
        {"key": zone, "label": ZONE_LABELS.get(zone, zone), "treated": zone in (*treated, FACE)}
        for zone in series
    ]
    return {
        "days": _rounded(days[chosen], 8),
        "zones": zones,
        "signs": [_sign(name, series, vocabulary) for name in SIGN_DISPLAYS],
        "series": {
            zone: {
                name: [
                    _rounded(SIGN_DISPLAYS[name].convert(line[chosen]), 4)
                    for line in (curves[name].low, curves[name].median, curves[name].high)
                ]
                for name in SIGN_DISPLAYS
            }
            for zone, curves in series.items()
        },
    }


def _sign(name: str, series: Series, vocabulary: Vocabulary) -> dict[str, Any]:
    shown = SIGN_DISPLAYS[name]
    limits = np.asarray(vocabulary.limits[name])
    # Where a sign can fall below the untreated state, that side has words of its own.
    falls = any(float(curves[name].low.min()) < -limits[0] for curves in series.values())
    both = np.concatenate([limits, -limits]) if falls else limits
    ticks = [
        {"value": float(f"{value:.4g}"), "word": vocabulary.word(name, float(limit))}
        for value, limit in zip(shown.convert(both), both, strict=True)
    ]
    return {
        "key": name,
        "title": shown.title,
        "what": shown.what,
        "unit": shown.unit,
        "ticks": ticks,
        "top": {kind: _top(name, series, zones) for kind, zones in _scales(name, series).items()},
        "summary": chart_summary(name, series[FACE][name], vocabulary),
    }


def _scales(name: str, series: Series) -> dict[str, Sequence[str]]:
    """Zones that share a scale: all, but a count over the face stands on its own."""
    zones = [zone for zone in series if zone != FACE]
    return {"face": [FACE], "zone": zones if name == "lesions" else [FACE, *zones]}


def _top(name: str, series: Series, zones: Sequence[str]) -> float:
    convert = SIGN_DISPLAYS[name].convert
    return float(f"{max(float(convert(series[z][name].high).max()) for z in zones):.4g}")


def chart_summary(name: str, curve: SignSeries, vocabulary: Vocabulary) -> str:
    """One sentence that says what a chart shows, for those who cannot see it."""
    shown = SIGN_DISPLAYS[name]
    k = int(np.abs(curve.median).argmax())
    value = float(curve.median[k])
    if vocabulary.level(name, value) == 0:
        return f"{shown.title}: hardly changes."
    number = f"{float(shown.convert(np.asarray([value]))[0]):.3g} {shown.unit}".strip()
    slight = vocabulary.limit(name, "slight")
    gone = [d for d, v in zip(curve.days, curve.median, strict=True) if abs(v) >= slight]
    lasting = gone[-1] >= curve.days[-1] - 1e-9
    end = "still there at the end" if lasting else f"gone after day {gone[-1]:.0f}"
    return (
        f"{shown.title}, {shown.what}: strongest on {day_label(float(curve.days[k])).lower()} "
        f"({number}), {end}."
    )


def _rounded(values: NDArray[np.float64], digits: int) -> list[float]:
    return [float(f"{value:.{digits}g}") for value in values]
