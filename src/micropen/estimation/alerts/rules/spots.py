"""Breakouts: more spots than expected, spots that go on spreading, a close group near the lip."""

from __future__ import annotations

from math import comb, pi
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import zone_record, zone_records
from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.contrasts import Judged
from micropen.estimation.alerts.findings import Finding, excess, rise
from micropen.estimation.alerts.points import BREAKOUTS, FEWEST_DRAWS
from micropen.estimation.alerts.rule import Look, Rule, Suspicion
from micropen.estimation.alerts.words import (
    NOW,
    day_words,
    evidence,
    probability_words,
    told,
    where_words,
)
from micropen.estimation.result import FACE
from micropen.measurement.result import LesionSighting
from micropen.treatment.person import Condition

_NEAR_LIP: Final = ("upper_lip", "chin")

# A count and a photograph closer than this tell of the same moment, days.
_SAME_DAY: Final = 0.1

_PURGE: Final = (
    "A few small spots in the first nights after a session are common and go within days."
)

_ADVICE: Final = (
    "Do not squeeze them; leave out oils, heavy creams and makeup. Many small alike bumps that "
    "itch may be a contact reaction; tender ones with yellow heads may be an infection."
)


def _new_lesions(context: AlertContext) -> tuple[LesionSighting, ...]:
    """Sightings after the first session of lesions that were not there before it."""
    before = {seen.lesion for seen in context.lesions if seen.day < 0.0}
    likely = context.value("lesion_probability")
    return tuple(
        seen
        for seen in context.lesions
        if seen.day >= 0.0 and seen.lesion not in before and seen.probability >= likely
    )


def _area_words(context: AlertContext) -> tuple[str, ...]:
    """Number and area of lesions, photograph by photograph."""
    lines = []
    seen = _new_lesions(context)
    for photo, day in sorted({(s.photo, s.day) for s in seen}, key=lambda key: key[1]):
        here = [s for s in seen if s.photo == photo]
        area = sum(pi / 4.0 * s.diameter_mm**2 for s in here)
        lines.append(
            f"{day_words(day).capitalize()}, {photo}: {len(here)} lesions, {area:.0f} mm² in all."
        )
    return tuple(lines)


def _suspicion(context: AlertContext, finding: Finding, title: str, more: str) -> Suspicion:
    return Suspicion(
        title=title,
        sentence=told(finding, "your count") + more,
        probability=finding.probability,
        evidence=evidence(finding) + _area_words(context),
        harmless=_PURGE,
        advice=f"{_ADVICE} {NOW}",
        day=finding.day,
    )


def _breakouts(context: AlertContext) -> tuple[Suspicion, ...]:
    finding = excess(context, BREAKOUTS)
    if finding is None:
        return ()
    return (_suspicion(context, finding, "More spots than your forecast expects", ""),)


def _spreading(context: AlertContext) -> tuple[Suspicion, ...]:
    finding = rise(context, BREAKOUTS, context.value("rising_after_days"))
    if finding is None:
        return ()
    more = " They are still becoming more, when your forecast says that they become fewer."
    return (_suspicion(context, finding, "Spots that go on spreading", more),)


def closest_group(
    lesions: tuple[LesionSighting, ...], radius_mm: float
) -> tuple[LesionSighting, ...]:
    """Return the largest group of lesions within a radius of one of them, itself included."""
    groups = [
        tuple(b for b in lesions if np.hypot(a.x_mm - b.x_mm, a.y_mm - b.y_mm) <= radius_mm)
        for a in lesions
    ]
    return max(groups, key=len, default=())


def group_probability(
    counts: NDArray[np.float64], size: int, share_of_zone: float, share_of_face: float = 1.0
) -> float:
    """Bound the probability of a group: lesions placed independently, evenly within a zone.

    The expected number of lesions with `size` - 1 others within the radius, which is at least the
    probability of one::

        mean(n comb(n - 1, size - 1)) share_of_face^size share_of_zone^(size - 1)

    Parameters
    ----------
    counts
        Draws of the number of lesions, shape ``(draw,)``.
    size
        Lesions in the group, at least 2.
    share_of_zone
        Area of the circle about a lesion over that of the zone.
    share_of_face
        Probability that one of the counted lesions lies in the zone.

    Returns
    -------
    float
        At most 1; never below what one draw more would give.
    """
    numbers, often = np.unique(np.maximum(np.rint(counts), 0.0).astype(int), return_counts=True)
    groups = sum(
        float(k) * n * comb(int(n) - 1, size - 1)
        for n, k in zip(numbers, often, strict=True)
        if n >= size
    )
    # What the draws never showed may still come once in one draw more.
    mean = max(groups, float(size)) / (counts.size + 1.0)
    near = min(share_of_zone, 1.0) ** (size - 1)
    return float(min(1.0, mean * near * share_of_face**size))


def _share_of_face(context: AlertContext, zone: str) -> float:
    """Glands of a zone over those of all treated zones: breakouts start in glands."""
    glands = {
        record.name: record.area_cm2 * record.sebaceous_density
        for record in zone_records(context.parameters)
        if record.name in {zone, *context.treatment.zones}
    }
    return glands[zone] / sum(glands.values())


def _chance_of_group(
    context: AlertContext, zone: str, group: tuple[LesionSighting, ...], in_zone: int
) -> Judged:
    """Probability of such a group, from the counts of the forecast, else from what was seen."""
    radius = context.value("group_radius_mm")
    near = pi * radius**2 / (100.0 * zone_record(zone, context.parameters).area_cm2)
    for column, point in enumerate(context.predictive.points):
        draws = context.predictive.draws[:, column]
        if not BREAKOUTS.has(point) or abs(point.day - group[0].day) > _SAME_DAY:
            continue
        draws = draws[np.isfinite(draws)]
        if point.zone in {zone, FACE} and draws.size >= FEWEST_DRAWS:
            here = 1.0 if point.zone == zone else _share_of_face(context, zone)
            chance = group_probability(draws, len(group), near, here)
            return Judged(chance, draws.size, 0)
    seen = np.full(FEWEST_DRAWS, float(in_zone))
    return Judged(group_probability(seen, len(group), near), seen.size, 0)


def _group_words(group: tuple[LesionSighting, ...]) -> str:
    sizes = [seen.diameter_mm for seen in group]
    least_sure = 100.0 * min(seen.probability for seen in group)
    return (
        f"{day_words(group[0].day).capitalize()}, {group[0].photo}: {len(group)} spots of "
        f"{min(sizes):.1f} to {max(sizes):.1f} mm, each at least {least_sure:.0f} % sure."
    )


def _group_in(
    context: AlertContext, zone: str, lesions: tuple[LesionSighting, ...]
) -> Suspicion | None:
    radius = context.value("group_radius_mm")
    here = tuple(s for s in lesions if s.zone == zone)
    small = tuple(s for s in here if s.diameter_mm <= context.value("group_diameter_mm"))
    group = closest_group(small, radius)
    if len(group) < context.value("group_size"):
        return None
    judged = _chance_of_group(context, zone, group, len(here))
    had_it = context.treatment.person.has(Condition.HERPES)
    history = " You have had herpes before, which makes this more likely." if had_it else ""
    return Suspicion(
        title="A close group of small spots near the lip",
        sentence=(
            f"On {day_words(group[0].day)} {len(group)} small new spots stood within "
            f"{radius:g} mm on {where_words(zone)}; cold sores come in such groups, and needling "
            f"can wake them.{history} {probability_words(judged)}"
        ),
        probability=judged.probability,
        evidence=(_group_words(group),),
        harmless="Spots of a breakout can stand together by chance, above all on the chin.",
        advice=(
            "Look closely: cold sores tingle or burn and fill with clear fluid. If so, see a "
            "clinician today, since tablets work best when begun early; do not touch the eyes. "
            + NOW
        ),
        day=group[0].day,
        at_risk=had_it,
    )


def _group(context: AlertContext) -> tuple[Suspicion, ...]:
    seen = _new_lesions(context)
    if not seen:
        return ()
    last = max(s.day for s in seen)
    if not _is_new(context, last):
        return ()
    lesions = tuple(s for s in seen if s.day == last)
    found = [_group_in(context, zone, lesions) for zone in _NEAR_LIP]
    return tuple(sorted((s for s in found if s), key=lambda s: s.probability))[:1]


def _is_new(context: AlertContext, day: float) -> bool:
    """Whether a photograph of that day is among what the forecast did not know."""
    points = zip(context.predictive.points, context.predictive.new, strict=True)
    known = [
        bool(new) for p, new in points if abs(p.day - day) <= _SAME_DAY and p.source != "check-in"
    ]
    return any(known) or not known


_BOTH: Final = (Look.CHECK_IN, Look.PHOTOGRAPH)

RULES: Final = (
    Rule(
        name="breakouts",
        family="spots",
        summary="more spots than expected, counted by the person or on photographs",
        looks=_BOTH,
        sources=("acneorg",),
        look=_breakouts,
    ),
    Rule(
        name="spreading_spots",
        family="spots",
        summary="spots that become more after day 2 although the forecast says fewer",
        looks=_BOTH,
        sources=("nhs-impetigo", "nhs-contact-dermatitis"),
        look=_spreading,
    ),
    Rule(
        name="group_near_lip",
        family="group near the lip",
        summary="small new spots close together near the lip, as cold sores stand",
        looks=(Look.PHOTOGRAPH,),
        sources=("cassiano2022", "nhs-herpes-eye"),
        look=_group,
    ),
)
