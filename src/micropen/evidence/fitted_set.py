"""What a calibration found, as a file laid over the cited and assumed numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from micropen.errors import MicropenError
from micropen.evidence.parameter import Grade, Parameter
from micropen.evidence.parameter_set import ParameterSet, Together, prior_parameters

FORMAT: Final = 1

# Groups that a calibration simulates with: a change elsewhere (a caption, a shade of red) leaves a
# fitted set as it was.
_SIMULATED: Final = (
    "anatomy.",
    "punctures.",
    "healing.",
    "observation.",
    "treatment.",
    "studies.",
    "calibration.",
)

_HEAD: Final = frozenset({"format", "version", "program", "seed", "prior_digest", "studies_digest"})
_FIELDS: Final = frozenset(
    {"parameter", "quantity", "value", "sd", "prior_value", "prior_sd", "fitted_to"}
)


class Quantity(StrEnum):
    """What of a parameter is fitted."""

    VALUE = "value"
    BETWEEN_PERSON_SD = "between_person_sd"


@dataclass(frozen=True, slots=True)
class FittedNumber:
    """One number that a calibration found.

    Parameters
    ----------
    parameter
        Dotted name.
    quantity
        Its typical value, or how people differ.
    value, sd
        Posterior mode, and posterior sd: of ln(value) where the parameter is log-normal and for
        every between-person sd, else of the value.
    prior_value, prior_sd
        The same before the fit.
    fitted_to
        Keys of the studies that moved it.
    """

    parameter: str
    quantity: Quantity
    value: float
    sd: float
    prior_value: float
    prior_sd: float
    fitted_to: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FittedSet:
    """The result of a calibration.

    Parameters
    ----------
    version
        Of the set: the same model, studies, seed and version of the fit give the same set.
    program
        Version of the program that fitted it.
    seed
        Of the simulated people.
    prior_digest, studies_digest
        Of the parameters it started from and of the studies it was fitted to.
    numbers
        What was found.
    correlation
        Posterior correlation of `numbers`, shape ``(number, number)``.
    """

    version: str
    program: str
    seed: int
    prior_digest: str
    studies_digest: str
    numbers: tuple[FittedNumber, ...]
    correlation: NDArray[np.float64]

    def applied_to(self, prior: ParameterSet) -> ParameterSet:
        """Return the parameters with what was fitted in its place, and its uncertainty.

        Raises
        ------
        MicropenError
            If the set names a parameter that the program no longer has.
        """
        members = dict(prior.members)
        for number in self.numbers:
            member = members.get(number.parameter)
            if member is None:
                raise MicropenError(
                    f"The fitted set {self.version} has a parameter {number.parameter!r} that "
                    "this program does not know; fit it again with `micropen calibrate`."
                )
            members[number.parameter] = _fitted(member, number)
        uncertain = [i for i, n in enumerate(self.numbers) if n.quantity is Quantity.VALUE]
        together = Together(
            tuple(self.numbers[i].parameter for i in uncertain),
            self.correlation[np.ix_(uncertain, uncertain)],
        )
        return replace(
            prior,
            name=f"{prior.name}, {self.version}",
            members=MappingProxyType(members),
            together=together,
        )


def _fitted(member: Parameter, number: FittedNumber) -> Parameter:
    """A parameter after the fit. Trials reach it through assumed mappings: never above grade D."""
    studies = tuple(sorted({*member.fitted_to, *number.fitted_to}))
    if number.quantity is Quantity.VALUE:
        return replace(
            member,
            value=number.value,
            uncertainty_sd=number.sd,
            grade=Grade.D if number.fitted_to else member.grade,
            fitted_to=studies,
        )
    return replace(member, between_person_sd=number.value, fitted_to=studies)


def prior_digest(prior: ParameterSet) -> str:
    """Digest of the parameters that a calibration simulates with, before any fit."""
    members = {n: m for n, m in prior.members.items() if n.startswith(_SIMULATED)}
    return replace(prior, members=MappingProxyType(members)).digest


def _correlation(text: str, size: int, name: str) -> NDArray[np.float64]:
    # A text of numbers: a thousand TOML floats would take longer than all the rest.
    rows = [line.split() for line in text.strip("\n").split("\n")]
    if size and [len(row) for row in rows] != list(range(1, size + 1)):
        raise MicropenError(
            f"{name}: `correlation` must be the lower triangle with its diagonal, {size} lines "
            "of 1, 2, 3 ... numbers, one line for each fitted number."
        )
    matrix = np.zeros((size, size))
    matrix[np.tril_indices(size)] = np.array(text.split(), dtype=np.float64)
    matrix += np.tril(matrix, -1).T
    proper = np.all(np.diag(matrix) == 1.0) and (not size or np.linalg.eigvalsh(matrix)[0] > 0.0)
    if not proper:
        raise MicropenError(f"{name}: `correlation` is not a correlation matrix.")
    return matrix


def _number(row: Mapping[str, Any]) -> FittedNumber:
    if set(row) != _FIELDS:
        raise KeyError(", ".join(sorted(_FIELDS ^ set(row))))
    return FittedNumber(
        parameter=str(row["parameter"]),
        quantity=Quantity(row["quantity"]),
        value=float(row["value"]),
        sd=float(row["sd"]),
        prior_value=float(row["prior_value"]),
        prior_sd=float(row["prior_sd"]),
        fitted_to=tuple(str(key) for key in row["fitted_to"]),
    )


def parse_fitted_set(text: str, name: str) -> FittedSet:
    """Read a fitted set from the text of its file.

    Parameters
    ----------
    text
        TOML, as `micropen calibrate` writes it.
    name
        Of the file, for messages.

    Raises
    ------
    MicropenError
        If it is not such a file.
    """
    try:
        table = tomllib.loads(text)
        if table["format"] != FORMAT:
            raise MicropenError(f"{name} has format {table['format']!r}; this program reads 1.")
        numbers = tuple(_number(row) for row in table["fitted"])
        return FittedSet(
            version=str(table["version"]),
            program=str(table["program"]),
            seed=int(table["seed"]),
            prior_digest=str(table["prior_digest"]),
            studies_digest=str(table["studies_digest"]),
            numbers=numbers,
            correlation=_correlation(str(table["correlation"]), len(numbers), name),
        )
    except tomllib.TOMLDecodeError as error:
        raise MicropenError(f"{name} is not a TOML file: {error}.") from None
    except KeyError as error:
        raise MicropenError(
            f"{name} is not a fitted set: the fields {error.args[0]!r} are missing or unknown. "
            "`micropen calibrate -o FOLDER` writes one."
        ) from None
    except (TypeError, ValueError) as error:
        raise MicropenError(f"{name} is not a fitted set: {error}.") from None


def read_parameter_set(path: Path) -> ParameterSet:
    """Read the parameters that a calibration left in a file.

    Parameters
    ----------
    path
        ``fitted.toml`` of `micropen calibrate`.

    Raises
    ------
    MicropenError
        If there is no such file, or it is none.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise MicropenError(f"Cannot read the parameter file {path}: {reason}.") from None
    return parse_fitted_set(text, path.name).applied_to(prior_parameters())


@cache
def shipped_fit() -> FittedSet | None:
    """Return the fitted set that comes with the program, None where none does."""
    file = files("micropen.evidence") / "data" / "calibration" / "fitted.toml"
    if not file.is_file():
        return None
    return parse_fitted_set(file.read_text(encoding="utf-8"), file.name)


@cache
def load_parameters(*, calibrated: bool = True) -> ParameterSet:
    """Return all parameters of the program.

    Parameters
    ----------
    calibrated
        With the shipped calibration laid over them (values, uncertainties and how these move
        together); without, as cited or assumed.

    Returns
    -------
    ParameterSet
    """
    prior, fit = prior_parameters(), shipped_fit()
    return fit.applied_to(prior) if calibrated and fit is not None else prior
