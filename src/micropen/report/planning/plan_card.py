"""One plan in numbers: its card, its dates, its settings, its prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from micropen.anatomy import UNPAIRED_ZONES, label
from micropen.estimation.phrases import short_date
from micropen.planning.result import NamedPlan, Planned, Price, SessionLine, ZoneChoice
from micropen.report.planning.event_chart import EventCard, event_card
from micropen.report.planning.gains import GainChart, gain_chart
from micropen.report.planning.headline import apart, plan_sentence
from micropen.report.planning.months import Month, kinds_of, months
from micropen.report.planning.wording import (
    GRADE_WORDS,
    band,
    centre,
    cited,
    counted,
    dated,
    days,
    halves,
    more_days,
    more_points,
    more_risk,
    people,
    per_cent,
    per_cent_band,
    risk,
    risk_band,
)
from micropen.report.planning.wording import (
    months as months_words,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of a card: what, how much, its band, and what it means."""

    name: str
    value: str
    band: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """Settings of one zone; the gauge's places in per cent of the longest length allowed here."""

    zone: str
    length: str
    passes: str
    deepest: str
    chosen_at: float
    deepest_at: float
    limit: str
    why: str
    source: str
    link: str
    grade: str
    grade_words: str


@dataclass(frozen=True, slots=True)
class DateRow:
    """One session and what comes when after it."""

    number: int
    on: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One step less or more: what it would bring and cost."""

    title: str
    words: str
    facts: tuple[Fact, ...]
    breaks: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """Everything that the page shows of one plan."""

    plan: NamedPlan
    chosen: bool
    sentence: str
    facts: tuple[Fact, ...]
    events: tuple[EventCard, ...]
    zones: tuple[ZoneRow, ...]
    prices: tuple[PriceRow, ...]
    no_price: str
    chart: GainChart | None
    dates: tuple[DateRow, ...]
    months: tuple[Month, ...]
    kinds: frozenset[str]
    half_life: str
    maintenance: str
    file: str
    command: str


def plan_view(planned: Planned, plan: NamedPlan) -> PlanView:
    """Lay out one plan."""
    of = people(planned.origin.case_readings)
    drawn = months(planned, plan)
    file = f"treatments/{plan.key}.toml"
    return PlanView(
        plan=plan,
        chosen=plan is planned.plans[0],
        sentence=plan_sentence(plan),
        facts=card_facts(plan),
        events=tuple(event_card(event, of) for event in plan.events),
        zones=zone_rows(plan.zones),
        prices=price_rows(plan),
        no_price=no_price(plan),
        chart=gain_chart(plan, of),
        dates=tuple(_date_row(line, of) for line in plan.sessions),
        months=tuple(drawn),
        kinds=frozenset(kinds_of(drawn)),
        half_life=months_words(plan.lasting.half_life_days.median),
        maintenance=months_words(plan.lasting.maintenance_days),
        file=file,
        command=f"micropen forecast PHOTO {file} -o {plan.key}",
    )


def card_facts(plan: NamedPlan) -> tuple[Fact, ...]:
    """The numbers that matter, the result first."""
    gain, seen, pain = plan.gain, plan.downtime_days, plan.pain
    sessions = counted(len(plan.sessions), "session")
    last = plan.sessions[-1].on if plan.sessions else None
    return (
        Fact("Result", f"about {per_cent(centre(gain))}", per_cent_band(gain),
             f"on {dated(plan.gain_on)}"),
        Fact("Noticed by others", days(centre(seen)), band(seen), "after each session"),
        Fact("Of this at work", days(plan.work_days), "", "over the series"),
        Fact("Pain", f"{halves(centre(pain))} of 10", band(pain), "where it hurts most"),
        Fact("Dark marks", risk(centre(plan.pigment_risk)), risk_band(plan.pigment_risk),
             "over the series"),
        Fact("Sessions", sessions[:1].upper() + sessions[1:], "",
             f"{apart(plan)} apart" if len(plan.sessions) > 1 else ""),
        Fact("Last session", dated(last) if last else "–"),
    )  # fmt: skip


def zone_rows(zones: Sequence[ZoneChoice]) -> tuple[ZoneRow, ...]:
    """Rows in the order given; all gauges share one length."""
    longest = max((max(z.deepest_mm, z.needle_length_mm) for z in zones), default=1.0) or 1.0
    return tuple(_zone_row(zone, longest) for zone in zones)


def _zone_row(zone: ZoneChoice, longest: float) -> ZoneRow:
    name = label(zone.zone) if zone.zone in UNPAIRED_ZONES else zone.zone.replace("_", " ")
    title, link = cited(zone.source)
    return ZoneRow(
        zone=name[:1].upper() + name[1:],
        length=f"{zone.needle_length_mm:g} mm",
        passes=f"{zone.passes:g}",
        deepest=f"{zone.deepest_mm:g} mm",
        chosen_at=round(100.0 * zone.needle_length_mm / longest, 1),
        deepest_at=round(100.0 * zone.deepest_mm / longest, 1),
        # Where the zone is at its limit, the reason has already said it.
        limit="" if zone.limit in zone.why else zone.limit,
        why=zone.why,
        source=title,
        link=link,
        grade=zone.grade.value,
        grade_words=GRADE_WORDS[zone.grade],
    )


def _date_row(line: SessionLine, of: str) -> DateRow:
    seen = line.downtime_days
    return DateRow(
        line.number,
        dated(line.on),
        (
            Fact("Noticed by others", days(centre(seen)), band(seen)),
            Fact("At least one spot", risk(line.spots), "", of),
            Fact("Make-up from", short_date(line.makeup_from)),
            Fact("Sport from", short_date(line.sport_from)),
            Fact("Nothing seen from", short_date(line.clear_from)),
            Fact("Sun from", short_date(line.sun_from)),
        ),
    )


def price_rows(plan: NamedPlan) -> tuple[PriceRow, ...]:
    """The prices of one step less and one step more, those that exist."""
    rows = (("One step shallower", plan.shallower), ("One step deeper", plan.deeper))
    return tuple(_price_row(title, price) for title, price in rows if price is not None)


def no_price(plan: NamedPlan) -> str:
    """Say which way no step is left, where one of the two is priced."""
    if plan.deeper is None and plan.shallower is not None:
        return "Deeper: every zone is already as deep as limits allow."
    if plan.shallower is None and plan.deeper is not None:
        return "Shallower: every zone already has the shortest needles that come into question."
    return ""


def _price_row(title: str, price: Price) -> PriceRow:
    facts = (
        Fact("Result", more_points(price.gain)),
        Fact("Noticed, a session", more_days(price.downtime_days)),
        Fact("Dark marks", more_risk(price.pigment_risk)),
    )
    return PriceRow(title, price.words, facts, price.breaks)
