"""Every goal of `micropen.planning.goals.known`, found by itself: an entry there is enough."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from micropen.discovery import discover, entries
from micropen.errors import MicropenError, unknown_name
from micropen.planning.goals import known as folder
from micropen.planning.goals.goal import Goal


@cache
def goals() -> tuple[Goal, ...]:
    """Return every goal, in alphabetical order of the files."""
    return entries(discover(folder, Goal))


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").replace("-", " ").split())


def named(known: tuple[Goal, ...]) -> dict[str, Goal]:
    """Return goals by every word for them, in plain lower case.

    Raises
    ------
    MicropenError
        Where two goals share a word.
    """
    found: dict[str, Goal] = {}
    for entry in known:
        for word in (entry.name, *entry.aliases):
            if found.setdefault(_plain(word), entry) is not entry:
                raise MicropenError(
                    f"The goals {found[_plain(word)].name!r} and {entry.name!r} share the word "
                    f"{word!r}; take it from one."
                )
    return found


@cache
def _words() -> Mapping[str, Goal]:
    return named(goals())


def goal(name: str) -> Goal:
    """Return one goal by its name or another word for it, in any case.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    try:
        return _words()[_plain(name)]
    except KeyError:
        raise unknown_name("goal", name, _words()) from None
