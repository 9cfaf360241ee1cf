"""Made-up plans of about the right size and shape, for tests of the page alone."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from micropen.evidence import Grade
from micropen.planning.intake.client import Client, Diary, Event, Procedure, Span, Wish, Wishes
from micropen.planning.result import (
    EventChance,
    FrontPoint,
    GainAfter,
    LagChance,
    Lasting,
    NamedPlan,
    Origin,
    Planned,
    Price,
    SessionLine,
    Spread,
    ZoneChoice,
)
from micropen.planning.suitability.verdict import Finding, Question, Suitability, Verdict
from micropen.treatment import Person, Treatment

TODAY = date(2026, 11, 23)
WEDDING = Event(date(2027, 4, 10), "my sister's wedding", Wish.GLOW, 0.95)
TALK = Event(date(2027, 1, 22), "talk in Lyon", Wish.CLEAR, 0.95)
NASTY = '<script>alert("x")</script> & </title> " \' <b>bold</b> {{ 7 * 7 }}'

GO = Suitability(Verdict.GO, (), (), TODAY)

RETINOIDS = Finding(
    "topical_retinoids",
    "Retinoid cream",
    Verdict.CONDITIONS,
    "A retinoid cream thins the outermost layer; the label asks to leave it off around a session.",
    "skinpen-ifu",
    Grade.B,
    condition="Leave the cream off before each session, and start again when nothing flakes.",
    days_before=5,
    days_after=7,
)
MELASMA = Finding(
    "melasma",
    "Melasma",
    Verdict.CONDITIONS,
    "Brown patches can darken after any irritation; with phototype IV dark marks are likelier.",
    "assumed",
    Grade.D,
    condition="Sunscreen of factor 50 every day, from four weeks before the first session on.",
    days_before=28,
    days_after=60,
)
HERPES = Finding(
    "herpes",
    "Cold sores",
    Verdict.CONDITIONS,
    "A session can wake the virus; clinics give a tablet around it.",
    "practice-timelines",
    Grade.C,
    condition="Ask your doctor for tablets against cold sores around each session.",
    days_before=2,
    days_after=5,
)
LASER = Finding(
    "recent_laser",
    "Laser in October",
    Verdict.DEFER,
    "The skin needs six months after ablative laser before it is wounded again.",
    "skinpen-ifu",
    Grade.B,
    until=date(2027, 4, 14),
)
KELOIDS = Finding(
    "keloids",
    "Keloids",
    Verdict.CLINICIAN,
    "Skin that makes raised scars may answer needling with one; the label rules it out.",
    "skinpen-ifu",
    Grade.A,
)
ANTICOAGULANTS = Finding(
    "anticoagulants",
    "Blood thinners",
    Verdict.CLINICIAN,
    "Bleeding may last longer. Whether to go on is for the doctor who prescribes them.",
    "skinpen-ifu",
    Grade.B,
    condition="Do not stop them by yourself.",
)
QUESTIONS = (
    Question(
        "isotretinoin",
        "Have you taken isotretinoin (Accutane) in the last six months?",
        "whether a session has to wait",
        takes_date=True,
    ),
    Question("pregnant", "Are you pregnant, or could you be?", "whether to treat at all"),
    Question(
        "keloids", "Have you ever had a raised scar that grew?", "the risk of raised scars", True
    ),
)


def person(phototype: float = 2.5, **changes: Any) -> Person:
    """Somebody of 35."""
    return Person.model_validate(
        {"age_years": 35, "sex": "female", "phototype": phototype, **changes}
    )


def client(**changes: Any) -> Client:
    """Somebody with two events, a week of skiing, and two weeks by the sea."""
    diary = Diary(
        events=(TALK, WEDDING),
        away=(Span(date(2026, 12, 21), date(2027, 1, 3), "with the family"),),
        sun=(Span(date(2027, 2, 13), date(2027, 2, 20), "skiing"),),
        procedures=(Procedure("botulinum toxin", date(2026, 12, 10)),),
        session_weekdays=frozenset({3, 4, 5}),
    )
    given: dict[str, Any] = {
        "title": "Anna",
        "person": person(),
        "wishes": Wishes("acne scars", "SkinPen Precision"),
        "diary": diary,
        "today": TODAY,
        **changes,
    }
    return Client(**given)


def spread(low: float, median: float, high: float) -> Spread:
    """A spread whose mean lies between its median and its middle."""
    return Spread(low, median, high, (2 * median + low + high) / 4)


def treatment(days: list[date], deep: float, passes: float, device: str = "SkinPen Precision"):
    """Sessions with the same settings on given days."""
    zones = {
        "cheek": {"needle_length_mm": deep, "passes": passes},
        "forehead": {"needle_length_mm": min(deep, 0.5), "passes": passes},
    }
    sessions = [{"date": day, "device": device, "zones": zones} for day in days]
    who = {"age_years": 35, "sex": "female", "phototype": 2.5}
    return Treatment.from_dict({"title": "Plan", "person": who, "session": sessions})


def zone_choices(deep: float, passes: float) -> tuple[ZoneChoice, ...]:
    """Four zones: one held back by the label, one by comfort, one by evidence."""
    return (
        ZoneChoice(
            "cheek", deep, passes, 1.5,
            "SkinPen is labelled for acne scars on the face to 1.5 mm",
            "The next step adds 3 points of result and a day of redness: more than you wanted.",
            "skinpen-ifu", Grade.B,
        ),
        ZoneChoice(
            "forehead", min(deep, 0.5), passes, 0.75,
            "thin skin over bone; charts of practices end at 0.75 mm",
            "It hurts most here, and scars are shallow.",
            "practice-timelines", Grade.C,
        ),
        ZoneChoice(
            "upper_lip", 0.25, 2, 0.5, "thin skin; our own judgement",
            "Dark marks are likeliest on the upper lip.", "assumed", Grade.D,
        ),
        ZoneChoice(
            "periorbital", 0.25, 2, 0.25, "outside the orbital rim only",
            "It is already at its limit.", "assumed", Grade.D,
        ),
    )  # fmt: skip


def session_line(number: int, on: date, downtime: float) -> SessionLine:
    """A session after which nothing is noticed from a day after its downtime on."""
    after = [on + timedelta(days=n) for n in (math.ceil(downtime) + 2, 1, 3, 7)]
    days = spread(0.5 * downtime, downtime, 1.8 * downtime)
    return SessionLine(number, on, days, 0.22 / number, *after)


def gains_to(most: int, first: float) -> tuple[GainAfter, ...]:
    """A series whose sessions bring less and less."""
    found, total = [], 0.0
    for k in range(1, most + 1):
        added = first * 0.72 ** (k - 1)
        total += added
        found.append(GainAfter(k, spread(0.5 * total, total, 1.55 * total), added, added > 0.045))
    return tuple(found)


def curve(fade: float) -> tuple[LagChance, ...]:
    """Chances of 0 to 45 days after a session."""

    def clear(lag: int) -> float:
        return 1.0 / (1.0 + math.exp(-(lag - fade) / 0.9))

    def glow(lag: int) -> float:
        return clear(lag) * 0.82 * math.exp(-(((lag - 11.0) / 9.0) ** 2))

    return tuple(LagChance(lag, clear(lag), glow(lag)) for lag in range(46))


def event_chance(event: Event, days: list[date], fade: float) -> EventChance:
    """What sessions on these days do for an event."""
    before = [day for day in days if day <= event.date]
    chances = curve(fade)
    if not before:
        return EventChance(event, 0.95, None, 1.0, 0.0, event.date - timedelta(12), None, chances)
    lag = min((event.date - before[-1]).days, 45)
    return EventChance(
        event,
        event.probability or 0.95,
        before[-1],
        chances[lag].clear,
        chances[lag].glow,
        event.date - timedelta(days=math.ceil(fade) + 3),
        event.date - timedelta(days=11),
        chances,
    )


def plan(key: str, title: str, why: str, **changes: Any) -> NamedPlan:
    """A plan of sessions a month apart."""
    take = changes.pop
    deep, passes, count = take("deep", 1.0), take("passes", 4.0), take("sessions", 3)
    downtime, gain = take("downtime", 2.5), take("first_gain", 0.13)
    start, interval = take("start", date(2027, 1, 8)), take("interval", 30)
    events = take("for_events", (TALK, WEDDING))
    days = [start + timedelta(days=interval * k) for k in range(count)]
    gains = gains_to(6, gain)
    given: dict[str, Any] = {
        "treatment": treatment(days, deep, passes),
        "zones": zone_choices(deep, passes),
        "interval_days": interval,
        "sessions": tuple(session_line(k + 1, day, downtime) for k, day in enumerate(days)),
        "gains": gains,
        "gain": gains[count - 1].gain,
        "gain_on": days[-1] + timedelta(days=90),
        "earlier": None,
        "downtime_days": spread(0.5 * downtime, downtime, 1.8 * downtime),
        "work_days": 0.6 * downtime * count,
        "pain": spread(2.0 * deep, 4.0 * deep, 6.0 * deep),
        "pigment_risk": Spread(0.002, 0.011 * deep, 0.05 * deep, 0.016 * deep),
        "events": tuple(event_chance(event, days, downtime + 1.0) for event in events),
        "lasting": Lasting(
            spread(300.0, 620.0, 1100.0), 240.0,
            "Half of the gain is still there after about 20 months; a session every 8 months keeps "
            "it.", Grade.D,
        ),
        "shallower": Price("every zone one step shallower (cheeks 0.75 mm)", -0.06, -0.6, -0.004),
        "deeper": Price(
            "every zone one step deeper (cheeks 1.25 mm)", 0.04, 1.1, 0.006,
            "more than the 3 days of being noticed that you wanted at most",
        ),
        "objective": 61.3,
        **changes,
    }  # fmt: skip
    return NamedPlan(key, title, why, **given)


BALANCED = plan("balanced", "Balanced", "as much result as your limits allow")
GENTLE = plan(
    "gentle", "Gentle", "least to be seen, least risk; takes longer",
    deep=0.5, passes=3.0, sessions=4, downtime=1.5, first_gain=0.08, interval=28,
)  # fmt: skip
FASTEST = plan(
    "fastest", "Fastest", "the most result by the earliest date; more to be seen",
    deep=1.5, passes=5.0, sessions=2, downtime=4.5, first_gain=0.18, interval=42,
)  # fmt: skip
PLANS = (BALANCED, GENTLE, FASTEST)


def front_of(plans: tuple[NamedPlan, ...], count: int = 26) -> tuple[FrontPoint, ...]:
    """A front that the named plans lie on."""
    found = []
    for k in range(count):
        share = k / (count - 1)
        days = 0.8 + 4.6 * share
        gain = 0.44 * (1.0 - math.exp(-0.55 * days)) + 0.02 * math.sin(9.0 * share)
        risk = 0.004 + 0.028 * share**1.6
        found.append(FrontPoint(gain, days, risk, 2 + k % 3, 0.5 + 0.25 * (k // 6), 3.0 + k % 2))
    named = [
        FrontPoint(
            p.gain.mean, p.downtime_days.mean, p.pigment_risk.mean, len(p.sessions),
            max(z.needle_length_mm for z in p.zones), p.zones[0].passes, p.key,
        )
        for p in plans
    ]  # fmt: skip
    return tuple(sorted((*found, *named), key=lambda point: point.gain))


ORIGIN = Origin(2000, 4182, 7, "micropen-2026.11", "0123456789abcdef", Grade.D)


def planned(**changes: Any) -> Planned:
    """Three plans around two events."""
    given: dict[str, Any] = {
        "client": client(),
        "suitability": GO,
        "goal_title": "Acne scars",
        "gain_words": "how many per cent of the depth of your scars are taken away.",
        "plans": PLANS,
        "front": front_of(changes.get("plans", PLANS)),
        "notes": ("The talk on 22 January asks for a first session at least a week before it.",),
        "origin": ORIGIN,
        **changes,
    }
    return Planned(**given)


def with_conditions() -> Planned:
    """Melasma, phototype IV, a retinoid and cold sores; learned from the person's own case."""
    verdict = Suitability(Verdict.CONDITIONS, (MELASMA, RETINOIDS, HERPES), (), TODAY, 0.02)
    return planned(
        client=client(title="Samira", person=person(4, melasma=True)),
        suitability=verdict,
        goal_title="Uneven pigment",
        gain_words="how many per cent of the difference between patches and skin are gone.",
        plans=(GENTLE, BALANCED),
        front=front_of((GENTLE, BALANCED)),
        origin=replace(ORIGIN, case_readings=38),
    )


def deferred(*, with_plans: bool = True) -> Planned:
    """Laser six weeks ago: a plan from April on, or none yet."""
    later = plan("balanced", "Balanced", "as much as your limits allow", start=date(2027, 4, 15),
                 for_events=())  # fmt: skip
    plans = (later,) if with_plans else ()
    return planned(
        suitability=Suitability(Verdict.DEFER, (LASER, RETINOIDS), (), date(2027, 4, 15)),
        client=client(diary=Diary()),
        plans=plans,
        front=front_of(plans) if plans else (),
        notes=(),
    )


def refused() -> Planned:
    """Keloids and blood thinners: nobody treats before a clinician has been asked."""
    verdict = Suitability(Verdict.CLINICIAN, (KELOIDS, ANTICOAGULANTS, RETINOIDS), (), None, 1.0)
    return planned(suitability=verdict, plans=(), front=(), notes=())


def unanswered() -> Planned:
    """Three questions without an answer."""
    verdict = Suitability(Verdict.GO, (), QUESTIONS, TODAY)
    return planned(suitability=verdict, plans=(), front=(), notes=())


def nothing_fits() -> Planned:
    """Suitable, but no plan keeps what was asked for."""
    note = "No session fits between your holidays and 1 December; from 4 January on one would."
    return planned(plans=(), front=(), notes=(note,))


def no_event() -> Planned:
    """One plan, no event, an empty diary, no prices, no front."""
    alone = plan("balanced", "Balanced", "as much as your limits allow", for_events=(),
                 shallower=None, deeper=None)  # fmt: skip
    return planned(client=client(diary=Diary()), plans=(alone,), front=(), notes=())


def absurd() -> Planned:
    """Infinite, zero and very small numbers, one session, one length, no chance at an event."""
    never = Spread(math.inf, math.inf, math.inf, math.inf)
    zero = Spread(0.0, 0.0, 0.0, 0.0)
    on = date(2027, 1, 8)
    line = replace(session_line(1, on, 1.0), downtime_days=never, spots=0.0)
    chance = EventChance(TALK, 0.95, on, 0.02, 0.0, None, None, ())
    alone = plan(
        "gentle", "Gentle", "", sessions=1, zones=zone_choices(0.25, 1.0)[:1],
        gains=(GainAfter(1, zero, 0.0, False),), gain=zero, downtime_days=never, work_days=0.0,
        pain=zero, pigment_risk=zero, events=(chance,), deeper=Price("one step", 0.0, 0.0, 0.0),
        shallower=Price("one step", -1e-9, math.inf, -1e-9), objective=-math.inf,
        lasting=Lasting(never, math.inf, "Nothing has to be kept up.", Grade.D),
    )  # fmt: skip
    points = (FrontPoint(0.0, math.inf, 0.0, 1, 0.25, 1.0, "gentle"),)
    return planned(plans=(alone, replace(alone, key="other", sessions=(line,))), front=points)


def wordy() -> Planned:
    """Very long names and notes, with everything that HTML could mistake for itself."""
    long = "Donaudampfschifffahrtsgesellschaftskapitaensfrau " * 4 + NASTY
    event = Event(date(2027, 4, 10), long, Wish.GLOW, 0.9)
    diary = Diary(events=(event,), away=(Span(date(2027, 2, 1), date(2027, 2, 3), long),))
    finding = replace(RETINOIDS, title=long, sentence=long, condition=long, source=NASTY)
    named = plan("balanced", long, long, for_events=(event,))
    named = replace(
        named, zones=tuple(replace(z, limit=long, why=long, source=NASTY) for z in named.zones)
    )
    return planned(
        client=client(title=long, diary=diary),
        suitability=Suitability(Verdict.CONDITIONS, (finding,), (), TODAY),
        goal_title=long,
        gain_words=long,
        plans=(named, replace(GENTLE, title=long, why=long)),
        front=front_of((named, GENTLE)),
        notes=(long,),
    )


ALL = {
    "go": planned,
    "conditions": with_conditions,
    "deferred": deferred,
    "deferred-alone": lambda: deferred(with_plans=False),
    "refused": refused,
    "unanswered": unanswered,
    "nothing-fits": nothing_fits,
    "no-event": no_event,
    "absurd": absurd,
    "wordy": wordy,
}
