"""A measurement that the case keeps comes back the same, and only for the same photographs."""

from __future__ import annotations

import json
import math
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_following import (
    AFTERWARDS,
    add_photos,
    case_with,
    draw_photo,
    measurement,
)

from micropen.case import Case, keep
from micropen.measurement.result import (
    LesionSighting,
    PhotoRecord,
    Row,
    SeriesMeasurement,
    Verdict,
)
from micropen.measurement.series import read_series
from micropen.workflows.kept_measurement import keep_measurement, kept_measurement, measuring_key

NAMES = st.text(min_size=1, max_size=20)
FLOATS = st.floats(allow_nan=True, allow_infinity=False)
TIMES = st.none() | st.datetimes().map(lambda when: when.replace(fold=0))
OF_TYPE = {
    "str": NAMES,
    "float": FLOATS,
    "int": st.integers(0, 10**6),
    "bool": st.booleans(),
    "datetime | None": TIMES,
    "tuple[str, ...]": st.lists(NAMES, max_size=3).map(tuple),
    "Mapping[str, str]": st.dictionaries(NAMES, NAMES, max_size=3),
    "Mapping[str, float]": st.dictionaries(NAMES, FLOATS, max_size=3),
    "Verdict": st.sampled_from(Verdict),
}


def any_of(kind: type):
    return st.builds(kind, **{f.name: OF_TYPE[str(f.type)] for f in fields(kind)})


MEASUREMENTS = st.builds(
    SeriesMeasurement,
    photos=st.lists(any_of(PhotoRecord), max_size=3).map(tuple),
    rows=st.lists(any_of(Row), max_size=4).map(tuple),
    lesions=st.lists(any_of(LesionSighting), max_size=3).map(tuple),
    pictures=st.just(()),
    baseline=NAMES,
    repeats=st.lists(st.lists(NAMES, max_size=3).map(tuple), max_size=2).map(tuple),
    notes=st.lists(NAMES, max_size=3).map(tuple),
    session=TIMES,
)


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Case:
    return Case.open(case_with(tmp_path_factory.mktemp("kept") / "case ä"), AFTERWARDS)


def told(measured: SeriesMeasurement) -> list[object]:
    """Every value, with its type."""
    return [
        (type(value).__name__, repr(value))
        for group in (measured.photos, measured.rows, measured.lesions)
        for record in group
        for value in (getattr(record, f.name) for f in fields(record))
    ] + [measured.baseline, measured.repeats, measured.notes, measured.session]


@settings(max_examples=20)  # each is written to the disk
@given(measured=MEASUREMENTS)
def test_what_is_kept_comes_back_the_same(case, measured):
    keep_measurement(case, "key", measured)
    found, notes = kept_measurement(case, "key")
    assert notes == ()
    assert found is not None
    assert told(found) == told(measured)


def test_numbers_come_back_to_the_last_bit(case):
    days = {"pre.jpg": -1.0, "a.jpg": 1.0 / 3.0, "b.jpg": math.pi}
    measured = measurement(days)
    first = replace(measured.rows[0], value=math.nan, change=5e-324, change_sd=0.1 + 0.2)
    measured = replace(measured, rows=(first, *measured.rows[1:]))
    keep_measurement(case, "key", measured)
    found, _ = kept_measurement(case, "key")
    assert found is not None
    assert found.rows[1:] == measured.rows[1:]
    assert math.isnan(found.rows[0].value)
    assert (found.rows[0].change, found.rows[0].change_sd) == (5e-324, 0.1 + 0.2)
    assert told(found) == told(measured)


def test_another_key_or_nothing_is_no_measurement_and_no_note(case, tmp_path):
    keep_measurement(case, "key", measurement({"pre.jpg": -1.0, "a.jpg": 1.0}))
    assert kept_measurement(case, "other") == (None, ())
    empty = Case.open(case_with(tmp_path / "empty"), AFTERWARDS)
    assert kept_measurement(empty, "key") == (None, ())


def spoiled(content: dict[str, object], how: str) -> object:
    if how == "a column is missing":
        del content["rows"]["change"]  # type: ignore[attr-defined]
    if how == "a column is short":
        content["rows"]["change"].pop()  # type: ignore[index]
    if how == "a table is missing":
        del content["lesions"]
    if how == "a verdict is unknown":
        content["rows"]["verdict"][0] = "perhaps"  # type: ignore[index]
    if how == "a time is none":
        content["session"] = "yesterday"
    return b"something" if how == "no table at all" else content


@pytest.mark.parametrize(
    "how",
    [
        "a column is missing",
        "a column is short",
        "a table is missing",
        "a verdict is unknown",
        "a time is none",
        "no table at all",
    ],
)
def test_what_cannot_be_read_is_said_and_not_used(case, how):
    path = keep_measurement(case, "key", measurement({"pre.jpg": -1.0, "a.jpg": 1.0}))
    content = json.loads(path.read_bytes().split(b"\n", 1)[1])
    keep(case, path.name, spoiled(content, how))
    found, notes = kept_measurement(case, "key")
    assert found is None
    assert len(notes) == 1
    assert "measured again" in notes[0]


@pytest.mark.parametrize("cut", [0, 10, 200, -1])
def test_a_file_cut_short_is_said_and_not_used(case, cut):
    path = keep_measurement(case, "key", measurement({"pre.jpg": -1.0, "a.jpg": 1.0}))
    path.write_bytes(path.read_bytes()[:cut])
    found, notes = kept_measurement(case, "key")
    assert found is None
    assert ["measured again" in note for note in notes] == [True]


def test_the_key_tells_all_that_matters(tmp_path):
    folder = case_with(tmp_path / "case")
    days = {"pre.png": -1.0, "a.png": 1.0}
    add_photos(folder, days)
    first = key_of(folder)
    assert key_of(folder) == first
    assert key_of(folder, 2) != first
    add_photos(folder, days | {"a.png": 1.5})
    later = key_of(folder)
    draw_photo(folder / "photos" / "a.png", "another")
    changed = key_of(folder)
    add_photos(folder, days | {"b.png": 2.0})
    more = key_of(folder)
    told_more = folder / "photos" / "series.toml"
    told_more.write_text(f'state = "clean"\n{told_more.read_text("utf-8")}', encoding="utf-8")
    file = folder / "treatment.toml"
    state = key_of(folder)
    file.write_text(file.read_text("utf-8").replace("0.75", "1.0"), encoding="utf-8")
    assert len({first, later, changed, more, state, key_of(folder)}) == 6


def key_of(folder: Path, face: int | None = None) -> str:
    case = Case.open(folder, datetime(2026, 8, 1))
    moments = tuple(session.moment for session in case.treatment.sessions)
    return measuring_key(case, read_series((case.photos,), None, sessions=moments), (face,))
