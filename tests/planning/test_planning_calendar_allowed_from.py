"""Earliest make-up, sport, sun and active skin care: labels, forecasts, and the one who reads."""

from datetime import timedelta

import numpy as np
import pytest
from made_up_calendar import LAGS, TODAY, client, steps, with_signs

from micropen.evidence import load_parameters
from micropen.planning.calendar import AllowedFrom, DaysAfter, clear_from
from micropen.planning.calendar.allowed_from import makeup_days

PARAMETERS = load_parameters()
PERSON = client().person


def allowed(response, person=PERSON):
    return AllowedFrom.of(response, person, PARAMETERS)


def test_labels_hold_where_skin_is_calm_at_once():
    # SkinPen: make-up from 24 h, exercise from 72 h; Dermapen: no sun for 10 days, actives from 3.
    assert allowed(steps()) == AllowedFrom(makeup=1, sport=3, sun=10, actives=3)


def test_skin_that_darkens_easily_waits_four_weeks_for_the_sun():
    for person in ({"phototype": 4}, {"melasma": True}):
        assert allowed(steps(), client(person=person).person).sun == 28


def test_the_forecast_holds_where_it_is_later():
    # Above until a reported day, zero half a day later: a straight line between them.
    assert allowed(steps(barrier_defect=4.0)).makeup == 5
    assert allowed(steps(barrier_defect=4.0)).sport == 5
    assert allowed(steps(pinpoint_bleeding=6.0)).makeup == 7
    assert allowed(steps(erythema=11.0)).sun == 12
    assert allowed(steps(scaling=7.0)).actives == 8


def test_active_skin_care_waits_for_flakes_that_only_a_mirror_shows():
    flakes = np.where(LAGS <= 7.0, 0.02, 0.0) + np.zeros((4, 1))
    assert allowed(with_signs(steps(), scaling=flakes)).actives == 8
    faint = np.where(LAGS <= 7.0, 0.01, 0.0) + np.zeros((4, 1))
    assert allowed(with_signs(steps(), scaling=faint)).actives == 3


def test_it_is_the_day_by_which_nine_of_ten_may():
    ends = np.full(20, 2.0)
    ends[:2] = 8.0
    assert allowed(steps(20, barrier_defect=ends)).makeup == 3
    ends[:3] = 8.0
    assert allowed(steps(20, barrier_defect=ends)).makeup == 9


def test_what_does_not_come_within_the_response_lies_beyond_it():
    never = with_signs(steps(), barrier_defect=np.ones((4, LAGS.size)))
    assert allowed(never).makeup == LAGS[-1] + 1
    assert np.isinf(makeup_days(never, PARAMETERS)).all()


def test_dates_count_from_the_session():
    dates = allowed(steps()).on(TODAY)
    assert dates["sport"] == TODAY + timedelta(days=3)
    assert list(dates) == ["makeup", "sport", "sun", "actives"]


@pytest.mark.parametrize(("end", "first"), [(-1.0, 0), (6.0, 7), (40.0, 41)])
def test_clear_from(end, first):
    assert clear_from(DaysAfter.of(steps(erythema=end), PARAMETERS), PARAMETERS) == first
