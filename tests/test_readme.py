"""What the README says is run here."""

from __future__ import annotations

import re
import runpy
import shutil
import tomllib
from pathlib import Path

import pytest

from micropen.anatomy import ZONES
from micropen.healing import forecast
from micropen.report import milestones
from micropen.treatment import Treatment, devices
from micropen.workflows.content import session_summaries

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)
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
