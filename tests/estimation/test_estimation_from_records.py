"""From measured photographs and check-ins to readings: what counts, on which day, what is said."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.case import Answer, CheckIn
from micropen.estimation.from_records import day_of, records
from micropen.measurement.method import MEASURED
from micropen.measurement.methods import METHODS
from micropen.measurement.result import PhotoRecord, Row, SeriesMeasurement, Verdict

FIRST = datetime(2026, 5, 1, 11, 0)
MAIN = {m.sign: m.name for m in METHODS if m.main}
OTHER = next(m for m in METHODS if not m.main)


def at(day: float) -> datetime:
    return FIRST + timedelta(days=day)


def row(photo: str, sign: str = "erythema", zone: str = "chin", change: float = 0.2, **more) -> Row:
    given = Row(photo, None, math.nan, zone, sign, MAIN.get(sign, "?"), "1", math.nan, math.nan,
                MEASURED, "", change, 0.05, 0.1, Verdict.CANNOT_TELL)  # fmt: skip
    return replace(given, **more)


def photo(name: str, day: float | None, told: float = math.nan) -> PhotoRecord:
    when = None if day is None else at(day)
    return PhotoRecord(name, when, "EXIF" if when else "", told, "", usable=True)


def series(photos, rows, session: datetime | None = FIRST, baseline: str = "pre.jpg"):
    return SeriesMeasurement(tuple(photos), tuple(rows), (), (), baseline, session=session)


PRE = photo("pre.jpg", -1.0)


def found(photos, rows, **more):
    return records(series([PRE, *photos], rows, **more), (), (), FIRST)


def test_only_the_main_reading_of_a_measured_change_counts():
    rows = [
        row("a.jpg"),
        row("a.jpg", method="another method"),
        row("a.jpg", sign=OTHER.sign, method=OTHER.name),
        row("a.jpg", zone="nose", status="not measurable"),
        row("a.jpg", zone="forehead", change=math.nan),
        row("a.jpg", zone="cheek_left", change_sd=math.nan),
        row("pre.jpg", change=0.0),
    ]
    known = found([photo("a.jpg", 1.25)], rows)
    (reading,) = known.readings.photographs
    assert (reading.photo, reading.day, reading.zone, reading.sign) == (
        "a.jpg", 1.25, "chin", "erythema")  # fmt: skip
    assert (reading.change, reading.sd, reading.baseline_day) == (0.2, 0.05, -1.0)
    assert known.notes == ()


def test_no_photograph_is_surer_than_it_can_be():
    rows = [row("a.jpg", change_sd=0.0), row("a.jpg", zone="nose", change_sd=0.3)]
    assert [r.sd for r in found([photo("a.jpg", 1.0)], rows).readings.photographs] == [1e-4, 0.3]


def test_what_was_taken_before_the_session_is_said_once_and_not_learned_from():
    shots = [photo("b.jpg", -0.5), photo("c.jpg", -0.1), photo("a.jpg", 0.0)]
    rows = [row(p.name, zone=z) for p in shots for z in ("chin", "nose")]
    known = found(shots, rows)
    assert {r.photo for r in known.readings.photographs} == {"a.jpg"}
    (note,) = known.notes
    assert note.endswith("b.jpg, c.jpg.")


def test_an_undated_photograph_is_named_and_left_out():
    known = found([photo("a.jpg", None)], [row("a.jpg"), row("a.jpg", sign="lesions")])
    assert known.readings.count == 0
    (note,) = known.notes
    assert note.startswith("a.jpg could not be dated")


def test_days_told_from_a_later_session_count_from_the_first():
    shots = [photo("a.jpg", None, told=2.0)]
    known = found(shots, [row("a.jpg")], session=at(28.0))
    assert known.readings.photographs[0].day == 30.0
    assert found(shots, [row("a.jpg")], session=None).readings.photographs[0].day == 2.0


def test_a_baseline_after_the_session_says_so():
    shots = [photo("first.jpg", 1.0), photo("a.jpg", 3.0)]
    known = found(shots, [row("a.jpg")], baseline="first.jpg")
    assert known.readings.photographs[0].baseline_day == 1.0
    unknown = found([photo("first.jpg", None), shots[1]], [row("a.jpg")], baseline="first.jpg")
    assert unknown.readings.photographs[0].baseline_day == -1.0


def test_spots_of_a_photograph_are_summed_over_the_zones_where_they_were_counted():
    rows = [
        row("a.jpg", "lesions", "chin", 2.0, change_sd=0.3),
        row("a.jpg", "lesions", "nose", 1.0, change_sd=0.4),
        row("a.jpg", "lesions", "forehead", math.nan),
        row("b.jpg", "lesions", "chin", 0.0, change_sd=0.1),
    ]
    written = (CheckIn(at(2.0), breakouts=4), CheckIn(at(2.5)))
    measured = series([PRE, photo("a.jpg", 3.0), photo("b.jpg", 1.0)], rows)
    counts = records(measured, written, (), FIRST).readings.counts
    assert [(c.source, c.day, c.count) for c in counts] == [
        ("b.jpg", 1.0, 0.0), ("check-in", 2.0, 4.0), ("a.jpg", 3.0, 3.0)]  # fmt: skip
    assert counts[2].zones == ("chin", "nose")
    assert counts[2].sd == pytest.approx(0.5)
    assert (counts[1].sd, counts[1].zones, counts[1].when) == (0.0, (), at(2.0))


def test_answers_keep_their_range_and_tell_their_step():
    scores = {
        "redness": Answer(3.0, 3.0, "3"),
        "pain": Answer(2.5, 2.5, "2.5"),
        "peeling": Answer(1.0, 3.0, "a little"),
        "itching": Answer(0.5, 2.0, "?"),
    }
    answers = records(None, (CheckIn(at(1.5), scores),), (), FIRST).readings.answers
    assert {a.question: (a.low, a.high, a.step) for a in answers} == {
        "redness": (3.0, 3.0, 1.0),
        "pain": (2.5, 2.5, 0.5),
        "peeling": (1.0, 3.0, 1.0),
        "itching": (0.5, 2.0, 0.5),
    }
    assert {(a.day, a.when) for a in answers} == {(1.5, at(1.5))}


def test_what_is_usual_is_the_mean_of_before():
    before = (
        CheckIn(at(-2.0), {"redness": Answer(1.0, 1.0, "1"), "pain": Answer(0.0, 0.0, "0")}),
        CheckIn(at(-1.0), {"redness": Answer(1.0, 3.0, "mild")}, breakouts=3),
    )
    readings = records(None, (), before, FIRST).readings
    assert readings.usual == (("pain", 0.0), ("redness", 1.5))
    assert readings.count == 0


@settings(max_examples=30)
@given(
    days=st.lists(st.floats(-3.0, 60.0), min_size=1, max_size=4, unique=True),
    shift=st.integers(-500, 500),
)
def test_only_the_time_since_the_session_matters(days, shift):
    """The whole case on another date gives the same readings."""
    away = timedelta(days=shift)
    shots = [photo(f"{i}.jpg", day) for i, day in enumerate(days)]
    rows = [row(p.name, sign) for p in shots for sign in ("erythema", "lesions")]
    written = tuple(CheckIn(at(d), {"pain": Answer(1.0, 1.0, "1")}) for d in days if d >= 0.0)
    here = records(series([PRE, *shots], rows), written, (), FIRST)
    moved = [replace(p, taken_at=p.taken_at + away) for p in [PRE, *shots]]
    later = tuple(replace(c, when=c.when + away) for c in written)
    there = records(series(moved, rows), later, (), FIRST + away)
    assert there.notes == here.notes
    assert [(r.photo, r.day) for r in there.readings.photographs] == [
        (r.photo, r.day) for r in here.readings.photographs
    ]
    assert there.readings.days == here.readings.days


def test_the_session_itself_is_day_0():
    assert day_of(FIRST, FIRST) == 0.0
    assert day_of(FIRST - timedelta(hours=12), FIRST) == -0.5
