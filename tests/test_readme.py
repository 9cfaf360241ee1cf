"""What the README says is run here."""

from __future__ import annotations

import re
import runpy
import shutil
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from micropen.anatomy import ZONES
from micropen.cli.main import app
from micropen.healing import forecast
from micropen.report import milestones
from micropen.treatment import Treatment, devices
from micropen.workflows.content import session_summaries

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)  # the first
    assert found is not None
    return found.group(1)


def test_the_demo_s_words_are_today_s(founding_case_file):
    treatment = Treatment.read(founding_case_file)
    course = forecast(treatment)
    zones = tuple(zone for zone in ZONES if zone in treatment.zones)
    lines = milestones(
        course.dataset,
        session_summaries(treatment),
        zones,
        melasma=treatment.person.melasma,
        phototype=treatment.person.phototype,
    )
    width = max(len(line.title) for line in lines)
    words = "".join(f"  {line.title:<{width}}  {line.words}\n" for line in lines)
    assert block("text") == words, f"put this into the README:\n{words}"


@pytest.mark.slow
def test_the_study_s_finding_and_the_validation_s_words_are_today_s(tmp_path):
    page = (ROOT / "docs" / "study-file.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    (shown,) = re.findall(r"```toml\n(\[\[finding\]\].*?)```", README, flags=re.DOTALL)
    assert (
        tomllib.loads(shown)["finding"][0].items() <= tomllib.loads(example)["finding"][0].items()
    )
    folder = tmp_path / "my-studies"
    folder.mkdir()
    (folder / "example2024.toml").write_text(example, encoding="utf-8")
    command = ["validate", "--studies", str(folder), "--only-given"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    rows = [line for line in done.stdout.splitlines() if line.startswith("│ example2024")]
    cells = [[cell.strip() for cell in row.strip("│").split("│")] for row in rows]
    words = "".join(f"{row[1]}: {row[4]}; predicted {row[5]}: {row[6]}\n" for row in cells)
    (kept,) = re.findall(
        r"<!-- output of: micropen validate .*? -->\n```text\n(.*?)```", README, flags=re.DOTALL
    )
    assert kept == words, f"put this into the README:\n{words}"


def test_the_treatment_file_is_read():
    treatment = Treatment.from_dict(tomllib.loads(block("toml")))
    assert treatment.sessions[0].device.needle_count == 14
    assert treatment.sessions[0].zones["nose"].needle_length_mm == 0.5


@pytest.mark.slow
def test_the_python_example_runs(tmp_path, monkeypatch, demo_portrait_file, founding_case_file):
    shutil.copy(demo_portrait_file, tmp_path / "portrait.png")
    shutil.copy(founding_case_file, tmp_path / "treatment.toml")
    (tmp_path / "example.py").write_text(block("python"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    runpy.run_path("example.py")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Founding case" in page
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "example.py", "portrait.png", "report.html", "treatment.toml",
    ]  # fmt: skip


@pytest.mark.slow
def test_the_measured_days_of_the_forecast_are_today_s(tmp_path, monkeypatch):
    (commands,) = re.findall(r"```console\n(\$ mkdir series\n.*?)```", README, flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    for words in (
        ["example", "start"],
        ["forecast", "start/portrait.png", "start/treatment.toml", "-o", "my-report"],
    ):
        done = run(app, words)
        assert done.exit_code == 0, done.output
    (tmp_path / "series").mkdir()
    shutil.copy("start/portrait.png", "series/before.png")
    (days,) = re.findall(r"expected_day_00\{(.*?)\}", commands)
    for day in days.split(","):
        shutil.copy(f"my-report/frames/expected_day_00{day}.jpg", "series")
    (measure,) = re.findall(r"\.venv/bin/micropen (measure .*)", commands)
    done = run(app, measure.split())
    assert done.exit_code == 0, done.output
    words = "\n".join(without_warnings(done.stdout.strip("\n").split("\n\n")[0])) + "\n"
    (kept,) = re.findall(r"<!-- output of: micropen measure .*? -->\n```text\n(.*?)```", README,
                         flags=re.DOTALL)  # fmt: skip
    assert kept == words, f"put this into the README:\n{words}"


@pytest.mark.slow
def test_the_followed_case_is_today_s(tmp_path, monkeypatch):
    (commands,) = re.findall(r"```console\n(\$ micropen case new.*?)```", README, flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    assert run(app, ["example", "start"]).exit_code == 0
    for command in re.findall(r"\$ micropen (.*)", commands):
        done = run(app, command.split())
        assert done.exit_code == 0, done.output
    words = done.stdout.split("\nNote: ")[0].strip("\n") + "\n"
    (kept,) = re.findall(
        r"<!-- output of: micropen follow .*? -->\n```text\n(.*?)```", README, flags=re.DOTALL
    )
    assert kept == words, f"put this into the README:\n{words}"


def test_the_plan_is_today_s(tmp_path, monkeypatch):
    (commands,) = re.findall(r"```console\n(\$ micropen person.*?)```", README, flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    for line in commands.splitlines():
        done = CliRunner().invoke(app, line.removeprefix("$ micropen ").split("#")[0].split())
        assert done.exit_code == 0, done.output
    words = done.stdout.split("\nNote:")[0].rstrip() + "\n"
    (kept,) = re.findall(r"<!-- output of: micropen plan .*? -->\n```text\n(.*?)```", README,
                         flags=re.DOTALL)  # fmt: skip
    assert kept == words, f"put this into the README:\n{words}"


def without_warnings(text):
    """Leave out lines that warn of a photograph, and their continuation."""
    warned = False
    for line in text.splitlines():
        warned = line.startswith("    ! ") or (warned and line.startswith(" " * 6))
        if not warned:
            yield line


def test_the_commands_are_tasks():
    tasks = runpy.run_path(str(ROOT / "tasks.py"))["COMMANDS"]
    for command in re.findall(r"python3 tasks\.py (\w+)", README):
        assert command in tasks


def test_the_numbers_in_words_are_true():
    assert len(devices()) == 10
    assert len(ZONES) == 13


def test_every_linked_file_is_there():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
