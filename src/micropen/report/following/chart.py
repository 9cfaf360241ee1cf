"""One figure: the typical band, the person's band in front, and readings on top."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from micropen.estimation.result import FACE, Band, ReadPoint
from micropen.estimation.result import Axis as Kind
from micropen.report.axis import Axis, axis_for
from micropen.report.following.measures import NINE_OF_TEN, Measure, Values
from micropen.report.following.moments import Calendar
from micropen.report.following.time_axis import SPAN, TimeAxis
from micropen.report.measurement.words import zone_title

# Heights in pixels: room above for the names of the lines, the figure, the days below.
TOP: Final = 20.0
HEIGHT: Final = 150.0
# Days nearer than this, in per cent of the width, are drawn as one.
_FINE: Final = 0.7
# A reading that is more likely mistaken than not counts for little.
DOUBTFUL: Final = 0.5


@dataclass(frozen=True, slots=True)
class Drawn:
    """Path data of a band and its median, in a box of 1000 by `HEIGHT`."""

    area: str
    median: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One reading.

    Parameters
    ----------
    x
        Per cent of the width.
    y, top, bottom
        Pixels from the top of the figure: the value and the ends of its error bar.
    kind
        ``"photo"`` or ``"own"``; what a person wrote down is drawn as a diamond.
    doubtful
        Whether it looks mistaken; drawn hollow.
    beyond
        ``"up"`` or ``"down"`` where the value itself lies outside the figure.
    say, more
        What it says when it is pointed at.
    """

    x: float
    y: float
    top: float
    bottom: float
    kind: str
    doubtful: bool
    beyond: str
    say: str
    more: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Values at one day: where the day lies, and what it says when it is pointed at."""

    left: float
    width: float
    at: float
    say: str
    more: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure, ready to be drawn; places across in per cent, down in pixels."""

    measure: Measure
    zone: str
    typical: Drawn | None
    yours: Drawn | None
    ticks: tuple[tuple[float, str], ...]
    zero: float
    marks: tuple[Mark, ...]
    stops: tuple[Stop, ...]
    now: Stop
    doubts: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What all figures share.

    Parameters
    ----------
    time
        Where days lie.
    calendar
        How days are said.
    today
        Day of the latest entry.
    """

    time: TimeAxis
    calendar: Calendar
    today: float


def chart(
    measure: Measure,
    zone: str,
    bands: tuple[Band | None, Band | None],
    readings: Sequence[ReadPoint],
    frame: Frame,
) -> Chart:
    """Lay out one figure.

    Parameters
    ----------
    measure, zone
        What it shows.
    bands
        Of the population and of the person; None where there is none.
    readings
        Of this measure and zone.
    frame
        Days of the page.
    """
    typical, yours = bands
    axis = _value_axis(measure, [b for b in bands if b is not None], readings, frame)
    marks = tuple(_mark(point, measure, axis, frame) for point in readings)
    stops = _stops(measure, typical, yours, frame)
    now = next(s for s in stops if s.at == frame.time.at(frame.today))
    return Chart(
        measure=measure,
        zone=zone,
        typical=_drawn(typical, measure, axis, frame),
        yours=_drawn(yours, measure, axis, frame),
        ticks=_ticks(measure, axis),
        zero=_down(axis, 0.0),
        marks=marks,
        stops=tuple(stops),
        now=now,
        doubts=tuple(_doubt(p, measure, frame) for p in readings if p.doubt > DOUBTFUL),
        description=_description(measure, zone, now, len(readings)),
    )


def _value_axis(
    measure: Measure, bands: Sequence[Band], readings: Sequence[ReadPoint], frame: Frame
) -> Axis:
    """Hold the bands and the readings; what looks mistaken may lie outside."""
    values = [0.0]
    for band in bands:
        drawn = (band.days >= 0.0) & (band.days <= frame.time.end)
        for line in (band.low, band.high):
            values += measure.shown(line[drawn]).tolist()
    for point in readings:
        if point.doubt <= DOUBTFUL or math.isfinite(measure.ceiling):
            values += [float(v) for v in _reach(point, measure)]
    return axis_for(values, measure.floor, measure.ceiling)


def _reach(point: ReadPoint, measure: Measure) -> Values:
    """Value and the ends of its error bar, in the shown unit; the bar is never inverted."""
    half = NINE_OF_TEN * max(point.sd, 0.0) if math.isfinite(point.sd) else 0.0
    return measure.shown(point.value + half * np.array([0.0, -1.0, 1.0]))


def _ticks(measure: Measure, axis: Axis) -> tuple[tuple[float, str], ...]:
    """Places of at most four round values, with their words."""
    every = 1 if len(axis.ticks) <= 4 else 2
    kept = [t for k, t in enumerate(axis.ticks) if k % every == 0 or t == 0.0]
    unit = " %" if measure.unit == "%" else ""
    return tuple((_down(axis, t), f"{t:g}{unit}".replace("-", "−")) for t in kept)


def _down(axis: Axis, value: float) -> float:
    return round(TOP + HEIGHT * (1.0 - axis.at(value) / 100.0), 1)


def _drawn(band: Band | None, measure: Measure, axis: Axis, frame: Frame) -> Drawn | None:
    kept = [] if band is None else _kept_days(band, frame.time)
    if band is None or len(kept) < 2:
        return None

    across = 10.0 * frame.time.places(band.days[kept])

    def line(values: Values) -> list[str]:
        down = HEIGHT * (1.0 - axis.places(measure.shown(values[kept])) / 100.0)
        return [f"{x:.0f} {y:.1f}" for x, y in zip(across, down, strict=True)]

    outline = [*line(band.high), *reversed(line(band.low))]
    return Drawn(f"M{'L'.join(outline)}Z", f"M{'L'.join(line(band.median))}")


def _kept_days(band: Band, time: TimeAxis) -> list[int]:
    """Days far enough apart to be seen as two; both sides of a session stay."""
    places = time.places(band.days)
    known = np.isfinite(band.low + band.median + band.high)
    inside = np.flatnonzero(known & (band.days >= 0.0) & (band.days <= time.end)).tolist()
    kept: list[int] = []
    for k in inside:
        near = bool(kept) and places[k] - places[kept[-1]] < _FINE
        if not near or k == inside[-1] or band.days[k] in time.sessions:
            kept.append(k)
    return kept


def _mark(point: ReadPoint, measure: Measure, axis: Axis, frame: Frame) -> Mark:
    middle, low, high = (float(v) for v in _reach(point, measure))
    doubtful = point.doubt > DOUBTFUL
    value, when = measure.number(middle), frame.calendar.of_reading(point)
    own = point.axis is not Kind.SIGN
    source = "you wrote" if own else f"photograph {point.source}"
    bar = f"error bar {measure.span(low, high)}" if high > low else ""
    doubt = "looks mistaken, counts little" if doubtful else ""
    beyond = ("up" if middle > 0.0 else "down") if axis.beyond(middle) else ""
    return Mark(
        x=frame.time.at(point.day),
        y=_down(axis, middle),
        top=_down(axis, high),
        bottom=_down(axis, low),
        kind="own" if own else "photo",
        doubtful=doubtful,
        beyond=beyond,
        say=f"Read: {value}" if not own else f"You: {value}",
        more=" · ".join(part for part in (when, doubt, bar or source) if part),
    )


def _doubt(point: ReadPoint, measure: Measure, frame: Frame) -> str:
    value = measure.number(float(measure.shown(point.value)))
    who = "what you wrote" if point.axis is not Kind.SIGN else f"the photograph {point.source}"
    chance = "more than 99" if point.doubt > 0.99 else f"{100.0 * point.doubt:.0f}"
    return (
        f"{value} on {frame.calendar.of_reading(point)} ({who}) looks mistaken "
        f"({chance} % sure): it counts little and is drawn hollow."
    )


def _stops(measure: Measure, typical: Band | None, yours: Band | None, frame: Frame) -> list[Stop]:
    """Days to point at; each reaches half way to its neighbours."""
    days = np.array(frame.time.stops(frame.today))
    at = frame.time.places(days).tolist()
    edges = [0.0, *((a + b) / 2.0 for a, b in pairwise(at)), SPAN]
    told = zip(_values(yours, measure, days), _values(typical, measure, days), strict=True)
    found = []
    for k, (own, other) in enumerate(told):
        say = f"Yours: {own}" if own else (f"Typical: {other}" if other else "")
        rest = f"typical {other}" if own and other else ""
        more = " · ".join(part for part in (rest, frame.calendar.short(days[k])) if part)
        found.append(Stop(round(edges[k], 2), round(edges[k + 1] - edges[k], 2), at[k], say, more))
    return found


def _values(band: Band | None, measure: Measure, days: Values) -> list[str]:
    """``"12 % (4 to 25)"`` at each day; empty where the band does not reach."""
    if band is None or not band.days.size:
        return [""] * days.size
    lines = (
        measure.shown(np.interp(days, band.days, v)) for v in (band.low, band.median, band.high)
    )
    reached = (days >= band.days[0]) & (days <= band.days[-1])
    return [
        _told(measure, *values) if there and all(map(math.isfinite, values)) else ""
        for there, *values in zip(reached.tolist(), *(line.tolist() for line in lines), strict=True)
    ]


def _told(measure: Measure, low: float, median: float, high: float) -> str:
    # Where nothing is left to be seen, three times the same number says no more than one.
    lone = measure.number(low) == measure.number(high)
    return measure.number(median) + ("" if lone else f" ({measure.bare_span(low, high)})")


def _description(measure: Measure, zone: str, now: Stop, readings: int) -> str:
    place = "" if zone == FACE else f", {zone_title(zone).lower()}"
    counted = {0: "no readings", 1: "1 reading"}.get(readings, f"{readings} readings")
    return f"{measure.title}{place}. {now.say}; {now.more}. {counted}."
