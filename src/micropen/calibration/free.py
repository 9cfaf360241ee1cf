"""The free numbers of a calibration: what may move, from which prior, and why."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from math import exp, log
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from micropen.errors import MicropenError
from micropen.evidence import ParameterSet, Quantity

Array = NDArray[np.float64]

_FIELDS: Final = frozenset({"parameter", "quantity", "prior_sd", "why", "rows"})


@dataclass(frozen=True, slots=True)
class FreeNumber:
    """One number that the fit may move.

    Parameters
    ----------
    parameter
        Dotted name.
    quantity
        Its typical value, or how people differ.
    prior_value
        In the parameter's unit (a between-person sd as the parameter has it).
    prior_sd
        Of ln(number) where `on_log`, else of the number.
    on_log
        Whether the fit moves its logarithm.
    why
        Why it is free.
    rows
        What kind of findings can identify it.
    """

    parameter: str
    quantity: Quantity
    prior_value: float
    prior_sd: float
    on_log: bool
    why: str
    rows: str

    @property
    def label(self) -> str:
        """Name for tables: the parameter, and what of it where that is not its value."""
        return (
            self.parameter
            if self.quantity is Quantity.VALUE
            else f"{self.parameter} (between people)"
        )

    def number(self, standardised: float) -> float:
        """Return the number at so many prior sds from its prior value."""
        shift = self.prior_sd * standardised
        return self.prior_value * exp(shift) if self.on_log else self.prior_value + shift

    def standardised(self, number: float) -> float:
        """Return how many prior sds a number lies from its prior value."""
        if self.on_log:
            return log(number / self.prior_value) / self.prior_sd
        return (number - self.prior_value) / self.prior_sd


@dataclass(frozen=True, slots=True)
class FreeSpace:
    """All free numbers as one vector of prior sds: a priori independent standard normals.

    Parameters
    ----------
    prior
        The parameters before the fit.
    numbers
        What may move.
    """

    prior: ParameterSet
    numbers: tuple[FreeNumber, ...]

    @property
    def size(self) -> int:
        """How many numbers are free."""
        return len(self.numbers)

    def parameters(self, standardised: Array) -> ParameterSet:
        """Return the parameters at a point, all typical values taken as known.

        Parameters
        ----------
        standardised
            Shape ``(number,)``, in prior sds from the prior.
        """
        return self.at(standardised).without_uncertainty()

    def at(self, standardised: Array) -> ParameterSet:
        """Return the parameters at a point: the free ones known, others uncertain."""
        members = dict(self.prior.members)
        for free, step in zip(self.numbers, standardised, strict=True):
            member, number = members[free.parameter], free.number(float(step))
            if free.quantity is Quantity.VALUE:
                members[free.parameter] = replace(member, value=number, uncertainty_sd=0.0)
            else:
                members[free.parameter] = replace(member, between_person_sd=number)
        return replace(self.prior, members=members, together=None)


def _free_number(row: Mapping[str, Any], prior: ParameterSet) -> FreeNumber:
    unknown = set(row) - _FIELDS
    if unknown:
        raise MicropenError(f"A free number has unknown fields: {', '.join(sorted(unknown))}.")
    member, quantity = prior[str(row["parameter"])], Quantity(row.get("quantity", "value"))
    value = quantity is Quantity.VALUE
    number = FreeNumber(
        parameter=member.name,
        quantity=quantity,
        prior_value=member.value if value else member.between_person_sd,
        prior_sd=float(row.get("prior_sd", member.uncertainty_sd if value else 0.0)),
        on_log=member.log_normal if value else True,
        why=str(row["why"]),
        rows=str(row["rows"]),
    )
    if number.prior_sd <= 0.0 or (number.on_log and number.prior_value <= 0.0):
        raise MicropenError(
            f"The free number {number.label} needs a prior: a positive value and prior_sd, not "
            f"{number.prior_value:g} and {number.prior_sd:g}."
        )
    return number


def _rows(table: str) -> list[dict[str, Any]]:
    file = files("micropen.evidence") / "data" / "calibration" / "free.toml"
    return list(tomllib.loads(file.read_text(encoding="utf-8"))[table])


def kept_names() -> frozenset[str]:
    """Parameters that no fit may move, although studies read them."""
    return frozenset(str(row["parameter"]) for row in _rows("kept"))


def free_space(prior: ParameterSet, names: Sequence[str] | None = None) -> FreeSpace:
    """Read which numbers are free (``evidence/data/calibration/free.toml``).

    Parameters
    ----------
    prior
        The parameters before the fit; their `uncertainty_sd` is the prior of a typical value.
    names
        Only these parameters.

    Raises
    ------
    UnknownNameError
        If the file names a parameter that `prior` does not have.
    """
    numbers = tuple(_free_number(row, prior) for row in _rows("free"))
    labels = [number.label for number in numbers]
    if len(set(labels)) != len(labels):
        raise MicropenError("A number stands twice in free.toml.")
    if names is not None:
        numbers = tuple(number for number in numbers if number.parameter in names)
    return FreeSpace(prior, numbers)
