"""Which days a session may take place, both sides of each wait, and series that keep to them."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_calendar import TODAY, client, day, suitable

from micropen.errors import UnknownNameError
from micropen.evidence import Grade, load_parameters
from micropen.planning.calendar import Appointments, sun_wait
from micropen.planning.calendar.appointments import first_at_or_after
from micropen.planning.intake.client import Event, Procedure, Span
from micropen.planning.intake.words import PROCEDURES
from micropen.planning.search.contradiction import no_day_at_all
from micropen.planning.suitability.verdict import Finding, Verdict

PARAMETERS = load_parameters()


def wait(name):
    return int(PARAMETERS.value(f"planning.calendar.{name}"))


def of(person=None, suitability=None, **diary):
    return Appointments.of(client(person=person, **diary), suitability or suitable(), PARAMETERS)


def assert_boundary(days, last_open, first_closed):
    """Two neighbouring days, one possible and one with a reason against it."""
    assert abs(last_open - first_closed) == 1
    assert days.allowed(day(last_open))
    assert days.why_not(day(last_open)) == ""
    assert not days.allowed(day(first_closed))
    assert days.why_not(day(first_closed))


def test_an_empty_diary_leaves_every_day_open():
    days = of()
    assert days.offsets.all()
    assert days.offsets.size == wait("horizon_days")
    assert_boundary(days, 0, -1)
    assert_boundary(days, days.offsets.size - 1, days.offsets.size)
    assert "is over" in days.why_not(day(-1))
    assert "beyond" in days.why_not(day(days.offsets.size))


def test_nothing_before_the_rules_allow_it():
    rule = Finding("isotretinoin", "Isotretinoin", Verdict.DEFER, "", "x", Grade.B, until=day(29))
    other = Finding("sun", "Recent sun", Verdict.DEFER, "", "x", Grade.B, until=day(3))
    days = of(suitability=suitable(day(30), [rule, other]))
    assert_boundary(days, 30, 29)
    assert "Isotretinoin" in days.why_not(day(29))
    assert "Recent sun" not in days.why_not(day(29))


def test_nothing_at_all_where_a_clinician_has_to_agree():
    days = of(suitability=suitable(None))
    assert not days.offsets.any()
    assert "clinician" in days.why_not(TODAY)
    assert days.series(0, 30, 1) is None
    assert days.next_allowed(TODAY) is None


def test_what_would_open_a_day_is_what_the_person_can_change():
    spot = Finding("spot", "Test spot", Verdict.CONDITIONS, "", "x", Grade.D, days_before=28.0)
    shut = of(
        suitability=suitable(day(28), [spot]),
        finish_by=day(20),
        session_weekdays=frozenset({4}),
        away=(Span(day(40), day(41), "Rome"),),
    )
    assert not shut.offsets.any()
    held, away, wished, weekdays = shut.reasons
    assert held == "no session before Mon 29 June (Test spot)"
    assert (away, weekdays) == ("you are away (Rome)", "only Fridays are days for a session")
    assert shut.changeable_reasons == (away, wished, weekdays)
    # The first Friday after the test spot's time; before the end of it only by leaving it out.
    assert shut.first_without(wished) == day(32)
    assert shut.first_without(held) == day(4)
    assert shut.first_without(away) is None
    assert shut.first_without(weekdays) is None
    words = no_day_at_all(shut)
    assert f'possible on Fri 3 July 2026 without "{wished}".' in words
    assert 'without "no session before' not in words


def test_weekdays_can_be_all_that_stands_against_a_session():
    shut = of(session_weekdays=frozenset({1}), finish_by=TODAY)
    assert shut.first_without("only Tuesdays are days for a session") == TODAY
    assert of().reasons == ()


def test_nothing_while_away():
    days = of(away=(Span(day(10), day(12), "Rome"),))
    assert_boundary(days, 9, 10)
    assert_boundary(days, 13, 12)
    assert days.why_not(day(11)) == "you are away (Rome)"


def test_only_on_the_weekdays_of_the_person():
    days = of(session_weekdays=frozenset({4}))
    fridays = np.flatnonzero(days.offsets)
    assert {day(int(offset)).weekday() for offset in fridays} == {4}
    assert fridays.size == days.offsets.size // 7
    assert days.why_not(TODAY) == "Mondays are not among the days for a session"


def test_not_after_the_last_day_wished_for_nor_on_an_event():
    days = of(finish_by=day(50), events=(Event(day(20), "the wedding"),))
    assert_boundary(days, 50, 51)
    assert_boundary(days, 19, 20)
    assert_boundary(days, 21, 20)
    assert days.why_not(day(20)) == "it is the day of the wedding"


@pytest.mark.parametrize(
    ("person", "after"),
    [
        ({}, 10),
        ({"phototype": 3.9}, 10),
        ({"phototype": 4}, 28),
        ({"melasma": True}, 28),
        ({"history": ("post-inflammatory hyperpigmentation",)}, 28),
    ],
)
def test_waits_around_strong_sun(person, after):
    days = of(person=person, sun=(Span(day(60), day(69), "the beach"),))
    assert sun_wait(client(person=person).person, PARAMETERS) == after
    assert_boundary(days, 60 - after, 61 - after)
    # Suitability: two weeks after the last day of strong sun are held back.
    assert_boundary(days, 69 + 15, 69 + 14)
    assert not days.days(day(60), day(69))
    assert "the beach" in days.why_not(day(60))


# The last day held back after it, as docs/suitability.md has it: 30 days, weeks, calendar months.
LAST_HELD_BACK = {
    "peel": day(140 + 30),
    "laser": day(140 + 28),
    "filler": day(140 + 14),
    "botulinum toxin": day(140 + 14),
    "waxing": day(140 + 7),
}


@pytest.mark.parametrize("kind", LAST_HELD_BACK)
def test_waits_around_other_procedures(kind):
    after = wait(f"{kind.replace(' ', '_')}_after")
    days = of(procedures=(Procedure(kind, day(140)),))
    assert_boundary(days, 140 - after, 141 - after)
    last = days.offset(LAST_HELD_BACK[kind])
    assert_boundary(days, last + 1, last)
    assert not days.allowed(day(140))
    assert days.why_not(day(141)).startswith(f"{kind} was on Mon 19 October: no session until")


def test_a_year_after_surgery_and_half_a_year_after_a_filler_on_one_device():
    surgery = of(procedures=(Procedure("surgery", TODAY),))
    assert surgery.next_allowed(TODAY) == date(2027, 6, 2)
    filler = of(procedures=(Procedure("filler", TODAY),), device="exceed")
    assert filler.next_allowed(TODAY) == date(2026, 12, 2)


def test_a_procedure_of_the_past_still_counts():
    days = of(procedures=(Procedure("Peel", day(-10)),))
    assert_boundary(days, 21, 20)


def test_every_procedure_of_the_intake_has_waits():
    for kind in PROCEDURES:
        days = of(procedures=(Procedure(kind, day(60)),))
        assert not days.allowed(day(59))
        assert not days.allowed(day(61))


def test_no_wait_after_a_session_is_shorter_than_a_label_asks():
    # Exceed: no peels and no hair removal for two to three days; Dermapen: no sun for ten.
    assert min(wait("peel_after"), wait("waxing_after")) >= 3


def test_an_unknown_procedure_names_the_nearest():
    with pytest.raises(UnknownNameError, match="nearest: filler"):
        of(procedures=(Procedure("fillers", day(5)),))


def test_work_days_are_weekdays_at_home():
    days = of(away=(Span(day(7), day(9)),))
    assert days.work[:14].tolist() == [True] * 5 + [False] * 5 + [True] * 2 + [False] * 2


def test_days_between_two_dates():
    days = of(away=(Span(day(2), day(3)),))
    assert days.days(day(-5), day(5)) == (day(0), day(1), day(4), day(5))
    assert days.days(day(6), day(5)) == ()
    assert days.days(day(-9), day(-2)) == ()


def test_every_reason_is_told_once():
    days = of(
        away=(Span(day(3), day(9), "Rome"), Span(day(4), day(8), "Rome")),
        events=(Event(day(5), "the party"),),
    )
    assert days.why_not(day(5)) == "you are away (Rome); it is the day of the party"


def test_a_series_slips_to_the_next_possible_day():
    days = of(away=(Span(day(0), day(1)), Span(day(28), day(35))))
    chosen = days.series(0, 30, 3)
    assert chosen.tolist() == [2, 36, 66]
    assert days.dates(chosen) == (day(2), day(36), day(66))


def test_a_series_slips_by_three_weeks_at_most():
    assert wait("most_slip") == 21
    assert of(away=(Span(day(30), day(50)),)).series(0, 30, 2).tolist() == [0, 51]
    assert of(away=(Span(day(30), day(51)),)).series(0, 30, 2) is None
    # The first session has no interval to keep.
    assert of(away=(Span(day(0), day(51)),)).series(0, 30, 1).tolist() == [52]


def test_a_series_ends_with_the_days():
    days = of()
    end = days.offsets.size - 1
    assert days.series(end - 30, 30, 2).tolist() == [end - 30, end]
    assert days.series(end - 29, 30, 2) is None
    assert days.series(end + 1, 30, 1) is None
    assert days.series(-4, 30, 1).tolist() == [0]


def test_the_next_possible_day():
    days = of(away=(Span(day(4), day(6)),), finish_by=day(9))
    assert days.next_allowed(day(4)) == day(7)
    assert days.next_allowed(date(2020, 1, 1)) == TODAY
    assert days.next_allowed(day(10)) is None
    assert days.next_allowed(day(4000)) is None


@given(st.lists(st.booleans(), max_size=40))
def test_the_table_is_what_a_search_by_hand_finds(possible):
    table = first_at_or_after(np.array(possible, dtype=bool))
    by_hand = [
        next((later for later in range(at, len(possible)) if possible[later]), len(possible))
        for at in range(len(possible) + 1)
    ]
    assert list(table) == by_hand


spans = st.tuples(st.integers(-20, 430), st.integers(0, 30)).map(
    lambda pair: Span(day(pair[0]), day(pair[0] + pair[1]))
)


@settings(max_examples=60, deadline=None)
@given(
    away=st.lists(spans, max_size=5),
    sun=st.lists(spans, max_size=3),
    procedures=st.lists(
        st.builds(Procedure, st.sampled_from(PROCEDURES), st.integers(-300, 400).map(day)),
        max_size=2,
    ),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    start=st.integers(-5, 430),
    interval=st.integers(1, 90),
    count=st.integers(1, 6),
)
def test_a_series_keeps_to_possible_days_and_to_its_interval(
    away, sun, procedures, weekdays, start, interval, count
):
    days = of(
        away=tuple(away),
        sun=tuple(sun),
        procedures=tuple(procedures),
        session_weekdays=weekdays,
    )
    chosen = days.series(start, interval, count)
    by_hand = _by_hand(days, start, interval, count)
    assert (None if chosen is None else chosen.tolist()) == by_hand
    if chosen is None:
        return
    gaps = np.diff(chosen)
    assert (gaps >= interval).all()
    assert (gaps <= interval + days.slip).all()
    for one in days.dates(chosen):
        assert days.allowed(one)
        assert days.why_not(one) == ""
        assert not any(span.holds(one) for span in (*away, *sun))


def _by_hand(days, start, interval, count):
    """The same series, day by day with dates."""
    chosen, wished, most = [], max(start, 0), 10_000
    for _ in range(count):
        slips = (s for s in range(days.offsets.size) if days.allowed(day(wished + s)))
        slip = next(slips, None)
        if slip is None or slip > most:
            return None
        chosen.append(wished + slip)
        wished, most = chosen[-1] + interval, days.slip
    return chosen


@settings(max_examples=40, deadline=None)
@given(spans=st.lists(spans, max_size=4), offset=st.integers(-30, 450))
def test_a_day_is_possible_where_nothing_speaks_against_it(spans, offset):
    days = of(sun=tuple(spans), session_weekdays=frozenset({0, 2, 5}))
    assert days.allowed(day(offset)) == (days.why_not(day(offset)) == "")


def test_the_page_tells_the_waits_that_hold():
    page = (Path(__file__).parents[2] / "docs" / "plan-calendar.md").read_text(encoding="utf-8")
    table = page.split("## A series")[0]
    rows = {
        line.split("|")[1].strip(): line.split("|") for line in table.splitlines() if "|" in line
    }
    for kind in ("peel", "filler", "botulinum toxin", "waxing", "surgery"):
        assert rows[kind][4].strip() == str(wait(f"{kind.replace(' ', '_')}_after"))
    assert rows["laser, light"][4].strip() == str(wait("laser_after"))
    assert rows["strong sun"][4].strip() == str(sun_wait(client().person, PARAMETERS))
    for kind in ("peel", "botulinum toxin", "waxing"):
        held = (LAST_HELD_BACK[kind] - day(140)).days
        assert rows[kind][2].strip() == str(held)
