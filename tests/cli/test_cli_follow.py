"""``micropen follow``: what is printed, how wide, the JSON, and the exit code."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from micropen.case import new_case
from micropen.cli import follow as printing
from micropen.cli import main as command_line
from micropen.cli.follow import lines_of
from micropen.estimation.result import Alert, DateLine, Finding, FitSummary, Level, Record
from micropen.workflows import follow as job
from micropen.workflows.follow import FollowRequest, follow

TREATMENT = """\
title = "Fräulein Ä"
[person]
age_years = 34
sex = "female"
phototype = 2
[[session]]
date = 2026-05-01
time = 11:00:00
device = "SkinPen Precision"
face = { needle_length_mm = 0.75, passes = 4 }
"""
CHECK_INS = """\
when,redness,pain,breakouts
2026-05-01 12:00,8,2,0
2026-05-02 09:00,5,1,0
gestern,3,0,1
"""
LONG = "A sentence that goes on and on, as sentences for people sometimes must, to be exact. " * 3


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """A case of check-ins, followed once for real."""
    work = tmp_path_factory.mktemp("follow")
    folder = new_case(work / "my case ä", TREATMENT)
    lines = CHECK_INS.replace("gestern", "2026-05-03 09:00")
    (folder / "checkins.csv").write_text(lines, encoding="utf-8")
    return follow(FollowRequest(folder, work / "out", now=datetime(2026, 5, 4), pictures=False))


@pytest.fixture
def case(tmp_path) -> Path:
    return new_case(tmp_path / "case", TREATMENT)


def run(monkeypatch, capsys, *arguments: object) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["micropen", "follow", *(str(a) for a in arguments)])
    with pytest.raises(SystemExit) as stopped:
        command_line.main()
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return int(stopped.value.code or 0), out, err


def columns(line: str) -> int:
    """Width on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def last(text: str) -> str:
    return text.strip().splitlines()[-1]


def test_what_matters_is_printed_in_80_columns(monkeypatch, capsys, answered):
    monkeypatch.setattr(printing, "follow", lambda request, report: answered)
    code, out, _ = run(monkeypatch, capsys, "case", "-o", "out")
    assert code == 0
    lines = out.splitlines()
    assert max(columns(line) for line in lines if not line.startswith("Page: ")) <= 80
    assert lines[0].startswith("Fräulein Ä: ")
    for words in (
        "What was learned",
        "Redness others can see",
        "only check-ins",
        "see a clinician",
    ):
        assert words in " ".join(out.split())
    assert lines[-1] == f"Page: {answered.page}"


def test_whatever_is_found_stays_within_80_columns(answered):
    followed = replace(
        answered.followed,
        title="Müller " * 30,
        findings=(Finding("redness", LONG, 0.8, 1.3, 1.1, 1.5, 0.5),),
        dates=(
            DateLine("a", "A very long title of a date " * 3, LONG, LONG, 1.0, 2.0, 3.0, 0.8),
            DateLine("b", "Never", "never", "never", *([float("nan")] * 4)),
        ),
        alerts=tuple(
            Alert(level.name, level, "Title " * 20, LONG, 0.01, (LONG,), LONG, LONG, 3.0)
            for level in Level
        ),
        record=Record((), LONG),
        fit=FitSummary("tempered Monte Carlo", False, LONG),
        notes=tuple(f"{k}: {'x' * 120} {LONG}" for k in range(9)),
    )
    full = replace(answered, followed=followed, contraindications=(LONG, LONG))
    lines = list(lines_of(full))
    assert max(len(line) for line in lines if not line.startswith("Page: ")) <= 80
    assert all("\n" not in line for line in lines)
    assert sum(line.startswith("Contraindicated: ") for line in lines) == 2
    assert sum(line.startswith("Note: ") for line in lines) == 6
    assert lines[-2] == "and 3 more on the page"
    for level in Level:
        assert any(line.startswith(f"{level.value.upper()}: ") for line in lines)


def test_json_is_valid_and_alone_on_the_output(monkeypatch, capsys, answered):
    monkeypatch.setattr(printing, "follow", lambda request, report: answered)
    code, out, _ = run(monkeypatch, capsys, "case", "-o", "out", "--json")
    found = json.loads(out, parse_constant=pytest.fail)
    assert code == 0
    assert Path(found["page"]).is_file()
    assert found["fit"]["converged"] is True
    assert [d["key"] for d in found["dates"]] == [d.key for d in answered.followed.dates]
    assert set(found["seconds"]) == {"learning", "tables and page"}
    assert found["notes"] == list(answered.followed.notes)


def test_options_reach_the_job(monkeypatch, capsys, answered):
    asked = []
    monkeypatch.setattr(
        printing, "follow", lambda request, report: asked.append(request) or answered
    )
    run(monkeypatch, capsys, "case", "-o", "out", "--face", 2, "--seed", 7, "--no-pictures")
    assert asked == [FollowRequest(Path("case"), Path("out"), 2, 7, pictures=False)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("missing", "-o", "out"), "does not exist"),
        ((".", "-o", "out"), "is not a case folder"),
        (("case", "-o", "case"), "take the place of the case"),
        (("case", "-o", "."), "take the place of the case"),
        (("case", "-o", "case/micropen/out"), "take the place of the case"),
        (("case", "-o", "case/treatment.toml"), "is a file"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    monkeypatch, capsys, tmp_path, case, arguments, words
):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(monkeypatch, capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.lstrip().startswith("micropen: ")
    assert words in " ".join(err.split())
    assert {p.name for p in tmp_path.iterdir()} == {"case"}
    assert {p.name for p in case.iterdir()} == {
        "README.txt", "checkins.csv", "micropen", "photos", "treatment.toml"}  # fmt: skip


def test_a_check_in_that_cannot_be_read_is_named(monkeypatch, capsys, tmp_path, case):
    (case / "checkins.csv").write_text(CHECK_INS, encoding="utf-8")
    code, out, err = run(monkeypatch, capsys, case, "-o", tmp_path / "out")
    assert (code, out) == (2, "")
    assert "gestern" in err
    assert not (tmp_path / "out").exists()


def test_an_interrupted_run_says_so_and_leaves_nothing(monkeypatch, capsys, tmp_path, case):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "estimate", interrupted)
    code, out, err = run(monkeypatch, capsys, case, "-o", tmp_path / "out")
    assert code == 130
    assert not out.strip()
    assert last(err) == "micropen: interrupted; nothing was written."
    assert {p.name for p in tmp_path.iterdir()} == {"case"}
