"""A treatment: a person and their sessions, read from a file and checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from micropen.errors import MicropenError, TreatmentError
from micropen.evidence import Grade
from micropen.toml_files import Table
from micropen.treatment import limits
from micropen.treatment.assemble import sessions as assembled_sessions
from micropen.treatment.contraindications import contraindications
from micropen.treatment.file_format import TreatmentTable, age_in_years
from micropen.treatment.person import Person
from micropen.treatment.reading import explain, read_toml
from micropen.treatment.session import Session

# Stated age and birth date may differ by a birthday.
_AGE_TOLERANCE_YEARS: Final = 1.0


class Treatment(Table):
    """Who is treated, with which device, where, how deep and when.

    Parameters
    ----------
    title
        Free text.
    person
        Who is treated.
    sessions
        In order of time; the first has ``day`` 0.
    warnings
        What was widened or is outside a label, and why; to be shown with every result.
    contraindications
        What speaks against needling this person, each with whose label says so; to be shown
        before everything else.
    """

    title: str = ""
    person: Person
    sessions: tuple[Session, ...]
    warnings: tuple[str, ...] = ()
    contraindications: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Treatment:
        """Read a treatment file (``docs/treatment-file.md``).

        Raises
        ------
        TreatmentError
            Not readable, not TOML, or impossible; the sentence names the place.
        UnknownNameError
            Unknown device or zone, with the nearest names.
        OutsideEvidenceError
            A minor, or a needle length beyond the device.
        """
        file = Path(path)
        return cls.from_dict(read_toml(file), name=str(file))

    @classmethod
    def from_dict(cls, table: Mapping[str, Any], name: str = "treatment") -> Treatment:
        """Build a treatment from the tables of a file.

        Parameters
        ----------
        table
            As `tomllib` returns it; dates are `datetime.date`.
        name
            What error sentences call it.

        Raises
        ------
        TreatmentError, UnknownNameError, OutsideEvidenceError
            As `read`.
        """
        try:
            checked = TreatmentTable.model_validate(_with_age(table))
        except ValidationError as error:
            raise explain(error, name) from None
        try:
            return cls._checked(checked)
        except MicropenError as error:
            raise type(error)(f"{name}: {error}") from None

    @classmethod
    def _checked(cls, table: TreatmentTable) -> Treatment:
        sessions = assembled_sessions(table.session, table.series)
        _check_age(table.person, sessions[0].date)
        limits.refuse_impossible_person(table.person, sessions)
        limits.refuse_lengths_beyond_device(sessions)
        return cls(
            title=table.title,
            person=table.person,
            sessions=sessions,
            warnings=limits.warnings(table.person, sessions),
            contraindications=contraindications(table.person),
        )

    @property
    def days(self) -> tuple[float, ...]:
        """Days of the sessions, from 0."""
        return tuple(session.day for session in self.sessions)

    @property
    def zones(self) -> tuple[str, ...]:
        """Zones treated in at least one session, in the order of the first session's zones."""
        return tuple(dict.fromkeys(zone for s in self.sessions for zone in s.zones))

    @property
    def source_keys(self) -> tuple[str, ...]:
        """Bibliography keys of the devices used, each once."""
        return tuple(dict.fromkeys(key for s in self.sessions for key in s.device.source_keys))

    @property
    def device_grade(self) -> Grade:
        """Lowest evidence grade among the numbers of the devices used."""
        return max((s.device.grade for s in self.sessions), key=lambda grade: grade.value)


def _with_age(table: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in the age from the birth date, where both it and the first session are dates."""
    filled = dict(table)
    person = filled.get("person")
    if not isinstance(person, Mapping) or "age_years" in person or "birth_date" not in person:
        return filled
    session = filled.get("session")
    first = session[0] if isinstance(session, (list, tuple)) and session else None
    when = first.get("date") if isinstance(first, Mapping) else None
    born = person["birth_date"]
    # A wrong type or a birth after the session is reported where it stands: 0 lets it get there.
    age = 0.0
    if type(born) is date and type(when) is date:
        age = max(age_in_years(born, when), 0.0)
    filled["person"] = {**person, "age_years": age}
    return filled


def _check_age(person: Person, first: date) -> None:
    if person.birth_date is None or person.birth_date > first:
        return
    age = age_in_years(person.birth_date, first)
    if abs(age - person.age_years) > _AGE_TOLERANCE_YEARS:
        raise TreatmentError(
            f"person.age_years is {person.age_years:g}, but person.birth_date "
            f"{person.birth_date} makes {age:.1f} years at the first session; state one of them."
        )
