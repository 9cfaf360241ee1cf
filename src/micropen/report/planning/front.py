"""The trade-off drawn: days that others notice against result, size for the risk of dark marks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from micropen.planning.result import FrontPoint, NamedPlan, Planned
from micropen.report.axis import axis_for
from micropen.report.planning.name_places import Anchor, name_places
from micropen.report.planning.scale import TOP, Scale, Tick
from micropen.report.planning.wording import centre, counted, days, halves, per_cent, risk

HEIGHT: Final = 300.0
# Radii in pixels of the least and of the most risk drawn.
_RADII: Final = (3.0, 9.0)
# A phone has room for so many letters beside a mark.
_LONGEST_NAME: Final = 22


@dataclass(frozen=True, slots=True)
class Dot:
    """One plan on the front.

    Parameters
    ----------
    x, y, radius
        Per cent across; pixels down and of size.
    key, name
        Of the named plan; empty for all others.
    chosen
        Whether it is the recommended one.
    left, name_y
        Whether its name stands at its left, and how far down.
    say, more
        What it says when it is pointed at.
    """

    x: float
    y: float
    radius: float
    key: str
    name: str
    chosen: bool
    left: bool
    name_y: float
    say: str
    more: str


@dataclass(frozen=True, slots=True)
class Front:
    """The drawing.

    Parameters
    ----------
    dots, named
        Plans without and with a name.
    best
        Path of the best result for at most so many days.
    x_ticks, y_ticks
        Round values.
    sizes
        Radius and words of three risks, for the key.
    left_out
        Plans whose days the forecast does not reach.
    description
        The drawing in words.
    """

    dots: tuple[Dot, ...]
    named: tuple[Dot, ...]
    best: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    sizes: tuple[tuple[float, str], ...]
    left_out: int
    description: str


def front(planned: Planned) -> Front | None:
    """Lay out the front; None where fewer than two points can be drawn."""
    told = {plan.key: plan for plan in planned.plans}
    points = [_as_told(point, told.get(point.plan)) for point in planned.front]
    kept = [p for p in points if math.isfinite(p.downtime_days + p.gain + p.pigment_risk)]
    if len(kept) < 2:
        return None
    scale = Scale(
        axis_for((p.downtime_days for p in kept), floor=0.0),
        axis_for((100.0 * p.gain for p in kept), floor=0.0, ceiling=100.0),
        HEIGHT,
    )
    names = {plan.key: plan.title for plan in planned.plans}
    chosen = planned.plans[0].key if planned.plans else ""
    risks = [p.pigment_risk for p in kept]
    drawn = [_dot(p, scale, names.get(p.plan, ""), p.plan == chosen, risks) for p in kept]
    named = _with_names([dot for dot in drawn if dot.name])
    return Front(
        dots=tuple(dot for dot in drawn if not dot.name),
        named=tuple(named),
        best=_best(kept, scale),
        x_ticks=tuple(Tick(scale.across(t), halves(t)) for t in _half_days(scale.x.ticks)),
        y_ticks=tuple(Tick(scale.down(t), f"{t:g} %") for t in scale.y.ticks),
        sizes=_sizes(risks),
        left_out=len(planned.front) - len(kept),
        description=_description(kept, named),
    )


def _as_told(point: FrontPoint, plan: NamedPlan | None) -> FrontPoint:
    """A named plan lies where its card says: the search used fewer draws."""
    if plan is None:
        return point
    return replace(
        point,
        gain=centre(plan.gain),
        downtime_days=centre(plan.downtime_days),
        pigment_risk=centre(plan.pigment_risk),
    )


def _half_days(ticks: Sequence[float]) -> list[float]:
    """Days that can be said in halves."""
    return [tick for tick in ticks if (2.0 * tick).is_integer()]


def _dot(point: FrontPoint, scale: Scale, name: str, chosen: bool, risks: Sequence[float]) -> Dot:
    x, y = scale.across(point.downtime_days), scale.down(100.0 * point.gain)
    setting = f"{counted(point.sessions, 'session')}, to {point.deepest_mm:g} mm"
    passes = f"{point.passes:g} pass{'es' if point.passes != 1.0 else ''}"
    short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    return Dot(
        x=x,
        y=y,
        radius=_radius(point.pigment_risk, risks),
        key=point.plan if name else "",
        name=short,
        chosen=chosen and bool(name),
        left=False,
        name_y=y,
        say=f"{f'{short}: ' if short else ''}{per_cent(point.gain)} result, "
        f"{days(point.downtime_days)} a session",
        more=f"{setting}, {passes}; dark marks in {risk(point.pigment_risk)}",
    )


def _radius(probability: float, risks: Sequence[float]) -> float:
    """Area grows with risk, from the least to the most drawn."""
    low, high = min(risks), max(risks)
    share = (probability - low) / (high - low) if high > low else 0.0
    small, large = (radius**2 for radius in _RADII)
    return round(math.sqrt(small + share * (large - small)), 1)


def _with_names(named: list[Dot]) -> list[Dot]:
    """Give every name a place where it touches nothing; the recommended plan chooses first."""
    ordered = sorted(named, key=lambda dot: (not dot.chosen, dot.x))
    anchors = [Anchor(dot.x, dot.y, dot.radius, len(dot.name)) for dot in ordered]
    places = name_places(anchors, TOP, TOP + HEIGHT)
    return [
        replace(dot, left=place.left, name_y=round(place.y, 1))
        for dot, place in zip(ordered, places, strict=True)
    ]


def _best(points: Sequence[FrontPoint], scale: Scale) -> str:
    """Steps of the best result that at most so many days can bring."""
    corners: list[tuple[float, float]] = []
    best = -math.inf
    for point in sorted(points, key=lambda p: (p.downtime_days, -p.gain)):
        if point.gain <= best:
            continue
        if corners:
            corners.append((point.downtime_days, 100.0 * best))
        best = point.gain
        corners.append((point.downtime_days, 100.0 * best))
    corners.append((scale.x.end, 100.0 * best))
    return scale.path(corners)


def _sizes(risks: Sequence[float]) -> tuple[tuple[float, str], ...]:
    """Least, middle and most risk; those that read the same once."""
    low, high = min(risks), max(risks)
    found: dict[str, float] = {}
    for value in (low, 0.5 * (low + high), high):
        found.setdefault(risk(value), _radius(value, risks))
    return tuple((radius, words) for words, radius in found.items())


def _description(points: Sequence[FrontPoint], named: Sequence[Dot]) -> str:
    gains, spans = [p.gain for p in points], [p.downtime_days for p in points]
    told = ". ".join(f"{dot.say}; {dot.more}" for dot in named)
    return (
        f"{len(points)} plans that no other beats: result from {per_cent(min(gains))} to "
        f"{per_cent(max(gains))}, noticed for {days(min(spans))} to {days(max(spans))} after a "
        f"session. {told}"
    ).strip()
