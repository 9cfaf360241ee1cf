"""The first words of the page: which day it is, and the one thing that matters most."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from micropen.estimation.result import Alert, DateLine, Followed, Level
from micropen.report.following.moments import Calendar
from micropen.report.words import sentence, share_words

_ORDER: Final = (Level.CLINICIAN, Level.ASK, Level.WATCH)
_ASKS: Final = {
    Level.CLINICIAN: "please let a clinician look at this",
    Level.ASK: "one thing to ask your practitioner about",
    Level.WATCH: "one thing to look at again tomorrow",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands at the top.

    Parameters
    ----------
    title
        The day and what matters most.
    tone
        ``"calm"`` or the name of the level of the first alert.
    lead
        Sentences under it.
    date
        Date of the latest entry; empty where not known.
    """

    title: str
    tone: str
    lead: tuple[str, ...]
    date: str


def alerts_in_order(followed: Followed) -> list[Alert]:
    """Alerts, what asks for most first; equals stay in the order given."""
    return sorted(followed.alerts, key=lambda alert: _ORDER.index(alert.level))


def headline(followed: Followed, calendar: Calendar) -> Headline:
    """Say the day and the one most important thing."""
    day = calendar.since(followed.today_day)
    day = day[:1].upper() + day[1:]
    date = calendar.date(followed.today_day)
    alerts = alerts_in_order(followed)
    if alerts:
        first = alerts[0]
        more = _more(len(alerts) - 1)
        # What to do first; the notice itself says the rest.
        do = (first.advice or first.sentence).partition(". ")[0]
        lead = (f"{sentence(first.title)} {sentence(do)}", more)
        tone = first.level.name.lower()
        return Headline(f"{day}: {_ASKS[first.level]}", tone, _said(lead), date)
    said = "nothing unusual in what you entered" if followed.readings else "nothing read yet"
    lead = (_expected(followed), _next(followed))
    return Headline(f"{day}: {said}", "calm", _said(lead), date)


def _said(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in parts if part)


def _more(count: int) -> str:
    if not count:
        return ""
    return "One more notice stands below." if count == 1 else f"{count} more notices stand below."


def _expected(followed: Followed) -> str:
    if not followed.readings:
        return "Until the first photograph or check-in, this is what is typical."
    return ""


def _next(followed: Followed) -> str:
    line = next_date(followed)
    if line is None:
        return ""
    if line.key == "next":
        said = f"Next session: {line.personal.rstrip('.')}"
    else:
        said = f"Next: {line.title[:1].lower()}{line.title[1:]}, {line.personal.rstrip('.')}"
    return ", ".join(part for part in (said, certainty(line.probability)) if part) + "."


def next_date(followed: Followed) -> DateLine | None:
    """The most important date that lies ahead; None where none does."""
    ahead = (d for d in followed.dates if math.isfinite(d.day) and d.day > followed.today_day)
    return next(ahead, None)


def certainty(probability: float) -> str:
    """``"in about 8 of 10 of your forecasts"``; empty for a probability that is not known."""
    if not math.isfinite(probability):
        return ""
    return f"in {share_words(probability)} of your forecasts"


def told(learned: float) -> str:
    """How much the data told about a trait, in words."""
    if not math.isfinite(learned) or learned < 0.1:
        return "hardly anything yet: this is still mostly what is typical"
    if learned < 0.35:
        return "a little"
    return "a good part" if learned < 0.65 else "most of it"
