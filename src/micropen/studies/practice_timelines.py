"""What practices tell clients to expect, day by day, as two studies: one to fit, one held out.

Coded statements of 49 independent families of clinics and manufacturers stand in
``evidence/data/practices``. A family has one vote. Per sign and day a family says that the sign is
present, that it is between (the day lies inside a stated range), that it is absent, or nothing.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import nan
from pathlib import Path
from statistics import median
from typing import Final

from micropen.evidence import Grade
from micropen.studies.arms import arm_of
from micropen.studies.file_format import ArmTable
from micropen.studies.study import Arm, Claim, Finding, Role, Statistic, Study

SOURCE: Final = "practice-timelines"
DAYS: Final = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 14)
# Fewer voices than this are an anecdote.
FEWEST_FAMILIES: Final = 4

_MODALITIES: Final = frozenset({"pen", "stamp", "pen_or_unstated"})

# The usual treatment, which no page describes: hardly any states a depth, none the passes.
_USUAL: Final = {
    "device": "skinpen-precision",
    "needle_length_mm": {"low": 0.5, "high": 1.5},
    "passes": 4,
    "sessions": 1,
    "anaesthetic": "topical",
    "aftercare": "bland",
    "age_years": {"mean": 40, "sd": 3, "low": 35, "high": 45},
    "phototypes": {"II": 0.5, "III": 0.5},
    "female": 1.0,
    "assumed": [
        "device",
        "needle_length_mm",
        "passes",
        "sessions",
        "anaesthetic",
        "aftercare",
        "age_years",
        "phototypes",
        "female",
    ],
}


class Says(StrEnum):
    """What a family says of a sign on a day."""

    PRESENT = "present"
    BETWEEN = "between"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Statement:
    """One coded statement: a sign (or duration) of a family, from day to day."""

    family: str
    sign: str
    level: str
    day_from: float
    day_to: float

    def covers(self, day: float) -> bool:
        """Whether a day lies inside."""
        return self.day_from <= day <= self.day_to


@dataclass(frozen=True, slots=True)
class Cell:
    """How many families say what of a sign on a day."""

    present: int
    between: int
    absent: int

    @property
    def families(self) -> int:
        """Families that speak of it."""
        return self.present + self.between + self.absent

    @property
    def share(self) -> float:
        """Share that says present; what lies between counts half."""
        return (self.present + 0.5 * self.between) / self.families


class _Family:
    """All statements of one family."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.statements = tuple(statements)

    def stated(self, sign: str, day: float) -> Says | None:
        """What is said of a sign for this very day."""
        levels = {s.level for s in self.statements if s.sign == sign and s.covers(day)}
        if not levels:
            return None
        return Says.ABSENT if levels == {"none"} else Says.PRESENT

    def duration(self, name: str) -> tuple[float, float] | None:
        """Shortest and longest, medians over the family's pages."""
        found = [s for s in self.statements if s.sign == name and s.day_from == s.day_from]
        if not found:
            return None
        return median(s.day_from for s in found), median(s.day_to for s in found)


def _gone(sign: str) -> Callable[[_Family, float], Says | None]:
    """A sign that is there at once and goes: when it is gone counts before anything else."""

    def say(family: _Family, day: float) -> Says | None:
        gone = family.duration(f"{sign}_gone")
        if gone is None:
            return family.stated(sign, day)
        if day < gone[0]:
            return Says.PRESENT
        return Says.BETWEEN if day < gone[1] else Says.ABSENT

    return say


def _redness(family: _Family, day: float) -> Says | None:
    said = _gone("redness")(family, day)
    healed = family.duration("healed")
    # Whoever is healed is no longer red; of other signs the pages do not say so.
    if said is None and healed is not None and day >= healed[1]:
        return Says.ABSENT
    return said


def _peeling(family: _Family, day: float) -> Says | None:
    if said := family.stated("peeling", day):
        return said
    start, end = family.duration("peeling_start"), family.duration("peeling_end")
    if start is not None and day <= start[1]:
        return Says.ABSENT if day < start[0] else Says.BETWEEN
    if end is None:
        return None
    if day > end[1]:
        return Says.ABSENT
    if day > end[0]:
        return Says.BETWEEN
    return None if start is None else Says.PRESENT


def _begun(name: str, sign: str) -> Callable[[_Family, float], Says | None]:
    """Something that comes and stays."""

    def say(family: _Family, day: float) -> Says | None:
        begun = family.duration(name)
        if (said := family.stated(sign, day)) or begun is None:
            return said
        if day < begun[0]:
            return Says.ABSENT
        return Says.BETWEEN if day < begun[1] else Says.PRESENT

    return say


# Only signs that some page calls absent: of the others (tightness, breakout, bruising, itching,
# scabs) whoever speaks at all says "present", and a share of those who speak would mean nothing.
SIGNS: Final[Mapping[str, Callable[[_Family, float], Says | None]]] = {
    "redness": _redness,
    "swelling": _gone("swelling"),
    "peeling": _peeling,
    "glow": _begun("glow_start", "glow"),
    "makeup_allowed": _begun("makeup_allowed", ""),
}


def statements_file() -> Path:
    """Return the file of coded statements."""
    return Path(str(files("micropen.evidence") / "data" / "practices" / "statements.csv"))


@cache
def statements() -> tuple[Statement, ...]:
    """Read the coded statements on pens, stamps and needling of unstated tool."""
    with statements_file().open(encoding="utf-8", newline="") as file:
        return tuple(
            Statement(
                family=row["family_id"],
                sign=row["sign"],
                level=row["level"],
                day_from=float(row["day_from"] or nan),
                day_to=float(row["day_to"] or nan),
            )
            for row in csv.DictReader(file)
            if row["modality"] in _MODALITIES
        )


def families() -> tuple[str, ...]:
    """Return every family, in the order of the file."""
    return tuple(dict.fromkeys(s.family for s in statements()))


def held_out_families() -> frozenset[str]:
    """Return the families held out: every second one by the SHA-256 of its name."""
    by_digest = sorted(families(), key=lambda name: hashlib.sha256(name.encode()).digest())
    return frozenset(by_digest[1::2])


def fold(chosen: Iterable[str]) -> Mapping[tuple[str, int], Cell]:
    """Fold the statements of some families into one cell per sign and day.

    Parameters
    ----------
    chosen
        Names of families; each has one vote.

    Returns
    -------
    Mapping
        ``(sign, day)`` to `Cell`, for the signs of `SIGNS` and the days of `DAYS`.
    """
    voices = [_Family(s for s in statements() if s.family == name) for name in chosen]
    cells = {}
    for sign, say in SIGNS.items():
        for day in DAYS:
            votes = [say(voice, float(day)) for voice in voices]
            cells[sign, day] = Cell(
                *(votes.count(kind) for kind in (Says.PRESENT, Says.BETWEEN, Says.ABSENT))
            )
    return cells


def practice_timelines() -> Study:
    """Return the half of the families that may be fitted to."""
    return _study("practice_timelines", Role.FIT)


def practice_timelines_held_out() -> Study:
    """Return the half of the families that only validation looks at."""
    return _study("practice_timelines_held_out", Role.HELD_OUT)


def _study(key: str, role: Role) -> Study:
    held_out = role is Role.HELD_OUT
    others = held_out_families()
    chosen = [family for family in families() if (family in others) == held_out]
    arm = arm_of("usual", ArmTable.model_validate({**_USUAL, "n": len(chosen)}), SOURCE)
    half = "held-out half" if held_out else "half to fit"
    return Study(
        key=key,
        title=f"What clinics and manufacturers tell clients to expect, day by day ({half})",
        citation=(
            f"{len(chosen)} of {len(families())} independent families of after-care pages, coded "
            "by the authors of micropen"
        ),
        role=role,
        seen="the beginning of each page: signs, days and durations",
        not_seen="depth, passes, phototype, and whatever stands further down the pages",
        arms={arm.key: arm},
        findings=tuple(_findings(key, role, arm, fold(chosen))),
        path=statements_file(),
    )


def _findings(
    key: str, role: Role, arm: Arm, cells: Mapping[tuple[str, int], Cell]
) -> Iterator[Finding]:
    for (sign, day), cell in cells.items():
        if cell.families >= FEWEST_FAMILIES:
            yield Finding(
                key=f"{key}.{sign}_d{day}",
                arm=arm.key,
                versus="",
                scale=f"practice_{sign}",
                statistic=Statistic.MEAN,
                threshold=nan,
                day=float(day),
                claim=Claim.EQUALS,
                low=cell.share,
                high=cell.share,
                sd=nan,
                standard_error=nan,
                n=cell.families,
                grade=Grade.C,
                role=role,
                facts=(),
                note=f"{cell.present} present, {cell.between} between, {cell.absent} absent.",
            )
