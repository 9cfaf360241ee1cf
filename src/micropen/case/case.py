"""Case: the folder of one person's treatment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Final

from micropen.case.check_in import CheckIn
from micropen.case.reading import read_check_ins
from micropen.errors import CaseError
from micropen.treatment import Treatment

TREATMENT: Final = "treatment.toml"
CHECK_INS: Final = "checkins.csv"
PHOTOS: Final = "photos"
KEPT: Final = "micropen"
README: Final = "README.txt"
_DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Case:
    """The folder of one person's treatment, as it was read.

    Parameters
    ----------
    folder
        Where it lies, absolute.
    treatment
        From ``treatment.toml``.
    check_ins
        From ``checkins.csv``: since the end of the first session, oldest first, one a moment.
    before
        Check-ins from before it, oldest first: what is usual for this person.
    notes
        Sentences on what was repaired, kept apart or left out.
    """

    folder: Path
    treatment: Treatment
    check_ins: tuple[CheckIn, ...]
    before: tuple[CheckIn, ...]
    notes: tuple[str, ...]

    @classmethod
    def open(cls, path: str | PathLike[str], now: datetime | None = None) -> Case:
        """Read a case folder; nothing is written.

        Parameters
        ----------
        path
            The folder.
        now
            Local time: check-ins of later are left out. The clock's, if None.

        Raises
        ------
        CaseError
            No case folder, or check-ins that cannot be understood: file, line, column and value.
        TreatmentError, UnknownNameError, OutsideEvidenceError
            As `Treatment.read`.
        """
        folder = case_folder(path)
        treatment = Treatment.read(folder / TREATMENT)
        first = treatment.sessions[0].moment
        read = read_check_ins(folder / CHECK_INS, first, now or datetime.now())
        return cls(folder, treatment, read.after, read.before, read.notes)

    @property
    def photos(self) -> Path:
        """Folder of the photographs; it may be missing or empty."""
        return self.folder / PHOTOS

    @property
    def kept_folder(self) -> Path:
        """Folder of what the program keeps."""
        return self.folder / KEPT

    @property
    def title(self) -> str:
        """Of the treatment, else the folder's name."""
        return self.treatment.title or self.folder.name

    @property
    def first_session(self) -> datetime:
        """Local time of the end of the first session: day 0."""
        return self.treatment.sessions[0].moment

    def day_of(self, when: datetime) -> float:
        """Return the day of a local time since the end of the first session."""
        return (when - self.first_session).total_seconds() / _DAY_S


def case_folder(path: str | PathLike[str]) -> Path:
    """Return the absolute path of a folder that holds a treatment file.

    Raises
    ------
    CaseError
        There is none.
    """
    try:
        folder = Path(os.path.abspath(Path(path).expanduser()))
        folder.stat()
        is_folder, has_treatment = folder.is_dir(), (folder / TREATMENT).is_file()
    except FileNotFoundError:
        raise CaseError(
            f"{path} does not exist; name a case folder, or make one with "
            f"`micropen case new {path}`."
        ) from None
    except (OSError, ValueError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or error
        raise CaseError(f"{str(path)!r} cannot be read as a folder: {why}.") from None
    if not is_folder:
        raise CaseError(f"{path} is a file; name the case folder.")
    if not has_treatment:
        raise CaseError(
            f"{path} is not a case folder: it holds no {TREATMENT}; make one with "
            "`micropen case new`, or put the treatment file there."
        )
    return folder
