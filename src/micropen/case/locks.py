"""One writer at a time: a lock that the system itself takes back when its holder is killed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from micropen.errors import CaseError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_ASK_AGAIN_S: Final = 0.02
# Windows locks bytes and not files: one that is never written or read.
_LOCKED_BYTE: Final = 1_000_000


@contextmanager
def file_lock(path: Path, doing: str, wait_s: float = 0.0) -> Iterator[None]:
    """Hold a lock file.

    The lock belongs to the open file, not to its presence or to what stands in it: when a run
    ends, politely or killed, the operating system gives it back at once, and no other run has to
    judge whether it is still alive. The file itself stays.

    Parameters
    ----------
    path
        The lock file; it and its folder are made where they are missing.
    doing
        What its holder is doing, for the sentence: ``"writing a check-in"``.
    wait_s
        How long to wait for another holder, seconds.

    Raises
    ------
    CaseError
        Another run holds it, or the folder cannot be written or locked.
    """
    descriptor = _open(path)
    try:
        _wait_for(descriptor, path, doing, wait_s)
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise CaseError(
            f"{path.parent} cannot be written: {error.strerror or error}; check who may write "
            "to the case folder, and that the disk is not full."
        ) from None


def _wait_for(descriptor: int, path: Path, doing: str, wait_s: float) -> None:
    until = time.monotonic() + wait_s
    while not take_lock(descriptor, path):
        if time.monotonic() >= until:
            os.lseek(descriptor, 0, os.SEEK_SET)
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
            raise CaseError(
                f"Another run of micropen (process {holder or 'unknown'}) is {doing} in "
                f"{path.parent.parent}; wait until it is done, then run this again."
            )
        time.sleep(_ASK_AGAIN_S)


def take_lock(descriptor: int, path: Path) -> bool:
    """Take the lock of an open file or folder; False where another holds it.

    Raises
    ------
    CaseError
        Where the file system knows no locks.
    """
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError as error:
        raise CaseError(
            f"{path} cannot be locked: {error.strerror or error}; keep the case folder on a disk "
            "of this machine."
        ) from None
    return True
