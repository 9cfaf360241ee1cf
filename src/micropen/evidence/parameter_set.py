"""All numbers of the model, read from data files, sampled reproducibly."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from micropen.errors import MicropenError, unknown_name
from micropen.evidence.parameter import Grade, Parameter

VERSION: Final = "2026.11"

_FIELDS: Final = {
    "value",
    "unit",
    "uncertainty_sd",
    "between_person_sd",
    "log_normal",
    "source",
    "grade",
    "note",
}


Normals = Callable[[int, str, int], NDArray[np.float64]]
"""``normals(seed, purpose, count)``: standard normals of one purpose."""


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Parameters whose uncertainties move together.

    Parameters
    ----------
    names
        Dotted names.
    correlation
        Of their uncertainties (of ln(value) where log-normal), shape ``(name, name)``.
    """

    names: tuple[str, ...]
    correlation: NDArray[np.float64]

    def normals(self, name: str, seed: int, count: int) -> NDArray[np.float64]:
        """Standard normals of one parameter that go with those of the others.

        Parameters
        ----------
        name
            One of `names`.
        seed, count
            Of the draws.

        Returns
        -------
        numpy.ndarray
            Shape ``(count,)``.
        """
        # Lower triangular: a parameter mixes its own normals and those of the names before it.
        weights = _cholesky(self)[self.names.index(name)]
        # Row by row: a matrix product would round differently for another number of draws.
        return (weights[:, None] * _independent(self.names, seed, count)).sum(axis=0)


@lru_cache(maxsize=4)
def _cholesky(together: Together) -> NDArray[np.float64]:
    return np.asarray(np.linalg.cholesky(together.correlation))


@lru_cache(maxsize=4)
def _independent(names: tuple[str, ...], seed: int, count: int) -> NDArray[np.float64]:
    """Independent standard normals of the uncertainties of several parameters, (name, count)."""
    rows = [_standard_normal(seed, f"{name}, uncertainty", count) for name in names]
    return np.stack(rows)


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """A named, immutable set of parameters.

    Parameters
    ----------
    name
        Name and version of the set, as recorded in every result.
    members
        Parameters by dotted name.
    people_per_world
        How many consecutive draws share what we do not know. With 1 every draw has its own
        typical values and its own person. A trial of n people has n draws per world: one set of
        typical values, n people about it.
    together
        Parameters whose uncertainty is correlated, as a fit leaves it.
    normals
        Where the draws' standard normals come from instead of the seed's streams: a design of a
        sensitivity study, or people who are spread evenly over a population.
    scatter
        The same for what is no parameter: how zones and sessions of one person differ.
    """

    name: str
    members: Mapping[str, Parameter]
    people_per_world: int = 1
    together: Together | None = None
    normals: Normals | None = field(default=None, repr=False, compare=False)
    scatter: Normals | None = field(default=None, repr=False, compare=False)
    _groups: dict[str, ParameterSet] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process: a read-only mapping cannot."""
        kept = (self.name, dict(self.members), self.people_per_world, self.together)
        return ParameterSet, (*kept, self.normals, self.scatter)

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self.members[name]
        except KeyError:
            raise unknown_name("parameter", name, self.members) from None

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.members.values())

    def __len__(self) -> int:
        return len(self.members)

    def value(self, name: str) -> float:
        """Typical value of one parameter, in its unit."""
        return self[name].value

    def group(self, prefix: str) -> ParameterSet:
        """Return the parameters whose dotted name starts with `prefix` and a dot."""
        if prefix not in self._groups:
            chosen = {k: v for k, v in self.members.items() if k.startswith(prefix + ".")}
            if not chosen:
                known = {k.split(".")[0] for k in self.members}
                raise unknown_name("parameter group", prefix, known)
            self._groups[prefix] = replace(self, members=MappingProxyType(chosen))
        return self._groups[prefix]

    def with_values(self, values: Mapping[str, float]) -> ParameterSet:
        """Return a copy with some typical values replaced; unknown names are refused."""
        members = dict(self.members)
        for name, value in values.items():
            members[name] = replace(self[name], value=float(value))
        return replace(self, name=self.name + "+changed", members=MappingProxyType(members))

    def in_worlds(self, people: int) -> ParameterSet:
        """Return a copy in which every `people` consecutive draws share the typical values."""
        if people < 1:
            raise MicropenError(f"A world needs at least 1 person, not {people}.")
        return replace(self, people_per_world=people)

    def without_spread(self) -> ParameterSet:
        """Return a copy in which every draw is the typical value."""
        members = {
            name: replace(member, uncertainty_sd=0.0, between_person_sd=0.0)
            for name, member in self.members.items()
        }
        return replace(self, name=self.name + "+typical", members=MappingProxyType(members))

    def without_uncertainty(self) -> ParameterSet:
        """Return a copy in which typical values are taken as known; people still differ."""
        members = {n: replace(member, uncertainty_sd=0.0) for n, member in self.members.items()}
        return replace(
            self, name=self.name + "+known", members=MappingProxyType(members), together=None
        )

    def with_parameter(self, parameter: Parameter) -> ParameterSet:
        """Return a copy in which one parameter, known by its name, is another."""
        members = {**self.members, self[parameter.name].name: parameter}
        return replace(self, name=self.name + "+changed", members=MappingProxyType(members))

    def _unknown(self, name: str, draws: int, seed: int) -> NDArray[np.float64]:
        """Standard normal of a parameter's uncertainty, one per world, repeated for its people."""
        worlds = -(-draws // self.people_per_world)
        if self.together is not None and self.normals is None and name in self.together.names:
            z = self.together.normals(name, seed, worlds)
        else:
            z = (self.normals or _standard_normal)(seed, f"{name}, uncertainty", worlds)
        return np.repeat(z, self.people_per_world)[:draws]

    def sample(self, name: str, draws: int, seed: int) -> NDArray[np.float64]:
        """Draw values of one parameter: what is not known, and how people differ about it.

        Parameters
        ----------
        name
            Dotted parameter name.
        draws
            Number of draws.
        seed
            Seed of the whole forecast. Each parameter has its own stream, derived from the seed
            and its name, so adding a parameter leaves the draws of all others as they were.

        Returns
        -------
        numpy.ndarray
            Shape ``(draws,)``, in the parameter's unit.
        """
        parameter = self[name]
        unknown, between = parameter.uncertainty_sd, parameter.between_person_sd
        shift = np.zeros(draws)
        if unknown:
            shift += unknown * self._unknown(name, draws, seed)
        if between:
            shift += between * (self.normals or _standard_normal)(seed, name, draws)
        if parameter.log_normal:
            return np.asarray(parameter.value * np.exp(shift), dtype=np.float64)
        return np.asarray(parameter.value + shift, dtype=np.float64)

    def scattered(self, purpose: str, count: int, seed: int) -> NDArray[np.float64]:
        """Draw standard normals of what is no parameter, shape ``(count,)``.

        Parameters
        ----------
        purpose
            Names the stream, as a parameter's name does.
        count
            How many: of every draw, or of every zone of every draw, draw-major.
        seed
            Of the whole forecast.
        """
        return (self.scatter or _standard_normal)(seed, purpose, count)

    def lowest_grade(self, names: Iterable[str] | None = None) -> Grade:
        """Return the weakest evidence grade among `names` (default: all)."""
        chosen = self.members if names is None else {n: self[n] for n in names}
        return max((p.grade for p in chosen.values()), key=lambda g: g.value)

    @property
    def digest(self) -> str:
        """Short SHA-256 over all names and values: two equal digests, two equal models."""
        text = ";".join(
            f"{p.name}={p.value!r},{p.uncertainty_sd!r},{p.between_person_sd!r}"
            for p in sorted(self, key=lambda p: p.name)
        )
        if self.together is not None:
            text += repr((self.together.names, self.together.correlation.tolist()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _standard_normal(seed: int, purpose: str, count: int) -> NDArray[np.float64]:
    return stream(seed, purpose).standard_normal(count)


def stream(seed: int, name: str) -> np.random.Generator:
    """Return an independent random stream for one seed and one purpose."""
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    return np.random.default_rng(np.random.SeedSequence([seed, key]))


def _parameter(name: str, row: Mapping[str, Any]) -> Parameter:
    unknown = set(row) - _FIELDS
    if unknown:
        raise MicropenError(f"Parameter {name!r} has unknown fields: {', '.join(sorted(unknown))}.")
    return Parameter(
        name=name,
        value=float(row["value"]),
        unit=str(row["unit"]),
        uncertainty_sd=float(row.get("uncertainty_sd", 0.0)),
        between_person_sd=float(row.get("between_person_sd", 0.0)),
        log_normal=bool(row.get("log_normal", row["value"] > 0)),
        source=str(row["source"]),
        grade=Grade(row["grade"]),
        note=str(row.get("note", "")),
    )


def _flatten(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, entry in table.items():
        name = f"{prefix}.{key}" if prefix else key
        if "value" in entry:
            yield name, entry
        else:
            yield from _flatten(entry, name)


@cache
def prior_parameters() -> ParameterSet:
    """Read every parameter file of the package (``evidence/data/parameters/*.toml``).

    Returns
    -------
    ParameterSet
        All parameters of the program as cited or assumed, before any calibration.
    """
    members: dict[str, Parameter] = {}
    folder = files("micropen.evidence") / "data" / "parameters"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            for name, row in _flatten(table, ""):
                if name in members:
                    raise MicropenError(f"Parameter {name!r} stands in two files.")
                members[name] = _parameter(name, row)
    return ParameterSet(f"micropen-{VERSION}", MappingProxyType(members))
