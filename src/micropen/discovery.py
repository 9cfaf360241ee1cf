"""Find what the files of a folder state: a new entry is one new file, nothing else is edited."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Protocol, TypeVar

from micropen.errors import MicropenError


class Named(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """Unique among its kind."""
        ...


Entry = TypeVar("Entry", bound=Named)


def _stated_in(module: ModuleType, kind: type[Entry]) -> Iterator[Entry]:
    """Entries that stand in a file by themselves or in a tuple."""
    for value in vars(module).values():
        entries: tuple[Any, ...] = value if isinstance(value, tuple) else (value,)
        yield from (entry for entry in entries if isinstance(entry, kind))


def discover(package: ModuleType, kind: type[Entry]) -> dict[str, tuple[Entry, ...]]:
    """Return every entry that the files of a package state.

    Parameters
    ----------
    package
        Its files are read in alphabetical order; those that begin with ``_`` are left out.
    kind
        Class of the entries.

    Returns
    -------
    dict
        File name to its entries as they stand there. An entry that a file only imports counts
        once.

    Raises
    ------
    MicropenError
        For a file that states none, or two entries of one name.
    """
    owner: dict[str, str] = {}
    known: set[int] = set()
    found: dict[str, tuple[Entry, ...]] = {}
    for file in sorted(module.name for module in iter_modules(package.__path__)):
        if file.startswith("_"):
            continue
        stated = tuple(_stated_in(import_module(f"{package.__name__}.{file}"), kind))
        if not stated:
            raise MicropenError(
                f"The file {file}.py of {package.__name__} states no {kind.__name__}; add one, or "
                "begin the file's name with '_'."
            )
        fresh = tuple({id(entry): entry for entry in stated if id(entry) not in known}.values())
        for entry in fresh:
            if entry.name in owner:
                raise MicropenError(
                    f"The {kind.__name__} {entry.name!r} stands in {owner[entry.name]}.py and in "
                    f"{file}.py; rename one."
                )
            owner[entry.name] = file
        known.update(id(entry) for entry in fresh)
        found[file] = fresh
    return found


def entries(found: dict[str, tuple[Entry, ...]]) -> tuple[Entry, ...]:
    """Return the entries of all files, in their order."""
    return tuple(entry for stated in found.values() for entry in stated)
