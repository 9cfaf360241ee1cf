"""One folder, all or nothing: written beside its place, then moved there in one step."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from micropen.errors import OutputError

PROVENANCE: Final = "provenance.json"
PROGRAM: Final = "micropen"

# A folder left by a run that cannot be asked (another machine, Windows) is given up after a day.
_GIVEN_UP_S: Final = 86_400.0

# ``.NAME.micropen-HOST-PROCESS.RANDOM.partial`` (unfinished) or ``.old`` (the report it replaces).
_TEMPORARY: Final = re.compile(
    r"\.(?P<name>.+)\.micropen-(?P<host>[0-9a-f]{8})-(?P<process>\d+)\.\w+\.(?P<kind>partial|old)"
)


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
    place = check_place(place)
    made = _make_parents(place.parent)
    sweep_abandoned(place.parent)
    try:
        work = _temporary(place, "partial")
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


def check_place(place: Path) -> Path:
    """Refuse a place that holds anything but an earlier report, untouched.

    Returns
    -------
    pathlib.Path
        The place, absolute.

    Raises
    ------
    OutputError
        Naming the full path and what was found.
    """
    try:
        place = place.expanduser().resolve()
        _check_working_folder(place)
        if place.exists():
            _check_contents(place)
    except OSError as error:
        raise _cannot_write(place, error) from None
    except (RuntimeError, ValueError) as error:
        raise OutputError(
            f"{str(place)!r} is not a folder that can be written: {error}; give another name."
        ) from None
    return place


def check_writable(place: Path) -> Path:
    """Check a place as `check_place` does, and that a folder can be made there: before a long job.

    Raises
    ------
    OutputError
        As `new_folder` would raise it; nothing is left behind.
    """
    place = check_place(place)
    made = _make_parents(place.parent)
    try:
        _temporary(place, "partial").rmdir()
    except OSError as error:
        raise _cannot_write(place, error) from None
    finally:
        _remove_empty(made)
    return place


def _check_working_folder(place: Path) -> None:
    """Refuse to replace the folder in which the person stands: it would vanish under them."""
    if Path.cwd().is_relative_to(place):
        raise OutputError(
            f"The report would take the place of {place}, where you are working; "
            "give the name of a new folder, such as report."
        )


def _check_contents(place: Path) -> None:
    if not place.is_dir():
        raise OutputError(f"{place} is a file; give the name of a folder for the report.")
    own = _own_files(place)
    entries = (e.relative_to(place).as_posix() for e in place.rglob("*") if e.is_file())
    # The first one is enough: the place may be a whole disk.
    foreign = next((entry for entry in entries if entry not in own), None)
    if foreign is not None:
        raise OutputError(
            f"The folder {place} holds something that is not a report of micropen "
            f"({foreign}); choose another folder or empty it."
        )


def sweep_abandoned(parent: Path) -> None:
    """Remove what killed runs left in a folder: unfinished reports with pictures of a face.

    A temporary folder goes when its process no longer lives on this machine; where that cannot
    be known, when nothing was written to it for a day. An earlier report that had stepped aside
    goes only when another stands in its place.
    """
    try:
        left = [(path, _TEMPORARY.fullmatch(path.name)) for path in parent.iterdir()]
    except OSError:
        return
    for path, named in left:
        if named is None or path.is_symlink() or not _is_abandoned(path, named):
            continue
        if named["kind"] == "partial" or (parent / named["name"]).exists():
            shutil.rmtree(path, ignore_errors=True)


def _is_abandoned(path: Path, named: re.Match[str]) -> bool:
    try:
        touched = max(p.stat().st_mtime for p in (path, *path.iterdir()))
    except OSError:
        return False
    if time.time() - touched > _GIVEN_UP_S:
        return True
    # On Windows, asking a process for a sign of life would end it.
    return os.name == "posix" and named["host"] == _host() and not _lives(int(named["process"]))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # it lives, and belongs to someone else
    return True


def _host() -> str:
    """Digest of the machine's name: process numbers mean nothing on another one."""
    return hashlib.sha256(platform.node().encode("utf-8")).hexdigest()[:8]


def _temporary(place: Path, kind: str) -> Path:
    prefix = f".{place.name}.{PROGRAM}-{_host()}-{os.getpid()}."
    return Path(tempfile.mkdtemp(prefix=prefix, suffix=f".{kind}", dir=place.parent))


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
    aside = _temporary(place, "old")
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
        f"The report cannot be written to {place}: {error.strerror or error}; "
        "choose a folder you may write to, with room on the disk."
    )
