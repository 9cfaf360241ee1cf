"""Person files to start from: a blank form, and one that is filled in."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from micropen.planning.goals import goals
from micropen.planning.intake.words import PROCEDURES
from micropen.planning.suitability.rule import Rule, rules

_WIDTH: Final = 98
_SATURDAY: Final = 5
# Long enough before the event for a series of three.
_DAYS_TO_THE_EVENT: Final = 150

_HEAD: Final = """\
# A person file for `micropen plan`. Put a value in the place of every "unknown"; what stays
# "unknown" is asked for, never assumed. Lines that begin with # are notes, or may be left out.
"""

_PERSON: Final = """\
[person]
birth_date = "unknown"            # without quotes: 1990-04-12; or age_years = 36
sex = "unknown"                   # "female", "male" or "unstated"
phototype = "unknown"             # "I" to "VI", or between two: "II-III"
acne_proneness = "unknown"        # how easily the skin breaks out: "low", "average", "high" ...
sensitivity = "unknown"           # how strongly the skin reacts: "low", "average", "high" ...
sun_exposure = "unknown"          # how much sun the face gets: "low", "average", "high" ...
active_acne = "unknown"           # acne on the face now: "none", "mild", "moderate" or "severe"
"""

_WISHES: Final = """\
[wishes]
goal = "unknown"                  # {goals}
device = "unknown"                # a name that `micropen devices` lists: "SkinPen Precision"
# zones = ["cheek", "chin"]       # leave out for the whole face
# downtime_days = 4               # days after a session on which others may notice something
# pain = 5                        # during a session, 0 to 10
# pigment_risk = 0.05             # probability of dark marks that is tolerated: 0.05 is 5 %
# most_sessions = 4
# finish_by = {finish}          # last day for a session
anaesthetic = "topical"           # or "none", "needling-assisted topical", "nerve block"

[diary]
session_weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]   # when one is possible
work_weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri"]                    # when others see the face
# prepared_since = {prepared}     # since when test spot, sun protection and the like are kept

# Take the # away from what applies, and repeat a table as often as needed.

# [[event]]                       # a day on which the face must look well
# date = {event}
# name = "wedding"
# wish = "glow"                   # or "clear": nothing that others would notice
# probability = 0.95              # with which nothing may be seen

# [[away]]                        # no session is possible on these days
# first = {first}
# last = {last}
# why = "holiday"

# [[sun]]                         # days of strong sun
# first = {first}
# last = {last}
# why = "beach"

# [[procedure]]                   # another procedure on the face, past or planned
# kind = "peel"                   # {procedures}
# date = {procedure}
"""

_EXAMPLE: Final = """\
# A person file, filled in. The person is the founding case of this program.
title = "Founding case"

[person]
age_years = 35                    # or: birth_date = {born}
sex = "female"
phototype = "II-III"
acne_proneness = "average"
sensitivity = "average"
sun_exposure = "average"
active_acne = "none"
medication = ["hormonal contraception"]

[answers]
# true, false, or "unknown"; a date says when it ended or was last so.
{answers}

[wishes]
goal = "glow"
device = "SkinPen Precision"
downtime_days = 4
pain = 6
pigment_risk = 0.1
most_sessions = 3
anaesthetic = "topical"

[diary]
session_weekdays = ["Fri", "Sat"]
work_weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri"]

[[event]]
date = {event}
name = "wedding"
wish = "glow"
probability = 0.95
"""
_TRUE_OF_THE_EXAMPLE: Final = ("first_needling", "hormones", "melasma")


def blank_form(today: date) -> str:
    """Return a person file with every question of the form, to be filled in.

    Parameters
    ----------
    today
        Day from which the dates of its examples are taken.

    Returns
    -------
    str
        TOML; read as it is, the answer lists what is missing.
    """
    days = {
        "event": _saturday_in(_DAYS_TO_THE_EVENT, today),
        "finish": today + timedelta(days=_DAYS_TO_THE_EVENT),
        "first": today + timedelta(days=60),
        "last": today + timedelta(days=74),
        "procedure": today - timedelta(days=30),
        "prepared": today - timedelta(days=14),
    }
    names = ", ".join(f'"{goal.name}"' for goal in goals())
    wishes = _WISHES.format(goals=names, procedures=", ".join(PROCEDURES), **days)
    return "\n".join((_HEAD, 'title = ""\n', _PERSON, *_questions(), wishes))


def _questions() -> Iterator[str]:
    """Lines of ``[answers]``: each question above its key."""
    yield "[answers]"
    yield '# true, false, or "unknown". Where a date is allowed, it is written without quotes, such'
    yield "# as 2026-05-08, and says when it ended or was last so. A form on which all that applies"
    yield "# was ticked may leave questions out and say all_others = false: all of them are no."
    for rule in rules():
        if rule.question and not rule.acne:  # that one is asked under [person]
            yield ""
            yield from _asked(rule)
    yield ""


def _asked(rule: Rule) -> Iterator[str]:
    only = f"Only if {' and '.join(rule.needs)} is true. " if rule.needs else ""
    yield _comment(f"{only}{rule.question}")
    yield _comment(f"Why it is asked: {rule.why}.")
    line = f'{rule.key} = "unknown"'
    yield f"{line:<33} # or a date" if rule.wait else line


def _comment(text: str) -> str:
    return "\n".join(textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# "))


def _saturday_in(days: int, today: date) -> date:
    """First Saturday at least so many days ahead."""
    day = today + timedelta(days=days)
    return day + timedelta(days=(_SATURDAY - day.weekday()) % 7)


def example_form(today: date) -> str:
    """Return a person file that is filled in: the founding case, who has a wedding to go to.

    Parameters
    ----------
    today
        Day from which its dates are taken.

    Returns
    -------
    str
        TOML that `micropen.planning.intake.reading.read_client` accepts on that day.
    """
    answers = (
        f"{rule.key} = {str(rule.key in _TRUE_OF_THE_EXAMPLE).lower()}"
        for rule in rules()
        if rule.question and not rule.acne
    )
    return _EXAMPLE.format(
        born=date(today.year - 35, 1, 31),
        answers="\n".join(answers),
        event=_saturday_in(_DAYS_TO_THE_EVENT, today),
    )
