"""Make a case folder, and write a check-in into one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from micropen.case import (
    LONGEST_BEFORE_DAYS,
    WARNING_SIGNS,
    Added,
    Case,
    CheckIn,
    Moment,
    add_check_in,
    check_in_from,
    mentions_warning,
    new_case,
    read_moment,
)
from micropen.case.case import CHECK_INS, TREATMENT, case_folder
from micropen.errors import CaseError, MicropenError, TreatmentError
from micropen.toml_files import read_text
from micropen.treatment import Treatment

_DAY_S: Final = 86_400.0


def make_case(place: Path, treatment: Path | None, session: str, now: datetime) -> Path:
    """Make a case folder, whole or not at all.

    Parameters
    ----------
    place
        Where; a name that is not there yet, or an empty folder.
    treatment
        Treatment file to copy; None writes an example to change.
    session
        Date, or date and time, of the example's session; empty takes today.
    now
        Local time.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    CaseError
        The place is taken or cannot be written, or the date cannot be read.
    TreatmentError, UnknownNameError, OutsideEvidenceError
        As `Treatment.read`.
    """
    if treatment is None:
        return new_case(place, _example(read_moment(session) if session else None, now))
    if session:
        raise CaseError(
            f"--date goes with the example treatment; {treatment} states its own dates: change "
            "them there."
        )
    Treatment.read(treatment)
    return new_case(place, read_text(treatment, "treatment file", TreatmentError))


def _example(session: Moment | None, now: datetime) -> str:
    text = (files("micropen.case") / "data" / TREATMENT).read_text(encoding="utf-8")
    date = session.when if session else now
    text = re.sub(r"(?m)^date = \S+", f"date = {date:%Y-%m-%d}", text)
    if session and session.timed:
        text = re.sub(r"(?m)^time = \S+", f"time = {date:%H:%M:%S}", text)
    return text


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a check-in is made, seen from the session.

    Parameters
    ----------
    when
        Local date and time.
    session
        Local time of the session that it is counted from: the latest one begun, else the first.
    day
        Days since it; negative before the first.
    """

    when: datetime
    session: datetime
    day: float

    @property
    def words(self) -> str:
        """Such as "Day 3.5 since the session of 2026-05-08"."""
        of = f"the session of {self.session:%Y-%m-%d}"
        if self.day < 0:
            return f"{-self.day:.1f} days before {of}: this tells what is usual for you"
        return f"Day {self.day:.1f} since {of}"


def occasion_of(folder: Path, told: str, now: datetime) -> Occasion:
    """Tell when a check-in is made.

    Parameters
    ----------
    folder
        The case folder.
    told
        Date and time as given; empty for now.
    now
        Local time.

    Raises
    ------
    CaseError
        No case folder, no date, one in the future, or one long before the first session.
    """
    treatment = Treatment.read(case_folder(folder) / TREATMENT)
    when = _moment(told, now)
    begun = [s.moment for s in treatment.sessions if s.moment <= when]
    session = max(begun, default=treatment.sessions[0].moment)
    day = (when - session).total_seconds() / _DAY_S
    if day < -LONGEST_BEFORE_DAYS:
        raise CaseError(
            f"The check-in's time {when:%Y-%m-%d} lies {-day:.0f} days before the first session "
            f"({session:%Y-%m-%d}); at most {LONGEST_BEFORE_DAYS} days tell what is usual. Correct "
            "the year, of the check-in or of the session."
        )
    return Occasion(when, session, day)


def _moment(told: str, now: datetime) -> datetime:
    minute = now.replace(second=0, microsecond=0)
    if not told:
        return minute
    moment = read_moment(told)
    if moment.when.date() == now.date() and not moment.timed:
        return minute
    if moment.when > now:
        raise CaseError(
            f"The check-in's time {told!r} lies in the future (it is {minute:%Y-%m-%d %H:%M}); "
            "write down what was seen, when it was seen."
        )
    return moment.when


@dataclass(frozen=True, slots=True)
class Recorded:
    """A check-in that was written.

    Parameters
    ----------
    occasion
        When, seen from the session.
    check_in
        With its line of the file.
    file
        The file, in the folder as it was given.
    warnings
        Sentences that send to a clinician; empty where none is needed.
    notes
        What else is to be known of the file.
    """

    occasion: Occasion
    check_in: CheckIn
    file: Path
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def problem_with(column: str, text: str) -> str:
    """Return what is wrong with one answer, as a sentence; empty if nothing is."""
    _, findings = check_in_from({column: text}, datetime.min)
    return findings[0].sentence if findings else ""


def warnings_in(column: str, text: str) -> tuple[str, ...]:
    """Return the sentences of `warnings_of` for one answer."""
    return warnings_of(check_in_from({column: text}, datetime.min)[0])


def record_check_in(
    folder: Path, occasion: Occasion, cells: Mapping[str, str], now: datetime
) -> Recorded:
    """Write a check-in.

    Parameters
    ----------
    folder
        The case folder.
    occasion
        When.
    cells
        Column to answer as text.
    now
        Local time.

    Raises
    ------
    CaseError
        An answer that cannot be understood, or a file that cannot be written; nothing was written.
    """
    check_in, findings = check_in_from(cells, occasion.when)
    if findings:
        said = " ".join(f"--{f.column.split('_')[0]}: {f.sentence}" for f in findings)
        raise CaseError(f"{said} Nothing was written.")
    added = add_check_in(folder, check_in)
    return Recorded(
        occasion,
        replace(check_in, line=added.line),
        folder / CHECK_INS,
        warnings_of(check_in),
        _notes(folder, added, now),
    )


def warnings_of(check_in: CheckIn) -> tuple[str, ...]:
    """Return a sentence for ticked warning signs, and one for those that the note speaks of."""
    said = []
    if check_in.warning_signs:
        said.append(f"See a clinician today: you ticked {_phrases(check_in.warning_signs)}.")
    spoken = [s for s in mentions_warning(check_in.note) if s not in check_in.warning_signs]
    if spoken:
        said.append(
            f"See a clinician today: your note speaks of {_phrases(spoken)}. If it means something "
            "else, nothing needs to be done."
        )
    return tuple(said)


def _phrases(signs: tuple[str, ...] | list[str]) -> str:
    return "; ".join(WARNING_SIGNS[sign] for sign in signs)


def _notes(folder: Path, added: Added, now: datetime) -> tuple[str, ...]:
    """What else is to be known: columns added, a correction made, or a file that needs one."""
    notes = []
    if added.new_columns:
        notes.append(f"The table had no column {', '.join(added.new_columns)}; it was added.")
    try:
        read = Case.open(folder, now).notes
    except MicropenError as error:
        return (*notes, f"It was written, but the file needs a correction elsewhere. {error}")
    # Of one moment with another line, so that it corrects or repeats it.
    of_line = re.compile(rf"^(Lines .* and|Counted once: line) {added.line}\b")
    return (*notes, *(note for note in read if of_line.search(note)))
