"""What is not known of one person: standard normals, and how they become parameters.

A forecast draws every parameter twice: what nobody knows of its typical value, and how people
differ about it. For one person both are one number. It is written as a standard normal, as is the
scatter between this person's zones and between their sessions, and how they use a scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import hypot
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.estimation.going_along import GoingAlong, total_correlation
from micropen.evidence import ParameterSet, stream

Array = NDArray[np.float64]

UNCERTAIN: Final = ", uncertainty"


@dataclass
class Asked:
    """Records which normals a forecast asks for, and draws them as the program would.

    Parameters
    ----------
    parameters
        Names of parameters with a spread, in order of asking.
    scatter
        Purpose to how many normals each draw needs (1, or one per zone).
    """

    parameters: dict[str, None] = field(default_factory=dict)
    scatter: dict[str, int] = field(default_factory=dict)

    def on(self, members: ParameterSet, draws: int) -> ParameterSet:
        """Return the parameter set that records."""

        def normals(seed: int, purpose: str, count: int) -> Array:
            self.parameters[purpose.removesuffix(UNCERTAIN)] = None
            return stream(seed, purpose).standard_normal(count)

        def scatter(seed: int, purpose: str, count: int) -> Array:
            self.scatter[purpose] = count // draws
            return stream(seed, purpose).standard_normal(count)

        return replace(members, normals=normals, scatter=scatter)


@dataclass(frozen=True, eq=False)
class Unknowns:
    """The unknown numbers of one person, in a fixed order.

    Parameters
    ----------
    parameters
        Dotted names of parameters, one standard normal each.
    scatter
        Purpose of what is no parameter, with the number of its normals (1, or one per zone).
    own
        Names of unknowns that only the observations read.
    members
        The parameter set, both spreads of each parameter made one.
    mixing
        Lower triangular, shape ``(parameter, parameter)``: how independent normals become
        those of parameters whose uncertainties move together.
    along
        Parameters that are no unknowns, but move with them.
    """

    parameters: tuple[str, ...]
    scatter: tuple[tuple[str, int], ...]
    own: tuple[str, ...]
    members: ParameterSet
    mixing: Array
    along: GoingAlong

    @classmethod
    def of(cls, asked: Asked, members: ParameterSet, own: Sequence[str] = ()) -> Unknowns:
        """Order what a forecast asked for."""
        names = tuple(asked.parameters)
        return cls(
            names,
            tuple(asked.scatter.items()),
            tuple(own),
            _merged(members),
            _mixing(names, members),
            GoingAlong.of(names, members),
        )

    @property
    def engine_count(self) -> int:
        """How many unknowns the engine reads; they come first."""
        return len(self.parameters) + sum(count for _, count in self.scatter)

    @property
    def count(self) -> int:
        """How many unknowns there are."""
        return self.engine_count + len(self.own)

    @property
    def names(self) -> tuple[str, ...]:
        """One name per unknown; those of a zone end with it in brackets."""
        spread: list[str] = []
        for purpose, count in self.scatter:
            ends = [""] if count == 1 else [f" [{zone}]" for zone in ZONES]
            spread += [purpose + end for end in ends]
        return (*self.parameters, *spread, *self.own)

    def blocks(self) -> dict[str, slice]:
        """Purpose of each scatter to where its normals stand."""
        start, found = len(self.parameters), {}
        for purpose, count in self.scatter:
            found[purpose] = slice(start, start + count)
            start += count
        return found

    def own_normals(self, values: Array) -> dict[str, Array]:
        """What only observations read, by name, each of shape ``(draw,)``."""
        first = self.engine_count
        return {name: values[:, first + i] for i, name in enumerate(self.own)}

    def shifts(self, values: Array) -> Array:
        """Standard normals of the parameters, correlated as a fit left them, (draw, parameter)."""
        return values[:, : len(self.parameters)] @ self.mixing.T

    def parameter_set(self, values: Array) -> ParameterSet:
        """Return the parameter set whose draws are given persons.

        Parameters
        ----------
        values
            Standard normals, shape ``(draw, unknown)``.

        Returns
        -------
        ParameterSet
            Gives these persons whenever as many draws are asked for; what is not among the
            unknowns is drawn as usual, or given them where it moves with them.
        """
        shifts, blocks = self.shifts(values), self.blocks()
        columns = {name: i for i, name in enumerate(self.parameters)}

        def normals(seed: int, purpose: str, count: int) -> Array:
            column = columns.get(purpose)
            if column is not None:
                return shifts[:, column]
            if purpose in self.along.rows and count == shifts.shape[0]:
                return self.along.normals(purpose, shifts, seed)
            return stream(seed, purpose).standard_normal(count)

        def scatter(seed: int, purpose: str, count: int) -> Array:
            block = blocks.get(purpose)
            if block is None:
                return stream(seed, purpose).standard_normal(count)
            return values[:, block].ravel()

        return replace(self.members, normals=normals, scatter=scatter)


def _merged(members: ParameterSet) -> ParameterSet:
    """Both spreads of each parameter as one: of one person nobody can tell them apart."""
    merged = {
        name: replace(
            member,
            uncertainty_sd=0.0,
            between_person_sd=hypot(member.uncertainty_sd, member.between_person_sd),
        )
        for name, member in members.members.items()
    }
    return replace(members, members=MappingProxyType(merged), together=None)


def _mixing(names: Sequence[str], members: ParameterSet) -> Array:
    mixing = np.eye(len(names))
    place = {name: i for i, name in enumerate(names)}
    held = members.together.names if members.together is not None else ()
    read = [name for name in held if name in place]
    at = [place[name] for name in read]
    mixing[np.ix_(at, at)] = np.linalg.cholesky(total_correlation(read, members))
    return mixing
