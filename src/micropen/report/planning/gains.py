"""The series drawn: the result after each session with its band, and where another stops paying."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from micropen.planning.result import GainAfter, NamedPlan
from micropen.report.axis import Axis, axis_for
from micropen.report.planning.scale import Scale, Stop, Tick, stops
from micropen.report.planning.wording import (
    centre,
    counted,
    more_points,
    ordinal,
    per_cent,
    per_cent_band,
)

HEIGHT: Final = 190.0


@dataclass(frozen=True, slots=True)
class Column:
    """The result after so many sessions; places across in per cent, down in pixels."""

    sessions: int
    x: float
    y: float
    top: float
    bottom: float
    words: str
    pays: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class GainChart:
    """The drawing, and where another session stops paying in words."""

    columns: tuple[Column, ...]
    stops: tuple[Stop, ...]
    y_ticks: tuple[Tick, ...]
    line: str
    ends: float | None
    sentence: str
    now: Stop
    description: str


def gain_chart(plan: NamedPlan, of: str) -> GainChart | None:
    """Lay out the results of a series; None where nothing is known of them.

    Parameters
    ----------
    plan
        The plan.
    of
        ``"people like you"`` or ``"of your forecasts"``.
    """
    gains = plan.gains
    if not gains:
        return None
    values = [100.0 * v for g in gains for v in (g.gain.low, centre(g.gain), g.gain.high)]
    count = len(gains)
    scale = Scale(Axis(0.0, float(count), ()), axis_for(values, ceiling=100.0), HEIGHT)
    columns = tuple(_column(g, k, scale, len(plan.sessions)) for k, g in enumerate(gains))
    places = stops([c.x for c in columns], [_said(g, of) for g in gains])
    chosen = next((k for k, c in enumerate(columns) if c.chosen), count - 1)
    last = _last_that_pays(gains)
    return GainChart(
        columns=columns,
        stops=tuple(places),
        y_ticks=tuple(Tick(scale.down(t), f"{t:g} %".replace("-", "−")) for t in scale.y.ticks),
        line=scale.path((k + 0.5, 100.0 * centre(g.gain)) for k, g in enumerate(gains)),
        ends=scale.across(float(last)) if last < count else None,
        sentence=_where_it_stops(gains, last, len(plan.sessions)),
        now=places[chosen],
        description="Result after each session. " + "; ".join(p.say for p in places),
    )


def _column(found: GainAfter, place: int, scale: Scale, planned: int) -> Column:
    return Column(
        sessions=found.sessions,
        x=scale.across(place + 0.5),
        y=scale.down(100.0 * centre(found.gain)),
        top=scale.down(100.0 * found.gain.high),
        bottom=scale.down(100.0 * found.gain.low),
        words=per_cent(centre(found.gain)),
        pays=found.pays,
        chosen=found.sessions == planned,
    )


def _said(found: GainAfter, of: str) -> tuple[str, str]:
    after = f"After {counted(found.sessions, 'session')}: {per_cent(centre(found.gain))}"
    adds = "" if found.sessions == 1 else f"this one adds {more_points(found.added)}"
    adds = adds.removesuffix(" more").replace("adds about the same", "adds next to nothing")
    held = f"9 of 10 {of}: {per_cent_band(found.gain)}"
    return after, " · ".join(part for part in (held, adds) if part)


def _last_that_pays(gains: tuple[GainAfter, ...]) -> int:
    """Number of leading sessions that pay."""
    return next((k for k, found in enumerate(gains) if not found.pays), len(gains))


def _where_it_stops(gains: tuple[GainAfter, ...], last: int, planned: int) -> str:
    if last == len(gains):
        many = (
            "The one session looked at" if last == 1 else f"Each of the {last} sessions looked at"
        )
        return f"{many} brings at least what a session has to bring."
    found = gains[last]
    adds = more_points(found.added).removesuffix(" more")
    adds = "next to nothing" if adds == "about the same" else f"about {adds}"
    told = f"The {ordinal(found.sessions)} session adds {adds}: less than a session has to bring."
    if last == 0:
        return told
    if planned > last:
        return f"{told} By that measure this plan could stop after {counted(last, 'session')}."
    return told
