"""An event: its chances by days after a session, drawn, and the dates that matter for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from micropen.planning.intake.client import Wish
from micropen.planning.result import EventChance, LagChance
from micropen.report.axis import Axis
from micropen.report.planning.scale import Scale, Stop, Tick, stops
from micropen.report.planning.wording import chance, dated, lag

HEIGHT: Final = 120.0
_STEPS: Final = (1, 2, 5, 7, 10, 14)
_MOST_TICKS: Final = 7


@dataclass(frozen=True, slots=True)
class Curve:
    """Chances by days after a session; places across in per cent, down in pixels."""

    clear: str
    glow: str
    glow_area: str
    wanted: float
    at: float | None
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    stops: tuple[Stop, ...]
    now: Stop
    description: str


@dataclass(frozen=True, slots=True)
class EventCard:
    """One event.

    Parameters
    ----------
    name, on, wish
        The event, its day, and what is wanted of it.
    answer, short, kept
        The chance in words, with and without of whom; whether it is at least as good as wanted.
    wanted
        The wanted chance in words.
    glow
        The chance of a glow; empty where no session lies before the event.
    before
        The plan's last session before it, in words.
    latest, best
        Latest session that keeps the wanted chance; session that is best for the glow.
    curve
        The drawing; None where no curve is known.
    """

    name: str
    on: str
    wish: str
    answer: str
    short: str
    kept: bool
    wanted: str
    glow: str
    before: str
    latest: str
    best: str
    curve: Curve | None


def event_card(found: EventChance, of: str) -> EventCard:
    """Lay out one event.

    Parameters
    ----------
    found
        Its chances.
    of
        ``"people like you"`` or ``"of your forecasts"``.
    """
    event, session = found.event, found.session
    none = f"no session before it keeps {chance(found.wanted)}"
    return EventCard(
        name=event.name,
        on=dated(event.date),
        wish="the glow at its best" if event.wish is Wish.GLOW else "nothing to be seen",
        answer=f"{chance(found.clear)} {of}",
        short=chance(found.clear),
        kept=found.clear >= found.wanted,
        wanted=chance(found.wanted),
        glow="" if session is None else f"{chance(found.glow)} {of}",
        before=_before(session, event.date),
        latest=none if found.latest is None else dated(found.latest),
        best="none shows it then" if found.best_glow is None else dated(found.best_glow),
        curve=_curve(found) if len(found.curve) > 1 else None,
    )


def _before(session: date | None, event: date) -> str:
    if session is None:
        return "none: nothing of this plan can be seen"
    return f"{dated(session)}, {lag((event - session).days)} before"


def _curve(found: EventChance) -> Curve:
    points = found.curve
    across = Axis(float(points[0].days), float(points[-1].days), ())
    scale = Scale(across, Axis(0.0, 1.0, ()), HEIGHT)
    glow = [(float(p.days), p.glow) for p in points]
    ends = [(glow[-1][0], 0.0), (glow[0][0], 0.0)]
    placed = stops([scale.across(p.days) for p in points], [_said(p) for p in points])
    passed = None if found.session is None else (found.event.date - found.session).days
    inside = passed is not None and points[0].days <= passed <= points[-1].days
    resting = scale.across(float(points[-1].days if passed is None else passed))
    now = min(placed, key=lambda s: abs(s.at - resting))
    return Curve(
        clear=scale.path((float(p.days), p.clear) for p in points),
        glow=scale.path(glow),
        glow_area=f"{scale.path([*glow, *ends])}Z",
        wanted=scale.down(found.wanted),
        at=resting if inside else None,
        x_ticks=_day_ticks(points, scale),
        y_ticks=tuple(Tick(scale.down(k / 2), w) for k, w in enumerate(("none", "5 of 10", "all"))),
        stops=tuple(placed),
        now=now,
        description=f"Chances by days after a session. {now.say}; {now.more}.",
    )


def _said(point: LagChance) -> tuple[str, str]:
    after = f"{lag(point.days)} after a session" if point.days else "On the day of a session"
    return after, f"nothing to be seen in {chance(point.clear)}, the glow in {chance(point.glow)}"


def _day_ticks(points: Sequence[LagChance], scale: Scale) -> tuple[Tick, ...]:
    first, last = points[0].days, points[-1].days
    step = next((s for s in _STEPS if (last - first) / s <= _MOST_TICKS), 30)
    return tuple(
        Tick(scale.across(float(day)), str(day))
        for day in range(first, last + 1)
        if day % step == 0
    )
