"""``micropen validate``: what is printed, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from micropen.cli import main as command_line

STUDY = """
format = 1
key = "outsider"
title = "One session of a pen"
citation = "Nobody A (2024). J Test 1:1"
grade = "A"

[arm.pen]
n = 20
device = "{device}"
needle_length_mm = 1.0
passes = 4
sessions = 1
zones = ["cheek"]
phototypes = {{ II = 0.5, III = 0.5 }}

[[finding]]
key = "red_day_1"
scale = "erythema_clinician"
statistic = "mean"
day = 1
{claim}
"""


def run(monkeypatch, capsys, *arguments: str | Path) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["micropen", "validate", *(str(a) for a in arguments)])
    with pytest.raises(SystemExit) as stopped:
        command_line.main()
    out, err = capsys.readouterr()
    return int(stopped.value.code or 0), out, err


@pytest.fixture
def folder(tmp_path) -> Path:
    place = tmp_path / "studies"
    place.mkdir()
    text = STUDY.format(device="SkinPen Precision", claim="value = 1.2\nsd = 0.7")
    (place / "outsider.toml").write_text(text, encoding="utf-8")
    return place


def short(folder: Path) -> tuple[str | Path, ...]:
    return ("--studies", folder, "--only-given", "--trials", "20")


def test_a_good_folder_is_printed_with_everything(monkeypatch, capsys, folder):
    code, out, _ = run(monkeypatch, capsys, *short(folder))
    assert code == 0
    for words in ("outsider", "red_day_1", "1.2 (SD 0.7)", "held out", "Overall", "Founding case"):
        assert words in out


def test_json_stays_clean_and_names_the_page(monkeypatch, capsys, folder, tmp_path):
    code, out, _ = run(monkeypatch, capsys, *short(folder), "--json", "-o", tmp_path / "out")
    record = json.loads(out)
    assert code == 0
    assert record["rows"][0]["study"] == "outsider"
    assert record["rows"][0]["predicted"]["p05"] <= record["rows"][0]["predicted"]["p95"]
    assert Path(record["page"]).is_file()


@pytest.mark.parametrize(
    ("name", "text", "code", "words"),
    [
        ("no_toml", "this is no TOML", 2, "not valid TOML"),
        (
            "unknown_device",
            STUDY.format(device="Wonder Wand", claim="value = 1").replace(
                '"outsider"', '"unknown_device"'
            ),
            3,
            "Wonder Wand",
        ),
    ],
)
def test_the_exit_code_tells_what_was_left_out_and_the_rest_is_written(
    monkeypatch, capsys, folder, tmp_path, name, text, code, words
):
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    found, out, _ = run(monkeypatch, capsys, *short(folder), "-o", tmp_path / "out")
    assert found == code
    assert words in " ".join(out.split())
    rows = json.loads((tmp_path / "out" / "validation.json").read_text(encoding="utf-8"))["rows"]
    assert [row["study"] for row in rows] == ["outsider"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--studies", "nowhere"), "nowhere"),
        (("--trials", "3"), "--trials is 3"),
        (("--only-given",), "--studies"),
        (("-o", "pyproject.toml"), "pyproject.toml"),
        (("--parameters", "pyproject.toml"), "not a fitted set"),
    ],
)
def test_bad_input_is_one_sentence_and_code_2(monkeypatch, capsys, tmp_path, arguments, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    code, out, err = run(monkeypatch, capsys, *arguments)
    assert code == 2
    assert out == ""
    assert [words in line for line in err.splitlines() if line.startswith("micropen: ")] == [True]


def test_a_narrow_terminal_gets_lines_instead_of_a_broken_table(monkeypatch, capsys, folder):
    monkeypatch.setattr("micropen.cli.validation._console", lambda: Console(width=80))
    code, out, _ = run(monkeypatch, capsys, *short(folder))
    assert code == 0
    assert "mean erythema clinician, day 1 (n 20, held out, grade A)" in out
    assert "published 1.2 (SD 0.7); predicted" in out
    assert "would say so" in out
    assert "┃ what" not in out


def test_a_study_without_findings_is_told(monkeypatch, capsys, folder):
    path = folder / "outsider.toml"
    path.write_text(path.read_text(encoding="utf-8").split("[[finding]]")[0], encoding="utf-8")
    code, out, _ = run(monkeypatch, capsys, *short(folder))
    assert code == 3
    assert "states no [[finding]]" in " ".join(out.split())


@pytest.mark.parametrize("code", [130, 143])
def test_an_interrupted_run_says_that_nothing_was_written(monkeypatch, capsys, code):
    def interrupted() -> None:
        raise SystemExit(code)

    monkeypatch.setattr(command_line, "app", interrupted)
    with pytest.raises(SystemExit) as stopped:
        command_line.main()
    assert stopped.value.code == code
    assert capsys.readouterr().err == "micropen: interrupted; nothing was written.\n"
