"""Where in the text of a TOML file a key stands: the parser itself does not tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

Path = tuple[int | str, ...]

_QUOTED: Final = r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
_PART: Final = rf"(?:[A-Za-z0-9_-]+|{_QUOTED})"
_DOTTED: Final = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_HEADER: Final = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_DOTTED})[ \t]*\]\]?")
_KEY: Final = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_TOKEN: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|' + _QUOTED + r"|#[^\n]*|[\[\]{}\n]", re.DOTALL
)
_DEPTH: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


def _parts(dotted: str) -> list[str]:
    """Split ``a."b.c"`` as TOML does."""
    table: Any = tomllib.loads(f"{dotted} = 0")
    parts = []
    while isinstance(table, dict):
        (part, table) = next(iter(table.items()))
        parts.append(part)
    return parts


def _statement_end(text: str, start: int) -> int:
    """Position after the line feed that ends the statement which begins at `start`."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        depth += _DEPTH.get(token[0], 0)
        if token[0] == "\n" and depth <= 0:
            return token.end()
    return len(text)


class _Index:
    """Collects the first line of every table and key."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}
        self.table: Path = ()

    def _resolved(self, parts: list[str], above: Path) -> Path:
        """Put the number of the latest `[[table]]` after its name, as tomllib's lists have it."""
        path = above
        for part in parts:
            path = (*path, part)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _note(self, path: Path, line: int) -> None:
        for length in range(len(path), 0, -1):
            self.lines.setdefault(path[:length], line)

    def header(self, parts: list[str], double: bool, line: int) -> None:
        """Enter ``[a.b]`` or ``[[a.b]]``."""
        if double:
            above = self._resolved(parts[:-1], ())
            name = (*above, parts[-1])
            self.counts[name] = self.counts.get(name, 0) + 1
        self.table = self._resolved(parts, ())
        self._note(self.table, line)

    def key(self, parts: list[str], line: int) -> None:
        """Note a key of the table that was entered last."""
        self._note((*self.table, *parts), line)


def line_numbers(text: str) -> Mapping[Path, int]:
    """Find the line of every table and key of a valid TOML text.

    Parameters
    ----------
    text
        Text that `tomllib` accepts.

    Returns
    -------
    Mapping
        Location, as pydantic gives it (``("finding", 1, "value")``), to line, from 1. What stands
        inside an inline table or list is not in it: look up what contains it.
    """
    index, at, line = _Index(), 0, 1
    text = text.replace("\r\n", "\n")
    while at < len(text):
        if header := _HEADER.match(text, at):
            index.header(_parts(header[2]), header[1] == "[[", line)
        elif key := _KEY.match(text, at):
            index.key(_parts(key[1]), line)
        end = _statement_end(text, at if header is None else header.end())
        line += text.count("\n", at, end)
        at = end
    return index.lines


def line_of(lines: Mapping[Path, int], location: Path) -> int:
    """Return the line of a place, or of the nearest table around it (1 if there is none)."""
    for length in range(len(location), 0, -1):
        if location[:length] in lines:
            return lines[location[:length]]
    return 1
