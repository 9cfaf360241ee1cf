"""The command line: what it prints, and what it does not load."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib

import pytest

from micropen import __version__
from micropen.anatomy import ZONES
from micropen.cli import main as command_line
from micropen.evidence import load_parameters
from micropen.observation import scales
from micropen.studies import load_studies
from micropen.treatment import devices


def printed(monkeypatch, capsys, *arguments: str) -> str:
    monkeypatch.setattr("sys.argv", ["micropen", *arguments])
    with pytest.raises(SystemExit) as stopped:
        command_line.main()
    assert stopped.value.code in (0, None)
    return str(capsys.readouterr().out)


def test_version(monkeypatch, capsys):
    assert printed(monkeypatch, capsys, "--version").strip() == f"micropen {__version__}"


def test_help_names_every_command(monkeypatch, capsys):
    text = printed(monkeypatch, capsys, "--help")
    for command in ("forecast", "demo", "example", "devices", "zones", "parameters", "sources"):
        assert f"  {command}" in text


def assert_loads_none_of(modules: tuple[str, ...], imported: str) -> None:
    """In a fresh interpreter, since this one has long loaded everything."""
    script = (
        f"import sys, {imported}\n"
        f"loaded = sorted(set({modules!r}) & set(sys.modules))\n"
        "sys.exit(f'loaded at start: {loaded}' if loaded else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_help_loads_nothing_heavy():
    heavy = ("numpy", "scipy", "cv2", "numba", "xarray", "pandas", "pydantic", "PIL")
    assert_loads_none_of(heavy, "micropen.cli.main")


def test_plan_loads_nothing_of_pictures_and_tables():
    unneeded = (
        *("pandas", "xarray", "cv2"),
        *("micropen.portrait", "micropen.appearance", "micropen.rendering"),
        *("micropen.measurement", "micropen.calibration", "micropen.studies"),
    )
    assert_loads_none_of(unneeded, "micropen.cli.plan, micropen.workflows.plan")


def test_devices_are_the_catalogue(monkeypatch, capsys):
    rows = json.loads(printed(monkeypatch, capsys, "devices", "--json"))
    assert [row["name"] for row in rows] == sorted(devices())
    assert {14, 12, 6, 16, 192} <= {row["needles"] for row in rows}
    assert {"pen", "roller", "stamp"} == {row["kind"] for row in rows}
    assert all(row["grade"] in "ABCD" and row["sources"] for row in rows)


def test_zones_in_the_program_s_order(monkeypatch, capsys):
    rows = json.loads(printed(monkeypatch, capsys, "zones", "--json"))
    assert tuple(row["name"] for row in rows) == ZONES


def test_every_parameter_is_listed_with_its_grade(monkeypatch, capsys):
    rows = json.loads(printed(monkeypatch, capsys, "parameters", "--json"))
    assert {row["name"] for row in rows} == set(load_parameters().members)
    assert all(row["grade"] in "ABCD" and row["unit"] and row["source"] for row in rows)


def test_one_group_of_parameters(monkeypatch, capsys):
    rows = json.loads(printed(monkeypatch, capsys, "parameters", "punctures", "--json"))
    assert rows
    assert all(row["name"].startswith("punctures.") for row in rows)


def test_sources_are_listed(monkeypatch, capsys):
    rows = json.loads(printed(monkeypatch, capsys, "sources", "--json"))
    cited = {p.source for p in load_parameters()}
    assert cited <= {row["key"] for row in rows}


@pytest.mark.parametrize("command", ["devices", "zones", "parameters", "sources", "studies"])
def test_tables_for_people(monkeypatch, capsys, command):
    text = printed(monkeypatch, capsys, command)
    assert "peer-reviewed" in text
    assert "grade" in text


def test_scales_are_those_of_study_files(monkeypatch, capsys):
    rows = json.loads(printed(monkeypatch, capsys, "scales", "--json"))
    assert [row["name"] for row in rows] == sorted(scales())
    assert all(row["what"] and row["mapping"] and row["kind"] for row in rows)


def test_scales_with_a_word(monkeypatch, capsys):
    text = printed(monkeypatch, capsys, "scales", "erythema")
    assert "erythema_clinician" in text
    assert "lemperle_wrinkle" not in text


def test_a_word_that_no_scale_has_is_told(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["micropen", "scales", "cholesterol"])
    with pytest.raises(SystemExit) as stopped:
        command_line.main()
    assert stopped.value.code == 2
    assert "No scale has 'cholesterol'" in capsys.readouterr().err


def test_studies_are_listed_with_their_role(monkeypatch, capsys):
    rows = json.loads(printed(monkeypatch, capsys, "studies", "--json"))
    assert {row["key"] for row in rows} == {study.key for study in load_studies().studies}
    assert {row["role"] for row in rows} == {"fit", "held_out", "check"}
    assert all(row["findings"] > 0 and row["grade"] in "ABCD" for row in rows)


def test_example_writes_files_to_start_from(monkeypatch, capsys, tmp_path):
    text = printed(monkeypatch, capsys, "example", str(tmp_path / "start"))
    assert "micropen forecast" in text
    written = sorted(p.name for p in (tmp_path / "start").iterdir())
    assert written == ["portrait.png", "treatment.toml"]
    table = tomllib.loads((tmp_path / "start" / "treatment.toml").read_text(encoding="utf-8"))
    assert table["session"][0]["device"] == "SkinPen Precision"
