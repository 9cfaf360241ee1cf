"""The first screen: the verdict in plain words, what has to be done first, and the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from micropen.planning.intake.client import Wish
from micropen.planning.result import EventChance, NamedPlan, Planned
from micropen.planning.suitability.verdict import Finding, Suitability, Verdict
from micropen.report.planning.wording import chance, counted, dated, dates_from_to, people
from micropen.report.words import joined, sentence

# A glow with less than this share of its best chance is not "at its best".
_GOOD_GLOW: Final = 0.5


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands at the top.

    Parameters
    ----------
    tone
        ``"go"``, ``"conditions"``, ``"defer"``, ``"clinician"``, ``"open"`` or ``"none"``.
    level
        The verdict in two or three words.
    title
        The answer.
    lead
        Sentences under it.
    """

    tone: str
    level: str
    title: str
    lead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing that has to be done or kept to.

    Parameters
    ----------
    title, text
        Of the finding, and its condition.
    when
        In which days around a session, or until when; empty where always.
    """

    title: str
    text: str
    when: str


def headline(planned: Planned) -> Headline:
    """Say the verdict; what stops a plan goes before what only shapes it."""
    suited, verdict = planned.suitability, planned.suitability.verdict
    if verdict is Verdict.CLINICIAN:
        return _clinician(suited)
    if suited.questions:
        return _questions(suited)
    if verdict is Verdict.DEFER:
        return _defer(suited, planned.plans)
    if not planned.plans:
        lead = "Nothing you answered speaks against a session; what you asked for leaves no room."
        return Headline("none", "No plan fits", "You can be treated, but no plan fits", (lead,))
    if verdict is Verdict.CONDITIONS:
        count = sum(bool(finding.condition) for finding in suited.findings)
        kept = f", with {counted(count, 'thing')} to keep to" if count else ", with care"
        return Headline("conditions", "Go, with conditions", f"Yes{kept}", ())
    return Headline("go", "Go", "Yes: nothing you answered speaks against it", ())


def _clinician(suited: Suitability) -> Headline:
    grave = [f.title for f in suited.findings if f.verdict is Verdict.CLINICIAN]
    # A list longer than this is read below, not here.
    names = joined([_begun_small(title) for title in grave[:3]]) if grave else "what you answered"
    has = "has" if len(grave) < 2 else "have"
    lead = (
        "This page makes no plan today. That is not a judgement of your skin: "
        f"{names} {has} to be looked at first by somebody who can examine you."
    )
    title = "Please ask a clinician before any session"
    return Headline("clinician", "Do not treat: ask a clinician", title, (lead,))


def _begun_small(title: str) -> str:
    return title[:1].lower() + title[1:]


def _questions(suited: Suitability) -> Headline:
    count = len(suited.questions)
    title = f"Before a plan: {counted(count, 'question')}"
    them = "it is" if count == 1 else "they are"
    lead = f"Nothing is planned while {them} open. Not known is not the same as no."
    return Headline("open", "Answers are missing", title, (lead,))


def _defer(suited: Suitability, plans: tuple[NamedPlan, ...]) -> Headline:
    on = f": from {dated(suited.earliest)} on" if suited.earliest else ""
    after = "This is the plan from then on, if nothing changes." if plans else ""
    plain = "" if suited.earliest else "No day can be named yet: what has to pass stands below."
    lead = tuple(text for text in (plain, after) if text)
    return Headline("defer", "Defer", f"Not yet{on}", lead)


def to_dos(suited: Suitability, plan: NamedPlan | None, today: date) -> list[ToDo]:
    """What has to be done, gravest first; with a date where the first session has one."""
    first = plan.sessions[0].on if plan and plan.sessions else None
    grave = Verdict.CLINICIAN.gravity
    least = grave if suited.verdict is Verdict.CLINICIAN else 0
    return [
        ToDo(finding.title, finding.condition, when(finding, first, today))
        for finding in sorted(suited.findings, key=lambda f: -f.verdict.gravity)
        # Where a clinician has to be asked, what holds around sessions does not matter yet.
        if finding.condition and finding.verdict.gravity >= least
    ]


def when(finding: Finding, first: date | None, today: date) -> str:
    """Say the days around each session in which a condition holds, and until when."""
    before, after = _whole(finding.days_before), _whole(finding.days_after)
    parts = []
    if before and after:
        parts.append(f"from {before} before each session to {after} after it")
    elif before:
        parts.append(f"from {before} before each session")
    elif after:
        parts.append(f"until {after} after each session")
    if before and first:
        start = first - timedelta(days=finding.days_before)
        parts.append(f"that is, from {'now' if start <= today else dated(start)} on")
    if finding.until:
        parts.append(f"until {dated(finding.until)}")
    return "; ".join(parts)


def _whole(days: float) -> str:
    """``"5 days"``, ``"4 weeks"``, ``"6 months"``; empty for none."""
    if days <= 0.0:
        return ""
    if days >= 90.0:
        return f"{round(days / 30.44)} months"
    if days >= 14.0 and days % 7.0 == 0.0:
        return f"{days / 7.0:.0f} weeks"
    return f"{days:g} day{'s' if days != 1.0 else ''}"


def plan_sentence(plan: NamedPlan) -> str:
    """``"Three sessions with SkinPen, 30 days apart, from Fri 8 January to Tue 9 March 2027."``."""
    count, sessions = len(plan.sessions), plan.sessions
    device = plan.treatment.sessions[0].device.label
    begin = f"{counted(count, 'session')} with {device}"
    if not sessions:
        return sentence(begin)
    if count == 1:
        return sentence(f"{begin} on {dated(sessions[0].on)}")
    dates = dates_from_to(sessions[0].on, sessions[-1].on)
    return sentence(f"{begin}, {apart(plan)} apart, {dates}")


def apart(plan: NamedPlan) -> str:
    """``"30 days"``, or ``"30 to 37 days"`` where the diary stretches one; else empty."""
    gaps = [(after.on - before.on).days for before, after in pairwise(plan.sessions)]
    if not gaps:
        return ""
    low, high = min(gaps), max(gaps)
    return f"{low} days" if low == high else f"{low} to {high} days"


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event in a line: its chance, and what is less than was wanted; empty where nothing is."""

    name: str
    on: str
    text: str
    short_of: str


def event_lines(planned: Planned, plan: NamedPlan) -> list[EventLine]:
    """What the plan does for each event, in a line."""
    of = people(planned.origin.case_readings)
    return [_event_line(found, of) for found in plan.events]


def _event_line(found: EventChance, of: str) -> EventLine:
    event = found.event
    if found.session is None:
        text = "no session lies before it"
    else:
        text = f"nothing to be seen in {chance(found.clear)} {of}"
        if event.wish is Wish.GLOW:
            text += f", the glow in {chance(found.glow)}"
    return EventLine(event.name, dated(event.date), text, _short_of(found))


def _short_of(found: EventChance) -> str:
    if found.clear < found.wanted:
        return f"less than the {chance(found.wanted)} that you wanted"
    best = max((point.glow for point in found.curve), default=0.0)
    glows = found.event.wish is not Wish.GLOW or found.glow >= _GOOD_GLOW * best
    if glows or found.best_glow is None:
        return ""
    return f"a session on {dated(found.best_glow)} would show it best"
