"""Every scale of `micropen.observation.families`, found by itself: an entry there is enough."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from micropen.discovery import discover
from micropen.errors import unknown_name
from micropen.observation import families as folder
from micropen.observation.scale import Scale


@cache
def families() -> Mapping[str, tuple[Scale, ...]]:
    """Return the scales of each family (file), families in alphabetical order."""
    return MappingProxyType(discover(folder, Scale))


@cache
def scales() -> Mapping[str, Scale]:
    """Return every scale by its name, in the order of the families."""
    return MappingProxyType({entry.name: entry for own in families().values() for entry in own})


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
