"""Check-ins by time: doubles, corrections, the future, what lies before, what cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from micropen.case import CheckIns, read_check_ins
from micropen.errors import CaseError

SESSION = datetime(2027, 6, 8, 10, 0)
NOW = datetime(2027, 6, 20, 12, 0)
Read = Callable[..., CheckIns]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def call(*lines: str, header: str = "when,redness,pain,warning_signs,note") -> CheckIns:
        file = tmp_path / "checkins.csv"
        file.write_text("\n".join((header, *lines)), encoding="utf-8")
        return read_check_ins(file, SESSION, NOW)

    return call


def test_in_order_without_a_word(read):
    found = read("2027-06-08 21:00,5,mild,,tired", "2027-06-09 21:00,3,none,,")
    assert [c.line for c in found.after] == [2, 3]
    assert found.after[0].scores["redness"].middle == 5
    assert found.after[0].note == "tired"
    assert found.before == ()
    assert found.notes == ()


def test_out_of_order_is_sorted(read):
    found = read("2027-06-10 21:00,3", "2027-06-09 21:00,5")
    assert [c.line for c in found.after] == [3, 2]
    assert found.notes == ("Lines were not in the order of time; they were sorted.",)


def test_the_same_line_twice_counts_once(read):
    line = "2027-06-09 21:00,5,mild,,tired"
    found = read(line, line, "09.06.2027 21:00,5,mild,,tired")
    assert [c.line for c in found.after] == [2]
    assert found.notes == (
        "Counted once: line 3 says the same as line 2.",
        "Counted once: line 4 says the same as line 2.",
    )


def test_of_two_lines_at_one_moment_the_later_wins_column_by_column(read):
    found = read("2027-06-09 21:00,5,mild,pus,first", "2027-06-09 21:00,4,,fever,second")
    (one,) = found.after
    assert one.scores["redness"].low == 4
    assert one.scores["pain"].written == "mild"
    assert one.warning_signs == ("fever", "pus"), "a ticked warning sign is never taken back"
    assert one.note == "first; second"
    (note,) = found.notes
    assert "Lines 2 and 3" in note
    assert "2027-06-09 21:00" in note


def test_the_order_of_lines_decides_even_where_lines_are_sorted(read):
    found = read("2027-06-10 21:00,1", "2027-06-09 21:00,5", "2027-06-09 21:00,4")
    assert [c.scores["redness"].low for c in found.after] == [4, 1]


def test_the_future_is_left_out_with_its_line(read):
    found = read("2027-06-20 11:59,1", "2027-06-20 12:01,2", "2027-06-20,3", "2028-06-20,4")
    assert [c.line for c in found.after] == [2, 4], "today without a time is not yet the future"
    future = [note for note in found.notes if "future" in note]
    assert len(future) == 2
    assert "line 3 (2027-06-20 12:01)" in future[0]
    assert "line 5 (2028-06-20 20:00)" in future[1]


def test_before_the_session_is_kept_apart(read):
    found = read("2027-06-01 09:00,2", "2027-06-08 09:59,1", "2027-06-08 10:00,6")
    assert [c.line for c in found.before] == [2, 3]
    assert [c.line for c in found.after] == [4]
    assert found.notes == (
        "From before the first session, and so taken as what is usual: lines 2, 3.",
    )


def test_years_before_is_a_mistyped_year(read):
    found = read("2017-06-09 21:00,2")
    assert found.after == found.before == ()
    assert "line 2 (2017-06-09 21:00)" in found.notes[0]
    assert "correct its year" in found.notes[0]


def test_a_date_without_a_time_is_the_evening_and_named(read):
    found = read("2027-06-08,2")
    assert found.after[0].when == datetime(2027, 6, 8, 20, 0)
    assert found.notes == ("Taken as 8 in the evening, as no time is given: line 2.",)


def test_date_and_time_in_two_columns(read):
    found = read("09.06.2027;21:30;3,5", header="Datum;Uhrzeit;Rötung")
    assert found.after[0].when == datetime(2027, 6, 9, 21, 30)
    assert found.after[0].scores["redness"].low == 3.5
    assert found.notes == ()


def test_a_date_without_an_answer_is_left_out_and_named(read):
    found = read("2027-06-09 21:00,,,,", "2027-06-10 21:00,3")
    assert [c.line for c in found.after] == [3]
    assert found.notes == ("Left out for holding a date and no answer: line 2.",)


def test_own_columns_are_named(read):
    found = read("2027-06-09 21:00,3,full", header="when,redness,my moon")
    assert found.notes == ("Columns of your own, kept and not read: 'my moon'.",)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2027-06-09 21:00,11", "line 2, redness: '11' is outside of 0 to 10"),
        ("2027-06-09 21:00,-1", "line 2, redness: '-1' is outside of 0 to 10"),
        ("2027-06-09 21:00,abc", "line 2, redness: 'abc' is not known"),
        ("2027-06-09 21:00,3,,rash", "line 2, warning_signs: 'rash' is not a warning sign"),
        ("08/06/2027,3", "line 2, when: '08/06/2027' may be 2027-06-08 or 2027-08-06"),
        (",3", "line 2, when: empty; give the date"),
        ("2027-06-09,3,5,,note,more", "line 2, the end of the line: 1 more cell(s)"),
        ("2027-06-09,3,5,,soft, warm, dry", "line 2, the end of the line: 2 more cell(s)"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(read, line, says):
    with pytest.raises(CaseError) as refused:
        read(line, "2027-06-10 21:00,3")
    assert f"checkins.csv, {says}" in str(refused.value)


def test_many_mistakes_are_counted_and_the_first_named(read):
    with pytest.raises(CaseError, match=r"line 2, redness.*line 2, pain.*And 2 more") as refused:
        read(*["2027-06-09 21:00,11,x"] * 2, "never,3")
    assert str(refused.value).count("checkins.csv, line") == 3
