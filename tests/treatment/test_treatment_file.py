"""Reading treatment files: what they mean, and what is answered to a wrong one."""

import pickle
import tomllib
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.anatomy import ZONES
from micropen.errors import (
    MicropenError,
    OutsideEvidenceError,
    TreatmentError,
    UnknownNameError,
)
from micropen.treatment import Treatment

ROOT = Path(__file__).parents[2]
FOUNDING_CASE = ROOT / "src/micropen/workflows/data/demo/founding_case.toml"

BASE = """
[person]
age_years = 35
phototype = 2

[[session]]
date = 2026-05-08
device = "SkinPen Precision"
face = { needle_length_mm = 1.0, passes = 4 }
"""


def read(text):
    return Treatment.from_dict(tomllib.loads(text))


def written(tmp_path, text):
    path = tmp_path / "case.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_founding_case():
    treatment = Treatment.read(FOUNDING_CASE)
    (session,) = treatment.sessions
    (warning,) = treatment.warnings
    assert warning.startswith("Melasma can darken")
    assert treatment.contraindications == ()
    assert session.date.strftime("%A") == "Friday"
    assert session.time_of_day < time(12)
    assert session.device.needle_count == 14
    assert session.anaesthetic == "topical"
    assert set(session.zones) == set(ZONES)
    assert session.zones["cheek_left"].needle_length_mm == 1.0
    assert session.zones["nose"].needle_length_mm == 0.5
    assert session.zones["periorbital_right"].needle_length_mm == 0.25
    assert treatment.person.melasma
    assert treatment.person.takes("hormonal contraception")
    assert 2 < treatment.person.phototype < 3


def test_whole_face_and_defaults():
    treatment = read(BASE)
    (session,) = treatment.sessions
    assert list(session.zones) == list(ZONES)
    assert session.time_of_day == time(10)
    assert session.anaesthetic == "none"
    assert session.aftercare == "bland"
    assert treatment.person.acne_proneness == 0.5
    assert session.day == 0.0
    assert session.strike_rate_hz == session.device.strike_rate_hz


def test_zone_overrides_inherit_refine_and_leave_out():
    treatment = read(
        BASE
        + """
[session.zones]
cheek = { needle_length_mm = 1.5 }
cheek_left = { passes = 8 }
nose = false
"""
    )
    zones = treatment.sessions[0].zones
    assert "nose" not in zones
    assert (zones["cheek_right"].needle_length_mm, zones["cheek_right"].passes) == (1.5, 4)
    assert (zones["cheek_left"].needle_length_mm, zones["cheek_left"].passes) == (1.0, 8)


def test_only_named_zones_without_face():
    text = BASE.replace("face = {", "zones.chin = {")
    assert list(read(text).sessions[0].zones) == ["chin"]


def test_a_fixed_length_needs_no_length():
    text = BASE.replace("SkinPen Precision", "Dermaroller MF8").replace(
        "needle_length_mm = 1.0, passes = 4", "passes = 15"
    )
    assert read(text).sessions[0].zones["chin"].needle_length_mm == 1.5


def test_series_repeats_the_session():
    treatment = read(BASE + "[series]\ncount = 4\ninterval_days = 30\n")
    assert treatment.days == (0.0, 30.0, 60.0, 90.0)
    assert treatment.sessions[3].date == date(2026, 8, 6)
    assert all(w.startswith("Every session: ") for w in treatment.warnings)


def test_explicit_sessions_count_days_with_their_time():
    treatment = read(
        BASE
        + """
[[session]]
date = 2026-06-08
time = 16:00:00
device = "exceed"
strike_rate_hz = 140
face = { needle_length_mm = 0.5, passes = 2 }
"""
    )
    assert treatment.days == (0.0, 31.25)
    assert treatment.sessions[1].strike_rate_hz == 140


def test_birth_date_gives_the_age_at_the_first_session():
    person = read(BASE.replace("age_years = 35", "birth_date = 1991-05-08")).person
    assert person.age_years == pytest.approx(35.0, abs=0.01)


@pytest.mark.parametrize(
    ("written_as", "phototype", "angle"),
    [("phototype = 2", 2, 48), ('phototype = "II-III"', 2.5, 41.25), ('phototype = "VI"', 6, -45)],
)
def test_phototype_gives_its_typical_angle(written_as, phototype, angle):
    person = read(BASE.replace("phototype = 2", written_as)).person
    assert (person.phototype, person.individual_typology_angle_deg) == (phototype, angle)


@settings(deadline=None)
@given(st.floats(-45, 60))
def test_angle_gives_its_phototype_and_back(angle):
    person = read(
        BASE.replace("phototype = 2", f"individual_typology_angle_deg = {angle!r}")
    ).person
    again = read(BASE.replace("phototype = 2", f"phototype = {person.phototype!r}")).person
    assert again.individual_typology_angle_deg == pytest.approx(angle, abs=1e-6)


WRONG = {
    "unknown device": (("SkinPen Precision", "skinpenn"), UnknownNameError, "skinpen-precision"),
    "unknown key": (("age_years", "age_year"), TreatmentError, "nearest: age_years"),
    "unknown key in face": (("passes", "pases"), TreatmentError, r"session\[1\]\.face.*passes"),
    "no person": (("[person]", "[persn]"), TreatmentError, "nearest: person"),
    "no age": (("age_years = 35", ""), TreatmentError, "age_years or birth_date"),
    "no colour": (("phototype = 2", ""), TreatmentError, "individual_typology_angle_deg"),
    "minor": (("35", "17"), OutsideEvidenceError, "17.0 years old"),
    "negative age": (("35", "-3"), TreatmentError, r"person\.age_years is -3"),
    "age in quotes": (("35", '"35"'), TreatmentError, "number without quotes"),
    "before birth": (
        ("age_years = 35", "birth_date = 2030-01-01"),
        TreatmentError,
        "before person.birth_date",
    ),
    "two ages": (("= 35", "= 20\nbirth_date = 1991-01-01"), TreatmentError, "state one of them"),
    "impossible age": (("age_years = 35", "birth_date = 1850-01-01"), TreatmentError, "120"),
    "phototype": (("phototype = 2", "phototype = 7"), TreatmentError, "phototype is 7"),
    "phototype in words": (("phototype = 2", 'phototype = "IX"'), TreatmentError, "I to VI"),
    "phototype true": (("phototype = 2", "phototype = true"), TreatmentError, "phototype is true"),
    "negative depth": (("1.0", "-1.0"), TreatmentError, "needle_length_mm is -1.0"),
    "nan depth": (("1.0", "nan"), TreatmentError, "needle_length_mm is nan"),
    "zero passes": (("passes = 4", "passes = 0"), TreatmentError, "passes is 0"),
    "no passes": ((", passes = 4", ""), TreatmentError, r"face\.passes is missing"),
    "too deep": (("1.0", "3.0"), OutsideEvidenceError, "0.25 to 2.5 mm"),
    "quoted date": (("2026-05-08", '"2026-05-08"'), TreatmentError, "date without quotes"),
    "old date": (("2026-05-08", "0206-05-08"), TreatmentError, "check the year"),
    "no zone": (("face = { needle_length_mm = 1.0, passes = 4 }", ""), TreatmentError, "no zone"),
    "single brackets": (("[[session]]", "[session]"), TreatmentError, "double brackets"),
    "future stop": (
        ("phototype = 2", "phototype = 2\nisotretinoin_stopped = 2027-01-01"),
        TreatmentError,
        "after the first session",
    ),
    "medication": (
        ("phototype = 2", 'phototype = 2\nmedication = ["isotretinon"]'),
        TreatmentError,
        "nearest: isotretinoin",
    ),
    "history": (
        ("phototype = 2", 'phototype = 2\nhistory = "keloids"'),
        TreatmentError,
        "must be a list",
    ),
    "level": (
        ("phototype = 2", 'phototype = 2\nsensitivity = "hugh"'),
        TreatmentError,
        "very high",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_file_gets_one_sentence(case):
    (old, new), error, words = WRONG[case]
    assert old in BASE
    with pytest.raises(error, match=words) as caught:
        read(BASE.replace(old, new))
    message = str(caught.value)
    assert message.startswith("treatment")
    assert "\n" not in message
    assert message.endswith(".")
    assert "pydantic" not in message


ADDED = {
    "unknown zone": ("[session.zones]\nforhead = { passes = 2 }", "nearest: forehead"),
    "eyelid": ("[session.zones]\neyelid = { passes = 2 }", "never needled"),
    "zone true": ("[session.zones]\nnose = true", "false to leave the zone out"),
    "zone depth": (
        "[session.zones]\nnose = { needle_length_mm = -1 }",
        r"session\[1\]\.zones\.nose\.needle_length_mm is -1",
    ),
    "anaesthetic": ('anaesthetic = "topcal"', "'topical'"),
    "aftercare": ('aftercare = "vaseline"', "'occlusive'"),
    "time": ('time = "10:00"', "time without quotes"),
    "strike rate": ("strike_rate_hz = 50", "116.7 Hz only"),
    "series of none": ("[series]\ncount = 0\ninterval_days = 30", r"series\.count is 0"),
    "series at once": ("[series]\ncount = 2\ninterval_days = 0", r"series\.interval_days is 0"),
    "same day": (
        '[[session]]\ndate = 2026-05-08\ndevice = "exceed"\n'
        "face = { needle_length_mm = 1.0, passes = 4 }",
        "not at least one day after",
    ),
    "series and sessions": (
        '[[session]]\ndate = 2026-06-08\ndevice = "exceed"\n'
        "face = { needle_length_mm = 1.0, passes = 4 }\n"
        "[series]\ncount = 2\ninterval_days = 30",
        "repeats one session",
    ),
}


@pytest.mark.parametrize("case", ADDED)
def test_wrong_addition_gets_one_sentence(case):
    text, words = ADDED[case]
    with pytest.raises(MicropenError, match=words):
        read(BASE + text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BASE.replace("2026-05-08", "2026-02-30"), "line 7"),
        (BASE + "[session.zones\n", "line 10"),
        (b"title = '\xff'", "not UTF-8"),
        ("x = " + "[" * 5000, "not valid TOML"),
        ("#" * 1_000_001, "larger than 1 MB"),
        ("", "person is missing"),
    ],
)
def test_unreadable_files(tmp_path, text, words):
    path = written(tmp_path, text)
    with pytest.raises(TreatmentError, match=words) as caught:
        Treatment.read(path)
    assert str(path) in str(caught.value)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(TreatmentError, match="does not exist"):
        Treatment.read(tmp_path / "none.toml")
    with pytest.raises(TreatmentError, match="is a folder"):
        Treatment.read(tmp_path)


def test_byte_order_mark_is_read(tmp_path):
    assert Treatment.read(written(tmp_path, b"\xef\xbb\xbf" + BASE.encode())).sessions


def test_treatment_is_frozen():
    treatment = read(BASE)
    with pytest.raises(ValueError, match="frozen"):
        treatment.title = "other"
    with pytest.raises(ValueError, match="frozen"):
        treatment.sessions[0].zones["nose"].passes = 9


def test_treatment_survives_another_process():
    treatment = read(BASE)
    assert pickle.loads(pickle.dumps(treatment)) == treatment


def test_a_title_in_a_table_is_sent_to_the_top():
    with pytest.raises(TreatmentError, match="'title'; it belongs at the top of the file"):
        read(BASE.replace("phototype = 2", 'phototype = 2\ntitle = "Mine"'))


def test_two_errors_are_both_said():
    with pytest.raises(TreatmentError) as error:
        read(BASE.replace("= 35", '= "x"').replace("passes = 4", "passes = -1"))
    assert "person.age_years" in str(error.value)
    assert "session[1].face.passes" in str(error.value)
    assert "more)" not in str(error.value)


def test_of_many_errors_two_are_said():
    text = (
        BASE.replace("= 35", '= "x"').replace("passes = 4", "passes = -1").replace("= 1.0", "= -1")
    )
    with pytest.raises(TreatmentError, match=r"\(and 1 more\)\.$"):
        read(text)
