"""Care around a session: which rows hold for whom, on which days, and that days fill the table."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.evidence import Grade, load_parameters, source
from micropen.planning.aftercare import Kind, care_for, care_rows, day_number
from micropen.planning.result import LagChance, SessionLine, Spread
from micropen.planning.suitability import Finding, Verdict, rules
from micropen.treatment import Person, device

ON = date(2027, 3, 5)
CONDITIONS = {
    "melasma", "dark_skin", "herpes", "retinoids", "glow",
    "device:skinpen", "device:exceed", "device:dermapen",
}  # fmt: skip


def somebody(**facts):
    return Person.model_validate({"age_years": 34, "phototype": 2, **facts})


def line(clear=5, makeup=1, sport=3, sun=3, downtime=(1.8, 2.6, 4.2), spots=0.4):
    days = [ON + timedelta(d) for d in (clear, makeup, sport, sun)]
    return SessionLine(1, ON, Spread(*downtime, downtime[1]), spots, *days)


def finding(key, **changes):
    given_ = {"condition": "Leave it off.", "days_before": 0.0, "days_after": 0.0, **changes}
    return Finding(key, key, Verdict.CONDITIONS, "Why.", "skinpen-ifu", Grade.B, **given_)


def care(person=None, name="skinpen-precision", gap=35, findings=(), forecast=None, **options):
    next_on = None if gap is None else ON + timedelta(gap)
    return care_for(person or somebody(), device(name), ON, next_on, findings, forecast, **options)


def keys(of):
    return {one.key for one in of.lines}


def held(of, key):
    """First day, and the day on which it is over."""
    found = next(one for one in of.lines if one.key == key)
    return found.from_day, None if found.to_day is None else found.to_day + 1


def test_every_row_has_a_source_a_known_condition_and_words():
    for row in care_rows():
        assert source(row.source)
        assert {*row.when, *row.unless} <= CONDITIONS, row.key
        assert "\n" not in row.text
        if row.kind in (Kind.DO, Kind.AVOID):
            assert row.text.endswith("."), row.key
        assert bool(row.alarm) <= bool(row.calendar), row.key


def test_no_day_of_a_row_is_a_number_of_its_own():
    parameters = load_parameters()
    for row in care_rows():
        for day in (row.from_day, row.before_day):
            name = day.removeprefix("-")
            assert name in ("0", "next") or parameters.members[name].unit == "day", row.key


def test_rows_on_a_matter_of_the_intake_name_a_rule_that_exists():
    known = {rule.key for rule in rules()}
    for row in care_rows():
        assert not row.finding or any(row.finding in key for key in known), row.key


@pytest.mark.parametrize(
    ("key", "days"),
    [
        # SkinPen: make-up and sunscreen from 24 h, exercise from 72 h, sun from 72 h, SPF 14 days,
        # hydrogel to 24 h; before: retinoids and sun 24 h, self-tanner 48 h.
        ("makeup", (0, 1)),
        ("sunscreen_too_early", (0, 1)),
        ("hydrogel", (0, 1)),
        ("exercise", (0, 3)),
        ("sun", (0, 3)),
        ("sunscreen", (1, 14)),
        ("retinoids_before", (-1, 0)),
        ("sun_before", (-1, 0)),
        ("self_tanner_before", (-2, 0)),
        # Exceed: no pool or sauna for 2-3 days; Dermapen: actives after day 3, so from day 4.
        ("heat_and_water", (0, 3)),
        ("actives", (0, 4)),
    ],
)
def test_days_are_those_of_the_labels(key, days):
    assert held(care(), key) == days


def test_dermapen_has_its_own_days_without_sun():
    assert held(care(name="dermapen-4"), "sun_dermapen") == (0, 10)
    assert "sun" not in keys(care(name="dermapen-4"))
    assert "sun_dermapen" not in keys(care())


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "sun"),
        ({"phototype": 3.9}, "sun"),
        ({"phototype": 4}, "sun_strict_dark_skin"),
        ({"melasma": True}, "sun_strict_melasma"),
        ({"melasma": True, "phototype": 5}, "sun_strict_melasma"),
    ],
)
@pytest.mark.parametrize("name", ["skinpen-precision", "dermapen-4"])
def test_one_rule_about_sun_holds_for_everybody(facts, expected, name):
    found = care(somebody(**facts), name, gap=None)
    about = [
        one
        for one in found.lines
        if one.key.startswith("sun_str") or one.again[:10] == "Direct sun"
    ]
    wanted = "sun_dermapen" if expected == "sun" and name == "dermapen-4" else expected
    assert [one.key for one in about] == [wanted]
    if "strict" in expected:
        assert held(found, expected) == (0, 28)


def test_one_rule_about_sunscreen_holds_for_everybody():
    for facts in ({}, {"melasma": True}, {"phototype": 6}):
        said = keys(care(somebody(**facts)))
        assert len(said & {"sunscreen", "sunscreen_strict"}) == 1


def test_cold_sores_retinoids_and_the_glow_have_lines_of_their_own():
    assert "prevent_herpes" not in keys(care())
    assert "prevent_herpes" in keys(care(somebody(history=["herpes"])))
    own = keys(care(somebody(medication=["topical retinoids"])))
    assert "own_retinoid_before" in own
    assert "retinoids_before" not in own
    assert "glow_care" in keys(care(goal="glow"))
    assert "glow_care" not in keys(care(goal="laxity"))


def test_a_finding_widens_a_row_on_its_matter_and_never_narrows_it():
    person = somebody(medication=["topical retinoids"])
    wide = care(person, findings=[finding("topical_retinoids", days_before=5, days_after=7)])
    assert held(wide, "own_retinoid_before") == (-5, 0)
    assert held(wide, "actives") == (0, 8)
    for other in (
        finding("topical_retinoids", days_before=0.5, days_after=1),
        finding("topical_retinoids", days_before=5, days_after=7, condition=""),
        finding("smoking", days_before=5, days_after=7),
    ):
        same = care(person, findings=[other])
        assert held(same, "own_retinoid_before") == (-1, 0)
        assert held(same, "actives") == (0, 4)


def test_conditions_have_dates():
    found = care(
        findings=[finding("melasma", days_before=28, days_after=60), finding("x", condition="")]
    )
    (one,) = found.conditions
    assert (one.first, one.last) == (ON - timedelta(28), ON + timedelta(60))


def test_a_slow_forecast_puts_days_off_and_a_fast_one_never_brings_them_forward():
    slow = care(forecast=line(makeup=3, sport=5, sun=9))
    assert held(slow, "makeup") == (0, 3)
    assert held(slow, "exercise") == (0, 5)
    assert held(slow, "sun") == (0, 9)
    fast = care(forecast=line(makeup=0, sport=0, sun=0))
    assert held(fast, "makeup") == (0, 1)
    assert held(fast, "sun") == (0, 3)


def test_nothing_is_allowed_again_on_the_day_of_the_next_session():
    found = care(somebody(melasma=True), gap=28)
    strict = next(one for one in found.lines if one.key == "sun_strict_melasma")
    assert strict.last == ON + timedelta(27)
    assert strict.again == ""
    assert next(one for one in found.lines if one.key == "makeup").again


def test_the_table_says_when_something_is_possible_again():
    day = {one.title: one for one in care().days}
    assert [one.key for one in day["Day 1"].again] == ["makeup"]
    assert {one.key for one in day["Day 3"].again} == {"exercise", "heat_and_water", "sun"}
    assert [one.key for one in day["Days 4–7"].again] == ["actives"]


@given(gap=st.one_of(st.none(), st.integers(1, 90)), melasma=st.booleans(), slow=st.integers(0, 40))
def test_every_day_is_in_one_row_and_every_line_is_said_once_as_new(gap, melasma, slow):
    found = care(somebody(melasma=melasma), gap=gap, forecast=line(makeup=slow, sun=slow))
    days = [(one.from_day, one.to_day) for one in found.days]
    for (_, last), (first, _) in pairwise(days):
        assert last is not None
        assert first == last + 1
    assert days[0][0] == min(one.from_day for one in found.lines)
    assert days[-1][1] == (None if gap is None else gap - 1)
    new = [one.key for day in found.days for one in (*day.do, *day.avoid)]
    spoken = [one.key for one in found.lines if one.kind in (Kind.DO, Kind.AVOID)]
    assert sorted(new) == sorted(spoken)
    for one in found.lines:
        assert one.last is None or one.first <= one.last
        assert gap is None or (one.last is not None and one.last < ON + timedelta(gap))


def test_what_to_expect_follows_the_forecast():
    said = {day.title: " ".join(day.expect) for day in care(forecast=line()).days}
    assert "Others will notice." in said["Day 0"]
    assert "Others probably notice." in said["Day 2"]
    assert "Others may still notice" in said["Day 3"]
    assert "From Wed 10 March on others should notice nothing." in said["Days 4–7"]
    assert "about 4 of 10" in said["Day 1"]
    assert "Spots" not in " ".join(
        " ".join(day.expect) for day in care(forecast=line(spots=0.01)).days
    )
    curve = [LagChance(day, day / 10, 0.0) for day in range(6)]
    shares = {day.title: " ".join(day.expect) for day in care(forecast=line(), curve=curve).days}
    assert "Noticed by others in about 8 of 10 forecasts." in shares["Day 2"]


def test_a_forecast_that_never_clears_frightens_nobody_and_says_no_day():
    never = line(clear=200, downtime=(3.0, 9.0, float("inf")))
    found = care(forecast=never)
    assert not any("inf" in text for text in found.calls)
    assert not any("should notice nothing" in text for day in found.days for text in day.expect)


def test_the_latest_day_stands_among_the_reasons_to_call():
    assert "anything that others still notice after day 5" in care(forecast=line()).calls
    assert not any("after day" in text for text in care().calls)


def test_a_device_without_seen_after_care_says_so():
    assert care().note == ""
    assert "PRO Pen" in care(name="pro-pen").note


def test_sources_hold_the_best_and_the_weakest_grade():
    grades = {key: (best, worst) for key, best, worst in care(somebody(phototype=5)).sources}
    assert grades["statpearls-pih"] == (Grade.A, Grade.D)
    assert grades["skinpen-ifu"] == (Grade.B, Grade.B)


def test_days_of_rows_are_read_from_parameters():
    parameters = load_parameters()
    assert day_number("0", parameters) == 0.0
    assert day_number("next", parameters) == float("inf")
    name = "healing.milestones.exercise_wait"
    assert day_number(f"-{name}", parameters) == -parameters.value(name)
