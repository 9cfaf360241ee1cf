from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_courses import TYPICAL, course, evenly_normal, treatment

from micropen.errors import MicropenError
from micropen.estimation.dates import dates, held_back
from micropen.estimation.result import Alert, Level
from micropen.evidence import load_parameters
from micropen.report import SessionSummary, milestones

NUMBERS = load_parameters()
FRIDAY = datetime(2026, 6, 5, 10, 30)
ONE = treatment()
LIMIT = NUMBERS.value("healing.milestones.visible_redness")
KEYS = ["redness", "swelling", "peeling", "makeup", "glow", "event", "next"]


def spread(sd=0.25, middle=0.0, draws=500, **more):
    return course(draws, fading=np.exp(middle + sd * evenly_normal(draws)), **more)


def told(own, today=0.1, population=None, plan=ONE, first=FRIDAY):
    everybody = own if population is None else population
    return {d.key: d for d in dates(everybody, own, plan, today, NUMBERS, first)}


def redness_ends(own_fading):
    return np.log(TYPICAL["redness"] / LIMIT) / (TYPICAL["fading"] * own_fading)


def test_every_question_is_answered_in_the_same_order():
    lines = dates(spread(), spread(), ONE, 0.1, NUMBERS, FRIDAY)
    assert [line.key for line in lines] == KEYS
    for line in lines:
        assert line.title
        assert line.personal
        assert line.typical
        assert 0.0 <= line.probability <= 1.0
        assert "nan" not in f"{line.personal} {line.typical} {line.detail}"
        assert "inf" not in f"{line.personal} {line.typical} {line.detail}"


def test_a_date_is_the_first_by_which_it_holds_in_nine_of_ten():
    fading = np.exp(0.25 * evenly_normal(500))
    ends = redness_ends(fading)
    line = told(course(500, fading=fading))["redness"]
    day = int(np.ceil(np.quantile(ends, 0.9)))
    when = FRIDAY + timedelta(days=day)
    assert line.personal == f"gone by {when:%a} {when.day} June"
    # Between two points of the grid the curve is taken as straight, half days apart at most.
    assert line.probability == pytest.approx(np.mean(ends <= day), abs=0.02)
    assert line.probability >= 0.9
    assert np.mean(ends <= day - 1) < 0.9
    np.testing.assert_allclose(
        (line.day_low, line.day, line.day_high), np.quantile(ends, (0.05, 0.5, 0.95)), atol=0.06
    )


def test_the_report_of_a_forecast_has_the_same_days():
    own = spread(spots=0.1)
    lines = told(own)
    said = {m.key: m for m in milestones(own.dataset, [SessionSummary(0.0, "", {})], own.treated)}
    for key in ("redness", "swelling", "peeling", "makeup", "next"):
        expected = (said[key].first_day, said[key].median_day, said[key].last_day)
        assert (lines[key].day_low, lines[key].day, lines[key].day_high) == expected
    assert said["event"].answer == told(own, first=None)["event"].personal


def test_hardly_anybody_is_held_up_by_a_sign_that_hardly_anybody_has():
    quiet = dict.fromkeys(("redness", "swelling", "peeling", "spots", "glow"), 0.0)
    lines = told(course(50, **quiet))
    for key in ("redness", "swelling", "peeling"):
        assert lines[key].personal == lines[key].typical == "hardly any to be seen"
        assert lines[key].probability == 1.0
        assert np.isnan(lines[key].day)
    assert lines["makeup"].personal == "from Sat 6 June"
    assert lines["event"].personal == "already fine, by your forecast"
    assert lines["glow"].personal == "subtle; others are unlikely to notice"


def test_what_is_over_is_told_as_over_only_when_likely():
    own = spread()
    ends = redness_ends(np.exp(0.25 * evenly_normal(500)))
    before, after = (float(np.quantile(ends, q)) for q in (0.8, 0.95))
    assert told(own, today=before)["redness"].personal.startswith("gone by ")
    line = told(own, today=after)["redness"]
    assert line.personal == "already gone, by your forecast"
    assert line.probability == pytest.approx(0.95, abs=0.02)
    assert line.detail == ""


def test_what_outlasts_the_days_forecast_gets_no_date():
    line = told(spread(0.5, horizon=3.0))["redness"]
    ends = redness_ends(np.exp(0.5 * evenly_normal(500)))
    assert line.personal == "perhaps not within the days forecast"
    assert line.probability == pytest.approx(np.mean(ends > 3.0), abs=0.01)
    assert line.detail == "In half of your forecasts already gone by Sun 7 June."
    assert np.isnan(line.day_high)


def test_without_a_date_days_are_told():
    lines = told(spread(), first=None)
    assert lines["next"].personal == "from day 30"
    assert lines["redness"].personal == "gone by day 3"
    assert lines["glow"].personal == "on day 8"


def test_the_second_session_has_its_own_dates_and_number():
    two = treatment((0.0, 30.0))
    own = spread(session_days=(0.0, 30.0))
    first, second = (told(own, today=day, plan=two)["redness"] for day in (0.5, 30.5))
    assert (first.personal, second.personal) == ("gone by Mon 8 June", "gone by Wed 8 July")
    assert second.day == pytest.approx(first.day + 30.0, abs=1e-6)
    numbered = told(own, today=30.1, plan=two, first=None)["redness"].personal
    assert numbered == "gone by day 3 after this session"


@pytest.mark.parametrize(
    ("interval", "words", "detail"),
    [(42.0, "planned for Fri 17 July", "All has settled by then in nearly all of your forecasts."),
     (14.0, "planned for Fri 19 June",
      "That is earlier than advised (from Sun 5 July): ask whether to move it.")],
)  # fmt: skip
def test_a_planned_session_is_told_beside_the_advice(interval, words, detail):
    own = spread(session_days=(0.0, interval))
    line = told(own, plan=treatment((0.0, interval)))["next"]
    assert (line.personal, line.detail) == (words, detail)
    assert np.isnan(line.probability)


def test_no_next_session_is_offered_against_a_contraindication():
    line = told(spread(), plan=treatment(history=["pregnancy"]))["next"]
    assert line.personal == "only when a clinician has cleared it"
    assert "Pregnancy is a contraindication" in line.detail
    assert np.isnan(line.probability)


def test_glow_lies_between_the_days_that_eight_of_ten_have_and_is_over_after():
    own = course(500, glow_day=np.exp(0.2 * evenly_normal(500)))
    line = told(own)["glow"]
    assert line.personal == "between Thu 11 June and Tue 16 June"
    assert line.probability >= 0.8
    assert told(own, today=13.0)["glow"].personal == "its best days are over, by your forecast"
    assert told(own, today=25.0)["glow"].personal == "already faded, by your forecast"
    assert told(course(9, horizon=5.0))["glow"].personal == "perhaps after the days forecast"


def test_more_is_known_is_not_told_as_faster():
    everybody, known = spread(0.4), spread(0.02)
    line = told(known, population=everybody)["redness"]
    assert line.personal == "gone by Sun 7 June"
    assert line.typical == "gone by Mon 8 June in 9 of 10"
    assert "typical" not in line.detail


@pytest.mark.parametrize(
    ("middle", "words"),
    [(-0.6, "About 1½ days later than is typical."), (0.6, "About a day sooner than is typical.")],
)
def test_sooner_and_later_than_typical(middle, words):
    line = told(spread(0.05, middle), population=spread())["redness"]
    assert words in line.detail


def test_a_course_that_does_not_reach_today_is_refused():
    two = treatment((0.0, 30.0))
    with pytest.raises(MicropenError, match="forecast further"):
        told(spread(horizon=20.0), today=31.0, plan=two)


@settings(max_examples=8)
@given(today=st.floats(0.0, 59.0), sd=st.floats(0.0, 1.0), seed=st.integers(0, 99))
def test_shares_and_days_are_possible_and_the_order_of_draws_means_nothing(today, sd, seed):
    factors = np.exp(sd * evenly_normal(40, seed))
    lines = told(course(40, fading=factors, glow_day=factors), today=today)
    again = told(course(40, fading=np.sort(factors), glow_day=np.sort(factors)), today=today)
    for key, line in lines.items():
        assert 0.0 <= line.probability <= 1.0
        days = np.array([line.day_low, line.day, line.day_high])
        assert (np.diff(days[np.isfinite(days)]) >= 0.0).all()
        assert (line.personal, line.detail) == (again[key].personal, again[key].detail)


def test_nine_of_ten_is_never_eight_of_ten():
    own = course(5, fading=np.array([3.0, 2.5, 2.0, 1.5, 0.3]))
    line = told(own)["redness"]
    assert line.probability == 1.0
    assert line.personal == "gone by Thu 11 June"


def rarely_peeling(none, course_of=spread, **more):
    """A forecast in which a share of the draws never flakes."""
    own = course_of(**more)
    quiet = course(own.dataset.sizes["draw"], peeling=0.0)
    flakes = own.dataset["scaling"].values.copy()
    flakes[: round(none * flakes.shape[0])] = quiet.dataset["scaling"].values[
        : round(none * flakes.shape[0])
    ]
    own.dataset["scaling"].values[:] = flakes
    return own


@pytest.mark.parametrize(("none", "begin"), [(0.3, "gone by "), (0.6, "perhaps none; if any, ")])
def test_a_sign_that_may_not_show_is_told_as_perhaps_none(none, begin):
    line = told(rarely_peeling(none), population=spread())["peeling"]
    assert line.personal.startswith(begin)
    assert f"None to be noticed in {10 * none:.0f} of 10 of your forecasts." in line.detail
    # With those who never flake at 0 days it would be "about a week sooner than is typical".
    assert "typical" not in line.detail


def test_no_shift_is_told_against_the_dates():
    """Sooner by the middle and later by nine of ten: a reader takes both for one statement."""
    wide, narrow = spread(0.6, middle=0.25), spread(0.02)
    line = told(wide, population=narrow)["redness"]
    assert "typical" not in line.detail


ALL_SIGNS = ("redness", "swelling", "peeling")


def alert(key, level):
    return Alert(key, level, "", "", 0.001, (), "", "", 3.0)


@pytest.mark.parametrize(
    ("rule", "level", "kept_lines"),
    [
        ("swelling", Level.CLINICIAN, {"redness", "peeling", "glow"}),
        ("rising_redness", Level.ASK, {"swelling", "peeling", "glow"}),
        ("red_flag", Level.CLINICIAN, {*ALL_SIGNS, "glow"}),
        ("redness", Level.WATCH, {*ALL_SIGNS, "glow", "makeup", "event", "next"}),
    ],
)
def test_no_date_soothes_beside_an_alert_that_asks_for_somebody(rule, level, kept_lines):
    lines = told(spread(), today=12.0)
    held = held_back(tuple(lines.values()), [alert(rule, level), alert("x", Level.WATCH)])
    assert {line.key for line in held if line == lines[line.key]} == kept_lines
    for line in held:
        if line.key not in kept_lines:
            assert "already" not in line.personal
            assert np.isnan([line.day_low, line.day, line.day_high, line.probability]).all()
            assert line.typical == lines[line.key].typical
    # NaN is not itself, but tells itself alike.
    assert repr(held_back(held, [alert(rule, level)])) == repr(held)
