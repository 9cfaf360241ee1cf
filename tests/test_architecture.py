"""The examples of docs/architecture.md are run here, and the pages name what is there."""

import re
import runpy
import shutil
from pathlib import Path

import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.healing import RISKS
from micropen.measurement.face_view import FaceView
from micropen.measurement.measured_signs import MEASURED_SIGNS
from micropen.measurement.method import Method
from micropen.measurement.methods import METHODS
from micropen.measurement.pair_of_itself import pair_of_itself
from micropen.measurement.result import Verdict
from micropen.measurement.series.series_file import PhotoTable, SeriesTable
from micropen.measurement.series.states import State
from micropen.measurement.table import FILES, READINGS
from micropen.portrait import Portrait

DOCS = Path(__file__).parents[1] / "docs"
SOURCE = DOCS.parent / "src" / "micropen"


def blocks(page, language):
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


@pytest.mark.slow
def test_the_python_example_runs(tmp_path, monkeypatch, capsys, founding_case_file):
    _, example = blocks("architecture.md", "python")
    (study,) = blocks("study-file.md", "toml")
    (tmp_path / "my-studies").mkdir()
    (tmp_path / "my-studies" / "example2024.toml").write_text(study, encoding="utf-8")
    (tmp_path / "example.py").write_text(example, encoding="utf-8")
    shutil.copy(founding_case_file, tmp_path / "treatment.toml")
    monkeypatch.chdir(tmp_path)
    made = runpy.run_path("example.py")
    assert 0.0 < float(made["still_red"]) < 1.0
    assert made["macrophages"].shape[-1] == 29
    printed = capsys.readouterr().out
    assert all(risk.name in printed for risk in RISKS)
    assert "example2024.redness_next_day 1.3" in printed


def test_every_room_and_file_named_is_there():
    text = (DOCS / "architecture.md").read_text(encoding="utf-8").split("## What is added how")[0]
    rooms = {path.stem for path in SOURCE.iterdir() if not path.name.startswith(("_", "py."))}
    outside, *insides = re.split("Inside `(?:healing|measurement|estimation|planning)/`", text)
    for room in rooms:
        assert re.search(rf"`{room}/?`", outside), room
    for folder in re.findall(r"`(?!src/)([a-z_/]+)/`", outside):
        assert (SOURCE / folder).is_dir(), folder
    rooms_inside = ("healing", "measurement", "estimation", "planning")
    for room, inside in zip(rooms_inside, insides, strict=True):
        for name in re.findall(r"`([a-z_]+(?:\.py|/))`", inside):
            assert (SOURCE / room / name).exists(), name


@pytest.mark.parametrize("room", ["measurement", "estimation", "planning"])
def test_every_part_of_a_room_is_named(room):
    text = (DOCS / "architecture.md").read_text(encoding="utf-8").split("## What is added how")[0]
    inside = text.split(f"Inside `{room}/`")[1].split("\nInside ")[0]
    named = set(re.findall(r"`([a-z_]+)(?:\.py|/)`", inside))
    there = {path.stem for path in (SOURCE / room).iterdir() if path.name[0] != "_"}
    assert there == named


def test_the_example_of_a_method_reads_a_pair(demo_portrait_file):
    example, _ = blocks("architecture.md", "python")
    made = {}
    exec(compile(example, "architecture.md", "exec"), made)
    method = made["LIGHTNESS"]
    assert isinstance(method, Method)
    pair = pair_of_itself(FaceView.of(Portrait.read(demo_portrait_file)), 40.0)
    read = method.read(pair).zones
    assert set(read) == set(ZONES)
    seen = [reading for reading in read.values() if not reading.reason]
    assert seen
    assert all(reading.change == 0.0 for reading in seen)
    assert all(30.0 < reading.value < 90.0 and np.isfinite(reading.sd) for reading in seen)


def test_every_method_sign_column_and_verdict_of_a_measurement_is_described():
    text = (DOCS / "measurement.md").read_text(encoding="utf-8")
    read = text.split("## What is read")[1].split("##")[0]
    for name in {m.name for m in METHODS} | {m.sign for m in METHODS} | set(MEASURED_SIGNS):
        assert f"`{name}`" in read or f"| {name}" in read, name
    table = text.split("## The table")[1].split("##")[0]
    for column in READINGS:
        assert f"`{column.name}`" in table, column.name
    for file in FILES:
        assert f"`{file}`" in text, file
    verdicts = text.split("## The verdicts")[1].split("##")[0]
    assert all(verdict.value in verdicts for verdict in Verdict)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("less than {} cm²", "unmixing.least_area_cm2"),
        ("or {} px of bare skin", "unmixing.least_pixels"),
        ("tone not stated and read below {}°", "unmixing.darkest_unstated_angle_deg"),
        ("\\|change\\| beyond {}", "unmixing.largest_erythema"),
        ("gloss, shine | fewer than {} px/mm", "unmixing.highlight_px_per_mm"),
        ("| lesions | {} px/mm", "lesions.least_px_per_mm"),
        ("alignment {} mm, 30 % of the zone", "lesions.most_alignment_error_mm"),
        ("| scaling | {} px/mm", "scaling.least_px_per_mm"),
        ("alignment {:.1f} mm, 30 % usable", "scaling.most_alignment_error_mm"),
        ("turned by more than {}°", "relief.most_turn_deg"),
        ("turned by more than 8°; {} px/mm", "relief.least_px_per_mm"),
        ("or {} times the other's", "relief.most_blur_ratio"),
        ("| brown spots | {} px/mm", "spots.least_px_per_mm"),
        ("there are no {} mm² of spots", "spots.least_area_mm2"),
    ],
)
def test_the_limits_of_a_measurement_are_today_s(words, name):
    text = (DOCS / "measurement.md").read_text(encoding="utf-8")
    value = load_parameters().value(f"measurement.{name}")
    shown = f"{value:.1f}" if "{:.1f}" in words else f"{value:g}"
    assert re.sub(r"\{.*?\}", shown, words) in text.split("## Not measurable")[1], shown


def test_every_key_and_state_of_a_series_file_is_described():
    text = (DOCS / "photo-series.md").read_text(encoding="utf-8")
    told = text.split("## The series file")[1].split("\n## ")[0]
    for key in {*SeriesTable.model_fields, *PhotoTable.model_fields} - {"photo"}:
        assert re.search(rf"\b{key}\b", told), key
    assert "[photo." in told
    for state in State:
        assert f"`{state.value}`" in told, state


def test_every_linked_page_and_picture_is_there():
    for page in DOCS.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (DOCS / target).exists(), f"{page.name}: {target}"
