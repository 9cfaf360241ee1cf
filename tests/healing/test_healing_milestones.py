"""Downtime from the draws."""

import numpy as np
import pytest

from micropen.errors import MicropenError, UnknownNameError
from micropen.evidence import Grade
from micropen.healing import forecast, milestones, probability_gone
from micropen.healing.milestones import Moment, first_day_above, last_day_above


@pytest.fixture(scope="module")
def course(treatment):
    return forecast(treatment(0.75, sessions=2), days=60.0, draws=200)


@pytest.fixture(scope="module")
def lines(course):
    return {line.name: line for line in milestones(course)}


def test_crossings_are_interpolated():
    days = np.array([0.0, 1.0, 2.0, 3.0])
    values = np.array([[0.0, 2.0, 2.0, 0.0], [4.0, 2.0, 0.0, 0.0], [0.0, 0.0, 0.5, 0.0]])
    first = first_day_above(days, values, 1.0)
    last = last_day_above(days, values, 1.0)
    assert np.allclose(first, [0.5, 0.0, np.nan], equal_nan=True)
    assert np.allclose(last, [2.5, 1.5, np.nan], equal_nan=True)
    assert last_day_above(days, np.full((1, 4), 2.0), 1.0)[0] == np.inf


def test_a_moment_reads_well():
    assert Moment(2.1, 1.2, 3.4, 1.0).words == "day 2 (1-3)"
    assert Moment(1.0, 0.9, 1.1, 1.0).words == "day 1"
    assert Moment(np.nan, np.nan, np.nan, 0.2).words == "not expected"


def test_redness_ends_as_practices_say(lines):
    end = lines["redness"].end
    assert 1.5 <= end.expected <= 2.4
    assert end.early < 1.5 < 2.5 < end.late
    assert lines["redness"].sentence.startswith("Redness visible to others until day 2 (")


def test_probability_of_gone_rises_to_one(course):
    shares = [probability_gone(course, day) for day in (0.2, 1.0, 2.0, 3.0, 5.0, 8.0)]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] > 0.99
    with pytest.raises(UnknownNameError, match="visible sign"):
        probability_gone(course, 1.0, sign="gloss")


def test_peeling_and_glow_have_a_beginning_and_an_end(lines):
    peeling, glow = lines["peeling"], lines["glow"]
    assert peeling.start.expected < 3.0 < 5.0 < peeling.end.expected < 9.0
    assert 3.5 < glow.start.expected < 8.0
    assert 14.0 < glow.end.expected < 26.0
    assert glow.start.expected > peeling.start.expected


def test_labels_are_quoted_with_their_grade(lines):
    assert lines["sport"].start.expected == 3.0
    assert lines["sport"].grade is Grade.B
    assert lines["sport"].sources == ("skinpen-ifu",)
    assert lines["next_session"].start.expected == 30.0
    assert lines["makeup"].start.expected >= 1.0
    assert lines["redness"].grade is Grade.D


def test_a_later_session_counts_from_itself(course, lines):
    second = {line.name: line for line in milestones(course, session=1)}
    assert abs(second["redness"].end.expected - lines["redness"].end.expected) < 0.3


def test_missing_sessions_are_refused(course, treatment):
    with pytest.raises(MicropenError, match="has 2"):
        milestones(course, session=2)
    short = forecast(treatment(sessions=2), days=10.0, draws=5)
    with pytest.raises(MicropenError, match="beyond the horizon"):
        milestones(short, session=1)


def test_a_shallow_session_may_leave_no_glow(treatment):
    shallow = forecast(treatment(needle_length_mm=0.25, passes=1), days=30.0, draws=60)
    glow = {line.name: line for line in milestones(shallow)}["glow"]
    assert "not expected" in glow.sentence
