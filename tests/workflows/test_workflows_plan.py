"""The whole job: a person file in, a folder with page, calendar, sheet and treatment files out."""

from __future__ import annotations

import json
import re
from datetime import date

import icalendar
import pytest
from typer.testing import CliRunner

from micropen.cli.main import app
from micropen.errors import MicropenError, PersonFileError
from micropen.planning.intake.forms import blank_form, example_form
from micropen.report.folder import file_digests
from micropen.treatment import Treatment
from micropen.workflows.plan import PlanningRequest, plan

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def person(tmp_path_factory):
    file = tmp_path_factory.mktemp("person") / "person.toml"
    file.write_text(example_form(TODAY), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def answer(person, tmp_path_factory):
    stages = []
    place = tmp_path_factory.mktemp("plans") / "plan"
    found = plan(PlanningRequest(person, place, TODAY), lambda name, share: stages.append(name))
    assert list(dict.fromkeys(stages)) == [
        "what sessions do", "search", "verification", "telling", "page and files"
    ]  # fmt: skip
    return found


def test_every_file_is_there_and_listed(answer):
    record = json.loads((answer.folder / "provenance.json").read_text(encoding="utf-8"))
    there = file_digests(answer.folder)
    there.pop("provenance.json")
    assert record["files"] == there
    assert {"plan.html", "plan.json", "plan.ics", "aftercare.html", "aftercare.pdf"} <= set(there)


def test_every_named_plan_is_a_treatment_that_can_be_forecast(answer):
    for named in answer.planned.plans:
        read = Treatment.read(answer.folder / "treatments" / f"{named.key}.toml")
        assert read.sessions == named.treatment.sessions
        assert [session.date for session in read.sessions] == [x.on for x in named.sessions]
        assert read.person.melasma


def test_the_record_holds_what_the_page_shows(answer):
    record = json.loads((answer.folder / "plan.json").read_text(encoding="utf-8"))
    assert [one["key"] for one in record["plans"]] == [p.key for p in answer.planned.plans]
    assert record["verdict"] == "go, with conditions"
    assert record["origin"]["draws"] >= 2000


def test_the_calendar_holds_every_session(answer):
    calendar = icalendar.Calendar.from_ical((answer.folder / "plan.ics").read_bytes())
    days = {event["dtstart"].dt for event in calendar.walk("VEVENT")}
    assert {line.on for line in answer.planned.plans[0].sessions} <= days


def test_the_same_day_and_seed_give_the_same_bytes(answer, person, tmp_path):
    again = plan(PlanningRequest(person, tmp_path / "again", TODAY))
    assert file_digests(again.folder) == file_digests(answer.folder)


def test_open_questions_are_asked_and_nothing_is_written(person, tmp_path):
    text = person.read_text(encoding="utf-8")
    asking = tmp_path / "asking.toml"
    kept = [x for x in text.splitlines() if not x.startswith(("keloids", "pregnancy"))]
    asking.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(PersonFileError, match="2 questions are still open") as raised:
        plan(PlanningRequest(asking, tmp_path / "plan", TODAY))
    assert "keloids = " in str(raised.value)
    assert not (tmp_path / "plan").exists()


def test_who_should_see_a_clinician_gets_a_page_without_a_plan(person, tmp_path):
    file = tmp_path / "pregnant.toml"
    text = person.read_text(encoding="utf-8").replace("pregnancy = false", "pregnancy = true")
    file.write_text(text, encoding="utf-8")
    found = plan(PlanningRequest(file, tmp_path / "plan", TODAY))
    assert found.planned.plans == ()
    assert not (found.folder / "plan.ics").exists()
    assert "clinician" in found.page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"goal": "scarz"}, "nearest: scar"),
        ({"device": "skinpan"}, "skinpen-precision"),
        ({"events": (date(2026, 1, 1),)}, "Still possible: a first session from"),
    ],
)
def test_bad_wishes_are_one_sentence(person, tmp_path, change, words):
    with pytest.raises(MicropenError, match=words):
        plan(PlanningRequest(person, tmp_path / "plan", TODAY, **change))
    assert not (tmp_path / "plan").exists()


def test_the_commands_write_a_form_and_print_a_plan(tmp_path):
    form = tmp_path / "anna.toml"
    run = CliRunner()
    assert run.invoke(app, ["person", str(form), "--today", "2026-11-23"]).exit_code == 0
    assert form.read_text(encoding="utf-8") == blank_form(TODAY)
    again = run.invoke(app, ["person", str(form)])
    assert isinstance(again.exception, MicropenError)
    form.write_text(example_form(TODAY), encoding="utf-8")
    place = tmp_path / "plan"
    shown = run.invoke(app, ["plan", str(form), "-o", str(place), "--today", "2026-11-23"])
    assert shown.exit_code == 0
    assert "Balanced" in shown.stdout
    assert re.search(r"^Balanced +\d+ +\d+ % \(-?\d+ %--?\d+ %\) +\d", shown.stdout, re.MULTILINE)
    assert all(len(line) <= 80 for line in shown.stdout.splitlines() if "Page:" not in line)


def test_a_date_that_is_none_is_said(tmp_path):
    found = CliRunner().invoke(app, ["plan", "x.toml", "-o", "y", "--event", "12.6.2027"])
    assert isinstance(found.exception, MicropenError)
    assert "2027-06-12" in str(found.exception)
