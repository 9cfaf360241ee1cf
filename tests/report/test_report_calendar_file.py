"""The iCalendar file: read back by the library, and by the letter of RFC 5545."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from planning_examples import HERPES, MELASMA, planned, with_conditions

from micropen.errors import OutputError
from micropen.report.calendar_file import calendar_bytes, write_calendar


def entries(of, which=0):
    calendar = Calendar.from_ical(calendar_bytes(of, of.plans[which]))
    return list(calendar.walk("VEVENT"))


def by_kind(of, kind):
    return [entry for entry in entries(of) if kind in entry["CATEGORIES"].to_ical().decode()]


def named(of, name):
    plan = of.plans[0]
    events = tuple(replace(e, event=replace(e.event, name=name)) for e in plan.events)
    return replace(of, plans=(replace(plan, events=events), *of.plans[1:]))


def test_sessions_events_and_photographs_are_whole_days():
    of = planned()
    plan = of.plans[0]
    sessions = by_kind(of, "session")
    assert [entry.decoded("dtstart") for entry in sessions] == [line.on for line in plan.sessions]
    assert str(sessions[0]["SUMMARY"]) == f"Needling session 1 of {len(plan.sessions)}"
    assert {e.decoded("dtstart") for e in by_kind(of, "event")} == {
        chance.event.date for chance in plan.events
    }
    for entry in entries(of):
        assert type(entry.decoded("dtstart")) is date
        assert entry.decoded("dtend") - entry.decoded("dtstart") == timedelta(days=1)
    first, second = (line.on for line in plan.sessions[:2])
    taken = [e.decoded("dtstart") for e in by_kind(of, "photograph")]
    days = [(on - first).days for on in sorted(taken) if on < second]
    assert days == [d for d in (0, 1, 3, 7, 14, 28) if first + timedelta(d) < second]


def test_what_others_notice_on_an_event_is_a_probability():
    of = planned()
    chance = of.plans[0].events[0]
    entry = next(e for e in by_kind(of, "event") if str(e["SUMMARY"]) == chance.event.name)
    assert (
        f"({chance.clear * 100:.0f} %; wanted: {chance.wanted * 100:.0f} %)" in entry["DESCRIPTION"]
    )
    assert "the forecasts of people like you" in entry["DESCRIPTION"]
    own = replace(of, origin=replace(of.origin, case_readings=5))
    assert any("your forecasts" in e["DESCRIPTION"] for e in by_kind(own, "event"))


def test_reminders_ring_before_retinoids_and_on_the_first_morning_of_sunscreen():
    alarms = {}
    for entry in entries(planned()):
        for alarm in entry.walk("VALARM"):
            alarms.setdefault(str(entry["SUMMARY"]), set()).add(alarm.decoded("trigger"))
            assert str(alarm["ACTION"]) == "DISPLAY"
    assert alarms["Stop retinoids and acids"] == {timedelta(hours=-6)}
    sunscreen = next(found for title, found in alarms.items() if "Sunscreen" in title)
    assert sunscreen == {timedelta(hours=8)}
    assert len(alarms) == 2


def test_lines_are_as_the_standard_wants_them():
    of = named(planned(), "Zoës Hochzeit; Köln, „Dom“ \\ 🎉 " * 6)
    raw = calendar_bytes(of, of.plans[0])
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")  # folding never cuts a letter
    whole = raw.replace(b"\r\n ", b"").decode("utf-8")
    assert "Köln\\, „Dom“ \\\\" in whole
    for block in re.findall(r"BEGIN:VEVENT.*?END:VEVENT", whole, flags=re.S):
        for needed in ("UID:", "DTSTAMP:", "DTSTART;VALUE=DATE:"):
            assert block.count(needed) == 1, block
    assert "PRODID:-//micropen" in whole
    assert "VERSION:2.0" in whole


@given(st.text(max_size=200))
def test_any_name_of_an_event_comes_back(name):
    of = named(planned(), name)
    titles = {str(e["SUMMARY"]) for e in by_kind(of, "event")}
    shown = "".join(c for c in " ".join(name.split()) if c.isprintable()) or None
    if shown is None:
        assert len(titles) == 1
    else:
        assert titles == {shown}


def test_the_same_plan_gives_the_same_bytes_and_a_later_one_updates_it():
    of = planned()
    raw = calendar_bytes(of, of.plans[0])
    assert raw == calendar_bytes(planned(), planned().plans[0])
    today = of.client.today
    stamp = datetime(today.year, today.month, today.day, tzinfo=UTC)
    assert {e.decoded("dtstamp") for e in entries(of)} == {stamp}
    later = replace(of, client=replace(of.client, today=today + timedelta(days=1)))
    before, after = entries(of), entries(later)
    assert [e["UID"] for e in before] == [e["UID"] for e in after]
    assert all(a["SEQUENCE"] > b["SEQUENCE"] for a, b in zip(after, before, strict=True))


def test_identifiers_are_unique_and_apart_for_plans_and_people():
    of = planned()
    uids = [str(e["UID"]) for e in entries(of)]
    assert len(uids) == len(set(uids))
    other = replace(of, client=replace(of.client, title="Somebody else"))
    assert not set(uids) & {str(e["UID"]) for e in entries(other)}
    assert not set(uids) & {str(e["UID"]) for e in entries(of, 1)}


def test_nothing_private_beyond_what_is_needed():
    of = with_conditions()
    of = replace(of, client=replace(of.client, title="Quentin Quux"))
    said = calendar_bytes(of, of.plans[0]).replace(b"\r\n ", b"").decode("utf-8").lower()
    for word in ("quentin", "melasma", "herpes", "cold sore", "phototype", " mm"):
        assert word not in said
    assert {HERPES, MELASMA} & set(of.suitability.findings)
    assert all(str(e["CLASS"]) == "PRIVATE" for e in entries(of))
    assert all(str(e["TRANSP"]) == "TRANSPARENT" for e in entries(of))


def test_what_should_have_begun_begins_today():
    of = planned()
    first = of.plans[0].sessions[0].on
    late = replace(of, client=replace(of.client, today=first))
    assert min(e.decoded("dtstart") for e in entries(late)) == first


def test_the_file_is_written_in_one_step(tmp_path):
    of = planned()
    path = write_calendar(tmp_path, of, of.plans[0])
    assert path.name == "plan.ics"
    assert path.read_bytes() == calendar_bytes(of, of.plans[0])
    with pytest.raises(OutputError):
        write_calendar(tmp_path / "none", of, of.plans[0])
