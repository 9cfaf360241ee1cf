"""What a report is made of: plain frozen records, so that this room needs no other's objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy.zones import ZONES
from micropen.errors import OutputError, unknown_name
from micropen.evidence import Source
from micropen.report.complications import Complication, OverTreatment
from micropen.signs import SIGNS

if TYPE_CHECKING:
    import xarray as xr

Picture = NDArray[np.uint8] | NDArray[np.uint16]
Scenario = Literal["expected", "best", "worst"]
SCENARIOS: Final[tuple[Scenario, ...]] = ("best", "expected", "worst")

_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ZoneSetting:
    """What was done in one zone: needle length in mm and number of passes."""

    needle_length_mm: float
    passes: float


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One session, as a client reads it.

    Parameters
    ----------
    day
        Days since the first session; the first is 0.
    device
        Name of the device.
    zones
        Settings of the treated zones; a zone that is not named was left alone.
    date
        Calendar day, where known.
    time_of_day
        ``"morning"``, ``"10:30"`` or empty.
    needle_count
        Number of needles, where known.
    anaesthetic
        What numbed the skin, in words; empty when not stated.
    """

    day: float
    device: str
    zones: Mapping[str, ZoneSetting]
    date: date | None = None
    time_of_day: str = ""
    needle_count: int | None = None
    anaesthetic: str = ""


@dataclass(frozen=True, slots=True)
class SignEvidence:
    """How far the course of one sign can be trusted.

    Parameters
    ----------
    sign
        Name in `micropen.signs.SIGNS`.
    grade
        Lowest evidence grade among the numbers behind it, ``"A"`` to ``"D"``.
    note
        One sentence: what it rests on.
    sources
        Keys of the sources behind it.
    """

    sign: str
    grade: str
    note: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """One line of the downtime, in words, with the numbers behind it.

    Parameters
    ----------
    key
        Short name (``"redness"``).
    group
        ``"see"`` for what shows on the face, ``"do"`` for what the person may do.
    title, answer, spread, detail
        The question, the answer in a few words, its range in days (``"1–3"``) where it has one,
        and one or two sentences.
    first_day, median_day, last_day
        5, 50 and 95 % quantiles over the draws, in days after the session; nan where the
        answer is not a day, or a day that the forecast does not reach.
    probability
        Share of the draws in which it happens at all; nan where that is not a question.
    basis
        ``"forecast"``, or the name of the published advice behind it.
    """

    key: str
    group: Literal["see", "do"]
    title: str
    answer: str
    detail: str
    first_day: float = float("nan")
    median_day: float = float("nan")
    last_day: float = float("nan")
    probability: float = float("nan")
    spread: str = ""
    basis: str = "forecast"

    @property
    def words(self) -> str:
        """Answer and range: ``"until day 2 (1–3)"``."""
        return f"{self.answer} ({self.spread})" if self.spread else self.answer


@dataclass(frozen=True, slots=True)
class Provenance:
    """Everything needed to make the same report again.

    Parameters
    ----------
    version
        Version of the program.
    parameter_set, parameter_digest
        Name and digest of the parameters.
    seed, draws
        Of the forecast.
    photo_sha256, treatment_sha256
        Of the two input files; their names and paths are private and stay out.
    lowest_grade
        Weakest evidence grade the forecast leans on.
    citations
        Bibliography keys.
    platform, python
        Where it ran, without machine or user name.
    command
        The command line, without private paths.
    created
        When, ISO 8601; None keeps the output the same byte for byte from run to run.
    settings
        Anything else that changes the result.
    """

    version: str
    parameter_set: str
    parameter_digest: str
    seed: int
    draws: int
    photo_sha256: str
    treatment_sha256: str
    lowest_grade: str
    citations: tuple[str, ...] = ()
    platform: str = ""
    python: str = ""
    command: str = ""
    created: str | None = None
    settings: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True, eq=False)
class ReportContent:
    """All that `write_report` needs.

    Parameters
    ----------
    title
        Heading of the page, as the person may read it.
    before
        The photograph, upright sRGB, shape ``(height, width, 3)``, uint8 or uint16.
    frames
        Simulated pictures of the same shape and type as `before`, by ``(scenario, day)``; each
        is asked for once, in order, so a lazy mapping works. Every scenario has the same days.
    course
        Dataset with dimensions ``draw, zone, day`` and one variable for each sign.
    sessions
        The treatment, in order of day; at least one.
    provenance
        How the forecast was made.
    face_box
        ``(left, top, right, bottom)`` of the face in px of `before`; None shows the whole picture.
    subtitle
        A line under the title.
    photo_notes
        What the program could not do with this photograph, and why; one sentence each.
    warnings
        What was widened or lies outside the evidence; one sentence each.
    evidence
        One record for each sign.
    sources
        Bibliography of the forecast.
    milestones
        Downtime in words; None derives it from the course.
    before_credit
        Source and licence of the photograph, where it needs one.
    alerts
        What stands against the treatment on its label; one sentence each, shown above all else.
    melasma
        Whether the person has melasma; without it no sentence speaks of dark patches.
    phototype
        Fitzpatrick phototype, 1 to 6; None where unknown.
    complications
        What can go wrong, and how likely.
    over_treatment
        What too deep, too dense or too soon costs; None where it was not worked out.
    """

    title: str
    before: Picture
    frames: Mapping[tuple[str, float], Picture]
    course: xr.Dataset
    sessions: tuple[SessionSummary, ...]
    provenance: Provenance
    face_box: tuple[float, float, float, float] | None = None
    subtitle: str = ""
    photo_notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    evidence: tuple[SignEvidence, ...] = ()
    sources: tuple[Source, ...] = ()
    milestones: tuple[Milestone, ...] | None = None
    before_credit: str = ""
    alerts: tuple[str, ...] = ()
    melasma: bool = False
    phototype: float | None = None
    complications: tuple[Complication, ...] = ()
    over_treatment: OverTreatment | None = None

    def __post_init__(self) -> None:
        _check_picture(self.before)
        _check_frames(self.frames)
        _check_course(self.course)
        if not self.sessions:
            raise OutputError("A report needs at least one session, and none was given.")
        for session in self.sessions:
            for zone in session.zones:
                if zone not in ZONES:
                    raise unknown_name("zone", zone, ZONES)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Scenarios that have pictures, best first."""
        present = {scenario for scenario, _ in self.frames}
        return tuple(s for s in SCENARIOS if s in present)

    @property
    def days(self) -> tuple[float, ...]:
        """Days that have pictures, ascending."""
        return tuple(sorted({day for _, day in self.frames}))

    @property
    def treated_zones(self) -> tuple[str, ...]:
        """Zones that any session touched, in the order of `ZONES`."""
        touched = {zone for session in self.sessions for zone in session.zones}
        return tuple(zone for zone in ZONES if zone in touched) or ZONES


def _check_picture(picture: Picture) -> None:
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype not in (np.uint8, np.uint16):
        raise OutputError(
            f"A picture of a report must be (height, width, 3) in uint8 or uint16; "
            f"found {picture.shape} in {picture.dtype}."
        )


def _check_frames(frames: Mapping[tuple[str, float], Picture]) -> None:
    if not frames:
        raise OutputError("A report needs at least one simulated picture, and none was given.")
    days: dict[str, set[float]] = {}
    for scenario, day in frames:
        if scenario not in SCENARIOS:
            raise unknown_name("scenario", scenario, SCENARIOS)
        days.setdefault(scenario, set()).add(day)
    if len({frozenset(d) for d in days.values()}) > 1:
        counts = ", ".join(f"{s}: {len(d)}" for s, d in days.items())
        raise OutputError(f"Every scenario of a report needs pictures of the same days ({counts}).")


def _check_course(course: xr.Dataset) -> None:
    missing = [name for name in SIGNS if name not in course]
    if missing:
        raise OutputError(f"The course of a report lacks these signs: {', '.join(missing)}.")
    if set(course["erythema"].dims) != {"draw", "zone", "day"}:
        found = ", ".join(map(str, course["erythema"].dims))
        raise OutputError(f"A course has the dimensions draw, zone, day; found: {found}.")
