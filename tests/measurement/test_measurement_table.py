"""The tables: units, tidy columns, a dictionary for every column, and JSON without paths."""

from __future__ import annotations

import csv
import json
import math
from datetime import datetime

import pyarrow.parquet as pq
import pytest

from micropen.measurement.methods import METHODS
from micropen.measurement.result import (
    LesionSighting,
    PhotoRecord,
    Row,
    SeriesMeasurement,
    Verdict,
)
from micropen.measurement.table import (
    FILES,
    LESIONS,
    METHOD_COLUMNS,
    PHOTOS,
    READINGS,
    write_tables,
)

NAN = math.nan


@pytest.fixture(scope="module")
def measured() -> SeriesMeasurement:
    when = datetime(2027, 6, 12, 10, 15)
    photos = (
        PhotoRecord("vör her.jpg", None, "", 0.0, "clean", True, is_baseline=True),
        PhotoRecord(
            "tag 1.jpg", when, "EXIF", 1.0, "", True, (), ("Soft.",), {"nose": "hidden"},
            alignment_error_mm={"chin": 0.123456789},
        ),
        PhotoRecord("x.jpg", None, "", NAN, "", False, ("No face.",)),
    )  # fmt: skip
    rows = (
        Row("tag 1.jpg", when, 1.0, "chin", "erythema", "blood_log_rgb", "1", NAN, NAN, "measured",
            "", 0.3, 0.05, 0.098, Verdict.INCREASED),
        Row("tag 1.jpg", when, 1.0, "nose", "erythema", "blood_log_rgb", "1", NAN, NAN,
            "not measurable", 'hidden, by a "hand"', NAN, NAN, NAN, Verdict.CANNOT_TELL),
    )  # fmt: skip
    lesions = (LesionSighting(1, "tag 1.jpg", 1.0, "chin", 10, 20, 2, 4, 3.0, 0.4, 0.5, 0.9,
                              "appearing"),)  # fmt: skip
    return SeriesMeasurement(photos, rows, lesions, (), "vör her.jpg", (), ("A note.",))


@pytest.fixture(scope="module")
def folder(measured, tmp_path_factory):
    place = tmp_path_factory.mktemp("tables")
    write_tables(place, measured)
    return place


def table(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_files_are_written_and_announced(folder):
    assert {p.name for p in folder.iterdir()} == set(FILES)


def test_readings_are_tidy_and_missing_numbers_are_empty(folder):
    first, second = table(folder / "readings.csv")
    assert first["change"] == "0.3"
    assert first["taken_at [ISO 8601, local]"] == "2027-06-12T10:15:00"
    assert first["day [d]"] == "1"
    assert first["value"] == second["change"] == ""
    assert second["verdict"] == "cannot tell"
    assert second["reason"] == 'hidden, by a "hand"'


def test_every_column_is_in_the_dictionary(folder):
    known = {(row["file"], row["column"]) for row in table(folder / "dictionary.csv")}
    files = {"readings": READINGS, "lesions": LESIONS, "photos": PHOTOS, "methods": METHOD_COLUMNS}
    for file, columns in files.items():
        header = next(csv.reader((folder / f"{file}.csv").read_text(encoding="utf-8").splitlines()))
        assert [c.split(" [")[0] for c in header] == [c.name for c in columns]
        assert {(f"{file}.csv", c.name) for c in columns} <= known


def test_parquet_holds_the_same_with_units_in_its_metadata(folder):
    read = pq.read_table(folder / "readings.parquet")
    assert read.column_names == [c.name for c in READINGS]
    assert read.schema.field("day").metadata[b"unit"] == b"d"
    assert read.schema.field("change").metadata[b"unit"] == b"as in column unit"
    assert read.column("change").to_pylist() == [0.3, None]
    assert read.column("taken_at").to_pylist()[0] == datetime(2027, 6, 12, 10, 15)


def test_methods_table_says_what_each_is(folder):
    rows = table(folder / "methods.csv")
    assert [row["method"] for row in rows] == [m.name for m in METHODS]
    assert all(row["definition"] and row["summary"] for row in rows)
    assert all(float(row["change_that_matters"]) > 0.0 for row in rows)


def test_lesions_say_what_they_do(folder):
    (seen,) = table(folder / "lesions.csv")
    assert seen["phase"] == "appearing"


def test_json_is_strict_and_complete(folder, measured):
    record = json.loads(
        (folder / "measurement.json").read_text(encoding="utf-8"), parse_constant=pytest.fail
    )
    assert record["baseline"] == "vör her.jpg"
    assert record["readings"][1]["change"] is None
    assert record["photos"][1]["alignment_error_mm"] == {"chin": 0.123457}
    assert record["photos"][2]["reasons"] == ["No face."]
    assert len(record["lesions"]) == len(measured.lesions)


def test_the_same_measurement_gives_the_same_bytes(measured, folder, tmp_path):
    write_tables(tmp_path, measured)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
