"""A forecast as it was made at one moment, kept to be judged by what came after.

One Parquet file: a row for each curve and day with the quantiles over the draws as columns
``q01`` to ``q99``, and how it was made in the file's own metadata.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from micropen._version import __version__
from micropen.errors import MicropenError
from micropen.estimation.result import Axis
from micropen.estimation.straight_days import straight_between

Array = NDArray[np.float64]

Whose = Literal["personal", "population"]

LEVELS: Final = (0.01, *(round(0.05 * k, 2) for k in range(1, 20)), 0.99)
"""Levels of the kept quantiles: 21, so that a 90 % band and its tails can be drawn from."""

_BAND: Final = [LEVELS.index(level) for level in (0.05, 0.5, 0.95)]
_COLUMNS: Final = tuple(f"q{round(100 * level):02d}" for level in LEVELS)
_META: Final = b"micropen"
_KIND: Final = "micropen kept forecast"
# Quantiles to 1 part in 4,000: half as many bytes after packing, and no score notices.
_BITS: Final = 11


@dataclass(frozen=True, slots=True)
class Line:
    """What a curve is of: key, axis and zone as in `micropen.estimation.result.Band`."""

    key: str
    axis: Axis
    zone: str


@dataclass(frozen=True, slots=True)
class Made:
    """When and from what a forecast was made.

    Parameters
    ----------
    at
        Local date and time.
    data_until_day
        Last day of the data that it knew, since the first session; minus infinity for none.
    parameter_digest
        Of the parameter set.
    seed
        Of the draws.
    data_digest
        Of the data it knew.
    version
        Of the program.
    """

    at: datetime
    data_until_day: float
    parameter_digest: str
    seed: int
    data_digest: str
    version: str = __version__


@dataclass(frozen=True, slots=True, eq=False)
class KeptForecast:
    """Quantiles of a forecast, for a person and for the population.

    Parameters
    ----------
    made
        When and from what.
    days
        Since the first session, shape ``(day,)``, increasing.
    personal, population
        By line: shape ``(level, day)``, levels as `LEVELS`, in the unit of the axis, without the
        errors of a reading.
    """

    made: Made
    days: Array
    personal: Mapping[Line, Array]
    population: Mapping[Line, Array]

    @classmethod
    def of(
        cls,
        made: Made,
        days: Array,
        personal: Mapping[Line, Array],
        population: Mapping[Line, Array],
    ) -> KeptForecast:
        """Reduce draws to what is kept.

        Parameters
        ----------
        made
            When and from what.
        days
            Shape ``(day,)``; those before the last of the data are dropped, and of the others
            those between which every kept curve is straight to 1 %, at most 32.
        personal, population
            By line, draws of equal weight of what a reading without error would show, shape
            ``(draw, day)``. A line that only one of them has is left out.

        Raises
        ------
        MicropenError
            Where no day is left to forecast, or draws and days do not fit.
        """
        days = np.asarray(days, dtype=np.float64)
        first = max(int(np.searchsorted(days, made.data_until_day, side="right")) - 1, 0)
        if days.size - first < 2:
            raise MicropenError(
                f"The forecast ends on day {days[-1]:g} and the data on day "
                f"{made.data_until_day:g}: nothing is left to keep; forecast further."
            )
        shared = [line for line in personal if line in population]
        both = [
            {line: _quantiles(line, draws[line], days)[:, first:] for line in shared}
            for draws in (personal, population)
        ]
        bands = [curve[_BAND] for curves in both for curve in curves.values()]
        outline = np.concatenate([np.empty((0, days.size - first)), *bands])
        chosen = straight_between(days[first:], outline)
        kept = [{line: _short(curve[:, chosen]) for line, curve in c.items()} for c in both]
        return cls(made, days[first:][chosen], *kept)

    def quantiles(self, whose: Whose, line: Line, day: float) -> Array | None:
        """Quantiles of one line on one day, shape ``(level,)``; None where it was not forecast."""
        curves = self.personal if whose == "personal" else self.population
        if line not in curves or not self.days[0] <= day <= self.days[-1]:
            return None
        after = int(np.clip(np.searchsorted(self.days, day), 1, self.days.size - 1))
        width = self.days[after] - self.days[after - 1]
        share = (day - self.days[after - 1]) / width
        curve = curves[line]
        return np.asarray((1.0 - share) * curve[:, after - 1] + share * curve[:, after])

    def to_bytes(self) -> bytes:
        """Pack as Parquet; the same forecast gives the same bytes."""
        rows = [
            (whose, line, curve)
            for whose, curves in (("personal", self.personal), ("population", self.population))
            for line, curve in curves.items()
        ]
        repeat = self.days.size
        names = {
            "whose": [whose for whose, _, _ in rows for _ in range(repeat)],
            "key": [line.key for _, line, _ in rows for _ in range(repeat)],
            "axis": [line.axis.value for _, line, _ in rows for _ in range(repeat)],
            "zone": [line.zone for _, line, _ in rows for _ in range(repeat)],
            "day": np.tile(self.days, len(rows)),
        }
        empty = np.empty((len(LEVELS), 0))
        values = np.concatenate([empty, *(curve for _, _, curve in rows)], axis=1)
        quantiles = dict(zip(_COLUMNS, values.astype(np.float32), strict=True))
        about = {**self._about(), "curves": len(rows)}
        table = pa.table({**{k: pa.array(v) for k, v in names.items()}, **quantiles})
        about["digest"] = _digest(table, about)
        target = io.BytesIO()
        pq.write_table(
            table.replace_schema_metadata({_META: json.dumps(about).encode()}),
            target,
            compression="zstd",
            use_dictionary=list(names),
            # Bytes of floats differ least from those at the same place in the number.
            use_byte_stream_split=list(_COLUMNS),
            write_statistics=False,
        )
        return target.getvalue()

    def _about(self) -> dict[str, Any]:
        made = self.made
        return {
            "kind": _KIND,
            "made_at": made.at.isoformat(),
            "data_until_day": made.data_until_day if np.isfinite(made.data_until_day) else None,
            "version": made.version,
            "parameter_digest": made.parameter_digest,
            "seed": made.seed,
            "data_digest": made.data_digest,
            "levels": list(LEVELS),
            "unit": "of the axis: sign = unit of the sign, diary = 0-10, count = spots",
        }

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "The kept forecast") -> KeptForecast:
        """Unpack what `to_bytes` gave.

        Parameters
        ----------
        data
            Content of the file.
        name
            What an error calls it.

        Raises
        ------
        MicropenError
            One sentence, for anything else or anything damaged.
        """
        try:
            return _unpacked(data)
        except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
            raise MicropenError(
                f"{name} cannot be read: it is damaged or not a forecast kept by this program. "
                "Delete it; only the record of that one forecast is lost."
            ) from error


def _unpacked(data: bytes) -> KeptForecast:
    table = pq.read_table(io.BytesIO(data))
    about = json.loads((table.schema.metadata or {})[_META])
    told = about.pop("digest")
    if about["kind"] != _KIND or told != _digest(table, about):
        raise ValueError("digest")
    if tuple(about["levels"]) != LEVELS:
        raise ValueError("levels")
    columns = {c: table[c].to_pylist() for c in ("whose", "key", "axis", "zone")}
    size = table.num_rows // max(about["curves"], 1)
    values = np.stack([table[column].to_numpy() for column in _COLUMNS]).astype(np.float64)
    kept: dict[str, dict[Line, Array]] = {"personal": {}, "population": {}}
    for start in range(0, table.num_rows, size or 1):
        whose, key, axis, zone = (columns[c][start] for c in columns)
        kept[whose][Line(key, Axis(axis), zone)] = values[:, start : start + size]
    days = table["day"].to_numpy()[:size]
    until = about["data_until_day"]
    made = Made(
        at=datetime.fromisoformat(about["made_at"]),
        data_until_day=-np.inf if until is None else float(until),
        parameter_digest=about["parameter_digest"],
        seed=int(about["seed"]),
        data_digest=about["data_digest"],
        version=about["version"],
    )
    return KeptForecast(made, days, kept["personal"], kept["population"])


def _digest(table: pa.Table, about: Mapping[str, Any]) -> str:
    """SHA-256 over everything told, so that a single changed byte is found."""
    found = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for name in table.column_names:
        column = table[name]
        plain = column.to_numpy() if pa.types.is_floating(column.type) else None
        found.update(repr(column.to_pylist()).encode() if plain is None else plain.tobytes())
    return found.hexdigest()


def _quantiles(line: Line, draws: Array, days: Array) -> Array:
    """Quantiles over the draws, shape ``(level, day)``."""
    draws = np.asarray(draws)
    if draws.ndim != 2 or draws.shape[1] != days.size or not draws.shape[0]:
        raise MicropenError(
            f"The draws of {line.key} ({line.zone}) have the shape {draws.shape}; it must be "
            f"(draw, {days.size}), as there are {days.size} days."
        )
    # Sorting along memory once is many times faster than asking for each quantile.
    ordered = np.sort(np.ascontiguousarray(draws.T, dtype=np.float32), axis=1)
    place = np.array(LEVELS) * (ordered.shape[1] - 1)
    below = np.minimum(place.astype(np.intp), max(ordered.shape[1] - 2, 0))
    above = np.minimum(below + 1, ordered.shape[1] - 1)
    share = place - below
    between = (1.0 - share) * ordered[:, below] + share * ordered[:, above]
    return np.asarray(between.T, dtype=np.float64)


def _short(values: Array) -> Array:
    """Values without the digits that nobody needs."""
    part, power = np.frexp(values)
    return np.asarray(np.ldexp(np.round(part * 2.0**_BITS) / 2.0**_BITS, power))
