"""One row of the suitability rules, and the table of them: read and checked once."""

from __future__ import annotations

import calendar
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from micropen.errors import MicropenError
from micropen.evidence import Grade, source
from micropen.planning.suitability.verdict import Question, Verdict
from micropen.toml_files import Table, nearest, place, reason
from micropen.treatment import Condition, Device, Medication, device

_WORDS: Final = {
    "note": Verdict.GO,
    "conditions": Verdict.CONDITIONS,
    "defer": Verdict.DEFER,
    "clinician": Verdict.CLINICIAN,
}
_MONTHS: Final = {"month": 1, "year": 12}
_DAYS: Final = {"day": 1, "week": 7}
_MONTHS_PER_YEAR: Final = 12


def _verdict(word: Any) -> Any:
    if isinstance(word, Verdict) or word in _WORDS:
        return _WORDS.get(word, word)
    raise PydanticCustomError(
        "unknown_word",
        "has the unknown verdict {word}; {hint}",
        {"word": repr(word), "hint": nearest(str(word), _WORDS)},
    )


VerdictWord = Annotated[Verdict, BeforeValidator(_verdict)]


class Wait(Table):
    """How long a session is held back; months and years are those of the calendar."""

    value: Annotated[int, Field(gt=0)]
    unit: Literal["day", "week", "month", "year"]

    def end(self, day: date) -> date:
        """Return the last day that is held back, counted from a day.

        A month that lacks the day ends on its last one: six months after 31 August are over on
        28 or 29 February.
        """
        if self.unit in _DAYS:
            return day + timedelta(days=self.value * _DAYS[self.unit])
        months = day.month - 1 + self.value * _MONTHS[self.unit]
        year, month = day.year + months // _MONTHS_PER_YEAR, months % _MONTHS_PER_YEAR + 1
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class OnDevice(Table):
    """What a row says instead on some devices; what is left out stays as in the row."""

    devices: tuple[str, ...]
    verdict: VerdictWord | None = None
    reason: str | None = None
    reason_after: str | None = None
    condition: str | None = None
    wait: Wait | None = None
    source: str | None = None
    grade: Grade | None = None


class Rule(Table):
    """One row: whom it speaks of, and what it says.

    Parameters
    ----------
    key, title
        Unique name; two or three printed words.
    question, why
        As a person is asked, and what depends on it; empty where nothing is asked.
    fact
        Key of the row whose question, words and dates it reads; empty for its own.
    medication, history, procedures
        Words of the person file that say yes to its question.
    isotretinoin_stopped, melasma
        Whether the key of that name in the person file answers it.
    acne
        Speaks at this grade of active acne.
    sun
        Days of strong sun in the diary that answer it: ``"past"`` or ``"planned"``.
    goals, not_sex, devices, with_anaesthetic
        Neither asks nor speaks otherwise (`not_sex` only does not ask).
    needs, unless
        Facts that have to be yes; that must not be yes.
    age_from, age_below, phototype_from, phototype_below
        Names of thresholds (parameters); ``"label"`` is the youngest age on the device's label.
    verdict
        What it says where it holds now, or where no day is known.
    reason, condition, days_before, days_after
        Why; what has to be done, and on which days around each session.
    first_waits
        Whether a first session leaves time for `days_before`; not where these days are days of
        keeping away from something that the diary knows.
    wait, reason_after
        How long after it ended or happened it defers, and why.
    date_needed
        It happened on a day: without that day it asks again.
    mild
        Whether its condition asks for mild settings.
    days_before_event
        Name of the parameter that keeps the first session so many days before an event.
    limits_pigment_risk
        Name of the parameter that limits the tolerated probability of dark marks.
    source, grade, note
        Bibliography key, evidence grade, and what of the row is not from there.
    on
        What it says instead on some devices.
    """

    key: str
    title: str
    question: str = ""
    why: str = ""
    fact: str = ""
    medication: tuple[Medication, ...] = ()
    history: tuple[Condition, ...] = ()
    procedures: tuple[str, ...] = ()
    isotretinoin_stopped: bool = False
    melasma: bool = False
    acne: Literal["", "mild", "moderate", "severe"] = ""
    sun: Literal["", "past", "planned"] = ""
    goals: tuple[str, ...] = ()
    not_sex: Literal["", "male", "female"] = ""
    devices: tuple[str, ...] = ()
    with_anaesthetic: bool = False
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    age_from: str = ""
    age_below: str = ""
    phototype_from: str = ""
    phototype_below: str = ""
    verdict: VerdictWord
    reason: str
    condition: str = ""
    days_before: Annotated[float, Field(ge=0)] = 0.0
    days_after: Annotated[float, Field(ge=0)] = 0.0
    first_waits: bool = True
    wait: Wait | None = None
    reason_after: str = ""
    date_needed: bool = False
    mild: bool = False
    days_before_event: str = ""
    limits_pigment_risk: str = ""
    source: str
    grade: Grade
    note: str
    on: tuple[OnDevice, ...] = ()

    @model_validator(mode="after")
    def _says_something_whole(self) -> Rule:
        for wrong, words in (
            (bool(self.condition) != (self.verdict is Verdict.CONDITIONS), "condition and verdict"),
            (bool(self.wait) != bool(self.reason_after), "wait and reason_after"),
            (self.date_needed and not self.wait, "date_needed and wait"),
            (bool(self.question) != bool(self.why), "question and why"),
            (not self.question and not self.by_itself and not self.fact, "question and fact"),
        ):
            if wrong:
                raise PydanticCustomError("torn", "{words} do not fit together", {"words": words})
        return self

    @property
    def subject(self) -> str:
        """Key of the fact that it reads."""
        return self.fact or self.key

    @property
    def by_itself(self) -> bool:
        """Whether it follows from age or phototype: nothing is asked, nothing can be unknown."""
        return bool(self.age_from or self.age_below or self.phototype_from or self.phototype_below)

    def on_device(self, name: str) -> Rule:
        """Return the row as it reads on a device."""
        changed = [o for o in self.on if name in o.devices]
        updates = {k: v for o in changed for k, v in o if k != "devices" and v is not None}
        return self.model_copy(update=updates)

    def as_question(self, *, day: bool = False) -> Question:
        """Return its question; with `day`, the one that asks for the missing day."""
        text = f"{self.question} On which day was it (the last of them)?" if day else self.question
        return Question(self.key, text, self.why, takes_date=self.wait is not None)


def _refuse(what: str) -> MicropenError:
    return MicropenError(f"The table of suitability rules is wrong: {what}.")


def _row(number: int, row: Mapping[str, Any]) -> Rule:
    try:
        return Rule.model_validate(row)
    except ValidationError as found:
        first = found.errors()[0]
        where = place(first["loc"])
        key = row.get("key", f"number {number}")
        raise _refuse(f"rule {key}: {where} {reason(first)}".replace("  ", " ")) from None


def _wrong_links(table: Mapping[str, Rule]) -> Iterator[str]:
    """Names of other rows that do not exist, or that no question stands behind."""
    asked = {key for key, rule in table.items() if rule.question}
    for rule in table.values():
        named = {*rule.needs, *rule.unless} | ({rule.fact} if rule.fact else set())
        for key in sorted(named - asked):
            yield f"rule {rule.key} names {key!r}, which no question asks; {nearest(key, asked)}"


def _check_sources(rule: Rule) -> None:
    for key in (rule.source, *(o.source for o in rule.on if o.source)):
        source(key)
    for name in (*rule.devices, *(name for o in rule.on for name in o.devices)):
        if device(name).name != name:
            raise _refuse(f"rule {rule.key} names a device {name!r} by another name")


def read_rules(text: str) -> tuple[Rule, ...]:
    """Read a table of rules.

    Parameters
    ----------
    text
        TOML with one ``[[rule]]`` per row.

    Raises
    ------
    MicropenError
        For an unknown key, a row that is torn, a name that does not exist, or a key twice; an
        unknown source or device with the nearest ones.
    """
    rows = tuple(_row(n, row) for n, row in enumerate(tomllib.loads(text)["rule"], 1))
    table = {rule.key: rule for rule in rows}
    if len(table) < len(rows):
        twice = sorted({r.key for r in rows if table[r.key] is not r})
        raise _refuse(f"the keys {', '.join(twice)} stand twice")
    for wrong in _wrong_links(table):
        raise _refuse(wrong)
    for rule in rows:
        _check_sources(rule)
        for name in {d for o in rule.on for d in o.devices}:
            # An override must leave the row whole.
            _row(0, {**rule.on_device(name).model_dump(exclude={"on"})})
    return rows


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of the form."""
    file = files("micropen.planning.suitability") / "data" / "rules.toml"
    return read_rules(file.read_text(encoding="utf-8"))


@cache
def questions_of_the_form() -> tuple[Question, ...]:
    """Return every question that a person may be asked, in the order of the form."""
    return tuple(rule.as_question() for rule in rules() if rule.question)


def rules_for(chosen: Device) -> tuple[Rule, ...]:
    """Return the rules as they read on a device, without those of other devices."""
    on_it = (rule.on_device(chosen.name) for rule in rules())
    return tuple(rule for rule in on_it if not rule.devices or chosen.name in rule.devices)
