"""A plan that learns from a case: its draws, its calendar, and what its session has left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from made_up_following import FIRST_DAYS, SESSION, case_with

from micropen.errors import MicropenError
from micropen.evidence import load_parameters
from micropen.planning.intake.forms import example_form
from micropen.workflows.plan import PlanningRequest, plan

TODAY = date(2026, 5, 10)
LAST = SESSION.date()


@pytest.fixture(scope="module")
def person(tmp_path_factory):
    file = tmp_path_factory.mktemp("person") / "person.toml"
    text = example_form(TODAY).replace("downtime_days = 4", "downtime_days = 8")
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def planned(person, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    folder = case_with(work / "case", *FIRST_DAYS)
    request = PlanningRequest(person, work / "plan", TODAY, goal="acne scars", case=folder)
    return plan(request).planned


def test_the_case_is_learned_from(planned):
    assert planned.origin.case_readings == 9
    assert planned.origin.draws >= 2000


def test_no_session_sooner_than_the_interval_after_the_last_one(planned):
    wait = load_parameters().value("healing.milestones.session_interval")
    first = min(line.on for line in planned.plans[0].sessions)
    assert first >= LAST + timedelta(days=wait)


def test_what_the_earlier_session_left_is_told_apart(planned):
    left = planned.plans[0].earlier
    assert left is not None
    assert 0.0 < left.mean < 0.5
    assert any("earlier sessions would leave" in note for note in planned.notes)


def test_the_case_knows_better_than_the_form_whether_it_is_the_first(planned, person):
    assert "first_needling = true" in person.read_text(encoding="utf-8")
    assert "first_needling" not in {finding.key for finding in planned.suitability.findings}
    assert planned.suitability.days_before_event == 0.0


def test_a_case_whose_session_is_still_to_come_has_left_nothing(person, tmp_path):
    early = LAST - timedelta(days=20)
    person_then = tmp_path / "person.toml"
    person_then.write_text(example_form(early), encoding="utf-8")
    folder = case_with(tmp_path / "case")
    answer = plan(PlanningRequest(person_then, tmp_path / "plan", early, case=folder))
    assert answer.planned.plans[0].earlier is None
    assert answer.planned.suitability.days_before_event > 0.0


def test_a_folder_that_is_no_case_is_said(person, tmp_path):
    (tmp_path / "empty").mkdir()
    request = PlanningRequest(person, tmp_path / "plan", TODAY, case=tmp_path / "empty")
    with pytest.raises(MicropenError):
        plan(request)
    assert not (tmp_path / "plan").exists()
