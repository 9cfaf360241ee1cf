"""The tables of a treatment file, as written; `assemble` turns them into sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from micropen.toml_files import Table
from micropen.treatment.person import Number, Person, TomlDate
from micropen.treatment.session import Aftercare, Anaesthetic

DEFAULT_TIME: Final = time(10, 0)
MOST_SESSIONS: Final = 60


def _timed(value: Any) -> Any:
    if isinstance(value, time):
        return value
    raise PydanticCustomError("toml_time", "must be a time without quotes, such as 10:30:00")


def _double_brackets(value: Any) -> Any:
    if isinstance(value, dict) or not isinstance(value, (list, tuple)):
        raise PydanticCustomError("session_list", "must be written [[session]], in double brackets")
    if not 1 <= len(value) <= MOST_SESSIONS:
        raise PydanticCustomError(
            "session_count",
            "must hold 1 to {most} sessions; it holds {found}",
            {"most": MOST_SESSIONS, "found": len(value)},
        )
    return value


def _setting_or_false(value: Any) -> Any:
    if value is False or isinstance(value, (dict, SettingTable)):
        return value
    raise PydanticCustomError(
        "zone_entry",
        "must be a table such as { needle_length_mm = 0.5, passes = 4 }, or false to leave the "
        "zone out",
    )


TomlTime = Annotated[time, BeforeValidator(_timed)]
NeedleLength = Annotated[Number, Field(gt=0, le=20)]
Passes = Annotated[Number, Field(gt=0, le=100)]


class SettingTable(Table):
    """``face`` and each entry of ``zones``: what is left out is taken from ``face``.

    Parameters
    ----------
    needle_length_mm
        Set needle length, mm.
    passes
        Passes of a pen, turns of a roller, presses of a stamp.
    """

    needle_length_mm: NeedleLength | None = None
    passes: Passes | None = None


ZoneEntry = Annotated[SettingTable | Literal[False], BeforeValidator(_setting_or_false)]


class SessionTable(Table):
    """One ``[[session]]``.

    Parameters
    ----------
    date
        TOML date.
    time
        TOML time of the end of the session.
    device
        Name of a device of the catalogue.
    anaesthetic
        How the skin was numbed.
    aftercare
        What lies on the skin in the first day.
    face
        Settings for every zone that is not named in `zones`.
    zones
        Settings by zone, or ``false`` to leave a zone out.
    strike_rate_hz
        Strokes per second, where the pen has a choice.
    hand_speed_mm_per_s
        How fast the pen was moved, where known.
    """

    date: TomlDate
    time: TomlTime = DEFAULT_TIME
    device: str
    anaesthetic: Anaesthetic = Anaesthetic.NONE
    aftercare: Aftercare = Aftercare.BLAND
    face: SettingTable | None = None
    zones: Mapping[str, ZoneEntry] = Field(default_factory=dict)
    strike_rate_hz: Annotated[Number, Field(gt=0)] | None = None
    hand_speed_mm_per_s: Annotated[Number, Field(ge=1, le=1000)] | None = None

    @property
    def moment(self) -> datetime:
        """Date and time together."""
        return datetime.combine(self.date, self.time)


class SeriesTable(Table):
    """``[series]``: the one ``[[session]]`` repeated at a fixed interval.

    Parameters
    ----------
    count
        Number of sessions, the first included.
    interval_days
        Days between two sessions.
    """

    count: Annotated[int, Field(strict=True, ge=1, le=MOST_SESSIONS)]
    interval_days: Annotated[Number, Field(ge=1, le=730)]


class TreatmentTable(Table):
    """A whole treatment file.

    Parameters
    ----------
    title
        A name for the treatment, free text.
    person
        Who is treated.
    session
        One or more sessions, in order of time.
    series
        Repeats a single session.
    """

    title: str = ""
    person: Person
    session: Annotated[tuple[SessionTable, ...], BeforeValidator(_double_brackets)]
    series: SeriesTable | None = None


def age_in_years(born: date, when: date) -> float:
    """Return the age on a day, in years of 365.25 days."""
    return (when - born).days / 365.25
