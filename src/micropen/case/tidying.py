"""Check-ins in the order of time: doubles dropped, corrections laid over, impossible ones out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from micropen.case.check_in import WARNING_SIGNS, Answer, CheckIn

# What is usual for a person changes within a year; an older line is more likely mistyped.
LONGEST_BEFORE_DAYS: Final = 400
_MOST_LISTED: Final = 8


@dataclass(frozen=True, slots=True)
class Dated:
    """A check-in as it was read.

    Parameters
    ----------
    check_in
        The check-in.
    timed
        Whether its time of day was given.
    """

    check_in: CheckIn
    timed: bool


@dataclass(frozen=True, slots=True)
class CheckIns:
    """All check-ins of a case.

    Parameters
    ----------
    after
        Since the first session, oldest first.
    before
        From before it, oldest first: what is usual for this person.
    notes
        What was repaired, kept apart or left out, in sentences.
    """

    after: tuple[CheckIn, ...]
    before: tuple[CheckIn, ...]
    notes: tuple[str, ...]


def tidied(
    found: Sequence[Dated], first_session: datetime, now: datetime, notes: Sequence[str] = ()
) -> CheckIns:
    """Sort check-ins, drop doubles, lay corrections over what they correct.

    Parameters
    ----------
    found
        In the order of the file.
    first_session
        Local time of the end of the first session.
    now
        Local time; a check-in from later is left out. One without a time of day counts as later
        from the next day on.
    notes
        Sentences to begin with.

    Notes
    -----
    Of two lines at one moment that differ, the later line wins column by column. A ticked warning
    sign is never taken back by it, and the text of both notes stays.
    """
    said = list(notes)
    untimed = [d.check_in.line for d in found if not d.timed]
    if untimed:
        said.append(f"Taken as 8 in the evening, as no time is given: {line_numbers(untimed)}.")
    present = _without_future(found, now, said)
    if any(a.when > b.when for a, b in pairwise(present)):
        said.append("Lines were not in the order of time; they were sorted.")
    ordered = _one_per_moment(sorted(present, key=lambda c: c.when), said)
    before = [c for c in ordered if c.when < first_session]
    before = _without_long_before(before, first_session, said)
    if before:
        said.append(
            f"From before the first session, and so taken as what is usual: "
            f"{line_numbers([c.line for c in before])}."
        )
    after = tuple(c for c in ordered if c.when >= first_session)
    return CheckIns(after, tuple(before), tuple(said))


def _without_future(found: Sequence[Dated], now: datetime, said: list[str]) -> list[CheckIn]:
    present = []
    for dated in found:
        when = dated.check_in.when
        if (when if dated.timed else when.date()) > (now if dated.timed else now.date()):
            said.append(
                f"Left out, as it lies in the future: {_named(dated.check_in)}; correct its date."
            )
        else:
            present.append(dated.check_in)
    return present


def _without_long_before(
    before: Sequence[CheckIn], first_session: datetime, said: list[str]
) -> list[CheckIn]:
    kept = []
    for check_in in before:
        days = (first_session - check_in.when).days
        if days > LONGEST_BEFORE_DAYS:
            said.append(
                f"Left out, as it lies {days} days before the first session: {_named(check_in)}; "
                "correct its year."
            )
        else:
            kept.append(check_in)
    return kept


def _one_per_moment(ordered: Sequence[CheckIn], said: list[str]) -> list[CheckIn]:
    """Sorting keeps the order of lines within a moment, so the last of them is the latest line."""
    kept: list[CheckIn] = []
    for check_in in ordered:
        earlier = kept[-1] if kept else None
        if earlier is None or earlier.when != check_in.when:
            kept.append(check_in)
        elif _same(earlier, check_in):
            said.append(f"Counted once: line {check_in.line} says the same as line {earlier.line}.")
        else:
            kept[-1] = _laid_over(earlier, check_in)
            said.append(
                f"Lines {earlier.line} and {check_in.line} are of one moment "
                f"({_moment(check_in.when)}) and differ; line {check_in.line} was followed where "
                "both answer."
            )
    return kept


def _same(first: CheckIn, second: CheckIn) -> bool:
    return replace(first, line=0) == replace(second, line=0)


def _laid_over(earlier: CheckIn, later: CheckIn) -> CheckIn:
    scores: Mapping[str, Answer] = {**earlier.scores, **later.scores}
    ticked = {*earlier.warning_signs, *later.warning_signs}
    texts = dict.fromkeys(text for text in (earlier.note, later.note) if text)
    return replace(
        later,
        scores=scores,
        breakouts=earlier.breakouts if later.breakouts is None else later.breakouts,
        makeup=earlier.makeup if later.makeup is None else later.makeup,
        sun=later.sun or earlier.sun,
        products=later.products or earlier.products,
        warning_signs=tuple(name for name in WARNING_SIGNS if name in ticked),
        note="; ".join(texts),
    )


def _named(check_in: CheckIn) -> str:
    return f"line {check_in.line} ({_moment(check_in.when)})"


def _moment(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"


def line_numbers(numbers: Sequence[int]) -> str:
    """Name lines as in a sentence: ``"lines 3, 4"``."""
    first = ", ".join(map(str, numbers[:_MOST_LISTED]))
    more = len(numbers) - _MOST_LISTED
    tail = f" and {more} more" if more > 0 else ""
    return f"{'line' if len(numbers) == 1 else 'lines'} {first}{tail}"
