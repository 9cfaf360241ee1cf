"""The page of a followed case: one HTML file with everything inside and nothing fetched."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from micropen._version import __version__
from micropen.anatomy import ZONES
from micropen.case import WARNING_SIGNS
from micropen.estimation.dates import held_back
from micropen.estimation.result import FACE, Alert, Band, Followed, Level, ReadPoint
from micropen.estimation.result import Axis as Kind
from micropen.report.following.chart import HEIGHT, TOP, Chart, Frame, chart
from micropen.report.following.date_rows import date_rows
from micropen.report.following.headline import alerts_in_order, headline
from micropen.report.following.measures import measure
from micropen.report.following.moments import Calendar
from micropen.report.following.tables import (
    finding_rows,
    forecast_rows,
    reading_rows,
    score_rows,
)
from micropen.report.following.time_axis import SPAN, TimeAxis
from micropen.report.images import data_uri
from micropen.report.measurement.words import zone_title
from micropen.report.self_contained import environment, house_style, policy, readouts, resource
from micropen.report.words import rarity, tied

_PACKAGE: Final = "micropen.report.following"
_SCRIPTS: Final = ("zones.js", "pictures.js")
# Where nothing says how far the forecast goes.
_DEFAULT_END: Final = 30.0

Key = tuple[str, Kind, str]


def render_following(followed: Followed, *, data_files: Mapping[str, str] | None = None) -> str:
    """Render the page.

    Parameters
    ----------
    followed
        What following the case gave; every text in it is escaped.
    data_files
        File name to what it holds, for files that lie beside the page.

    Returns
    -------
    str
        HTML with a content security policy that forbids every request. It can be read without
        script; script adds parts of the face, values at a day and the slider over the pictures.
    """
    style = house_style() + resource(_PACKAGE, "following.css")
    own = "\n".join(resource(_PACKAGE, name) for name in _SCRIPTS)
    script = '"use strict";\n' + readouts() + own
    templates = environment(_PACKAGE)
    templates.filters["tied"] = tied
    return templates.get_template("following.html.j2").render(
        **_content(followed),
        data_files=data_files or {},
        version=__version__,
        style=Markup(style),
        script=Markup(script),
        policy=policy(style, script),
    )


def _content(followed: Followed) -> dict[str, Any]:
    calendar = Calendar.of(followed)
    time = TimeAxis(calendar.sessions, _end(followed))
    frame = Frame(time, calendar, followed.today_day)
    zones = _charts(followed, frame)
    face = [c for group in zones.get(FACE, ((), ())) for c in group]
    return {
        "followed": followed,
        "top": headline(followed, calendar),
        "alerts": [(alert, _rarity(alert)) for alert in alerts_in_order(followed)],
        "moment": calendar.short,
        "warning_signs": WARNING_SIGNS,
        "findings": finding_rows(followed.findings),
        "dates": date_rows(held_back(followed.dates, followed.alerts), time, followed.today_day),
        "something_off": any(alert.level is not Level.WATCH for alert in followed.alerts),
        "pictures": _pictures(followed),
        "zones": zones,
        "zone_title": zone_title,
        "readings": reading_rows(followed, calendar),
        "forecasts": forecast_rows(face),
        "scores": score_rows(followed.record.scores, calendar),
        "days": time.ticks(),
        "today": time.at(followed.today_day),
        "sessions": [(time.at(day), k + 1) for k, day in enumerate(calendar.sessions)],
        "size": {"top": TOP, "height": HEIGHT, "span": SPAN},
    }


def _rarity(alert: Alert) -> str:
    """How rarely it happens, where the alert's own sentence does not say so already."""
    return "" if "of your forecasts" in alert.sentence else rarity(alert.probability)


def _end(followed: Followed) -> float:
    """Last day of all bands, or a month where there are none."""
    bands = (*followed.personal, *followed.population)
    ends = [float(band.days[-1]) for band in bands if band.days.size]
    return max([*ends, followed.today_day] if ends else [followed.today_day, _DEFAULT_END])


def _pictures(followed: Followed) -> list[tuple[str, str, bool]]:
    """Label, address, and whether it is simulated; the photograph itself comes first."""
    shown = [(p.label, data_uri(p.image, "jpeg"), True) for p in followed.pictures]
    if shown and followed.picture_of_today:
        return [("Your photograph", data_uri(followed.picture_of_today, "jpeg"), False), *shown]
    return shown


def _charts(followed: Followed, frame: Frame) -> dict[str, tuple[list[Chart], list[Chart]]]:
    """Zone to its figures, the face first: those with readings, and the rest."""
    typical = {_key(band): band for band in followed.population}
    yours = {_key(band): band for band in followed.personal}
    points: dict[Key, list[ReadPoint]] = {}
    for point in sorted(followed.readings, key=lambda p: p.day):
        if math.isfinite(point.day) and math.isfinite(point.value):
            points.setdefault(_key(point), []).append(point)
    read = {(key, kind) for key, kind, _ in points}
    found: dict[str, tuple[list[Chart], list[Chart]]] = {}
    for key in sorted({*typical, *yours, *points}, key=_place):
        drawn = chart(
            measure(key[0], key[1]),
            key[2],
            (typical.get(key), yours.get(key)),
            points.get(key, []),
            frame,
        )
        found.setdefault(key[2], ([], []))[(key[0], key[1]) not in read].append(drawn)
    return found


def _key(of: Band | ReadPoint) -> Key:
    return of.key, of.axis, of.zone


def _place(key: Key) -> tuple[int, str, tuple[int, int, str]]:
    name, kind, zone = key
    order = (FACE, *ZONES)
    rank = order.index(zone) if zone in order else len(order)
    return rank, zone, measure(name, kind).order
