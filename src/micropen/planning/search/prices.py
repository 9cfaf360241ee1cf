"""What one step shallower or deeper would bring and cost, and why a zone is set as it is."""

from __future__ import annotations

from collections.abc import Iterator

from micropen.anatomy import unpaired
from micropen.planning.result import Price, ZoneChoice
from micropen.planning.search.face import FaceSettings
from micropen.planning.search.objective import Outcome, Style, broken
from micropen.planning.search.problem import Problem
from micropen.planning.settings import GroupOptions, Options, ZoneLimit, why_not_deeper

_BREAKS = {
    "downtime": "more people than tolerated would be seen longer than the tolerated days",
    "pain": "it would hurt more than is tolerated",
    "pigment": "dark marks would be more probable than is tolerated",
    "worth": "a session would bring too little to be worth doing",
    "first": "the first needling would come too near to an event",
    "style": "this plan is to be seen on fewer days",
    "diary": "the sessions would no longer fit into the diary",
}


def price(
    problem: Problem,
    settings: FaceSettings,
    other: FaceSettings,
    days: tuple[int, ...],
    style: Style,
    words: str,
) -> Price:
    """Compare two settings on the same days, with the same draws."""
    now, then = _outcomes(problem, settings, other, days)
    breaks = "; ".join(break_words(broken(then, problem.tolerance, style.most_days)))
    return Price(
        words=words,
        gain=then.gain - now.gain,
        downtime_days=then.downtime_days - now.downtime_days,
        pigment_risk=then.pigment_risk - now.pigment_risk,
        breaks=breaks,
    )


def break_words(breaks: dict[str, float]) -> Iterator[str]:
    """Say which limits are broken."""
    for name in breaks:
        if name.startswith("event"):
            yield "the skin would not be clear in time for an event"
        else:
            yield _BREAKS[name]


def everywhere(
    problem: Problem, settings: FaceSettings, days: tuple[int, ...], style: Style, steps: int
) -> Price | None:
    """Price of some steps deeper or shallower wherever limits allow; None where nowhere."""
    other = problem.space.shifted(settings, steps)
    if other == settings:
        return None
    direction = "deeper" if steps > 0 else "shallower"
    return price(
        problem, settings, other, days, style, f"one step {direction} wherever limits allow"
    )


def zone_choices(
    problem: Problem,
    options: Options,
    settings: FaceSettings,
    days: tuple[int, ...],
    style: Style,
) -> Iterator[ZoneChoice]:
    """Settings of every treated zone, and why these and not deeper."""
    for index, group in enumerate(options.groups):
        length = settings.lengths_mm[index]
        why = _why(problem, group, index, settings, days, style)
        for zone in dict.fromkeys(unpaired(zone) for zone in group.zones):
            limit = _strictest(group, zone)
            yield ZoneChoice(
                zone=zone,
                needle_length_mm=length,
                passes=settings.passes,
                deepest_mm=group.deepest_mm,
                limit=limit.words,
                why=why,
                source=limit.source,
                grade=limit.grade,
            )


def _strictest(group: GroupOptions, zone: str) -> ZoneLimit:
    """Limit of a zone, or of its group where a neighbour's is stricter."""
    own = next((limit for limit in group.limits if limit.zone == zone), group.limit)
    return own if own.deepest_mm <= group.limit.deepest_mm else group.limit


def _why(
    problem: Problem,
    group: GroupOptions,
    index: int,
    settings: FaceSettings,
    days: tuple[int, ...],
    style: Style,
) -> str:
    deeper = problem.space.neighbour(settings, index, 1)
    if deeper is None:
        return why_not_deeper(group, settings.lengths_mm[index])
    now, then = _outcomes(problem, settings, deeper, days)
    step = f"{deeper.lengths_mm[index]:g} mm would bring {_points(then.gain - now.gain)}"
    breaks = "; ".join(break_words(broken(then, problem.tolerance, style.most_days)))
    if breaks:
        return f"{step}, but {breaks}."
    days_more = then.downtime_days - now.downtime_days
    pain_more = then.pain - now.pain
    costs = [f"{days_more:.1f} more days that others notice, each session"]
    if pain_more >= 0.05:
        costs.append(f"{pain_more:.1f} steps more pain")
    return f"{step} and cost {' and '.join(costs)}: not worth it by what this plan weighs."


def _points(gain: float) -> str:
    points = 100.0 * gain
    if abs(points) < 0.5:
        return "less than a point of result"
    return f"{points:.1f} points more result"


def _outcomes(
    problem: Problem, settings: FaceSettings, other: FaceSettings, days: tuple[int, ...]
) -> tuple[Outcome, Outcome]:
    """Both on the same days; settings that were verified are judged by the search's draws too."""
    first = problem.with_search_draws(settings, days)
    return first, problem.with_search_draws(other, days)
