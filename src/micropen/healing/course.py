"""The course of healing: every sign per draw, zone and day, and how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from micropen._version import __version__
from micropen.anatomy import ZONES
from micropen.atomic_writing import write_atomically
from micropen.errors import MicropenError, unknown_name
from micropen.evidence import Grade, ParameterSet
from micropen.healing.chain import Chain
from micropen.healing.process import Array
from micropen.signs import SIGNS, sign
from micropen.treatment import Treatment

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Scenario = Literal["best", "expected", "worst"]
SCENARIOS: Final[tuple[Scenario, ...]] = ("best", "expected", "worst")

# The band that every result shows: nine draws of ten lie inside.
LOW: Final = 0.05
MIDDLE: Final = 0.5
HIGH: Final = 0.95


@dataclass(frozen=True, slots=True)
class CourseOrigin:
    """How a course was made.

    Parameters
    ----------
    parameter_set, digest
        Name of the parameter set and the digest of its values.
    version
        Of the program.
    seed, draws
        Of the forecast.
    session_days
        Day of each session, the first being 0.
    lowest_grade
        Weakest evidence grade among the parameters that the forecast leans on.
    citations
        Bibliography keys of those parameters, sorted.
    """

    parameter_set: str
    digest: str
    version: str
    seed: int
    draws: int
    session_days: tuple[float, ...]
    lowest_grade: Grade
    citations: tuple[str, ...]

    @classmethod
    def of(
        cls,
        chain: Chain,
        parameters: ParameterSet,
        draws: int,
        seed: int,
        session_days: list[float],
    ) -> CourseOrigin:
        """Record the origin of a forecast made with these parameters."""
        zone_tables = tuple(f"healing.zone_{name}." for name in chain.zone_factors)
        wanted = set(chain.parameter_names)
        used = [
            p
            for p in parameters
            if p.name in wanted
            or p.name.startswith(("punctures.", "anatomy.", "healing.population.", *zone_tables))
        ]
        return cls(
            parameter_set=parameters.name,
            digest=parameters.digest,
            version=__version__,
            seed=seed,
            draws=draws,
            session_days=tuple(session_days),
            lowest_grade=max((p.grade for p in used), key=lambda grade: grade.value),
            citations=tuple(sorted({p.source for p in used})),
        )

    def attributes(self) -> dict[str, str | int | float | list[float]]:
        """The origin as attributes that a NetCDF file can hold."""
        return {
            "title": "micropen course of healing",
            "simulated": "yes: a model's forecast, not a measurement",
            "parameter_set": self.parameter_set,
            "parameter_digest": self.digest,
            "micropen_version": self.version,
            "seed": self.seed,
            "draws": self.draws,
            "session_days": list(self.session_days),
            "lowest_evidence_grade": self.lowest_grade.value,
            "citations": ", ".join(self.citations),
        }


@dataclass(frozen=True)
class Course:
    """Every sign per draw, zone and day.

    Parameters
    ----------
    dataset
        Dimensions ``draw``, ``zone``, ``day``; one float32 variable per sign of
        `micropen.signs.SIGNS`, units in its attributes.
    origin
        How it was made.
    treatment
        What was forecast; None for a course of bare doses. It never reaches a data file.
    """

    dataset: xr.Dataset
    origin: CourseOrigin
    treatment: Treatment | None = field(default=None, repr=False)
    _quantiles: dict[float, xr.Dataset] = field(default_factory=dict, repr=False, compare=False)

    @property
    def days(self) -> Array:
        """Reported days, increasing from 0 (end of the first session)."""
        return np.asarray(self.dataset["day"].values, dtype=np.float64)

    @property
    def zones(self) -> tuple[str, ...]:
        """Zone names, in the order of the arrays."""
        return tuple(str(zone) for zone in self.dataset["zone"].values)

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.dataset.sizes["draw"])

    @property
    def treated(self) -> tuple[str, ...]:
        """Zones in which anything happens at all."""
        moved = np.zeros(len(self.zones), dtype=bool)
        for name in self.dataset.data_vars:
            moved |= np.asarray(self.dataset[name].any(dim=("draw", "day")).values, dtype=bool)
        return tuple(zone for zone, was in zip(self.zones, moved, strict=True) if was)

    def quantile(self, q: float) -> xr.Dataset:
        """Return one quantile over the draws, sign by sign.

        Parameters
        ----------
        q
            Between 0 and 1.

        Returns
        -------
        xarray.Dataset
            Dimensions ``zone``, ``day``. Computed one sign at a time and kept.
        """
        import xarray as xr  # noqa: PLC0415  (slow to import; only whole courses need it)

        if not 0.0 <= q <= 1.0:
            raise MicropenError(f"The quantile is {q:g}; it must lie between 0 and 1.")
        if q not in self._quantiles:
            variables = {
                str(name): (
                    ("zone", "day"),
                    np.quantile(values.values, q, axis=0).astype(np.float32),
                    dict(values.attrs),
                )
                for name, values in self.dataset.data_vars.items()
            }
            coordinates = {"zone": self.dataset["zone"], "day": self.dataset["day"]}
            self._quantiles[q] = xr.Dataset(variables, coordinates, dict(self.dataset.attrs))
        return self._quantiles[q]

    def scenario(self, name: Scenario) -> xr.Dataset:
        """Return the best, expected or worst course.

        Parameters
        ----------
        name
            ``"expected"`` is the median of each sign; ``"best"`` and ``"worst"`` its 5 % or 95 %,
            whichever a person would want more or less. Signs are taken one by one: no single
            draw need be at its worst in all of them.

        Returns
        -------
        xarray.Dataset
            Dimensions ``zone``, ``day``.
        """
        import xarray as xr  # noqa: PLC0415  (as in `quantile`)

        if name not in SCENARIOS:
            raise unknown_name("scenario", str(name), SCENARIOS)
        if name == "expected":
            return self.quantile(MIDDLE)
        low, high = self.quantile(LOW), self.quantile(HIGH)
        good_is_low = name == "best"
        chosen = {
            str(s): (low if (SIGNS[str(s)].better == "lower") == good_is_low else high)[s]
            for s in self.dataset.data_vars
        }
        return xr.Dataset(chosen, attrs=dict(self.dataset.attrs))

    def at(self, day: float, scenario: Scenario = "expected") -> dict[str, NDArray[np.float64]]:
        """Return all signs at one moment.

        Parameters
        ----------
        day
            Between 0 and the horizon; between reported days the course is taken as straight.
        scenario
            As in `scenario`.

        Returns
        -------
        dict
            Sign to values of shape ``(zone,)``.
        """
        days = self.days
        if not days[0] <= day <= days[-1]:
            raise MicropenError(
                f"Day {day:g} is outside the course, which runs from day {days[0]:g} to "
                f"{days[-1]:g}; choose a day inside or forecast further."
            )
        after = int(np.clip(np.searchsorted(days, day, side="right"), 1, days.size - 1))
        share = (day - days[after - 1]) / (days[after] - days[after - 1])
        signs = self.scenario(scenario)
        return {
            str(name): np.asarray(
                (1.0 - share) * values.values[:, after - 1] + share * values.values[:, after],
                dtype=np.float64,
            )
            for name, values in signs.data_vars.items()
        }

    def table(self) -> pd.DataFrame:
        """Return the best, expected and worst course as one long table.

        Returns
        -------
        pandas.DataFrame
            Columns ``day, zone, sign, unit, best, expected, worst``.
        """
        import pandas as pd  # noqa: PLC0415  (slow to import; only tables need it)

        courses = {name: self.scenario(name) for name in SCENARIOS}
        shape = (len(self.zones), self.days.size)
        index = {
            "day": np.broadcast_to(self.days, shape).ravel(),
            "zone": np.repeat(np.array(self.zones), self.days.size),
        }
        parts = []
        for name in map(str, self.dataset.data_vars):
            part = pd.DataFrame({**index, "sign": name, "unit": SIGNS[name].unit})
            for scenario, course in courses.items():
                part[scenario] = course[name].values.ravel()
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def to_netcdf(self, path: str | Path) -> Path:
        """Write every draw as NetCDF-4; the file appears whole or not at all."""
        packed = {str(name): {"zlib": True, "complevel": 1} for name in self.dataset.data_vars}
        return write_atomically(
            Path(path),
            lambda part: self.dataset.to_netcdf(part, engine="h5netcdf", encoding=packed),
        )

    def to_parquet(self, path: str | Path) -> Path:
        """Write `table` as Parquet; the file appears whole or not at all."""
        return write_atomically(Path(path), lambda part: self.table().to_parquet(part, index=False))

    def to_csv(self, path: str | Path) -> Path:
        """Write `table` as CSV; the file appears whole or not at all."""
        return write_atomically(
            Path(path),
            lambda part: self.table().to_csv(part, index=False, float_format="%.6g"),
        )

    def summary(self) -> str:
        """Return the course in a few lines: extent, origin, and the peak of each sign."""
        first = ", ".join(f"{day:g}" for day in self.origin.session_days)
        lines = [
            f"Course over {self.days[-1]:g} days, {self.draws} draws, {len(self.treated)} treated "
            f"zones, sessions on day {first}",
            f"{self.origin.parameter_set}, seed {self.origin.seed}, lowest evidence grade "
            f"{self.origin.lowest_grade}",
            "",
            f"{'sign':<30} {'expected peak':>14} {'5-95 %':>16} {'on day':>7}  where",
        ]
        middle, low, high = (self.quantile(q) for q in (MIDDLE, LOW, HIGH))
        for name in self.dataset.data_vars:
            values = middle[name].values
            zone, day = np.unravel_index(np.abs(values).argmax(), values.shape)
            band = f"{low[name].values[zone, day]:.3g}-{high[name].values[zone, day]:.3g}"
            lines.append(
                f"{sign(str(name)).label:<30} {values[zone, day]:>14.3g} {band:>16} "
                f"{self.days[day]:>7.3g}  {self.zones[zone]}"
            )
        return "\n".join(lines)

    def __str__(self) -> str:
        """Print as `summary`."""
        return self.summary()


def build_course(
    signs: Mapping[str, NDArray[np.float32]],
    days: Array,
    origin: CourseOrigin,
    numerical_error: float,
) -> Course:
    """Pack signs of shape ``(draw, zone, day)`` into a course.

    Parameters
    ----------
    signs
        Sign name to values, in the units of `micropen.signs`.
    days
        Reported days.
    origin
        How they were made.
    numerical_error
        What the engine's check of its own steps found, as a share of each sign's peak.
    """
    import xarray as xr  # noqa: PLC0415  (slow to import; only whole courses need it)

    variables = {
        name: (
            ("draw", "zone", "day"),
            signs[name],
            {"units": SIGNS[name].unit, "long_name": SIGNS[name].definition},
        )
        for name in SIGNS
        if name in signs
    }
    draws = next(iter(signs.values())).shape[0]
    coordinates = {
        "draw": np.arange(draws),
        "zone": np.array(ZONES),
        "day": ("day", days, {"units": "d", "long_name": "days since the end of session 1"}),
    }
    attributes = {**origin.attributes(), "numerical_error": numerical_error}
    return Course(xr.Dataset(variables, coordinates, attributes), origin)
