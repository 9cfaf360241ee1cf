"""The series file: a small TOML in which a person tells what the photographs do not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from micropen.anatomy.zones import expand_zone
from micropen.errors import PhotoError, UnknownNameError
from micropen.measurement.series.file_names import same_spelling
from micropen.measurement.series.states import State
from micropen.toml_files import Table, nearest, parse, place, read_text, reason
from micropen.treatment.person import Number, Phototype, typology_angle_of_phototype

FILE_NAME: Final = "series.toml"
_KIND: Final = "series file"
_MOST_FINDINGS: Final = 2


def _moment(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is a date too
        return value
    raise PydanticCustomError(
        "toml_date",
        "must be a date or a time without quotes, such as 2027-06-12 or 2027-06-12T10:15:00",
    )


def _state(value: Any) -> Any:
    text = str(value).strip().lower()
    if text in set(State):
        return State(text)
    raise PydanticCustomError(
        "unknown_word",
        "does not know {word}; {hint}",
        {"word": repr(value), "hint": nearest(text, [s.value for s in State])},
    )


def _corners(value: Any) -> Any:
    if isinstance(value, (list, tuple)) and len(value) == 4:
        return tuple(tuple(point) if isinstance(point, list) else point for point in value)
    raise PydanticCustomError("corners", "must be four corners, such as [[10, 20], [300, 20], ...]")


def _zones(value: Any) -> Any:
    names = value if isinstance(value, (list, tuple)) else [value]
    try:
        return tuple(dict.fromkeys(z for name in names for z in expand_zone(str(name))))
    except UnknownNameError as error:
        raise PydanticCustomError("zone", "{why}", {"why": str(error).rstrip(".")}) from None


Moment = Annotated[datetime | date, BeforeValidator(_moment)]


class PhotoTable(Table):
    """``[photo."name.jpg"]``: what is told of one photograph.

    Parameters
    ----------
    taken_at
        TOML date, or date and time.
    day
        Days since the session, where no date is known; below 0 is before it.
    state
        One of `State`.
    chart_corners
        Four corners of the colour chart, px, in any order.
    face
        Which face, from 1 at the picture's left.
    leave_out
        Whether the photograph takes no part.
    """

    taken_at: Moment | None = None
    day: Annotated[float, Field(ge=-3650, le=3650)] | None = None
    state: Annotated[State, BeforeValidator(_state)] | None = None
    chart_corners: Annotated[tuple[tuple[float, float], ...], BeforeValidator(_corners)] | None = (
        None
    )
    face: Annotated[int, Field(strict=True, ge=1, le=50)] | None = None
    leave_out: bool = False


class SeriesTable(Table):
    """A whole series file.

    Parameters
    ----------
    session
        Date, or date and time, of the first session.
    baseline
        File name of the photograph that all others are compared with.
    treated
        Zones that were treated.
    state
        State of every photograph that does not tell its own.
    repeats
        Lists of file names that show the same moment.
    phototype
        Fitzpatrick phototype of the person, 1-6 or I-VI; 2.5 or ``"II-III"`` lies between two.
    individual_typology_angle_deg
        Measured skin colour of the person instead, degrees.
    photo
        File name to what is told of it.
    """

    session: Moment | None = None
    baseline: str = ""
    treated: Annotated[tuple[str, ...], BeforeValidator(_zones)] | None = None
    state: Annotated[State, BeforeValidator(_state)] | None = None
    repeats: tuple[tuple[str, ...], ...] = ()
    phototype: Phototype | None = None
    individual_typology_angle_deg: Annotated[Number, Field(ge=-90.0, le=90.0)] | None = None
    photo: Mapping[str, PhotoTable] = Field(default_factory=dict)

    @property
    def ita_deg(self) -> float | None:
        """Individual typology angle that is told, degrees: measured, else typical; None if not."""
        if self.individual_typology_angle_deg is not None or self.phototype is None:
            return self.individual_typology_angle_deg
        return typology_angle_of_phototype(self.phototype)


def read_series_file(path: Path) -> SeriesTable:
    """Read a series file.

    Raises
    ------
    PhotoError
        Missing, unreadable, not TOML, or it says something unknown or impossible: the sentence
        names the place, the value and the nearest known names.
    """
    data = parse(read_text(path, _KIND, PhotoError), path, PhotoError)
    try:
        table = SeriesTable.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        sentences = [f"{place(f['loc'])} {reason(f)}".strip() for f in found[:_MOST_FINDINGS]]
        raise PhotoError(f"{path.name}: {'; '.join(sentences)}.") from None
    return table.model_copy(
        update={
            "baseline": same_spelling(table.baseline),
            "repeats": tuple(tuple(map(same_spelling, group)) for group in table.repeats),
            "photo": {same_spelling(name): told for name, told in table.photo.items()},
        }
    )


def check_names(table: SeriesTable, known: Collection[str], label: str) -> None:
    """Refuse file names that are not in the series, with the nearest ones.

    Raises
    ------
    PhotoError
        A name is unknown, or stands in two groups of repeats.
    """
    named = [("photo", n) for n in table.photo]
    named += [("repeats", n) for group in table.repeats for n in group]
    named += [("baseline", table.baseline)] if table.baseline else []
    for key, name in named:
        if name not in known:
            raise PhotoError(
                f"{label}: {key} names {name!r}, which is no file of this series; "
                f"{nearest(name, known)}."
            )
    grouped = [n for group in table.repeats for n in group]
    twice = sorted({n for n in grouped if grouped.count(n) > 1})
    if twice:
        raise PhotoError(
            f"{label}: repeats names {twice[0]!r} twice; a photograph shows one moment only."
        )
