"""What the program keeps in a case, below ``micropen/``: whole or not at all, and known as its own.

A kept file begins with one line that names the program and the SHA-256 of what follows, so that a
file cut short, changed by hand or put there by something else is told from a kept one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from micropen.atomic_writing import write_atomically
from micropen.case.case import Case
from micropen.case.locks import file_lock
from micropen.errors import CaseError, OutputError

_MARK: Final = re.compile(rb"micropen kept 1 (json|bytes) sha256 ([0-9a-f]{64})\n")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*(?:/[A-Za-z0-9][A-Za-z0-9_.+-]*)*")
# Left by a run that was killed while it wrote.
_UNFINISHED: Final = "**/.*.part*"

Content = bytes | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found in a case.

    Parameters
    ----------
    contents
        Name below ``micropen/`` to content, by name.
    notes
        Sentences on files that were left alone, as they are not whole or not the program's.
    """

    contents: Mapping[str, Content] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def keep(case: Case, name: str, content: Content) -> Path:
    """Write something to keep, whole or not at all; an earlier one of the name is replaced.

    Parameters
    ----------
    case
        The case.
    name
        Below ``micropen/``: letters, digits, ``_ . + -``, with ``/`` between folders.
    content
        Bytes, or a mapping that JSON can hold (no NaN).

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        For a name or a mapping that cannot be kept: a fault of the caller.
    OutputError
        When it cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of something kept")
    kind, body = "bytes", content
    if not isinstance(body, bytes):
        text = json.dumps(dict(body), ensure_ascii=False, indent=1, allow_nan=False)
        kind, body = "json", text.encode("utf-8")
    mark = f"micropen kept 1 {kind} sha256 {hashlib.sha256(body).hexdigest()}\n"
    path = case.kept_folder / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror or error}.") from None
    return write_atomically(path, lambda part: _write(part, mark.encode() + body))


def kept(case: Case, pattern: str = "**/*") -> Kept:
    """Read what is kept.

    Parameters
    ----------
    case
        The case.
    pattern
        Of names below ``micropen/``, as `pathlib.Path.glob` reads it: ``"forecasts/*.json"``.

    Returns
    -------
    Kept
        By name. A file that is not whole, or not the program's, is named in a note and left alone.
    """
    contents: dict[str, Content] = {}
    notes = []
    folder = case.kept_folder
    for path in sorted(folder.glob(pattern)) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or any(part.startswith(".") for part in PurePosixPath(name).parts):
            continue
        try:
            contents[name] = _read(path)
        except CaseError as error:
            notes.append(f"Left alone: {folder.name}/{name}, {error}.")
    return Kept(contents, tuple(notes))


@contextmanager
def case_lock(case: Case, doing: str = "following the case") -> Iterator[None]:
    """Work on what is kept as the only run; what a killed run left unfinished is removed first.

    Parameters
    ----------
    case
        The case.
    doing
        For the sentence that another run gets to read.

    Raises
    ------
    CaseError
        Another run is at it.
    """
    with file_lock(case.kept_folder / ".case.lock", doing):
        for path in case.kept_folder.glob(_UNFINISHED):
            with suppress(OSError):
                path.unlink()
        yield


def _write(part: Path, whole: bytes) -> None:
    with part.open("wb") as file:
        file.write(whole)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> Content:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CaseError(f"which cannot be read ({error.strerror or error})") from None
    mark = _MARK.match(raw)
    if mark is None:
        raise CaseError("which this program did not write")
    body = raw[mark.end() :]
    if hashlib.sha256(body).hexdigest().encode() != mark[2]:
        raise CaseError("which was changed or cut short after it was written")
    if mark[1] == b"bytes":
        return body
    content: dict[str, Any] = json.loads(body)
    return content
