"""Every scale of `micropen.observation.families`, found by itself: an entry there is enough."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from micropen.errors import MicropenError, unknown_name
from micropen.observation import families
from micropen.observation.scale import Scale


@cache
def scales() -> Mapping[str, Scale]:
    """Return every scale by its name, families in alphabetical order."""
    found: dict[str, Scale] = {}
    for module in sorted(entry.name for entry in pkgutil.iter_modules(families.__path__)):
        for entry in importlib.import_module(f"{families.__name__}.{module}").SCALES:
            if entry.name in found:
                raise MicropenError(f"Two observation models are named {entry.name!r}.")
            found[entry.name] = entry
    return MappingProxyType(found)


def scale(name: str) -> Scale:
    """Return the scale of this name.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    try:
        return scales()[name]
    except KeyError:
        raise unknown_name("scale", name, scales()) from None
