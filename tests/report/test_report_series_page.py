"""A contraindicated series: what stands above the picture, and which session is meant."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re

import numpy as np
import pytest

from micropen.evidence import load_parameters
from micropen.healing.treated_area import TreatedArea
from micropen.report import milestones, write_report
from micropen.report.captions import caption, moment
from micropen.report.reassurance import harmless, series_note
from micropen.report.series import SignSeries, scenario_series, thinned
from micropen.report.words import Vocabulary

NUMBERS = load_parameters()
VOCABULARY = Vocabulary.from_parameters(NUMBERS)
ALERT = "Isotretinoin is a contraindication <b>."


def series_of(sessions, days):
    start = dt.date(2026, 3, 13)
    return tuple(
        dataclasses.replace(sessions[0], day=day, date=start + dt.timedelta(days=int(day)))
        for day in days
    )


def lines_of(course, sessions, **person):
    lines = milestones(course, sessions, tuple(sessions[0].zones), **person)
    return {line.key: line for line in lines}


@pytest.fixture(scope="module")
def page_and_record(tmp_path_factory, small_portrait, content_of, sessions):
    content = content_of(
        small_portrait,
        days=(0.3, 3.0, 27.0, 28.3, 35.0),
        alerts=(ALERT,),
        warnings=(ALERT, "Something else."),
        sessions=series_of(sessions, (0.0, 28.0, 56.0, 84.0)),
    )
    page = write_report(tmp_path_factory.mktemp("series") / "out", content)
    record = json.loads((page.parent / "provenance.json").read_text(encoding="utf-8"))
    return page.read_text(encoding="utf-8"), record


def test_alerts_stand_above_the_picture_and_in_the_record(page_and_record):
    page, record = page_and_record
    assert record["alerts"] == [ALERT]
    banner = page.index('role="alert"')
    assert banner < page.index('class="stage"')
    assert page.count("Isotretinoin") == 1
    assert "<b>." not in page
    assert "does not model this" in page
    assert page.index("None of this applies until") > page.index("What you can do after session 1")
    assert 'data-milestone="glow"' not in page
    assert "not before it is cleared" in page


def test_without_alerts_there_is_no_banner(small_report):
    page = (small_report[0] / "report.html").read_text(encoding="utf-8")
    assert 'role="alert"' not in page
    assert 'class="held"' not in page
    assert 'data-milestone="glow"' in page
    assert "after session 1" not in page


def test_lanes_know_where_a_session_breaks_them(page_and_record):
    data = json.loads(re.search(r'id="data">(.*?)</script>', page_and_record[0], re.S)[1])
    (jump,) = data["jumps"]["expected"]
    assert jump["place"] == pytest.approx(3 + 1.0 / 1.3, abs=1e-3)
    assert jump["strength"]["erythema"] < 0.12


def test_a_chart_keeps_the_moment_before_each_session():
    starts = (0.0, 28.0, 56.0, 84.0)
    minute = 1 / 1440
    days = np.unique(np.r_[np.arange(0, 120.0, 0.5), *[s + np.r_[0:1:0.02] for s in starts],
                           [s - minute for s in starts[1:]]])  # fmt: skip
    chosen = days[thinned(days, 150, starts)]
    for start in starts[1:]:
        assert np.isclose(chosen, start - minute).any()
        assert np.isclose(chosen, start).any()
        assert ((chosen > start) & (chosen <= start + 0.03)).any()
    curve = SignSeries(days, *(3 * [np.where(days < 28.0, 0.0, 1.0)]))
    assert curve.before(28.0) == 0.0
    assert curve.at(28.0) == 1.0


@pytest.mark.parametrize(("day", "early"), [(21.0, True), (42.0, False)])
def test_the_plan_is_respected_and_held_against_the_advice(course, sessions, day, early):
    line = lines_of(course, series_of(sessions, (0.0, day)))["next"]
    assert line.answer == f"planned for day {day:.0f}"
    assert ("earlier than advised" in line.detail) is early
    assert "day 30" in line.detail
    assert line.spread == ""


def test_a_series_says_which_session_it_is_about(sessions):
    assert series_note(sessions) == ""
    note = series_note(series_of(sessions, (0.0, 28.0)))
    assert "after session 1 of 2" in note
    assert "much the same" in note
    other = dataclasses.replace(sessions[0], day=28.0, device="Roller")
    assert "other settings" in series_note((*sessions, other))


def test_nothing_is_praised_in_the_first_day_after_any_session(course):
    curves = scenario_series(course, TreatedArea.of(("cheek_left",), NUMBERS), "expected")
    for start in (0.0, 8.0):
        now = moment(curves, start + 0.9, (start, float("inf")), VOCABULARY)
        words = caption(now)
        assert not re.search("glow|smooth|soft", f"{words.headline} {words.text}".lower())
        assert now.shown("gloss") == now.shown("relief") == 0.0
    later = moment(curves, 9.0, (8.0, float("inf")), VOCABULARY)
    assert later.level("gloss") >= 1


@pytest.mark.parametrize(("sign", "word"), [(-0.15, "lighter"), (0.15, "darker")])
def test_patches_are_only_spoken_of_with_melasma(course, sign, word):
    still = course * 0.0
    still["pigment"] = still["pigment"] + sign
    still["gloss"] = still["gloss"] + 0.2
    curves = scenario_series(still, TreatedArea.of(("cheek_left",), NUMBERS), "expected")
    for melasma in (False, True):
        now = moment(curves, 20.0, (0.0, float("inf")), VOCABULARY, melasma=melasma)
        text = caption(now).text.lower()
        assert word in text
        assert ("dark patches" in text) is melasma


def test_who_gets_darker_is_counted(course, sessions):
    assert "pigment" not in lines_of(course, sessions)
    assert lines_of(course, sessions, melasma=True)["pigment"].probability == 0.0
    dark = course.copy(deep=True)
    few = dark["draw"] < 3
    dark["pigment"] = dark["pigment"].where(~few, 0.2)
    line = lines_of(dark, sessions)["pigment"]
    assert line.probability == pytest.approx(3 / 60)
    assert line.detail.startswith("About 1 of 20 get darker patches for weeks")


def test_make_up_waits_for_the_dots_and_puffiness_is_named_by_size(course, sessions):
    dotted = course.copy(deep=True)
    dotted["pinpoint_bleeding"] = dotted["pinpoint_bleeding"].where(dotted["day"] > 5.0, 3.0)
    assert lines_of(dotted, sessions)["makeup"].median_day >= 5.0
    for size, word in ((0.3, "Slight puffiness"), (0.6, "Puffy"), (1.5, "Swollen")):
        puffy = course.copy(deep=True)
        puffy["swelling"] = (puffy["swelling"] * 0.0 + size).where(puffy["day"] < 2.0, 0.0)
        assert lines_of(puffy, sessions)["swelling"].detail.startswith(word)


def test_skin_that_darkens_easily_keeps_out_of_the_sun(course, sessions):
    assert lines_of(course, sessions, phototype=3.0)["sun"].median_day < 7.0
    for person in ({"phototype": 4.0}, {"melasma": True}):
        line = lines_of(course, sessions, **person)["sun"]
        assert line.first_day >= 28.0
        assert "strict sun protection for at least 4 weeks" in line.detail


def test_what_is_harmless_agrees_with_the_downtime(course, sessions):
    lines = lines_of(course, sessions)
    said = harmless(tuple(lines.values()))
    assert lines["redness"].spread.replace("–", " to ") in said[0]
    assert lines["peeling"].answer in said[1]
    assert harmless(())
    quiet = lines_of(course * 0.0, sessions)
    assert "hours" in harmless(tuple(quiet.values()))[0]
