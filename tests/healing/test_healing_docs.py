"""docs/model.md keeps up with the processes, their equations and every parameter."""

import importlib
import re
from pathlib import Path

import pytest

from micropen.evidence import load_parameters, prior_parameters
from micropen.healing import RISKS
from micropen.healing.processes import PROCESSES
from micropen.signs import SIGNS
from micropen.treatment import People, Person

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


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_each_process_shows_its_picture_parameters_limits_and_what_was_rejected(process):
    section = PAGE.split(f"### {process.name}\n")[1].split("\n### ")[0].split("\n## ")[0]
    assert re.search(rf"!\[[^\]]{{20,}}\]\(images/model/{process.name}\.png\)", section)
    assert "*Limits.*" in section
    assert "*Rejected.*" in section
    cited = prior_parameters()
    for name in process.parameters:
        p = cited[f"healing.{process.name}.{name}"]
        unknown, people = (
            f"{sd:g}" if sd else "-" for sd in (p.uncertainty_sd, p.between_person_sd)
        )
        row = f"| `{name}` | {p.value:g} | {unknown} | {people} | {p.source} ({p.grade.value}) |"
        assert row in section, row


@pytest.mark.parametrize("risk", RISKS, ids=lambda risk: risk.name)
def test_each_complication_stands_with_its_sources(risk):
    table = PAGE.split("## Complications")[1].split("\n## ")[0]
    (row,) = [line for line in table.splitlines() if line.startswith(f"| `{risk.name}` |")]
    assert any(source in row for source in risk.sources)
    for name in risk.parameters:
        if name.startswith(("healing.risks.", "healing.milestones.")):
            assert f"{prior_parameters().value(name):g}" in row, name


def test_each_covariate_of_people_stands_in_the_table_of_covariates():
    table = PAGE.split("### Population")[1].split("\n### ")[0]
    words = {"male": "sex", "age_years": "age", "sun_exposure": "sun"}
    words["acne_proneness"] = "acne-proneness"
    for name in People.of(Person(age_years=30, phototype=3), 1).arrays():
        assert words.get(name, name).replace("_", " ").replace("acne pro", "acne-pro") in table, (
            name
        )


def test_each_sign_stands_with_its_unit():
    for sign in SIGNS.values():
        assert any(row[0] == f"`{sign.name}`" and row[1] == sign.unit for row in ROWS), sign.name
