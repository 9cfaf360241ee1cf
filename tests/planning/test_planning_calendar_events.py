"""The latest session before an event, the best for the glow, and what is still possible."""

from datetime import date
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_calendar import client, day, steps, suitable

from micropen.evidence import load_parameters
from micropen.planning.calendar import (
    Appointments,
    DaysAfter,
    chances_on,
    event_chance,
    over,
    percent,
    still_possible,
    wanted_of,
)
from micropen.planning.intake.client import Event, Span

PARAMETERS = load_parameters()
# Red until the sixth day; the glow stands from the tenth to the twentieth.
CALM = DaysAfter.of(steps(erythema=6.0, glow=(10.0, 20.0)), PARAMETERS)


def appointments(*events, **diary):
    return Appointments.of(client(events=events, **diary), suitable(), PARAMETERS)


def chance(event, sessions=(), after=CALM, **diary):
    return event_chance(event, sessions, after, appointments(event, **diary), PARAMETERS)


def test_the_probability_wanted_is_the_events_own_or_nineteen_of_twenty():
    assert wanted_of(Event(day(9)), PARAMETERS) == 0.95
    assert wanted_of(Event(day(9), probability=0.6), PARAMETERS) == 0.6


def test_the_latest_session_leaves_the_days_that_it_needs():
    # Red until the sixth day, so clear from the seventh.
    found = chance(Event(day(30)))
    assert found.latest == day(23)
    assert chance(Event(day(30)), away=(Span(day(22), day(24)),)).latest == day(21)
    assert chance(Event(day(7))).latest == day(0)
    assert chance(Event(day(6))).latest is None


def test_the_latest_session_keeps_the_days_that_a_first_needling_needs():
    def latest(days_before):
        event = Event(day(30))
        return event_chance(
            event, (), CALM, appointments(event), PARAMETERS, days_before=days_before
        ).latest

    assert latest(7) == latest(0) == day(23)
    assert latest(8) == day(22)
    assert latest(28) == day(2)
    assert latest(31) is None


def test_no_session_into_a_good_moment_before_peeling():
    early = steps(erythema=0.4)
    peeling = (early.lags >= 4.0) & (early.lags <= 6.0)
    early.signs["scaling"][:, peeling] = 1.0
    after = DaysAfter.of(early, PARAMETERS)
    assert after.clear[2] == 1.0
    assert chance(Event(day(30)), after=after).latest == day(23)
    assert chance(Event(day(2)), after=after).latest is None


def test_a_good_moment_before_peeling_is_not_told_as_the_best():
    early = steps(erythema=0.4)
    peeling = (early.lags >= 4.0) & (early.lags <= 6.0)
    early.signs["scaling"][:2, peeling] = 1.0
    after = DaysAfter.of(early, PARAMETERS)
    event = Event(day(2))
    words = still_possible(event, after, appointments(event), PARAMETERS)
    assert after.clear[2] == 1.0
    assert "The best is a 50 % chance, with a session on Mon 1 June" in words


def test_the_best_day_for_the_glow():
    # The glow is there all day from the eleventh day to the twentieth: the shortest wait wins.
    lags = np.flatnonzero(CALM.glow)
    assert (lags[0], lags[-1]) == (11, 20)
    assert chance(Event(day(30))).best_glow == day(19)
    assert chance(Event(day(30)), away=(Span(day(12), day(30)),)).best_glow == day(11)
    # All that is left lies before the glow's time, or after it.
    assert chance(Event(day(30)), away=(Span(day(10), day(22)),)).best_glow is None
    assert chance(Event(day(6))).best_glow is None


def test_a_plan_is_judged_by_its_sessions_before_the_event():
    sessions = (day(0), day(30), day(60))
    found = chance(Event(day(35)), sessions)
    assert found.session == day(30)
    assert (found.clear, found.glow) == (0.0, 0.0)
    found = chance(Event(day(45)), sessions)
    assert (found.clear, found.glow) == (1.0, 1.0)
    assert len(found.curve) == CALM.clear.size
    assert found.curve[11].glow == 1.0


def test_before_the_first_session_nothing_can_be_noticed():
    found = chance(Event(day(5)), (day(20),))
    assert found.session is None
    assert (found.clear, found.glow) == (1.0, 0.0)


def test_earlier_sessions_count_draw_by_draw():
    after = DaysAfter.of(steps(erythema=[3.0, 9.0, 9.0, 20.0], spots=0.1), PARAMETERS)
    # Ten days after one and four days after the other: one of four is clear of both.
    clear, _ = chances_on(day(30), (day(20), day(26)), after)
    assert clear == pytest.approx(0.25 * exp(-0.2))
    # Days beyond those that are known stand at the last one.
    assert chances_on(day(300), (day(0),), after)[0] == pytest.approx(exp(-0.1))


def test_a_glow_beyond_the_days_that_are_known_is_over():
    after = DaysAfter.of(steps(glow=(5.0, 40.0)), PARAMETERS)
    assert chances_on(day(40), (day(0),), after) == (1.0, 1.0)
    assert chances_on(day(41), (day(0),), after) == (1.0, 0.0)


def test_each_event_has_its_own_answer():
    first, second = Event(day(20), probability=0.5), Event(day(40))
    after = DaysAfter.of(steps(erythema=[2.0, 2.0, 9.0, 9.0]), PARAMETERS)
    days = appointments(first, second)
    latest = [event_chance(e, (), after, days, PARAMETERS).latest for e in (first, second)]
    assert latest == [day(17), day(30)]


def say(event, after=CALM, **diary):
    return still_possible(event, after, appointments(event, **diary), PARAMETERS)


def test_words_where_time_is_left():
    assert say(Event(day(30), "the wedding")) == (
        "A session by Wed 24 June leaves at least a 95 % chance that others notice nothing from "
        "Wed 1 July on (the wedding), by the forecasts."
    )


def test_words_for_tomorrow():
    after = DaysAfter.of(steps(erythema=[0.0, 0.0, 2.0, 9.0]), PARAMETERS)
    assert say(Event(day(1), "the party"), after) == (
        "No session before Tue 2 June (the party) leaves a 95 % chance that others notice nothing "
        "from that day on. The best is a 50 % chance, with a session on Mon 1 June, by the "
        "forecasts. The first day after it on which a session is possible is Wed 3 June."
    )


def test_words_where_no_session_is_possible_before():
    words = say(Event(day(5), "the party"), away=(Span(day(0), day(8)),))
    assert words.startswith("No session is possible before Sat 6 June (the party): you are away.")
    assert words.endswith("possible is Wed 10 June.")
    today = say(Event(day(0), "the party"))
    assert today.startswith(
        "No session is possible before Mon 1 June (the party): it is the day of the party."
    )
    ends = say(Event(day(5)), away=(Span(day(0), day(8)),), finish_by=day(8))
    assert "No day after it is possible either" in ends


@pytest.mark.parametrize(
    ("past", "meant"),
    [(date(2026, 5, 31), "2027-05-31"), (date(2020, 8, 2), "2026-08-02"),
     (date(2024, 2, 29), "2027-03-01")],
)  # fmt: skip
def test_words_for_a_day_that_is_over(past, meant):
    words = over(Event(past, "the party"), appointments())
    assert words == (
        f"The party on {past} is over (today is 2026-06-01). Correct its date (was {meant} "
        "meant?) or leave it out. Still possible: a first session from Mon 1 June 2026."
    )


def test_words_for_a_day_that_is_over_where_nothing_is_possible():
    shut = appointments(finish_by=day(8), away=(Span(day(0), day(8)),))
    assert "no day is possible" in over(Event(day(-3)), shut)


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.95, "a 95 % chance"),
        (0.9499, "a 94 % chance"),
        (0.8, "an 80 % chance"),
        (0.11, "an 11 % chance"),
        (0.004, "less than a 1 % chance"),
        (1.0, "a 99 % chance"),
    ],
)
def test_a_chance_in_words_is_never_rounded_up(probability, words):
    assert percent(probability) == words


@settings(max_examples=50)
@given(
    ends=st.lists(st.floats(-1.0, 30.0), min_size=1, max_size=8),
    spots=st.floats(0.0, 0.2),
    on=st.integers(0, 80),
    wanted=st.floats(0.05, 0.99),
    away=st.integers(0, 70),
)
def test_the_latest_day_is_safe_and_no_later_one_is(ends, spots, on, wanted, away):
    event = Event(day(on), probability=wanted)
    after = DaysAfter.of(steps(len(ends), erythema=ends, spots=spots), PARAMETERS)
    days = appointments(event, away=(Span(day(away), day(away + 4)),))
    found = event_chance(event, (), after, days, PARAMETERS)

    def safe(session):
        lag = min((event.date - session).days, after.last)
        return bool((after.clear[lag:] >= wanted - 1e-6).all())

    before = days.days(day(0), day(on - 1))
    assert found.latest == max(filter(safe, before), default=None)
    if found.latest is not None:
        assert chances_on(event.date, (found.latest,), after)[0] >= wanted - 1e-6
