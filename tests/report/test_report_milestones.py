from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from micropen.evidence import load_parameters
from micropen.healing.treated_area import TreatedArea
from micropen.report import milestones

NUMBERS = load_parameters()

KEYS = {
    "redness", "swelling", "dots", "peeling", "breakouts", "glow",
    "event", "makeup", "sport", "sun", "actives", "next",
}  # fmt: skip


@pytest.fixture(scope="module")
def lines(course, sessions):
    return {m.key: m for m in milestones(course, sessions, tuple(sessions[0].zones))}


def test_every_question_is_answered(lines):
    assert set(lines) == KEYS
    for line in lines.values():
        assert line.title
        assert line.answer
        assert line.detail.endswith(".")
        assert "nan" not in f"{line.answer} {line.detail} {line.spread}"


def test_redness_ends_where_the_draws_say(course, sessions, lines):
    limit = NUMBERS.value("healing.milestones.visible_redness")
    face = TreatedArea.of(tuple(sessions[0].zones), NUMBERS).draws(course, "erythema")
    days = course["day"].values
    # The course falls steadily, so the last day above is where the curve crosses the limit.
    ends = [float(np.interp(-limit, -curve, days)) for curve in face]
    assert lines["redness"].median_day == pytest.approx(np.median(ends), abs=0.05)
    assert lines["redness"].first_day == pytest.approx(np.quantile(ends, 0.05), abs=0.1)
    assert lines["redness"].words.startswith("until day")


@pytest.mark.parametrize("horizon", [1.0, 3.0, 7.0])
def test_a_short_forecast_does_not_pretend_to_know(course, sessions, horizon):
    short = course.sel(day=slice(0.0, horizon))
    lines = {m.key: m for m in milestones(short, sessions, tuple(sessions[0].zones))}
    said = " ".join(f"{m.words} {m.detail}" for m in lines.values())
    assert "nan" not in said
    assert "inf" not in said
    for line in lines.values():
        for day in (line.first_day, line.median_day, line.last_day):
            assert not np.isinf(day)
    if horizon == 3.0:
        assert lines["peeling"].answer == "from day 2 on"
        assert lines["event"].answer == "after this forecast"
    assert lines["next"].answer == "from day 30"


def test_order_of_days(lines):
    for line in lines.values():
        if not np.isnan(line.median_day):
            assert line.first_day <= line.median_day <= line.last_day


def test_published_advice_is_never_undercut(lines):
    advice = {
        "makeup": "healing.milestones.makeup_wait",
        "sport": "healing.milestones.exercise_wait",
        "sun": "healing.milestones.sun_wait",
        "actives": "report.care.active_skincare_from_day",
        "next": "healing.milestones.session_interval",
    }
    for key, name in advice.items():
        assert lines[key].first_day >= NUMBERS.value(name)


def test_chance_of_a_breakout_is_poisson(course, sessions):
    zones = tuple(sessions[0].zones)
    total = course["lesions"].sel(zone=list(zones)).sum("zone").max("day").values.astype(float)
    line = next(m for m in milestones(course, sessions, zones) if m.key == "breakouts")
    assert line.probability == pytest.approx(np.mean(1 - np.exp(-total)), abs=1e-6)


def test_a_treatment_without_any_sign_still_gets_sensible_words(course, sessions):
    quiet = course * 0.0
    lines = {m.key: m for m in milestones(quiet, sessions, tuple(sessions[0].zones))}
    assert lines["redness"].answer == "hardly any"
    assert lines["peeling"].answer == "unlikely"
    assert lines["breakouts"].answer == "unlikely"
    assert lines["glow"].answer == "subtle"
    assert lines["makeup"].median_day == NUMBERS.value("healing.milestones.makeup_wait")
    assert all("nan" not in f"{m.answer} {m.detail}" for m in lines.values())


def test_a_second_session_does_not_stretch_the_first(course, sessions):
    later = dataclasses.replace(sessions[0], day=20.0)
    zones = tuple(sessions[0].zones)
    again = course.copy(deep=True)
    late = again["day"] >= 20.0
    again["erythema"] = again["erythema"].where(~late, 1.0)
    alone, series = (
        next(m for m in milestones(c, s, zones) if m.key == "redness")
        for c, s in ((course, sessions), (again, (*sessions, later)))
    )
    assert series.median_day == pytest.approx(alone.median_day)
