"""A measured series as the case keeps it, so that photographs are measured once."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from micropen._version import __version__
from micropen.case import Case, keep, kept
from micropen.evidence import load_parameters
from micropen.measurement.result import LesionSighting, PhotoRecord, Row, SeriesMeasurement, Verdict
from micropen.measurement.series import Series
from micropen.workflows.plain_values import plain_values

_NAME: Final = "measured.json"
_FORMAT: Final = 1
_UNREADABLE: Final = (
    f"What the case kept of its photographs (micropen/{_NAME}) was damaged or changed by something "
    "else: they were measured again."
)
Record = TypeVar("Record", Row, PhotoRecord, LesionSighting)


def measuring_key(case: Case, series: Series, settings: Sequence[object]) -> str:
    """Digest of all that a measurement depends on.

    Parameters
    ----------
    case
        Its treatment counts, and its series file.
    series
        The photographs.
    settings
        What was asked for.
    """
    told = case.photos / "series.toml"
    parts = [
        __version__,
        load_parameters().digest,
        case.treatment.model_dump_json(),
        told.read_text(encoding="utf-8") if told.is_file() else "",
        *(f"{entry.name} {entry.sha256} {entry.taken_at}" for entry in series.entries),
        *map(str, settings),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def kept_measurement(case: Case, key: str) -> tuple[SeriesMeasurement | None, tuple[str, ...]]:
    """Return the measurement that the case keeps, if it is of these photographs.

    Parameters
    ----------
    case
        The case.
    key
        From `measuring_key`.

    Returns
    -------
    SeriesMeasurement or None
        None where nothing of these photographs is kept, or nothing that can be read.
    tuple of str
        A sentence where something was kept that cannot be read.
    """
    found = kept(case, _NAME)
    if found.notes:
        return None, (_UNREADABLE,)
    content = found.contents.get(_NAME)
    if content is None:
        return None, ()
    if not isinstance(content, Mapping):
        return None, (_UNREADABLE,)
    if content.get("key") != key or content.get("format") != _FORMAT:
        return None, ()
    try:
        return _measurement(content), ()
    except (KeyError, TypeError, ValueError):
        return None, (_UNREADABLE,)


def keep_measurement(case: Case, key: str, measured: SeriesMeasurement) -> Path:
    """Keep a measurement, without its pictures."""
    content = {
        "format": _FORMAT,
        "key": key,
        "baseline": measured.baseline,
        "session": plain_values(measured.session),
        "notes": list(measured.notes),
        "repeats": [list(group) for group in measured.repeats],
        "photos": [plain_values(photo) for photo in measured.photos],
        "rows": _table(measured.rows, Row),
        "lesions": _table(measured.lesions, LesionSighting),
    }
    return keep(case, _NAME, content)


def _table(records: Sequence[Record], kind: type[Record]) -> dict[str, list[Any]]:
    """Column by column: names once."""
    return {f.name: [plain_values(getattr(r, f.name)) for r in records] for f in fields(kind)}


def _measurement(content: Mapping[str, Any]) -> SeriesMeasurement:
    return SeriesMeasurement(
        photos=tuple(_record(PhotoRecord, photo) for photo in content["photos"]),
        rows=tuple(_records(Row, content["rows"])),
        lesions=tuple(_records(LesionSighting, content["lesions"])),
        pictures=(),
        baseline=content["baseline"],
        repeats=tuple(tuple(group) for group in content["repeats"]),
        notes=tuple(content["notes"]),
        session=_time(content["session"]),
    )


def _records(kind: type[Record], table: Mapping[str, Sequence[Any]]) -> list[Record]:
    names = [f.name for f in fields(kind)]
    columns = zip(*(table[name] for name in names), strict=True)
    return [_record(kind, dict(zip(names, line, strict=True))) for line in columns]


def _record(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """Give each value back the type that its field states."""
    return kind(**{f.name: _typed(str(f.type), values[f.name]) for f in fields(kind)})


def _typed(stated: str, value: Any) -> Any:
    if stated == "float":
        return math.nan if value is None else float(value)
    if stated.startswith("datetime"):
        return _time(value)
    if stated == "Verdict":
        return Verdict(value)
    if stated == "tuple[str, ...]":
        return tuple(value)
    if stated == "Mapping[str, float]":
        return {k: math.nan if v is None else float(v) for k, v in value.items()}
    return value


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
