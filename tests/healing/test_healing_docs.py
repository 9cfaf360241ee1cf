"""docs/model.md keeps up with the processes, their equations and every parameter."""

import importlib
import re
from pathlib import Path

import pytest

from micropen.evidence import load_parameters
from micropen.healing.processes import PROCESSES
from micropen.signs import SIGNS

PAGE = (Path(__file__).parents[2] / "docs" / "model.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("|")
]


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_each_process_has_its_equations_as_in_its_file(process):
    module = importlib.import_module(f"micropen.healing.processes.{process.name}")
    section = PAGE.split(f"### {process.name}\n")[1].split("\n### ")[0]
    lines = (module.__doc__ or "").splitlines()
    equations = [line[4:] for line in lines if line.startswith("    ")]
    assert equations
    assert "\n".join(equations) in section
    for state in process.states:
        assert state.name in section, state.name
    for readout in process.readouts:
        assert f"{readout.sign} " in section


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_each_state_stands_in_the_nomenclature(process):
    for state in process.states:
        assert [f"`{state.name}`", process.name, state.meaning] in ROWS


def test_each_healing_parameter_stands_in_the_nomenclature_with_its_unit():
    for parameter in load_parameters().group("healing"):
        name = re.sub(r"^(zone_\w+)\.\w+$", r"\1.<zone>", parameter.name.removeprefix("healing."))
        found = [row for row in ROWS if row[0] == f"`{name}`"]
        assert len(found) == 1, name
        assert found[0][1] == parameter.unit, name
        assert found[0][2], name


def test_no_row_names_a_parameter_that_is_gone():
    names = {p.name.removeprefix("healing.") for p in load_parameters().group("healing")}
    table = PAGE.split("### Parameters of healing")[1].split("\n### ")[0]
    for name in re.findall(r"^\| `([\w.]+)` \|", table, flags=re.MULTILINE):
        assert name in names, name


def test_each_other_parameter_of_the_dose_is_covered():
    patterns = []
    for text in re.findall(r"`((?:punctures|anatomy)\.[^`]+)`", PAGE):
        escaped = re.escape(text).replace(r"\*", r".+")
        patterns.append(re.compile(re.sub(r"<\w+>", r"\\w+", escaped)))
    for group in ("punctures", "anatomy"):
        for parameter in load_parameters().group(group):
            assert any(p.fullmatch(parameter.name) for p in patterns), parameter.name


def test_each_sign_stands_with_its_unit():
    for sign in SIGNS.values():
        assert any(row[0] == f"`{sign.name}`" and row[1] == sign.unit for row in ROWS), sign.name
