"""The index of the collected facts: where each number went, or why it is not used."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from micropen.errors import MicropenError, unknown_name
from micropen.evidence.parameter import Grade

_REQUIRED: Final = frozenset({"what", "value", "unit", "source", "grade"})
_OPTIONAL: Final = frozenset({"n", "used", "unusable"})

Value = float | str | tuple[Any, ...]
"""A number, words, a range or list of numbers, or a curve of (day, value) pairs."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One collected fact.

    Parameters
    ----------
    key
        Its identifier, such as ``"rec.han.barrier_h"``.
    what
        What was measured.
    value, unit
        As collected; words where no number was seen (unit ``"words"``).
    n
        People behind it; 0 where not known.
    source
        Where it was read.
    grade
        Evidence grade of the fact itself.
    used
        ``"study:<study>.<row or arm>"``, ``"parameter:<name>"``, ``"device:<name>"``,
        ``"reference:<published model>"`` or ``"care"``; empty where it is not used.
    unusable
        Why it is not used; empty where it is.
    """

    key: str
    what: str
    value: Value
    unit: str
    n: int
    source: str
    grade: Grade
    used: str
    unusable: str

    @property
    def kind(self) -> str:
        """What it was used for (``"study"``, ``"parameter"``, ...); empty where it is not."""
        return self.used.partition(":")[0]

    @property
    def target(self) -> str:
        """Name of the row, arm, parameter, device or model; empty for care rules."""
        return self.used.partition(":")[2]


def _frozen(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(_frozen(entry) for entry in value)
    return value if isinstance(value, str) else float(value)


def _fact(key: str, row: Mapping[str, Any]) -> Fact:
    missing, unknown = _REQUIRED - row.keys(), row.keys() - _REQUIRED - _OPTIONAL
    if missing or unknown:
        raise MicropenError(
            f"Fact {key!r} lacks {sorted(missing) or 'nothing'} and has unknown fields "
            f"{sorted(unknown) or 'none'}; it needs {', '.join(sorted(_REQUIRED))} and may have "
            f"{', '.join(sorted(_OPTIONAL))}."
        )
    used, unusable = str(row.get("used", "")), str(row.get("unusable", ""))
    if bool(used) == bool(unusable):
        raise MicropenError(f"Fact {key!r} must say either where it is used or why it is not.")
    return Fact(
        key=key,
        what=str(row["what"]),
        value=_frozen(row["value"]),
        unit=str(row["unit"]),
        n=int(row.get("n", 0)),
        source=str(row["source"]),
        grade=Grade(row["grade"]),
        used=used,
        unusable=unusable,
    )


@cache
def facts() -> Mapping[str, Fact]:
    """Read the index.

    Returns
    -------
    Mapping
        Every `Fact` by its identifier.

    Raises
    ------
    MicropenError
        A fact that lacks a field, or says neither or both of used and unusable.
    """
    file = files("micropen.evidence") / "data" / "facts.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType({key: _fact(key, row) for key, row in table.items()})


def fact(key: str) -> Fact:
    """Return one fact.

    Raises
    ------
    UnknownNameError
        With the nearest identifiers.
    """
    try:
        return facts()[key]
    except KeyError:
        raise unknown_name("fact", key, facts()) from None
