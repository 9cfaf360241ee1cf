"""When each photograph was taken: file names, EXIF, the series file; order, repeats, baseline."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from test_measurement_series_files import exif, names, other

from micropen.errors import PhotoError
from micropen.evidence import load_parameters
from micropen.measurement.series import (
    Series,
    SeriesEntry,
    State,
    baseline_candidates,
    counted_from,
    days_of,
    no_usable_baseline,
    read_series,
)
from micropen.measurement.series.dating import misfit_notes
from micropen.measurement.series.file_names import read_name
from micropen.measurement.series.moments import with_moments

NOW = datetime(2027, 12, 1)


@pytest.mark.parametrize(
    ("name", "when", "has_time"),
    [
        ("2027-06-12.jpg", datetime(2027, 6, 12), False),
        ("20270612_101500.jpg", datetime(2027, 6, 12, 10, 15), True),
        ("IMG_20270612_101500.HEIC", datetime(2027, 6, 12, 10, 15), True),
        ("PXL_20270612_101500123.jpg", datetime(2027, 6, 12, 10, 15), True),
        ("IMG-20270612-WA0003.jpg", datetime(2027, 6, 12), False),
        ("Foto 2027-06-12 um 10.jpg", datetime(2027, 6, 12), False),
        ("2027-06-12 10.15.30.png", datetime(2027, 6, 12, 10, 15, 30), True),
        ("12.06.2027 links.jpg", datetime(2027, 6, 12), False),
        ("2027-13-45.jpg", None, False),
        ("DSC_20271.jpg", None, False),
        ("IMG_4711.jpg", None, False),
    ],
)
def test_dates_of_file_names(name, when, has_time):
    says = read_name(name)
    assert (says.taken_at, says.has_time) == (when, has_time)


@pytest.mark.parametrize(
    ("name", "day", "before"),
    [
        ("day03.jpg", 3, False),
        ("anna_day-14.jpg", 14, False),
        ("d+3.jpg", 3, False),
        ("D3.jpg", 3, False),
        ("week2.jpg", 14, False),
        ("Tag 5.png", 5, False),
        ("pre.jpg", None, True),
        ("before_left.jpg", None, True),
        ("Baseline 1.jpg", None, True),
        ("prepared.jpg", None, False),
        ("daylight.jpg", None, False),
        ("holiday3.jpg", None, False),
    ],
)
def test_day_numbers_of_file_names(name, day, before):
    says = read_name(name)
    assert (says.day, says.before) == (day, before)


def save(folder: Path, *files: str, **dates: str) -> Path:
    for i, name in enumerate(files):
        other(i).save(folder / name)
    for i, (stem, when) in enumerate(dates.items()):
        other(50 + i).save(folder / f"{stem}.jpg", exif=exif(when))
    return folder


def write(folder: Path, text: str) -> None:
    (folder / "series.toml").write_text(text, encoding="utf-8")


def test_exif_orders_and_says_so(tmp_path):
    save(tmp_path, b="2027:06:10 09:00:00", a="2027:06:12 09:00:00")
    series = read_series(tmp_path, now=NOW)
    assert names(series) == ["b.jpg", "a.jpg"]
    assert {e.dated_by for e in series.entries} == {"EXIF"}


def test_the_series_file_wins_over_exif_and_exif_over_the_name(tmp_path):
    save(tmp_path, **{"2027-06-01": "2027:06:10 09:00:00", "b": "2027:06:12 09:00:00"})
    write(tmp_path, '[photo."b.jpg"]\ntaken_at = 2027-06-03T08:00:00\nstate = "Washed"\n')
    b, a = read_series(tmp_path, now=NOW).entries
    assert (b.taken_at, b.dated_by, b.state) == (
        datetime(2027, 6, 3, 8), "series file", State.WASHED,
    )  # fmt: skip
    assert a.taken_at == datetime(2027, 6, 10, 9)
    assert "the camera says 2027-06-10, the file name says 2027-06-01" in a.warnings[0]


def test_no_dates_at_all_keeps_the_order_of_names_and_says_so(tmp_path):
    series = read_series(save(tmp_path, "b.jpg", "a.jpg"), now=NOW)
    assert names(series) == ["a.jpg", "b.jpg"]
    assert "Nothing says when a.jpg, b.jpg were taken" in series.notes[0]
    assert baseline_candidates(series)[0].name == "a.jpg"


def test_undated_ones_stand_last(tmp_path):
    save(tmp_path, "a.jpg", b="2027:06:10 09:00:00", c="2027:06:09 09:00:00")
    assert names(read_series(tmp_path, now=NOW)) == ["c.jpg", "b.jpg", "a.jpg"]


def test_day_numbers_and_dates_without_a_session_are_not_mixed(tmp_path):
    save(tmp_path, "day03.jpg", b="2027:06:10 09:00:00")
    series = read_series(tmp_path, now=NOW)
    assert "tell the date of the session" in series.notes[0]
    write(tmp_path, "session = 2027-06-08\n")
    series = read_series(tmp_path, now=NOW)
    assert names(series) == ["b.jpg", "day03.jpg"]
    assert not series.notes


def test_a_photograph_with_both_places_the_session(tmp_path):
    save(tmp_path, day03="2027:06:10 09:00:00", later="2027:06:14 09:00:00")
    assert read_series(tmp_path, now=NOW).session == datetime(2027, 6, 7, 9)


def test_a_date_that_contradicts_its_day_number_warns(tmp_path):
    save(tmp_path, day03="2027:06:10 09:00:00", day05="2027:06:30 09:00:00")
    write(tmp_path, "session = 2027-06-07\n")
    found = {e.name: e.warnings for e in read_series(tmp_path, now=NOW).entries}
    assert found["day03.jpg"] == ()
    assert "its day number is 5" in found["day05.jpg"][0]
    assert "its date, 2027-06-30, is day 23 of the session of 2027-06-07" in found["day05.jpg"][0]


def test_a_date_in_the_future_warns(tmp_path):
    save(tmp_path, a="2027:06:10 09:00:00", b="2031:01:01 00:00:00")
    series = read_series(tmp_path, now=NOW)
    assert "lies in the future" in series.entries[1].warnings[0]
    assert series.entries[0].warnings == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sesion = 2027-06-01\n", "unknown key 'sesion'; nearest: session"),
        ('[photo."a.jpg"]\ntaken = 2027-06-01\n', "unknown key 'taken'; nearest: taken_at"),
        ('[photo."a.jpg"]\nstate = "cleen"\n', "does not know 'cleen'; nearest: clean"),
        ('[photo."a.jpg"]\ntaken_at = "2027-06-01"\n', "without quotes"),
        ('[photo."a.jpg"]\nchart_corners = [[1, 2]]\n', "four corners"),
        (
            '[photo."aa.jpg"]\nday = 3\n',
            "'aa.jpg', which is no file of this series; nearest: a.jpg",
        ),
        ('baseline = "c.jpg"\n', "baseline names 'c.jpg'"),
        ('repeats = [["a.jpg", "b.jpg"], ["a.jpg"]]\n', "names 'a.jpg' twice"),
        ('treated = ["cheeek"]\n', "Unknown zone 'cheeek'"),
        ("session = \n", "not valid TOML"),
    ],
)
def test_a_wrong_series_file_is_one_sentence(tmp_path, text, message):
    write(save(tmp_path, "a.jpg", "b.jpg"), text)
    with pytest.raises(PhotoError) as found:
        read_series(tmp_path)
    assert message in str(found.value)
    assert "\n" not in str(found.value).strip() or "TOML" in message


def test_everything_that_a_series_file_can_tell(tmp_path):
    save(tmp_path, "a.jpg", "b.jpg", "c.jpg", "d.jpg")
    write(
        tmp_path,
        'session = 2027-06-08T10:00:00\nbaseline = "b.jpg"\ntreated = ["cheek", "nose"]\n'
        'state = "clean"\nrepeats = [["a.jpg", "b.jpg"]]\n[photo."a.jpg"]\nday = -1\nface = 2\n'
        '[photo."b.jpg"]\nday = -1\nchart_corners = [[1, 2], [9, 2], [9, 8], [1, 8.5]]\n'
        '[photo."c.jpg"]\nday = 4\nstate = "makeup"\n[photo."d.jpg"]\nleave_out = true\n',
    )
    series = read_series(tmp_path, now=NOW)
    a, b, c = series.entries
    assert (a.told_day, a.before_session, a.face, a.state) == (-1.0, True, 2, State.CLEAN)
    assert b.chart_corners == ((1, 2), (9, 2), (9, 8), (1, 8.5))
    assert (c.state, c.dated_by) == (State.MAKEUP, "series file")
    assert series.repeats == (("a.jpg", "b.jpg"),)
    assert series.treated_zones == ("cheek_left", "cheek_right", "nose")
    assert [e.name for e in baseline_candidates(series)] == ["b.jpg"]
    assert "left out" in series.set_aside[0].reason


def entry(name, when=None, *, has_time=True, day=None, before=False, state=None):
    return SeriesEntry(
        Path(name), name, name, when, has_time, "EXIF" if when else "", day, before, state
    )


def test_repeats_by_time():
    session = datetime(2027, 6, 8, 10, 5)
    entries = [
        entry("a", datetime(2027, 6, 8, 10, 0)),
        entry("b", datetime(2027, 6, 8, 10, 4)),
        entry("after session", datetime(2027, 6, 8, 10, 6)),
        entry("c", datetime(2027, 6, 9, 9, 0)),
        entry("d", datetime(2027, 6, 9, 9, 9)),
        entry("e", datetime(2027, 6, 9, 9, 11)),
        entry("makeup", datetime(2027, 6, 9, 9, 12), state=State.MAKEUP),
        entry("date only", datetime(2027, 6, 10), has_time=False),
        entry("date only 2", datetime(2027, 6, 10), has_time=False),
        entry("none"),
    ]
    found = with_moments(entries, (), session, load_parameters())
    assert [e.moment for e in found] == [0, 0, 1, 2, 2, 3, 4, 5, 6, 7]


def test_repeats_as_told_need_no_time():
    found = with_moments(
        [entry("a"), entry("b"), entry("c")], [("a", "c")], None, load_parameters()
    )
    assert Series(tuple(found)).repeats == (("a", "c"),)


def test_the_baseline_is_the_last_before_the_session_then_the_earliest():
    entries = tuple(
        entry(f"june {d}", datetime(2027, 6, d, 9)) for d in (1, 5, 9, 12)
    )  # fmt: skip
    session = datetime(2027, 6, 8)
    found = baseline_candidates(Series(entries), session=session)
    assert [e.name for e in found] == ["june 5", "june 1", "june 9", "june 12"]
    assert baseline_candidates(Series(entries))[0].name == "june 1"


def test_a_baseline_with_makeup_is_the_last_choice():
    entries = (
        entry("a", datetime(2027, 6, 1), state=State.MAKEUP),
        entry("b", datetime(2027, 6, 2)),
    )
    assert [e.name for e in baseline_candidates(Series(entries))] == ["b", "a"]


def test_a_told_baseline_must_be_there(tmp_path):
    series = read_series(save(tmp_path, "pre.jpg", "day03.jpg"), now=NOW)
    assert baseline_candidates(series, "day03.jpg")[0].name == "day03.jpg"
    assert baseline_candidates(series, str(tmp_path / "day03.jpg"))[0].name == "day03.jpg"
    with pytest.raises(
        PhotoError, match=r"'prä\.jpg' is no photograph of this series; nearest: pre"
    ):
        baseline_candidates(series, "prä.jpg")


def test_no_usable_baseline_is_one_sentence_with_the_first_reason():
    error = no_usable_baseline({"pre.jpg": "The face is too dark.", "b.jpg": "Blurred."})
    assert "pre.jpg: The face is too dark." in str(error)
    assert "1 more" in str(error)


def test_days_count_from_the_last_session():
    entries = (
        entry("a", datetime(2027, 6, 1, 12)),
        entry("b", datetime(2027, 6, 9, 12)),
        entry("c", datetime(2027, 7, 9), has_time=False),
        entry("d"),
    )
    sessions = [datetime(2027, 6, 8, 12), datetime(2027, 7, 8, 12)]
    found = days_of(Series(entries), entries[0], sessions)
    assert [found[n] for n in "abc"] == [-37.0, -29.0, 1.0]
    assert math.isnan(found["d"])
    early = Series(entries[:2])
    assert days_of(early, entries[0], sessions) == {"a": -7.0, "b": 1.0}
    assert [counted_from(s, sessions) for s in (early, Series(entries))] == sessions
    assert days_of(Series(entries), entries[0])["b"] == pytest.approx(8.0)


def test_a_day_number_that_counts_from_a_later_session_is_no_contradiction(tmp_path):
    save(tmp_path, **{"june day03": "2027:06:10 09:00:00", "july day03": "2027:07:10 09:00:00",
                      "july day05": "2027:07:10 10:00:00"})  # fmt: skip
    sessions = (datetime(2027, 6, 7, 9), datetime(2027, 7, 7, 9))
    series = read_series(tmp_path, sessions=sessions, now=NOW)
    warned = [e.name for e in series.entries if e.warnings]
    assert series.session == sessions[0]
    assert warned == ["july day05.jpg"]


def test_told_day_numbers_count_from_the_first_session():
    entries = (entry("pre", before=True), entry("d3", day=3.0), entry("d31", day=31.0))
    sessions = [datetime(2027, 6, 8, 12), datetime(2027, 7, 8, 12)]
    found = days_of(Series(entries), entries[0], sessions)
    assert found == {"pre": -31.0, "d3": -27.0, "d31": 1.0}


def test_a_photograph_from_before_on_the_day_of_a_session_is_not_after_it():
    told = entry("pre", datetime(2027, 7, 8), has_time=False, before=True)
    sessions = [datetime(2027, 6, 8, 12), datetime(2027, 7, 8, 12)]
    assert counted_from(Series((entry("a", datetime(2027, 6, 9)), told)), sessions) == sessions[0]


def test_days_of_numbers_without_dates():
    entries = (entry("pre", before=True), entry("d3", day=3.0))
    assert days_of(Series(entries), entries[0]) == {"pre": -1.0, "d3": 3.0}
    undated = days_of(Series((entries[0], entry("x"))), entries[0])
    assert undated["pre"] == 0.0
    assert math.isnan(undated["x"])


def test_days_of_two_sessions_imply_the_first(tmp_path):
    save(
        tmp_path,
        **{"june day03": "2027:06:10 09:00:00", "july day03": "2027:07:10 09:00:00",
           "pre": "2027:06:20 09:00:00"},
    )  # fmt: skip
    series = read_series(tmp_path, now=NOW)
    assert series.session == datetime(2027, 6, 7, 9)
    found = {e.name: e.warnings for e in series.entries}
    assert "may count from a later session" in found["july day03.jpg"][0]
    assert "called from before, but its date, 2027-06-20, is day 13" in found["pre.jpg"][0]


def test_one_undated_photograph_and_many(tmp_path):
    save(tmp_path, "a.jpg", b="2027:06:10 09:00:00")
    (note,) = read_series(tmp_path, now=NOW).notes
    assert note.startswith("Nothing says when a.jpg was taken; it stands last. Tell")
    (tmp_path / "many").mkdir()
    many = save(tmp_path / "many", "a.jpg", "c.jpg", "d.jpg", "e.jpg", "f.jpg")
    (note,) = read_series(many, now=NOW).notes
    assert "when a.jpg, c.jpg, d.jpg and 2 more were taken; they stand last, by name." in note


@pytest.mark.parametrize(
    ("days", "said"),
    [((-70, -61), True), ((-70, -59), False), ((401, 500), True), ((399, 500), False),
     ((-61, 401), True)],
)  # fmt: skip
def test_dates_that_do_not_fit_the_treatment(days, said):
    sessions = [datetime(2027, 6, 1, 12), datetime(2027, 7, 1, 12)]
    taken = [sessions[0 if d < 0 else 1] + timedelta(days=d) for d in days]
    entries = [entry(str(d), t) for d, t in zip(days, taken, strict=True)]
    assert any("do not fit the treatment" in n for n in misfit_notes(entries, sessions)) is said
    assert not misfit_notes(entries, [])
    assert not misfit_notes([entry("undated")], sessions)


def test_a_told_baseline_that_cannot_be_used_is_named():
    error = no_usable_baseline({"day03.jpg": "The face is too dark."}, told=True)
    assert str(error).startswith("The baseline 'day03.jpg' cannot be used: The face is too dark.")
