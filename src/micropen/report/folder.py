"""One folder, all or nothing: written beside its place, then moved there in one step."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from micropen.errors import OutputError

PROVENANCE: Final = "provenance.json"
PROGRAM: Final = "micropen"


@contextmanager
def new_folder(place: Path) -> Iterator[Path]:
    """Give a temporary folder; on success it takes `place`, on any failure it vanishes.

    Parameters
    ----------
    place
        Where the finished folder shall stand. An earlier report of this program there is
        replaced; anything else is left alone.

    Yields
    ------
    pathlib.Path
        The folder to write into.

    Raises
    ------
    OutputError
        If `place` holds something that is not a report, or cannot be written.
    """
    place = place.expanduser().resolve()
    check_place(place)
    made = _make_parents(place.parent)
    try:
        work = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".partial", dir=place.parent))
    except OSError as error:
        _remove_empty(made)
        raise _cannot_write(place, error) from None
    try:
        yield work
        _open_to_owner_mask(work)
        _take_place(work, place)
    except OSError as error:
        raise _cannot_write(place, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if not place.exists():
            _remove_empty(made)


def check_place(place: Path) -> None:
    """Refuse a place that holds anything but an earlier report, untouched.

    Raises
    ------
    OutputError
        Naming what was found.
    """
    if not place.exists():
        return
    if not place.is_dir():
        raise OutputError(f"{place.name} is a file; give the name of a folder for the report.")
    entries = {entry.relative_to(place).as_posix() for entry in place.rglob("*") if entry.is_file()}
    if not entries:
        return
    foreign = sorted(entries - _own_files(place))
    if foreign:
        raise OutputError(
            f"The folder {place.name} holds something that is not a report of micropen "
            f"({foreign[0]}); choose another folder or empty it."
        )


def file_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by relative path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _own_files(place: Path) -> set[str]:
    try:
        record: Any = json.loads((place / PROVENANCE).read_text(encoding="utf-8"))
        ours = record["program"] == PROGRAM
        return {*record["files"], PROVENANCE} if ours else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _take_place(work: Path, place: Path) -> None:
    """Move `work` to `place`; an earlier report steps aside first and comes back on failure."""
    if not place.exists():
        work.rename(place)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".old", dir=place.parent))
    try:
        place.rename(aside / "report")
        try:
            work.rename(place)
        except OSError:
            (aside / "report").rename(place)
            raise
    finally:
        if place.exists():
            shutil.rmtree(aside, ignore_errors=True)


def _make_parents(parent: Path) -> list[Path]:
    """Make missing parents; return them, deepest first, so that a failure can undo it."""
    missing = [p for p in (parent, *parent.parents) if not p.exists()]
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove_empty(missing)
        raise _cannot_write(parent, error) from None
    return missing


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


def _open_to_owner_mask(work: Path) -> None:
    """Give a folder made private by `mkdtemp` the permissions of any other new folder."""
    mask = os.umask(0)
    os.umask(mask)
    work.chmod(0o777 & ~mask)


def _cannot_write(place: Path, error: OSError) -> OutputError:
    return OutputError(
        f"The report cannot be written to {place.name}: {error.strerror or error}; "
        "choose a folder you may write to, with room on the disk."
    )
