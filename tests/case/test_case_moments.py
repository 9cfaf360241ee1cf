"""Dates and times in the ways that people and spreadsheets write them."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.case import read_moment
from micropen.errors import CaseError

EXPECTED = datetime(2027, 6, 8, 21, 30)


@pytest.mark.parametrize(
    "text",
    [
        "2027-06-08T21:30",
        "2027-06-08 21:30",
        "2027-06-08 21:30:00",
        "2027-06-08T21:30:00.000",
        "2027/06/08 21:30",
        "2027-6-8, 21:30",
        "08.06.2027 21:30",
        "8.6.2027 21.30",
        "8. 6. 2027 21:30 Uhr",
        "08.06.2027 21h30",
        "2027-06-08 9:30 PM",
        "2027-06-08 9:30 p.m.",
    ],
)
def test_ways_of_writing_one_moment(text):
    moment = read_moment(text)
    assert moment.when == EXPECTED
    assert moment.timed


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))
def test_iso_is_read_back(when):
    when = when.replace(microsecond=0)
    assert read_moment(when.isoformat()).when == when
    assert read_moment(f"{when:%d.%m.%Y %H:%M:%S}").when == when


@given(st.dates())
def test_slashes_are_read_only_where_they_mean_one_date(date):
    if date.year < 1000:
        return
    american, european = f"{date:%m/%d/%Y}", f"{date:%d/%m/%Y}"
    if date.day > 12 or date.day == date.month:
        assert read_moment(american).when.date() == date
        assert read_moment(european).when.date() == date
    else:
        for text in (american, european):
            with pytest.raises(CaseError, match="may be"):
                read_moment(text)


def test_without_a_time_it_is_the_evening():
    moment = read_moment("2027-06-08")
    assert moment.when == datetime(2027, 6, 8, 20, 0)
    assert not moment.timed


def test_midnight_and_noon_in_halves_of_a_day():
    assert read_moment("2027-06-08 12:05 am").when == datetime(2027, 6, 8, 0, 5)
    assert read_moment("2027-06-08 12:05 pm").when == datetime(2027, 6, 8, 12, 5)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("08/06/2027", "may be 2027-06-08 or 2027-08-06"),
        ("31.02.2027", "not a day of the calendar"),
        ("2027-13-01", "not a day of the calendar"),
        ("13/13/2027", "not a day of the calendar"),
        ("0000-01-01", "not a day of the calendar"),
        ("yesterday", "not a date that can be read"),
        ("46181", "not a date that can be read"),
        ("08.06.27", "not a date that can be read"),
        ("June 8 2027", "not a date that can be read"),
        ("2027-06-08 25:00", "no time of day"),
        ("2027-06-08 21:75", "no time of day"),
        ("2027-06-08 13:00 pm", "no time of day"),
        ("2027-06-08 evening", "no time of day"),
        ("2027-06-081", "no time of day"),
        ("2027-06-08T21:30Z", "holds a time zone"),
        ("2027-06-08T21:30+02:00", "holds a time zone"),
    ],
)
def test_refused_with_the_value_and_how_to_write_it(text, says):
    with pytest.raises(CaseError, match="2027-06-08") as refused:
        read_moment(text)
    assert says in str(refused.value)
    assert repr(text) in str(refused.value)
