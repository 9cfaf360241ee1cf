"""The course as data: every draw in NetCDF and Parquet, and a small CSV for a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr

from micropen.report.series import SignSeries
from micropen.signs import SIGNS


def write_netcdf(path: Path, course: xr.Dataset) -> None:
    """Write the dataset as NetCDF-4, compressed, with its units and attributes."""
    encoding = {name: {"zlib": True, "complevel": 4} for name in course.data_vars}
    course.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def write_parquet(path: Path, course: xr.Dataset) -> None:
    """Write the dataset as one long table: draw, zone, day and one column for each sign.

    Units stand in the metadata of the columns, the dataset's attributes in that of the table.
    """
    ordered = course.transpose("draw", "zone", "day")
    draws, zones, days = (ordered.sizes[d] for d in ("draw", "zone", "day"))
    zone_codes = np.tile(np.repeat(np.arange(zones, dtype=np.int8), days), draws)
    columns = {
        "draw": pa.array(np.repeat(np.arange(draws, dtype=np.int32), zones * days)),
        "zone": pa.DictionaryArray.from_arrays(
            pa.array(zone_codes), pa.array([str(z) for z in ordered["zone"].values])
        ),
        "day": pa.array(np.tile(np.asarray(ordered["day"].values, np.float64), draws * zones)),
    }
    columns.update({n: pa.array(np.ravel(ordered[n].values)) for n in SIGNS})
    fields = [
        pa.field(name, column.type, metadata={"unit": _unit(name)})
        for name, column in columns.items()
    ]
    about = {"micropen": json.dumps({k: str(v) for k, v in ordered.attrs.items()}, sort_keys=True)}
    table = pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields, metadata=about))
    pq.write_table(table, path, compression="zstd")


def write_summary(path: Path, series: Mapping[str, Mapping[str, SignSeries]]) -> None:
    """Write median and 5-95 % band of every sign, per zone and for the whole treated area."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["zone", "sign", "unit", "day", "q05", "median", "q95"])
        for zone, signs in series.items():
            for sign, curve in signs.items():
                for row in zip(curve.days, curve.low, curve.median, curve.high, strict=True):
                    writer.writerow([zone, sign, SIGNS[sign].unit, *(f"{v:.6g}" for v in row)])


def _unit(column: str) -> str:
    if column in SIGNS:
        return SIGNS[column].unit
    return "day" if column == "day" else ""
