from __future__ import annotations

import csv

import numpy as np
import pyarrow.parquet as pq
import xarray as xr

from micropen.evidence import load_parameters
from micropen.healing.treated_area import TreatedArea
from micropen.report.series import all_series
from micropen.report.tables import write_netcdf, write_parquet, write_summary
from micropen.signs import SIGNS


def test_netcdf_gives_every_draw_back(course, tmp_path):
    write_netcdf(tmp_path / "course.nc", course)
    with xr.open_dataset(tmp_path / "course.nc", engine="h5netcdf") as back:
        xr.testing.assert_identical(back.load().assign_attrs(course.attrs), course)
        assert back["erythema"].attrs == course["erythema"].attrs


def test_parquet_gives_every_draw_back(course, tmp_path):
    write_parquet(tmp_path / "course.parquet", course.transpose("day", "draw", "zone"))
    table = pq.read_table(tmp_path / "course.parquet")
    assert table.num_rows == course["erythema"].size
    assert table.schema.field("swelling").metadata == {b"unit": b"mm"}
    assert b"synthetic" in table.schema.metadata[b"micropen"]
    frame = table.to_pandas().set_index(["draw", "zone", "day"]).sort_index()
    for draw, zone, k in ((0, "nose", 3), (41, "cheek_left", 17), (59, "jaw_right", -1)):
        day = float(course["day"].values[k])
        row = frame.loc[(draw, zone, day)]
        for name in SIGNS:
            assert row[name] == course[name].sel(draw=draw, zone=zone).values[k]


def test_the_summary_is_readable_by_a_spreadsheet(course, tmp_path):
    series = all_series(course, TreatedArea.of(("cheek_left",), load_parameters()))
    write_summary(tmp_path / "summary.csv", series)
    with (tmp_path / "summary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 14 * len(SIGNS) * course.sizes["day"]
    for row in rows[:: len(rows) // 50]:
        curve = series[row["zone"]][row["sign"]]
        k = int(np.abs(curve.days - float(row["day"])).argmin())
        np.testing.assert_allclose(float(row["median"]), curve.median[k], rtol=1e-5)
        assert float(row["q05"]) <= float(row["median"]) <= float(row["q95"])


def test_files_are_the_same_every_time(course, tmp_path):
    for write, name in ((write_netcdf, "c.nc"), (write_parquet, "c.parquet")):
        written = []
        for k in range(2):
            write(tmp_path / f"{k}{name}", course)
            written.append((tmp_path / f"{k}{name}").read_bytes())
        assert written[0] == written[1]
