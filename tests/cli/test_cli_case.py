"""``micropen case new`` and ``micropen checkin``: flags, questions, and what people really type."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from micropen.case import COLUMNS, Case
from micropen.cli import main as command_line

Run = Callable[..., tuple[int, str, str]]
CASE = "my case ä 😀"


class Terminal(io.StringIO):
    """What a person types at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def run(monkeypatch, capsys, tmp_path) -> Run:
    """Run a command in a folder of its own: exit code, output, error output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str, typed: str | None = None) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["micropen", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO() if typed is None else Terminal(typed))
        with pytest.raises(SystemExit) as stopped:
            command_line.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(stopped.value.code or 0), out, err

    return call


@pytest.fixture
def case(run, tmp_path) -> Path:
    code, out, _ = run("case", "new", CASE, "--date", "2024-05-08 11:00")
    assert code == 0
    assert f"micropen checkin {CASE}" in out
    return tmp_path / CASE


def rows(case: Path) -> list[str]:
    return (case / "checkins.csv").read_text(encoding="utf-8-sig").splitlines()[1:]


def test_a_new_case_with_the_example_s_date(case):
    assert Case.open(case).first_session == datetime(2024, 5, 8, 11, 0)


def test_a_new_case_of_today(run, tmp_path):
    earliest = date.today()
    assert run("case", "new", "today")[0] == 0
    assert earliest <= Case.open(tmp_path / "today").first_session.date() <= date.today()


def test_a_new_case_of_a_treatment_file(run, tmp_path, founding_case_file):
    code, out, _ = run("case", "new", "copy", "--treatment", str(founding_case_file))
    assert code == 0
    assert "example" not in out
    assert (tmp_path / "copy" / "treatment.toml").read_bytes() == founding_case_file.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([CASE], "is a case already"),
        (["."], "holds something already"),
        (["."], CASE),
        ([f"{CASE}/README.txt"], "is a file"),
        ([f"{CASE}/README.txt/x"], "Not a directory"),
        (["x" * 300], "File name too long"),
        (["x", "--date", "31.02.2027"], "not a day of the calendar"),
        (["x", "--date", "06/07/2027"], "may be 2027-07-06 or 2027-06-07"),
        (["x", "--date", "soon"], "not a date"),
        (["x", "--treatment", "gone.toml"], "gone.toml does not exist"),
        (["x", "--treatment", CASE], "is a folder"),
        (["x", "--treatment", f"{CASE}/README.txt"], "not valid TOML"),
        (["x", "--treatment", f"{CASE}/treatment.toml", "--date", "2024-01-01"], "own dates"),
    ],
)
def test_a_case_that_cannot_be_made(run, case, tmp_path, arguments, says):
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run("case", "new", *arguments)
    assert code == 2
    assert not out
    assert re.fullmatch(r"micropen: [^\n]+\n", err)
    assert says in err
    assert sorted(tmp_path.rglob("*")) == before


def test_flags_are_written_without_a_question(run, case):
    answers = "--redness 4 --pain mild --swelling 3,5 --itching none --peeling 0 --breakouts 2"
    words = ["--no-makeup", "--sun", "little", "--products", "cream; gel", "--note", "tired, ok"]
    when = ["--when", "2024-05-11T21:30"]
    code, out, err = run("checkin", CASE, *answers.split(), *words, *when)
    assert (code, err) == (0, "")
    assert rows(case) == [
        '2024-05-11 21:30,4,mild,3.5,none,0,2,no,little,cream; gel,,"tired, ok"',
    ]
    assert "Day 3.4 since the session of 2024-05-08." in out
    assert "Written to line 2 of" in out
    assert "  pain       mild (0.5 to 3.5)" in out
    assert "  itching    none (0)" in out
    assert "clinician" not in out


def test_a_ticked_or_mentioned_sign_sends_to_a_clinician(run, case):
    flags = ["--warning", "fever", "--warning", "Eiter|eye", "--note", "no fever, blisters"]
    code, out, _ = run("checkin", CASE, *flags, "--when", "2024-05-11")
    assert code == 0
    assert (
        "See a clinician today: you ticked fever or chills; pus or yellow crusts; a red, painful "
        "or swollen eye, or trouble seeing." in out
    )
    assert "See a clinician today: your note speaks of blisters" in out
    (written,) = Case.open(case).check_ins
    assert written.warning_signs == ("fever", "pus", "eye")


def test_letters_that_came_in_undecoded_are_written_and_shown(run, case):
    code, out, _ = run("checkin", CASE, "--note", "caf\udce9\x07", "--when", "2024-05-11")
    assert code == 0
    assert "note  caf?" in out
    assert rows(case) == ["2024-05-11 20:00,,,,,,,,,,,caf?"]


def test_now_is_taken_without_a_time(run, case):
    earliest = datetime.now().replace(second=0, microsecond=0)
    assert run("checkin", CASE, "--pain", "1")[0] == 0
    assert run("checkin", CASE, "--pain", "1", "--when", f"{earliest:%Y-%m-%d}")[0] == 0
    assert all(earliest <= c.when <= datetime.now() for c in Case.open(case).check_ins)


def test_before_the_session_tells_what_is_usual(run, case):
    code, out, _ = run("checkin", CASE, "--redness", "1", "--when", "2024-05-01 11:00")
    assert code == 0
    assert "7.0 days before the session of 2024-05-08: this tells what is usual for you." in out
    assert len(Case.open(case).before) == 1


def test_days_are_counted_from_the_latest_session(run, case):
    text = (case / "treatment.toml").read_text(encoding="utf-8")
    series = "\n[series]\ncount = 2\ninterval_days = 30\n"
    (case / "treatment.toml").write_text(text + series, encoding="utf-8")
    _, out, _ = run("checkin", CASE, "--pain", "1", "--when", "2024-06-08 11:00")
    assert "Day 1.0 since the session of 2024-06-07." in out


def test_a_correction_is_told(run, case):
    flags = ["checkin", CASE, "--when", "2024-05-11 21:30", "--pain"]
    run(*flags, "5")
    _, out, _ = run(*flags, "3")
    assert "Lines 2 and 3 are of one moment" in out
    assert Case.open(case).check_ins[0].scores["pain"].low == 3


def test_a_column_that_was_missing_is_told(run, case):
    (case / "checkins.csv").write_text("when;pain\n", encoding="utf-8")
    _, out, _ = run("checkin", CASE, "--pain", "4.5", "--breakouts", "2", "--when", "2024-05-11")
    assert "The table had no column breakouts; it was added." in out
    assert (case / "checkins.csv").read_text(encoding="utf-8").splitlines() == [
        "when;pain;breakouts",
        "2024-05-11 20:00;4,5;2",
    ]


def test_a_mistake_elsewhere_does_not_keep_the_check_in_out(run, case):
    (case / "checkins.csv").write_text("when,pain\n2024-05-10,abc\n", encoding="utf-8")
    code, out, _ = run("checkin", CASE, "--pain", "4", "--when", "2024-05-11")
    assert code == 0
    assert "note: It was written, but the file needs a correction elsewhere." in out
    assert "line 2, pain: 'abc'" in out
    assert rows(case)[1] == "2024-05-11 20:00,4"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["gone", "--pain", "3"], "gone does not exist; name a case folder"),
        ([".", "--pain", "3"], "not a case folder"),
        ([f"{CASE}/README.txt", "--pain", "3"], "is a file"),
        ([CASE], "there is no terminal to ask at"),
        ([CASE, "--when", "2024-05-09"], "there is no terminal to ask at"),
        ([CASE, "--pain", "11"], "--pain: '11' is outside of 0 to 10"),
        ([CASE, "--pain", "-1"], "--pain: '-1' is outside of 0 to 10"),
        ([CASE, "--pain", "strnog"], "nearest: strong"),
        ([CASE, "--pain", ""], "without an answer"),
        ([CASE, "--breakouts", "many"], "--breakouts: 'many' is not a count of spots"),
        ([CASE, "--sun", "7"], "--sun: '7' is not known"),
        ([CASE, "--warning", "rash"], "--warning: 'rash' is not a warning sign"),
        ([CASE, "--pain", "3", "--when", "2999-01-01"], "lies in the future"),
        ([CASE, "--pain", "3", "--when", "1999-01-01"], "Correct the year"),
        ([CASE, "--pain", "3", "--when", "06/07/2024"], "may be 2024-07-06"),
        ([CASE, "--pain", "3", "--when", "2024-05-09T10:00Z"], "time zone"),
    ],
)
def test_a_check_in_that_cannot_be_written(run, case, arguments, says):
    before = (case / "checkins.csv").read_bytes()
    code, out, err = run("checkin", *arguments)
    assert code == 2
    assert not out
    assert re.fullmatch(r"micropen: [^\n]+\n", err)
    assert says in err
    assert (case / "checkins.csv").read_bytes() == before


@pytest.mark.parametrize("broken", ["pain,redness\n", "when,paim\n", 'when,note\n2024,"open\n'])
def test_a_table_that_cannot_be_told_is_left_as_it_is(run, case, broken):
    (case / "checkins.csv").write_text(broken, encoding="utf-8")
    code, _, err = run("checkin", CASE, "--pain", "3")
    assert code == 2
    assert "checkins.csv" in err
    assert (case / "checkins.csv").read_text(encoding="utf-8") == broken


def test_asked_at_the_terminal(run, case):
    typed = "4\nstrnog\na little\n\n\n\n3\nperhaps\nno\n\ncream\npus\nhot, fever\n"
    code, out, _ = run("checkin", CASE, "--when", "2024-05-11 21:30", typed=typed)
    assert code == 0
    assert rows(case) == [
        '2024-05-11 21:30,4,a little,,,,3,no,,cream,pus,"hot, fever"',
    ]
    assert out.index("Day 3.4") < out.index("How red is your face?")
    assert "'strnog' is not known; nearest: strong" in out
    assert "'perhaps' is neither yes nor no" in out
    ticked = out.index("See a clinician today: you ticked pus")
    assert ticked < out.index("Anything else?"), "at once, and not only at the end"
    assert "your note speaks of fever" in out


def test_every_question_may_be_skipped(run, case):
    code, out, _ = run("checkin", CASE, typed="\n" * (len(COLUMNS) - 1))
    assert code == 0
    assert "Nothing was answered, and so nothing was written." in out
    assert rows(case) == []


def test_stopping_midway_writes_nothing(run, case):
    code, _, err = run("checkin", CASE, typed="4\nmild\n")
    assert code == 130
    assert "interrupted; nothing was written" in err
    assert rows(case) == []
