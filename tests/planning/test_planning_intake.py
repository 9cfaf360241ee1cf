"""Reading person files: what they mean, and what is answered to a wrong one."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.errors import (
    MicropenError,
    OutsideEvidenceError,
    PersonFileError,
    UnknownNameError,
)
from micropen.planning.intake.client import Answer, Event, Procedure, Span, Wish
from micropen.planning.intake.reading import client_from_dict, read_client
from micropen.planning.suitability.rule import questions_of_the_form

TODAY = date(2026, 11, 23)
COUNT = len(questions_of_the_form())
BASE = """
[person]
age_years = 36
phototype = 3
[answers]
[wishes]
goal = "texture"
device = "SkinPen Precision"
"""


def read(text, today=TODAY, **options):
    table = tomllib.loads(text)
    return client_from_dict(table, today, "anna.toml", **options)


def with_lines(table, *lines, base=BASE):
    """Add lines to a table of the base file."""
    return base.replace(f"[{table}]\n", f"[{table}]\n" + "".join(f"{line}\n" for line in lines))


def refused(text, kind=PersonFileError, **options):
    with pytest.raises(MicropenError) as found:
        read(text, **options)
    assert type(found.value) is kind
    sentence = str(found.value)
    assert sentence.startswith("anna.toml: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence.removeprefix("anna.toml: ")


def test_the_least_that_a_file_says():
    client = read(BASE)
    assert client.today == TODAY
    assert client.title == ""
    assert (client.wishes.goal, client.wishes.device) == ("texture", "skinpen-precision")
    assert client.wishes.zones == ()
    assert client.wishes.anaesthetic == "topical"
    assert client.wishes.aftercare == "bland"
    assert client.wishes.pain is None
    assert client.diary.events == ()
    assert client.diary.session_weekdays == frozenset(range(7))
    assert client.diary.work_weekdays == frozenset(range(5))
    assert dict(client.answers) == {}


def test_everything_that_a_file_says():
    client = read(
        """
title = "Anna"
[person]
birth_date = 1990-11-23
phototype = "III"
[answers]
isotretinoin = 2020-05-01
herpes_history = false
pregnancy = "unknown"
[wishes]
goal = "Acne scar"
device = "skinpen precision"
zones = ["chin", "cheek"]
downtime_days = 4
pain = 5
pigment_risk = 0.05
most_sessions = 4
finish_by = 2027-05-01
anaesthetic = "Nerve block"
aftercare = "hydrogel"
[diary]
session_weekdays = ["Fri", "saturday"]
work_weekdays = []
[[event]]
date = 2027-06-12
name = "  the\\nwedding "
wish = "GLOW"
probability = 0.95
[[event]]
date = 2027-01-02
[[away]]
first = 2027-01-01
last = 2027-01-01
why = "holiday"
[[sun]]
first = 2026-07-01
last = 2026-07-14
[[procedure]]
kind = "Botulinum_toxin"
date = 2026-09-01
"""
    )
    assert client.title == "Anna"
    assert client.person.age_years == pytest.approx(36.0, abs=0.01)
    assert dict(client.answers) == {
        "isotretinoin": Answer(yes=True, when=date(2020, 5, 1)),
        "herpes_history": Answer(yes=False),
        "pregnancy": Answer(yes=None),
    }
    wishes = client.wishes
    assert (wishes.goal, wishes.zones) == ("acne scars", ("cheek_left", "cheek_right", "chin"))
    assert (wishes.downtime_days, wishes.pain, wishes.pigment_risk) == (4, 5, 0.05)
    assert (wishes.most_sessions, wishes.finish_by) == (4, date(2027, 5, 1))
    assert (wishes.anaesthetic, wishes.aftercare) == ("nerve block", "hydrogel")
    diary = client.diary
    assert (diary.session_weekdays, diary.work_weekdays) == ({4, 5}, frozenset())
    assert diary.events == (
        Event(date(2027, 1, 2)),
        Event(date(2027, 6, 12), "the wedding", Wish.GLOW, 0.95),
    )
    assert diary.away == (Span(date(2027, 1, 1), date(2027, 1, 1), "holiday"),)
    assert diary.sun == (Span(date(2026, 7, 1), date(2026, 7, 14)),)
    assert diary.procedures == (Procedure("botulinum toxin", date(2026, 9, 1)),)


def test_the_command_line_replaces_and_adds():
    text = BASE + "[[event]]\ndate = 2027-02-01\nname = 'party'\n"
    days = (date(2027, 2, 1), date(2026, 12, 24), date(2026, 12, 24))
    client = read(text, events=days, device="exceed", goal="glow")
    assert [(e.date, e.name) for e in client.diary.events] == [
        (date(2026, 12, 24), "the event"),
        (date(2027, 2, 1), "party"),
    ]
    assert client.wishes.device == "exceed"
    assert client.wishes.goal == "glow"
    wishes = BASE.replace('goal = "texture"\ndevice = "SkinPen Precision"\n', "")
    assert read(wishes, device="exceed", goal="glow").wishes == client.wishes


def test_the_age_is_that_of_today():
    text = BASE.replace("age_years = 36", "birth_date = 2008-11-23")
    assert read(text).person.age_years >= 18
    sentence = refused(text.replace("2008-11-23", "2008-11-25"), OutsideEvidenceError)
    assert "18.0 years old" not in sentence
    assert "adults of 18 years" in sentence


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("age_years = -3", "person.age_years is -3: it should be greater than or equal to 0"),
        ("age_years = 130", "person.age_years is 130: it should be less than or equal to 120"),
        ("birth_date = 2027-01-01", "person.birth_date is 2027-01-01, after today (2026-11-23)"),
        ("birth_date = 1850-01-01", "person.birth_date is 1850-01-01, which makes 177 years"),
        ('birth_date = "1990-04-12"', "must be a date without quotes"),
        ("birth_date = 1980-01-01\nage_years = 36", "makes 46.9 years today"),
        ("age_years = 36\nisotretinoin_stopped = 2026-12-01", "after today (2026-11-23)"),
        ("age_years = 36\nfototype = 2", "unknown key 'fototype'; nearest: phototype"),
    ],
)
def test_an_impossible_person(line, said):
    assert said in refused(BASE.replace("age_years = 36", line))


@pytest.mark.parametrize("age", [18, 120])
def test_the_oldest_and_the_youngest_are_read(age):
    assert read(BASE.replace("36", str(age))).person.age_years == age
    if age == 18:
        assert "17.9" in refused(BASE.replace("36", "17.9"), OutsideEvidenceError)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("pain = 10.5", "wishes.pain is 10.5: it should be less than or equal to 10"),
        ("pain = -1", "greater than or equal to 0"),
        ("downtime_days = -1", "wishes.downtime_days is -1: it should be greater than or equal"),
        ("downtime_days = 31", "less than or equal to 30"),
        ("pigment_risk = 5", "write 0.05 for 5 %"),
        ("pigment_risk = -0.1", "greater than or equal to 0"),
        ("pigment_risk = nan", "finite number"),
        ("most_sessions = 0", "greater than or equal to 1"),
        ("most_sessions = 2.5", "a whole number"),
        ("finish_by = 2026-11-22", "wishes.finish_by is 2026-11-22, before today (2026-11-23)"),
        ("finish_by = 2226-11-22", "more than 5 years from today"),
        ('finish_by = "2027-05-01"', "must be a date without quotes"),
        ("zones = []", "leave it out for the whole face"),
        ('zones = "cheek"', "must be a list"),
        ('anaesthetic = "gas"', "wishes.anaesthetic does not know 'gas'; known: needling-assisted"),
        ("zone = 3", "unknown key 'zone'; nearest: zones"),
        ('title = "x"', "it belongs at the top of the file"),
    ],
)
def test_an_impossible_wish(line, said):
    assert said in refused(with_lines("wishes", line))


@pytest.mark.parametrize(
    "line",
    [
        "pain = 10",
        "pain = 0",
        "downtime_days = 0",
        "pigment_risk = 0",
        "pigment_risk = 1",
        "most_sessions = 1",
        "finish_by = 2026-11-23",
        'pain = "unknown"',
    ],
)
def test_a_wish_at_its_limit(line):
    key, value = line.split(" = ")
    wished = getattr(read(with_lines("wishes", line)).wishes, key)
    assert str(wished) in {value, f"{value}.0"} or (wished is None and "unknown" in value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('zones = ["cheek", "eyelid"]', "An eyelid is never needled"),
        ('zones = ["cheak"]', "wishes.zones: Unknown zone 'cheak'; nearest: cheek"),
        ('device = "skinpen precison"', "wishes.device: Unknown device"),
        ('goal = "acne skars"', "wishes.goal: Unknown goal 'acne skars'; nearest: acne scars"),
    ],
)
def test_unknown_names_are_answered_with_the_nearest(line, said):
    key = line.split(" ")[0]
    base = "".join(f"{x}\n" for x in BASE.splitlines() if not x.startswith(f"{key} "))
    assert said in refused(with_lines("wishes", line, base=base), UnknownNameError)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('session_weekdays = ["Fry"]', "does not know 'Fry'; nearest: Fri"),
        ("session_weekdays = [5]", "does not know 5; known: Mon, Tue"),
        ("session_weekdays = []", "at least one weekday"),
        ('session_weekdays = "Fri"', 'must be a list such as ["Fri", "Sat"]'),
        ('work_weekday = ["Mon"]', "nearest: work_weekdays"),
        ("prepared_since = 2026-11-24", "diary.prepared_since is 2026-11-24, after today"),
    ],
)
def test_impossible_weekdays(line, said):
    assert said in refused(f"{BASE}[diary]\n{line}\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[event]]\ndate = 2062-06-12", "more than 5 years from today"),
        ("[[event]]\ndate = '2027-06-12'", "must be a date without quotes"),
        ("[event]\ndate = 2027-06-12", "must be written [[event]], in double brackets"),
        ("[[event]]\nname = 'x'", "event[1].date is missing"),
        ("[[event]]\ndate = 2027-06-12\nwish = 'shine'", "event[1].wish does not know 'shine'"),
        ("[[event]]\ndate = 2027-06-12\nprobability = 0.49", "greater than or equal to 0.5"),
        ("[[event]]\ndate = 2027-06-12\nprobability = 1", "less than or equal to 0.999"),
        ("[[event]]\ndate = 2027-06-12\nprobability = 95", "must be a probability from 0 to 1"),
        (
            "[[event]]\ndate = 2027-06-12\n[[event]]\ndate = 2027-06-12",
            "event[1] and event[2] are both on 2027-06-12",
        ),
        ("[[away]]\nfirst = 2027-02-02\nlast = 2027-02-01", "before away[1].first (2027-02-02)"),
        ("[[sun]]\nfirst = 2027-02-02\nlast = 2207-02-01", "days long"),
        ("[[sun]]\nfirst = 2037-02-02\nlast = 2037-02-03", "sun[1].last is 2037-02-03, more"),
        ("[[sun]]\nfirst = 2027-02-02", "sun[1].last is missing"),
        ("[[procedure]]\nkind = 'lazer'\ndate = 2026-01-01", "nearest: laser"),
        ("[[procedure]]\nkind = 'laser'\ndate = 2036-01-01", "more than 5 years"),
        ("[[holiday]]\nfirst = 2026-01-01", "unknown key 'holiday'"),
    ],
)
def test_an_impossible_diary(text, said):
    assert said in refused(BASE + text)


# Of one that is over the plan says what is still possible.
@pytest.mark.parametrize("ahead", [-200, -1, 0, 1, 300])
@pytest.mark.parametrize("probability", [0.5, 0.999])
def test_an_event_of_any_near_day_is_read(ahead, probability):
    day = TODAY + timedelta(days=ahead)
    client = read(f"{BASE}[[event]]\ndate = {day}\nprobability = {probability}\n")
    assert client.diary.events == (Event(day, probability=probability),)
    assert read(BASE, events=[day]).diary.events == (Event(day),)


def test_an_event_of_the_command_line_far_ahead():
    assert "--event is 2126-11-22, more than" in refused(BASE, events=[date(2126, 11, 22)])


def test_spans_of_the_past_are_kept():
    client = read(f"{BASE}[[away]]\nfirst = 2026-01-01\nlast = 2026-01-02\n")
    assert client.diary.away == (Span(date(2026, 1, 1), date(2026, 1, 2)),)


def test_nothing_lies_before_birth():
    born = BASE.replace("age_years = 36", "birth_date = 1990-04-12")
    before = "[[procedure]]\nkind = 'laser'\ndate = 1990-04-11\n"
    assert "before person.birth_date (1990-04-12)" in refused(born + before)
    assert read(born + before.replace("-11", "-12")).diary.procedures
    stopped = with_lines("person", "isotretinoin_stopped = 1989-01-01", base=born)
    assert "before person.birth_date" in refused(stopped)


def test_many_findings_are_cut_short():
    diary = "".join(f"[[event]]\ndate = {year}-01-01\n" for year in range(2060, 2064))
    sentence = refused(BASE + diary)
    assert "event[1].date" in sentence
    assert "event[2].date" in sentence
    assert "event[3].date" not in sentence
    assert sentence.endswith("(and 2 more).")


def test_what_is_missing_is_listed_together():
    sentence = refused("")
    assert sentence == (
        "still to be filled in: person.birth_date (or person.age_years), person.phototype (or "
        "person.individual_typology_angle_deg), wishes.goal, wishes.device, and "
        f"{COUNT} of the {COUNT} questions in [answers]."
    )
    text = BASE.replace('goal = "texture"\n', "").replace(
        "[answers]\n", "[answers]\nherpes_history = true\n"
    )
    still_open = f"{COUNT - 1} of the {COUNT} questions in [answers]"
    assert refused(text) == f"still to be filled in: wishes.goal, and {still_open}."
    with_angle = "[person]\nindividual_typology_angle_deg = 41\n[answers]\nall_others = false\n"
    assert refused(with_angle) == (
        "still to be filled in: person.birth_date (or person.age_years), wishes.goal, "
        "wishes.device."
    )
    # Where something else is wrong too, each is said at its place.
    sentence = refused(BASE.replace('goal = "texture"', "gaol = 3"))
    assert "unknown key 'gaol'; nearest: goal" in sentence


def test_files_that_cannot_be_read(tmp_path):
    path = tmp_path / "anna.toml"
    with pytest.raises(PersonFileError, match="does not exist"):
        read_client(path, TODAY)
    path.write_text("[person\n", encoding="utf-8")
    with pytest.raises(PersonFileError, match="is not valid TOML"):
        read_client(path, TODAY)
    path.write_text(BASE, encoding="utf-8")
    assert read_client(path, TODAY).wishes.goal == "texture"
    with pytest.raises(PersonFileError, match=r"anna\.toml: --event is 2060-01-01"):
        read_client(path, TODAY, events=[date(2060, 1, 1)])


def test_the_room_does_not_read_the_clock():
    folder = Path(read_client.__code__.co_filename).parent
    for file in folder.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert ".today()" not in text
        assert ".now(" not in text
        assert "import time" not in text


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.dates()
    | st.datetimes()
    | st.lists(st.text(max_size=3), max_size=2)
    | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)
)
PLACES = (
    *((name,) for name in ("title", "person", "answers", "wishes", "diary", "event", "away")),
    *(("person", key) for key in ("birth_date", "age_years", "phototype", "melasma", "history")),
    *(("answers", key) for key in ("isotretinoin", "melasma", "active_acne", "all_others")),
    *(("wishes", key) for key in ("goal", "device", "zones", "pain", "finish_by", "pigment_risk")),
    *(("diary", key) for key in ("session_weekdays", "work_weekdays", "prepared_since")),
    *(("event", 0, key) for key in ("date", "name", "wish", "probability")),
    *(("sun", 0, key) for key in ("first", "last", "why")),
    *(("procedure", 0, key) for key in ("kind", "date")),
)
FULL = tomllib.loads(
    BASE
    + """
[diary]
[[event]]
date = 2027-01-01
[[sun]]
first = 2027-01-01
last = 2027-01-01
[[procedure]]
kind = "laser"
date = 2027-01-01
"""
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), scalars)
def test_whatever_a_file_holds_is_answered_in_one_sentence(path, value):
    table = {k: [dict(v[0])] if isinstance(v, list) else v for k, v in FULL.items()}
    table = {k: dict(v) if isinstance(v, dict) else v for k, v in table.items()}
    inner = table
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    said = answer_to(table)
    assert said is None or (said.startswith("anna.toml: ") and said.endswith("."))


def answer_to(table):
    """None for a client."""
    try:
        client_from_dict(table, TODAY, "anna.toml")
    except MicropenError as error:
        return str(error)
    return None
