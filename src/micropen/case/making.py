"""A new case folder: made beside its place, then moved there in one step."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Final

from micropen.case.case import CHECK_INS, KEPT, PHOTOS, README, TREATMENT
from micropen.case.columns import COLUMNS
from micropen.case.locks import take_lock
from micropen.errors import CaseError, MicropenError
from micropen.treatment import Treatment

_PREFIX: Final = ".micropen-case-"
_SUFFIX: Final = ".unfinished"
# With it, spreadsheets on Windows know that accents are UTF-8.
_BOM: Final = "\ufeff"


def new_case(place: str | PathLike[str], treatment: str) -> Path:
    """Make a case folder, whole or not at all.

    Parameters
    ----------
    place
        Where it shall stand: a name that is not there yet, or an empty folder.
    treatment
        Text of the treatment file; it is checked first.

    Returns
    -------
    pathlib.Path
        The folder, absolute.

    Raises
    ------
    CaseError
        Something stands there already, or it cannot be written; nothing is left behind.
    TreatmentError, UnknownNameError, OutsideEvidenceError
        As `micropen.treatment.Treatment.read`.
    """
    folder = free_place(place)
    made = _make_parents(folder)
    sweep_unfinished(folder.parent)
    try:
        with _beside(folder) as work:
            _fill(work, treatment, folder)
            _open_to_owner_mask(work)
            work.rename(folder)
    except (OSError, UnicodeEncodeError) as error:
        raise _cannot_make(folder, error) from None
    finally:
        if not folder.exists():
            _remove_empty(made)
    return folder


def free_place(place: str | PathLike[str]) -> Path:
    """Return the absolute path of a place for a new case.

    Raises
    ------
    CaseError
        Something stands there already, or the name cannot be one of a folder.
    """
    try:
        folder = Path(os.path.abspath(Path(place).expanduser()))
        taken = next((e.name for e in folder.iterdir()), "") if folder.is_dir() else ""
        there = _stands(folder)
    except (OSError, ValueError, RuntimeError) as error:
        raise _cannot_make(Path(place), error) from None
    if (folder / TREATMENT).exists():
        raise CaseError(f"{place} is a case already; give the name of a new folder.")
    if taken:
        raise CaseError(
            f"The folder {place} holds something already ({taken}); give the name of a new folder."
        )
    if there and not folder.is_dir():
        raise CaseError(f"{place} is a file; give the name of a new folder.")
    if Path.cwd().is_relative_to(folder):
        raise CaseError(
            f"The case would take the place of {folder}, where you are working; give the name of "
            "a new folder, such as my-case."
        )
    return folder


def _stands(path: Path) -> bool:
    """Whether anything stands there; unlike `Path.exists`, it says why a name cannot be one."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _fill(work: Path, treatment: str, folder: Path) -> None:
    (work / TREATMENT).write_text(treatment, encoding="utf-8", newline="\n")
    try:
        Treatment.read(work / TREATMENT)
    except MicropenError as error:
        named = str(error).replace(str(work), str(folder))
        raise type(error)(named) from None
    (work / PHOTOS).mkdir()
    (work / KEPT).mkdir()
    (work / CHECK_INS).write_text(f"{_BOM}{','.join(COLUMNS)}\n", encoding="utf-8", newline="\n")
    words = (files("micropen.case") / "data" / README).read_text(encoding="utf-8")
    (work / README).write_text(words, encoding="utf-8", newline="\n")


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Give a temporary folder, locked as long as this run lives; removed unless it was moved."""
    work = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_SUFFIX, dir=folder.parent))
    descriptor = None if sys.platform == "win32" else os.open(work, os.O_RDONLY)
    try:
        if descriptor is not None:
            take_lock(descriptor, work)
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


def sweep_unfinished(parent: Path) -> None:
    """Remove what killed runs left unfinished in a folder; what a living run makes is locked."""
    if sys.platform == "win32":
        return  # folders cannot be locked there, and so not be told apart
    for path in parent.glob(f"{_PREFIX}*{_SUFFIX}"):
        with suppress(OSError, CaseError):
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                if take_lock(descriptor, path):
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(descriptor)


def _make_parents(folder: Path) -> list[Path]:
    """Make missing parents; return them, deepest first."""
    missing = []
    try:
        missing = [parent for parent in folder.parents if not parent.exists()]
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove_empty(missing)
        raise _cannot_make(folder, error) from None
    return missing


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _open_to_owner_mask(work: Path) -> None:
    """Give a folder made private by `mkdtemp` the permissions of any other new folder."""
    mask = os.umask(0)
    os.umask(mask)
    work.chmod(0o777 & ~mask)


def _cannot_make(folder: Path, error: Exception) -> CaseError:
    why = getattr(error, "strerror", None) or error
    return CaseError(
        f"A case cannot be made at {str(folder)!r}: {why}; give another name, in a folder you may "
        "write to."
    )
