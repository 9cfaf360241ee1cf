"""Find the processes of a folder: every `Process` that one of its files states."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from micropen.errors import MicropenError
from micropen.healing.process import Process


def _stated_in(module: ModuleType) -> list[Process]:
    # A process that a file only imports belongs to the file it comes from.
    return [value for name, value in vars(module).items() if isinstance(value, Process)]


def discover(package: ModuleType) -> tuple[Process, ...]:
    """Return every process that the files of a package state.

    Parameters
    ----------
    package
        Its files are read in alphabetical order; those that begin with ``_`` are not processes.

    Returns
    -------
    tuple of Process
        In the order of the files, then as they stand in the file. In which order their states
        are solved is worked out from their equations, by `micropen.healing.chain`.

    Raises
    ------
    MicropenError
        For a file that states no process, or two files that state processes of one name.
    """
    owner: dict[str, str] = {}
    found: dict[int, Process] = {}
    for name in sorted(module.name for module in iter_modules(package.__path__)):
        if name.startswith("_"):
            continue
        stated = _stated_in(import_module(f"{package.__name__}.{name}"))
        if not stated:
            raise MicropenError(
                f"The file {name}.py among the processes of healing states no Process; add one, or "
                "begin the file's name with '_'."
            )
        for process in stated:
            if id(process) not in found and process.name in owner:
                raise MicropenError(
                    f"The process {process.name!r} stands in {owner[process.name]}.py and in "
                    f"{name}.py; rename one."
                )
            owner.setdefault(process.name, name)
            found.setdefault(id(process), process)
    return tuple(found.values())
