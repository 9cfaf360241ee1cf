"""Write a file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from micropen.errors import OutputError


def write_atomically(path: Path, write: Callable[[Path], object]) -> Path:
    """Write to a neighbour of `path`, then put it in its place.

    Parameters
    ----------
    path
        Where the file shall be; its folder must exist.
    write
        Writes the whole content to the path that it is given.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    OutputError
        When the folder does not exist or cannot be written.
    """
    if not path.parent.is_dir():
        raise OutputError(f"Cannot write {path.name}: the folder {path.parent} does not exist.")
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        write(part)
        os.replace(part, path)
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return path
