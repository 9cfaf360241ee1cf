"""The bibliography: every source that a number of the program rests on."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from micropen.errors import MicropenError, unknown_name
from micropen.evidence.parameter import Grade

_REQUIRED: Final = ("title", "authors", "year", "where", "grade")
_OPTIONAL: Final = ("doi", "url")


@dataclass(frozen=True, slots=True)
class Source:
    """One source of numbers.

    Parameters
    ----------
    key
        Short name, as parameters and devices cite it.
    title
        Printed title; in square brackets where it is our own description.
    authors
        Authors or publisher.
    year
        Year of publication.
    where
        Journal or kind of page, and what of it was read.
    grade
        Evidence grade of what was read.
    doi, url
        Where to find it; both may be empty (a book, a trade journal, ourselves).
    """

    key: str
    title: str
    authors: str
    year: int
    where: str
    grade: Grade
    doi: str = ""
    url: str = ""

    @property
    def link(self) -> str:
        """Address of the source, or an empty string; only http and https are let through."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return self.url if self.url.startswith(("https://", "http://")) else ""

    @property
    def citation(self) -> str:
        """The source in one line."""
        line = f"{self.authors} ({self.year}). {self.title}. {self.where}."
        return f"{line} {self.link}" if self.link else line


def _source(key: str, row: Mapping[str, Any]) -> Source:
    missing = [field for field in _REQUIRED if field not in row]
    unknown = sorted(set(row) - set(_REQUIRED) - set(_OPTIONAL))
    if missing or unknown:
        raise MicropenError(
            f"Bibliography entry {key!r} lacks {missing or 'nothing'} and has unknown fields "
            f"{unknown or 'none'}; it needs {', '.join(_REQUIRED)} and may have doi and url."
        )
    return Source(
        key=key,
        title=str(row["title"]),
        authors=str(row["authors"]),
        year=int(row["year"]),
        where=str(row["where"]),
        grade=Grade(row["grade"]),
        doi=str(row.get("doi", "")),
        url=str(row.get("url", "")),
    )


@cache
def sources() -> Mapping[str, Source]:
    """Read the bibliography.

    Returns
    -------
    Mapping
        Every `Source` by its key.
    """
    file = files("micropen.evidence") / "data" / "bibliography.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType({key: _source(key, row) for key, row in table.items()})


def source(key: str) -> Source:
    """Return one source.

    Raises
    ------
    UnknownNameError
        With the nearest keys.
    """
    try:
        return sources()[key]
    except KeyError:
        raise unknown_name("source", key, sources()) from None


def citations(keys: Iterable[str]) -> tuple[str, ...]:
    """Return one line per distinct source, in the order of the keys."""
    return tuple(source(key).citation for key in dict.fromkeys(keys))
