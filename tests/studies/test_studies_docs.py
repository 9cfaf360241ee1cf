"""docs/study-file.md documents every key and word, and its example can be read and predicted."""

import re
from pathlib import Path

import pytest

from micropen.evidence import load_parameters
from micropen.healing.time_grid import HORIZON_LIMIT
from micropen.observation import scale
from micropen.studies import Role, Statistic, read_study
from micropen.studies.file_format import (
    AgeTable,
    ArmTable,
    BaselineTable,
    DeviceTable,
    FindingTable,
    LengthRange,
    PassesRange,
    StudyTable,
)
from micropen.studies.prediction import predict
from micropen.studies.trial import simulate

PAGE = (Path(__file__).parents[2] / "docs" / "study-file.md").read_text(encoding="utf-8")
TABLES = (StudyTable, ArmTable, FindingTable, DeviceTable)


@pytest.fixture
def example(tmp_path):
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    path = tmp_path / "example2024.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("table", TABLES)
def test_every_field_is_documented(table):
    assert not [field for field in table.model_fields if f"`{field}`" not in PAGE]


@pytest.mark.parametrize("table", [AgeTable, BaselineTable, LengthRange, PassesRange])
def test_every_inner_field_is_documented(table):
    inner = re.findall(r"`[^`]*\{([^`]*)\}`", PAGE)
    assert not [field for field in table.model_fields if not any(field in text for text in inner)]


@pytest.mark.parametrize("words", [Role, Statistic])
def test_every_word_is_documented(words):
    assert not [word for word in words if not re.search(rf'[`"]{word}[`"]', PAGE)]


def test_no_row_documents_a_key_that_does_not_exist():
    known = {field for table in TABLES for field in table.model_fields} | set(Statistic)
    cells = re.findall(r"^\| (`[^|]*`) \|", PAGE, flags=re.MULTILINE)
    keys = [key for cell in cells for key in re.findall(r"`(\w+)`", cell)]
    assert len(keys) > 60
    assert set(keys) <= known


def row(key):
    return re.search(rf"^\| `{key}` \|.*\| ([^|]*) \|$", PAGE, flags=re.MULTILINE)[1]


@pytest.mark.parametrize(
    "key",
    ["female", "melasma", "herpes", "acne_proneness", "sensitivity", "sun_exposure", "active_acne"],
)
def test_what_is_filled_in_is_as_documented(key):
    assert float(row(key)) == load_parameters().value(f"studies.default.{key}")


def test_the_other_defaults_are_as_documented():
    def value(name):
        return f"{load_parameters().value(f'studies.default.{name}'):g}"

    assert row("age_years") == f"{value('age')}, SD {value('age_sd')}"
    assert row("passes") == f"{value('passes_low')} to {value('passes_high')}"
    assert row("interval_days") == value("interval")
    assert value("phototype") == "3"
    assert row("phototypes") == "all III"
    assert value("sd_of_range") == value("baseline_relative_sd") == "0.25"
    assert f"less than {HORIZON_LIMIT:g}" in PAGE


def test_the_example_is_complete_and_can_be_read(example):
    study = read_study(example)
    arm = study.arms["needled"]
    assert [finding.day for finding in study.findings] == [1, 146, 146]
    assert len(arm.protocols) == 4
    assert "passes" in arm.assumed
    assert study.citation.endswith("https://doi.org/10.1000/example")


def test_the_example_is_predicted(example):
    study = read_study(example)
    trials = simulate(study, load_parameters(), trials=20, seed=1)
    for finding in study.findings:
        prediction = predict(finding, scale(finding.scale), trials, seed=1)
        assert prediction.low < prediction.median < prediction.high


def test_the_described_device_can_be_read(example):
    (device,) = re.findall(r"```text\n(device = .*?)\n```", PAGE, flags=re.DOTALL)
    text = example.read_text(encoding="utf-8").replace('device = "SkinPen Precision"', device)
    example.write_text(text, encoding="utf-8")
    used = read_study(example).arms["needled"].protocols[0][0].device
    assert used.label == "study roller"
    assert used.needle_count == 540


def test_the_scales_of_the_page_exist():
    assert (Path(__file__).parents[2] / "docs" / "scales.md").is_file()
