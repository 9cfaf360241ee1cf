"""Study files: what they mean, what is filled in, and what is answered to a wrong one."""

import math
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.anatomy import ZONES
from micropen.errors import MicropenError, StudyError
from micropen.evidence import Grade, load_parameters
from micropen.studies import Claim, Role, Statistic, read_study
from micropen.studies.reading import read_with_problems
from micropen.studies.toml_lines import line_numbers, line_of

SMALL = Path(__file__).parent / "data" / "small2024.toml"
TEXT = SMALL.read_text(encoding="utf-8")


def written(folder, text, name="small2024.toml"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def changed(folder, old, new):
    assert TEXT.count(old) == 1, f"{old!r} stands {TEXT.count(old)} times"
    return written(folder, TEXT.replace(old, new))


def line_with(text, part):
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)


def refusal(path):
    with pytest.raises(StudyError) as caught:
        read_study(path)
    return str(caught.value)


# --- what a file means -------------------------------------------------------------------------


def test_sessions_settings_and_zones():
    study = read_study(SMALL)
    pen, roller = study.arms["pen"], study.arms["roller"]
    assert [session.day for session in pen.protocols[0]] == [0.0, 30.0, 60.0]
    assert [session.day for session in roller.protocols[0]] == [0.0, 21.5]
    assert set(pen.protocols[0][0].zones) == {"cheek_left", "cheek_right", "nose"}
    assert pen.read_zones == ("cheek_left",)
    assert roller.read_zones == ZONES
    (protocol,) = roller.protocols
    assert {s.needle_length_mm for s in protocol[0].zones.values()} == {1.5}  # its only length
    assert study.role is Role.HELD_OUT
    assert study.path == SMALL


def test_ranges_become_four_equally_likely_protocols_at_the_midpoints_of_quarters():
    protocols = read_study(SMALL).arms["pen"].protocols
    settings_ = [p[0].zones["nose"] for p in protocols]
    lengths = [s.needle_length_mm for s in settings_]
    passes = [s.passes for s in settings_]
    assert sorted(lengths) == [1.125, 1.375, 1.625, 1.875]
    assert sorted(passes) == [4.5, 5.5, 6.5, 7.5]
    covariance = sum((x - 1.5) * (y - 6) for x, y in zip(lengths, passes, strict=True))
    assert covariance == pytest.approx(0.0)


def test_people_and_what_was_filled_in():
    study = read_study(SMALL)
    pen, roller = study.arms["pen"], study.arms["roller"]
    assert pen.group.phototypes == {3: 0.75, 4: 0.25}
    assert pen.group.age_years.high == 40
    assert pen.assumed[0] == "passes"
    assert "female" not in pen.assumed
    assert "age_years" not in pen.assumed
    assert roller.group.age_years.mean == 35
    assert roller.group.age_years.sd == 10
    assert roller.group.female == 0.8
    assert roller.group.phototypes == {3: 1.0}
    filled_in = {"age_years", "phototypes", "female", "melasma", "herpes", "sensitivity", "zones"}
    assert filled_in <= set(roller.assumed)
    assert "passes" not in roller.assumed
    assert "interval_days" not in roller.assumed


def test_everything_filled_in_is_grade_d_and_ours():
    for parameter in load_parameters().group("studies"):
        assert parameter.grade is Grade.D
        assert parameter.source == "assumed"


def test_claims_moments_and_errors():
    scars, red, difference = read_study(SMALL).findings
    assert scars.key == "small2024.scars"
    assert scars.day == 90
    assert scars.claim is Claim.EQUALS
    assert scars.low == scars.high == 2.2
    assert scars.standard_error == pytest.approx(0.4 / (2 * 1.959964))
    assert math.isnan(scars.sd)
    assert math.isnan(scars.threshold)
    assert (scars.n, difference.n) == (18, 20)
    assert red.day == 0.25
    assert red.claim is Claim.AT_LEAST
    assert (red.low, red.high) == (0.5, math.inf)
    assert (red.role, red.grade, red.facts) == (Role.FIT, Grade.D, ("a", "b"))
    assert (scars.role, scars.grade) == (Role.HELD_OUT, Grade.A)
    assert difference.statistic is Statistic.DIFFERENCE
    assert (difference.claim, difference.low, difference.high) == (Claim.BETWEEN, -1.0, 0.2)


@pytest.mark.parametrize(
    ("age", "mean", "sd", "assumed"),
    [
        ("35", 35, 10, {"age_years.sd"}),
        ("{ low = 20, high = 60 }", 40, 10, {"age_years.mean", "age_years.sd"}),
        ("{ mean = 26, low = 16, high = 40 }", 26, 6, {"age_years.sd", "age_years.low"}),
        ("{ mean = 44, sd = 7 }", 44, 7, set()),
    ],
)
def test_ages(tmp_path, age, mean, sd, assumed):
    path = changed(tmp_path, "{ mean = 30, sd = 5, low = 20, high = 40 }", age)
    arm = read_study(path).arms["pen"]
    assert (arm.group.age_years.mean, arm.group.age_years.sd) == (mean, sd)
    assert arm.group.age_years.low >= 18
    assert {name for name in arm.assumed if name.startswith("age_years")} == assumed


def test_the_age_of_one_person_has_no_spread(tmp_path):
    text = TEXT.replace("n = 20\n", "n = 1\n").replace(
        "{ mean = 30, sd = 5, low = 20, high = 40 }", "33"
    )
    assert read_study(written(tmp_path, text)).arms["pen"].group.age_years.sd == 0


def test_a_baseline_without_spread_gets_one_and_says_so(tmp_path):
    path = changed(tmp_path, "{ mean = 3.0, sd = 0.5 }", "3.0")
    arm = read_study(path).arms["pen"]
    assert arm.baselines["goodman_baron_qualitative"].sd == pytest.approx(0.75)
    assert "baseline.goodman_baron_qualitative.sd" in arm.assumed


def test_a_described_device(tmp_path):
    table = '{ kind = "roller", needle_count = 540, needle_diameter_mm = 0.2, drum_width_mm = 22 }'
    arm = read_study(changed(tmp_path, '"skinpen"', table)).arms["pen"]
    used = arm.protocols[0][0].device
    assert (used.needle_count, used.needle_diameter_mm, used.drum_width_mm) == (540, 0.2, 22)
    assert (used.needle_length_min_mm, used.needle_length_max_mm) == (1.0, 2.0)
    assert used.strike_rate_hz == 0
    assert "device.drum_diameter_mm" in arm.assumed
    assert "device.needle_count" not in arm.assumed


def test_deeper_than_the_label_is_simulated(tmp_path):
    arm = read_study(changed(tmp_path, "low = 1.0, high = 2.0", "low = 2.5, high = 2.5")).arms[
        "pen"
    ]
    (session, *_) = arm.protocols[0]
    assert session.deepest_mm == 2.5 > session.device.evaluated_length_max_mm


def test_a_study_prints_as_one_line():
    assert str(read_study(SMALL)) == (
        "small2024 (held_out): pen: n = 20, SkinPen Precision, 1.125 to 1.875 mm, 3 sessions; "
        "roller: n = 10, Dermaroller MF8, 1.5 mm, 2 sessions; 3 findings"
    )


# --- what is malformed -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ("n = 20", 'n = "20"', "arm.pen.n", "whole number"),
        ("n = 20", "n = -20", "arm.pen.n", "greater than or equal to 1"),
        ("n = 20\n", "", "arm.pen.n", "is missing"),
        ('device = "skinpen"', 'devise = "skinpen"', "arm.pen", "nearest: device"),
        ('device = "skinpen"', "device = 4", "arm.pen.device", "name of a device"),
        ("low = 1.0, high = 2.0", "low = 2.0, high = 1.0", "arm.pen.needle_length_mm", "swap"),
        ("{ low = 1.0, high = 2.0 }", "-1", "arm.pen.needle_length_mm is -1", "greater than 0"),
        ("{ low = 4, high = 8 }", '"four"', "arm.pen.passes", "number, or a table"),
        ("interval_days = 30", "interval_days = 200", "arm.pen.sessions", "day 400"),
        ("[0, 21.5]", "[1, 21.5]", "arm.roller.session_days", "day 0"),
        ("[0, 21.5]", "[0, 0.5]", "arm.roller.session_days", "one day apart"),
        ("[0, 21.5]", "[0]\nsessions = 1", "arm.roller.session_days", "beside sessions"),
        ('["cheek_left"]', '["chin"]', "arm.pen.read_zones", "not in zones"),
        ("female = 0.5", "female = 50", "arm.pen.female", "write 0.5"),
        ("III = 3", "IIII = 3", "arm.pen.phototypes", "IIII"),
        ("III = 3", "III = -3", "arm.pen.phototypes", "0 or more"),
        ("mean = 30", "mean = 50", "arm.pen.age_years", "outside its range"),
        ("baseline.goodman_baron_qualitative", "baseline.goodman_barron", "arm.pen.baseline",
         "goodman_baron_"),
        ('assumed = ["passes"]', 'assumed = ["pases"]', "arm.pen.assumed[1]", "nearest: passes"),
        ('arm = "roller"', 'arm = "rollers"', "finding[2].arm", "pen, roller"),
        ('arm = "roller"\n', "", "finding[2].arm", "is missing"),
        ('"erythema_clinician"', '"erythema_clinican"', "finding[2].scale",
         "nearest: erythema_clinician"),
        ('"mean"', '"meen"', "finding[1].statistic", "nearest: mean"),
        ("value = 2.2\n", "", "finding[1].value", "is missing"),
        ("value = 2.2", "value = nan", "finding[1].value", "finite"),
        ("value = 2.2", "value = 22", "finding[1].value", "goes from 1 to 4"),
        ("value = 2.2", "value = 2.2\nat_most = 3", "finding[1].at_most", "beside value"),
        ("at_least = 0.5", "at_least = 1.5", "finding[2].at_least", "0 to 1"),
        ("at_least = 0.5", "at_least = 50", "finding[2].at_least", "not per cent: write 0.5"),
        ('statistic = "mean"', 'statistic = "mean"\nday = 90', "finding[1].days_after_last",
         "beside day"),
        ("threshold = 1\n", "", "finding[2].threshold", "is missing"),
        ("day = 90", "day = 400", "finding[3].day", "before day 400"),
        ("days_after_last = 30", "days_after_last = 350", "finding[1].days_after_last", "day 410"),
        ("day = 90\n", "", "finding[3].day", "is missing"),
        ("day = 90", "day = -1", "finding[3].day", "greater than or equal to 0"),
        ('versus = "roller"\n', "", "finding[3].versus", "is missing"),
        ('versus = "roller"', 'versus = "pen"', "finding[3].versus", "same arm"),
        ("[-1.0, 0.2]", "[0.2, -1.0]", "finding[3].between", "lower number first"),
        ("ci_95 = [2.0, 2.4]", "ci_95 = 0.4", "finding[1].ci_95", "[low, high]"),
        ("ci_95 = [2.0, 2.4]", "ci_95 = [2.0, 2.4]\nstandard_error = 0.1", "finding[1].ci_95",
         "beside standard_error"),
        ("ci_95 = [2.0, 2.4]", "ci_95 = [2.3, 2.4]", "finding[1].ci_95", "not hold value 2.2"),
        ('"scars"', '"pen_over_roller"', "finding[3].key", "rename"),
        ("format = 1", "format = 2", "format", "should be 1"),
        ('key = "small2024"', 'key = "small2025"', "key", "name of the file"),
        ('grade = "A"', 'grade = "E"', "grade", "known: A, B, C, D"),
        ('grade = "A"', 'grade = "A"\nsource = "dogra2041"', "source", "nearest: dogra2014"),
        ('grade = "A"', 'grade = "A"\nrole = "fitt"', "role", "nearest: fit"),
        ("female = 0.5", 'female = 0.5\nseen = "abstract"', "arm.pen", "top of the file"),
    ],
)  # fmt: skip
def test_a_malformed_file_names_file_line_and_field(tmp_path, old, new, field, said):
    path = changed(tmp_path, old, new)
    text = refusal(path)
    assert text.startswith(f"{path}, line ")
    assert field in text
    assert said in text
    assert text.endswith(".")
    assert text.count("\n") == 0


def test_a_mean_of_a_relative_scale_in_per_cent_is_refused(tmp_path):
    rows = 'scale = "erythema_clinician"\nstatistic = "share"\nthreshold = 1\nhours = 6\n'
    rows += "at_least = 0.5"
    assert rows in TEXT
    new = rows.replace("clinician", "index_change").replace("0.5", "40")
    new = new.replace('"share"\nthreshold = 1', '"mean"')
    text = refusal(written(tmp_path, TEXT.replace(rows, new)))
    assert "goes from -1 to 10; a fraction, not per cent: write 0.4" in text


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("passes = 4\n", 'passes = "four"\n', "passes = "),
        ("hours = 6", "hours = -6", "hours = "),
        ("between = [-1.0, 0.2]", "between = 3", "between = "),
        ('versus = "roller"', 'verses = "roller"', "verses = "),
        ("female = 0.5", "female = 2000", "female = "),
        ("baseline.goodman_baron_qualitative", "baseline.nothing_like_it", "baseline."),
    ],
)
def test_the_line_is_that_of_the_key(tmp_path, old, new, key):
    path = changed(tmp_path, old, new)
    found = re.search(r", line (\d+):", refusal(path))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[int(found[1]) - 1].startswith(key)


def test_a_missing_field_has_the_line_of_its_table(tmp_path):
    path = changed(tmp_path, 'scale = "erythema_clinician"\n', "")
    text = refusal(path)
    assert "finding[2].scale is missing" in text
    headers = [n for n, line in enumerate(path.read_text().splitlines(), 1) if "[[fin" in line]
    assert f"line {headers[1]}:" in text


def test_a_key_that_stands_twice(tmp_path):
    path = changed(tmp_path, "female = 0.5\n", "female = 0.5\nfemale = 0.6\n")
    text = refusal(path)
    assert "female stands twice" in text
    assert f"line {line_with(path.read_text(), 'female = 0.6')}" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"format = ", "not valid TOML"),
        (b"format = " + b"9" * 5000, "not valid TOML"),
        (b"a = " + b"[" * 3000, "not valid TOML"),
        (b"", "format is missing"),
        (b"#" * 1_000_001, "larger than 1 MB"),
        (b"format = 1\nkey = 'small2024'\ntitle='t'\ncitation='c'\ngrade='A'\n[arm]\n", "arm"),
    ],
)
def test_what_is_no_study_at_all(tmp_path, content, said):
    path = written(tmp_path, content)
    text = refusal(path)
    assert str(path) in text
    assert said in text


def test_a_missing_file_and_a_folder(tmp_path):
    assert "does not exist" in refusal(tmp_path / "none.toml")
    assert "is a folder" in refusal(tmp_path)


# --- what cannot be simulated ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said", "key"),
    [
        ('"skinpen"', '"dermapenn"', "nearest: dermapen", "device"),
        ('device = "skinpen"\n', "", "no device is stated", "[arm.pen]"),
        ("needle_length_mm = { low = 1.0, high = 2.0 }\n", "", "no needle length", "[arm.pen]"),
        ("high = 2.0", "high = 2.6", "0.25 to 2.5 mm", "needle_length_mm"),
        ('["cheek", "nose"]', '["forearm"]', "only zones of the face", "zones"),
        ('["cheek", "nose"]', '["cheek", "abdomen"]', "'abdomen'", "zones"),
        ("mean = 30, sd = 5, low = 20, high = 40", "mean = 15, low = 12, high = 17", "adults",
         "age_years"),
        ("sessions = 3", "sessions = 3\nstrike_rate_hz = 40", "116.7 Hz only", "[arm.pen]"),
    ],
)  # fmt: skip
def test_an_arm_that_cannot_be_simulated_is_left_out(tmp_path, old, new, said, key):
    path = changed(tmp_path, old, new)
    study, (problem,) = read_with_problems(path)
    assert list(study.arms) == ["roller"]
    assert [finding.key for finding in study.findings] == ["small2024.red_after_hours"]
    assert (problem.path, problem.study, problem.arm) == (path, "small2024", "pen")
    assert said in problem.sentence
    assert "left out: scars, pen_over_roller" in problem.sentence
    assert f"{path}, line {line_with(path.read_text(), key)}:" in problem.sentence
    assert read_study(path).arms.keys() == {"roller"}


def test_a_study_without_any_arm_to_simulate(tmp_path):
    text = TEXT.replace('"skinpen"', '"laser"').replace('"mf8"', '"laser"')
    path = written(tmp_path, text)
    study, problems = read_with_problems(path)
    assert study is None
    assert [problem.arm for problem in problems] == ["pen", "roller"]
    assert "arm.pen cannot be simulated" in refusal(path)


def test_a_row_of_an_arm_left_out_is_still_checked(tmp_path):
    text = TEXT.replace('"skinpen"', '"laser"').replace("value = 2.2", "value = 22")
    assert "finding[1].value" in refusal(written(tmp_path, text))


# --- lines -------------------------------------------------------------------------------------


def test_lines_of_every_way_to_write_toml():
    text = (
        "# [no.table]\n"
        'a = """\n[b]\nc = 1 # "\n"""\n'
        "d = [ # ]\n  1,\n  { e = 2 },\n]\n"
        "[f.'g.h'] # [\n"
        'i."j k" = "#["\n'
        "[[l]]\n m = '''\n[[l]]\n'''\n[[l.n]]\no = 1\n[[l]]\n[[l.n]]\n[[l.n]]\n  o=[\n]\n"
    )
    tomllib.loads(text)
    lines = line_numbers(text)
    assert line_of(lines, ("a",)) == 2
    assert line_of(lines, ("d", 1, "e")) == 6
    assert line_of(lines, ("f", "g.h")) == 10
    assert line_of(lines, ("f", "g.h", "i", "j k")) == 11
    assert line_of(lines, ("l", 0, "m")) == 13
    assert line_of(lines, ("l", 0, "n", 0, "o")) == 17
    assert line_of(lines, ("l", 1)) == 18
    assert line_of(lines, ("l", 1, "n", 1, "o")) == 21
    assert line_of(lines, ("none",)) == 1
    assert ("b",) not in lines
    assert ("no",) not in lines


def test_lines_with_carriage_returns(tmp_path):
    path = written(tmp_path, TEXT.replace("hours = 6", "hours = -6").replace("\n", "\r\n"))
    assert f"line {line_with(TEXT, 'hours = 6')}:" in refusal(path)


# --- whatever a file holds ---------------------------------------------------------------------

LINES = TEXT.splitlines()
VALUES = st.sampled_from(
    ["true", "-1", "0", "1e308", "nan", "inf", "9" * 400, '""', "''", '"x"', "[]", "[[]]", "{}",
     "{ low = 1 }", "{ low = nan, high = 1 }", "{ mean = inf }", "2024-01-01", "10:00:00",
     "[1, 2]", "[nan, nan]", "[1e308, 9e999]", '{ "" = {} }', "[{}]", '"\\u0000"', "0.5"]
)  # fmt: skip


def answer(folder, content):
    """A study or one of our own sentences; anything else escapes."""
    path = written(folder, content)
    try:
        said = "" if read_study(path).arms else "no arm"
    except MicropenError as error:
        said = str(error)
    assert not said or str(path) in said
    assert "pydantic" not in said


@settings(max_examples=150)
@given(st.integers(0, len(LINES) - 1), VALUES)
def test_any_value_at_any_key(tmp_path_factory, number, value):
    lines = list(LINES)
    if "=" in lines[number]:
        lines[number] = f"{lines[number].split('=')[0]}= {value}"
    answer(tmp_path_factory.mktemp("fuzz"), "\n".join(lines))


@settings(max_examples=150)
@given(st.permutations(LINES), st.integers(0, len(LINES)))
def test_lines_in_any_order_and_number(tmp_path_factory, lines, count):
    answer(tmp_path_factory.mktemp("fuzz"), "\n".join(lines[:count]))


@settings(max_examples=100)
@given(st.integers(0, len(TEXT)), st.text(max_size=5), st.integers(0, 30))
def test_text_cut_and_pasted_anywhere(tmp_path_factory, at, pasted, cut):
    text = TEXT[:at] + pasted + TEXT[at + cut :]
    answer(tmp_path_factory.mktemp("fuzz"), text.encode("utf-8", "surrogatepass"))


@settings(max_examples=50)
@given(st.binary(max_size=60))
def test_any_bytes(tmp_path_factory, content):
    answer(tmp_path_factory.mktemp("fuzz"), content)
