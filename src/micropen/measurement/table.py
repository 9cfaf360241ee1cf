"""The series as data: tidy CSV and Parquet with units, lesions, photographs and a dictionary."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.change import change_that_matters
from micropen.measurement.measured_signs import sign_definition, sign_label
from micropen.measurement.method import Method
from micropen.measurement.methods import METHODS
from micropen.measurement.result import LesionSighting, PhotoRecord, Row, SeriesMeasurement

FORMAT: Final = 1
_DIGITS: Final = 6  # significant; the error of every reading is far larger

_OF_ROW: Final = "as in column unit"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    Parameters
    ----------
    name
        Header.
    unit
        Unit, ``"as in column unit"``, or empty for words.
    text
        What stands in it.
    """

    name: str
    unit: str
    text: str


READINGS: Final = (
    Column("photo", "", "file name of the photograph"),
    Column("taken_at", "ISO 8601, local", "when it was taken; empty where nothing says so"),
    Column("day", "d", "days since the last session before the last photo, or the baseline"),
    Column("zone", "", "zone of the face; left and right are the person's own"),
    Column("sign", "", "what was read, as a forecast names it"),
    Column("method", "", "how it was read; one way a sign is marked main in methods.csv"),
    Column("unit", "", "unit of value, sd, change, change_sd and smallest_real_change"),
    Column("value", _OF_ROW, "state on this photograph; empty where only changes are known"),
    Column("sd", _OF_ROW, "standard deviation of value"),
    Column("status", "", "measured, or not measurable"),
    Column("reason", "", "why it is not measurable, or what the row is"),
    Column("change", _OF_ROW, "against the baseline"),
    Column("change_sd", _OF_ROW, "standard deviation of change, for a change of this size"),
    Column(
        "smallest_real_change",
        _OF_ROW,
        "|change| that two photographs of unchanged skin exceed in 5 % of cases",
    ),
    Column("verdict", "", "increased, decreased, no change, or cannot tell"),
)

LESIONS: Final = (
    Column("lesion", "", "number of the lesion through the series"),
    Column("photo", "", "file name of the photograph"),
    Column("day", "d", "as in readings.csv"),
    Column("zone", "", "zone that holds its centre"),
    Column("x_px", "px", "centre on the baseline's view, from the left"),
    Column("y_px", "px", "centre on the baseline's view, from the top"),
    Column("x_mm", "mm", "the same on the skin"),
    Column("y_mm", "mm", "the same on the skin"),
    Column("diameter_mm", "mm", "full width at half contrast"),
    Column("diameter_sd_mm", "mm", "standard deviation of diameter_mm"),
    Column("contrast", "1", "peak redness over its surroundings, in the unit of erythema"),
    Column("probability", "1", "that it is a lesion and no artefact"),
    Column("phase", "", "appearing; then growing, steady or fading since the sighting before"),
)

PHOTOS: Final = (
    Column("photo", "", "file name"),
    Column("taken_at", "ISO 8601, local", "when it was taken; empty where nothing says so"),
    Column("dated_by", "", "EXIF, file name or series file: how that is known"),
    Column("day", "d", "as in readings.csv"),
    Column("state", "", "as told: clean, makeup ..."),
    Column("baseline", "", "yes for the photograph that all others are compared with"),
    Column("usable", "", "whether it was measured"),
    Column("reasons", "", "why not"),
    Column("warnings", "", "what is less sure"),
    Column("zones_not_measured", "", "zone: why nothing at all was measured there"),
    Column("colour_reference", "", "what colours rest on"),
    Column("chart_residual_de00", "CIEDE2000", "mean residual of the chart after correction"),
    Column("resolution_px_per_mm", "px/mm", "resolution of the photograph"),
    *(
        Column(f"alignment_error_mm_{zone}", "mm", "estimated error of the alignment, one axis")
        for zone in ZONES
    ),
)

METHOD_COLUMNS: Final = (
    Column("sign", "", "what is read, as in readings.csv"),
    Column("method", "", "how it is read, as in readings.csv"),
    Column("unit", "", "unit of its numbers in readings.csv"),
    Column("main", "", "yes for the one way that stands for its sign"),
    Column("label", "", "words for it"),
    Column("better", "", "lower or higher, where one of them is what a person wants"),
    Column("change_that_matters", _OF_ROW, "smallest change that anyone would act on"),
    Column("definition", "", "what the number of the sign means"),
    Column("summary", "", "how the method reads it"),
    Column("sources", "", "keys of the bibliography (micropen sources)"),
    Column("parameters", "", "names of the numbers it rests on (micropen parameters)"),
)

FILES: Final[Mapping[str, str]] = {
    "readings.csv": "every reading, one line for each photograph, zone and method",
    "readings.parquet": "the same with units in the metadata of the columns",
    "lesions.csv": "every lesion on every photograph",
    "photos.csv": "every photograph and what became of it",
    "methods.csv": "what every sign and method means",
    "dictionary.csv": "what every column means",
    "measurement.json": "all of it in one file",
}

DICTIONARY: Final = ("file", "column", "unit", "text")


def write_tables(
    folder: Path,
    measurement: SeriesMeasurement,
    methods: Sequence[Method] = METHODS,
    parameters: ParameterSet | None = None,
) -> None:
    """Write all data files of a series into a folder.

    Parameters
    ----------
    folder
        Exists and is empty, or is written over.
    measurement
        What was found.
    methods
        What was read: the data dictionary is made from them.
    parameters
        Supplies the changes that matter.
    """
    chosen = parameters or load_parameters()
    _write(folder / "readings.csv", READINGS, map(_reading, measurement.rows))
    write_parquet(folder / "readings.parquet", measurement.rows)
    _write(folder / "lesions.csv", LESIONS, map(_lesion, measurement.lesions))
    _write(folder / "photos.csv", PHOTOS, map(_photo, measurement.photos))
    (folder / "dictionary.csv").write_text(dictionary(), encoding="utf-8", newline="")
    text = methods_table(methods, chosen)
    (folder / "methods.csv").write_text(text, encoding="utf-8", newline="")
    record = json.dumps(measurement_record(measurement), indent=1, ensure_ascii=False)
    (folder / "measurement.json").write_text(record + "\n", encoding="utf-8")


def dictionary() -> str:
    """Return what every column of every file means, as CSV."""
    rows = [
        (file, column.name, column.unit, column.text)
        for file, columns in (
            ("readings.csv", READINGS),
            ("lesions.csv", LESIONS),
            ("photos.csv", PHOTOS),
            ("methods.csv", METHOD_COLUMNS),
        )
        for column in columns
    ]
    return _csv(DICTIONARY, rows)


def methods_table(methods: Sequence[Method], parameters: ParameterSet) -> str:
    """Return what every sign and method of the table means, as CSV."""
    rows = [
        (
            m.sign,
            m.name,
            m.unit,
            "yes" if m.main else "no",
            sign_label(m.sign) if m.main else m.label,
            m.better,
            _number(change_that_matters(m.sign, parameters)),
            sign_definition(m.sign),
            m.summary,
            " ".join(m.sources),
            " ".join(m.parameters),
        )
        for m in methods
    ]
    return _csv(header(METHOD_COLUMNS), rows)


def header(columns: Sequence[Column]) -> list[str]:
    """Return the header of a CSV file: the name, and the unit in brackets where there is one."""
    plain = {"", _OF_ROW, "1"}
    return [c.name if c.unit in plain else f"{c.name} [{c.unit}]" for c in columns]


def write_parquet(path: Path, rows: Sequence[Row]) -> None:
    """Write the readings as Parquet; the unit of a column stands in its metadata."""
    numbers = {"day", "value", "sd", "change", "change_sd", "smallest_real_change"}
    arrays, fields = [], []
    for column in READINGS:
        values = [getattr(row, column.name) for row in rows]
        if column.name == "taken_at":
            array = pa.array(values, pa.timestamp("s"))
        elif column.name in numbers:
            array = pa.array(values, pa.float64(), from_pandas=True)
        else:
            array = pa.array([str(v) for v in values], pa.string()).dictionary_encode()
        arrays.append(array)
        about = {"unit": column.unit, "description": column.text}
        fields.append(pa.field(column.name, array.type, metadata=about))
    about = {"micropen": json.dumps({"format": FORMAT, "table": "readings"})}
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=about))
    pq.write_table(table, path, compression="zstd")


def measurement_record(measurement: SeriesMeasurement) -> dict[str, Any]:
    """Return the whole series for JSON: no picture, no path, numbers or null."""
    return {
        "format": FORMAT,
        "baseline": measurement.baseline,
        "repeats": [list(group) for group in measurement.repeats],
        "session": _value(measurement.session),
        "notes": list(measurement.notes),
        "photos": [_plain(photo, PHOTO_FIELDS) for photo in measurement.photos],
        "readings": [_plain(row, [c.name for c in READINGS]) for row in measurement.rows],
        "lesions": [_plain(s, [c.name for c in LESIONS]) for s in measurement.lesions],
    }


PHOTO_FIELDS: Final = (
    "name", "taken_at", "dated_by", "day", "state", "usable", "reasons", "warnings",
    "zone_reasons", "is_baseline", "colour_reference", "chart_residual_de00",
    "alignment_error_mm", "px_per_mm",
)  # fmt: skip


def _plain(record: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: _value(getattr(record, name)) for name in names}


def _value(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return float(_number(value)) if math.isfinite(value) else None
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): _value(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [_value(v) for v in value]
    return value if isinstance(value, int) else str(value)


def _number(value: float) -> str:
    return f"{value:.{_DIGITS}g}" if math.isfinite(value) else ""


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def _reading(row: Row) -> list[str]:
    return [_cell(getattr(row, column.name)) for column in READINGS]


def _lesion(sighting: LesionSighting) -> list[str]:
    return [_cell(getattr(sighting, column.name)) for column in LESIONS]


def _photo(photo: PhotoRecord) -> list[str]:
    zones = "; ".join(f"{zone}: {why}" for zone, why in photo.zone_reasons.items())
    return [
        photo.name,
        _cell(photo.taken_at),
        photo.dated_by,
        _cell(photo.day),
        photo.state,
        "yes" if photo.is_baseline else "no",
        "yes" if photo.usable else "no",
        " ".join(photo.reasons),
        " ".join(photo.warnings),
        zones,
        photo.colour_reference,
        _cell(photo.chart_residual_de00),
        _cell(photo.px_per_mm),
        *(_cell(photo.alignment_error_mm.get(zone, math.nan)) for zone in ZONES),
    ]


def _write(path: Path, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    path.write_text(_csv(header(columns), rows), encoding="utf-8", newline="")


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
