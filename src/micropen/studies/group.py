"""Who was studied: the group of an arm, with what the study leaves out filled in openly."""

from __future__ import annotations

from collections.abc import Mapping

from micropen.evidence import load_parameters
from micropen.observation import Baseline
from micropen.studies.file_format import AgeTable, ArmTable
from micropen.studies.scale_lookup import require_scale
from micropen.studies.study import Group, Spread
from micropen.studies.study_errors import CannotSimulateError, MisstatedError
from micropen.studies.toml_lines import Path

_FILLED_IN = (
    "female",
    "acne_proneness",
    "sensitivity",
    "sun_exposure",
    "melasma",
    "herpes",
    "active_acne",
)


def default(name: str) -> float:
    """Return what is filled in where a study does not say, ``studies.default.<name>``."""
    return load_parameters().value(f"studies.default.{name}")


def _mean_age(stated: AgeTable, place: Path, assumed: list[str]) -> float:
    if stated.mean is not None:
        return stated.mean
    if stated.low is None or stated.high is None:
        raise MisstatedError(place, "needs mean, or both low and high")
    assumed.append("age_years.mean")
    return 0.5 * (stated.low + stated.high)


def _sd_of_age(stated: AgeTable, n: int, assumed: list[str]) -> float:
    if stated.sd is not None:
        return stated.sd
    if n == 1:
        return 0.0
    assumed.append("age_years.sd")
    if stated.low is None or stated.high is None:
        return default("age_sd")
    return default("sd_of_range") * (stated.high - stated.low)


def _age(stated: AgeTable | None, n: int, place: Path, assumed: list[str]) -> Spread:
    adult, oldest = load_parameters().value("treatment.limits.minimum_age"), default("oldest")
    if stated is None:
        assumed.append("age_years")
        return Spread(default("age"), default("age_sd"), adult, oldest)
    mean = _mean_age(stated, place, assumed)
    sd = _sd_of_age(stated, n, assumed)
    low = adult if stated.low is None else stated.low
    high = max(oldest, mean + 2.0 * sd) if stated.high is None else stated.high
    if mean < adult or high < adult:
        raise CannotSimulateError(
            place, f"people of {mean:g} years on average; micropen knows adults from {adult:g} only"
        )
    if not low <= mean <= high:
        raise MisstatedError(
            place, f"has a mean of {mean:g} outside its range, {low:g} to {high:g}"
        )
    if low < adult:
        assumed.append("age_years.low")
    return Spread(mean, sd, max(low, adult), high)


def group_of(table: ArmTable, place: Path, assumed: list[str]) -> Group:
    """Build the group of an arm.

    Parameters
    ----------
    table
        The arm as written.
    place
        Where it stands.
    assumed
        Every field that had to be filled in is added to it.

    Raises
    ------
    MisstatedError
        Ages that contradict each other.
    CannotSimulateError
        Minors only.
    """
    age = _age(table.age_years, table.n, (*place, "age_years"), assumed)
    phototypes = table.phototypes
    if phototypes is None:
        assumed.append("phototypes")
        phototypes = {int(default("phototype")): 1.0}
    stated = {name: getattr(table, name) for name in _FILLED_IN}
    assumed.extend(name for name, value in stated.items() if value is None)
    filled = {
        name: default(name) if value is None else float(value) for name, value in stated.items()
    }
    return Group(n=table.n, age_years=age, phototypes=dict(sorted(phototypes.items())), **filled)


def baselines_of(table: ArmTable, place: Path, assumed: list[str]) -> Mapping[str, Baseline]:
    """Build the scales before treatment; an unstated spread is filled in.

    Raises
    ------
    MisstatedError
        Unknown scale.
    """
    found = {}
    for scale, stated in table.baseline.items():
        require_scale(scale, (*place, "baseline", scale))
        sd = stated.sd
        if sd is None:
            assumed.append(f"baseline.{scale}.sd")
            sd = default("baseline_relative_sd") * abs(stated.mean)
        found[scale] = Baseline(stated.mean, sd)
    return found
