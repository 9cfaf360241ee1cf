"""A validation on an outsider's folder: predictions, figures, files, and what is refused."""

from __future__ import annotations

import csv
import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from micropen.errors import MicropenError, OutputError, StudyError
from micropen.evidence import load_parameters
from micropen.studies import Role
from micropen.workflows.validate import ValidationRequest, validate

STUDY = """
format = 1
key = "outsider"
title = "One session of a pen <b>"
citation = "Nobody A (2024). J Test 1:1"
grade = "A"
seen = "all of it"

[arm.pen]
n = 20
device = "SkinPen Precision"
needle_length_mm = 1.0
passes = 4
sessions = 1
zones = ["cheek"]
anaesthetic = "topical"
age_years = { mean = 35, sd = 8, low = 20, high = 60 }
phototypes = { II = 0.5, III = 0.5 }
female = 0.8

[[finding]]
key = "red_day_1"
scale = "erythema_clinician"
statistic = "mean"
day = 1
value = 1.2
sd = 0.7

[[finding]]
key = "red_gone"
scale = "erythema_gone_days"
statistic = "median"
at_most = 7

[[finding]]
key = "red_for_a_year"
scale = "erythema_clinician"
statistic = "mean"
day = 60
value = 3.9
"""

MALFORMED = STUDY.replace('key = "outsider"', 'key = "broken"').replace("n = 20", "n = -3")
UNKNOWN_DEVICE = (
    STUDY.replace('key = "outsider"', 'key = "unknown"')
    .replace("SkinPen Precision", "Wonder Wand")
)  # fmt: skip


def folder_with(place: Path, **files: str) -> Path:
    place.mkdir(exist_ok=True)
    for name, text in files.items():
        (place / f"{name}.toml").write_text(text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    place = tmp_path_factory.mktemp("validation")
    folder = folder_with(
        place / "studies", outsider=STUDY, broken=MALFORMED, unknown=UNKNOWN_DEVICE
    )
    stages = []
    request = ValidationRequest((folder,), place / "out", trials=40, only_given=True)
    found = validate(request, lambda stage, share: stages.append((stage, share)))
    return found, place / "out", stages


def test_every_row_of_an_outsiders_study_gets_a_prediction(answer):
    rows = answer[0].validation.rows
    assert [row.finding.key for row in rows] == [
        "outsider.red_day_1", "outsider.red_gone", "outsider.red_for_a_year",
    ]  # fmt: skip
    for row in rows:
        assert row.given
        assert row.finding.role == "held_out"
        assert row.prediction.low <= row.prediction.median <= row.prediction.high


def test_a_number_that_cannot_be_is_outside_and_a_wide_bound_is_compatible(answer):
    verdicts = {r.finding.key.split(".")[1]: r.verdict for r in answer[0].validation.rows}
    assert verdicts["red_for_a_year"] == "outside"
    assert verdicts["red_gone"] == "compatible"


def test_a_broken_file_and_an_unknown_device_are_told_and_the_rest_goes_on(answer):
    found = answer[0]
    assert found.malformed
    assert found.not_simulated
    sentences = {p.study: p.sentence for p in found.validation.not_used}
    assert "line" in sentences["broken"]
    assert "arm.pen.n" in sentences["broken"]
    assert "Wonder Wand" in sentences["unknown"]


def test_the_figures_count_what_the_rows_say(answer):
    validation = answer[0].validation
    held_out = validation.verdicts["held_out"].model
    assert held_out.rows == 3
    assert held_out.inside == sum(row.score.inside for row in validation.rows)
    assert validation.verdicts["fit"].model.rows == 0
    assert validation.verdicts["held_out"].bounds == 1


def test_the_founding_case_speaks_of_every_sign_of_its_account(answer):
    statements = answer[0].validation.founding_case.statements
    assert {s.sign for s in statements} >= {"erythema", "pain", "lesions", "scaling", "gloss"}
    keys = {s.key: s for s in statements}
    assert keys["pain_order"].probability > 0.5
    assert keys["red_right_after"].predicted_median > keys["pink_day_1"].predicted_median
    for s in statements:
        assert s.inside == (s.probability >= 0.05)


def test_the_folder_holds_page_table_and_json_that_agree(answer):
    found, out, _ = answer
    assert {p.name for p in out.iterdir()} == {
        "validation.html", "validation.csv", "validation.json", "provenance.json",
    }  # fmt: skip
    record = json.loads((out / "validation.json").read_text(encoding="utf-8"))
    table = list(csv.DictReader((out / "validation.csv").read_text("utf-8").splitlines()))
    assert [row["row"] for row in record["rows"]] == [line["row"] for line in table]
    assert record["overall"]["held_out"]["model"]["rows"] == 3
    assert record["rows"][1]["published"]["low"] is None
    assert float(table[0]["predicted_median"]) == pytest.approx(
        found.validation.rows[0].prediction.median, rel=1e-4
    )


def test_the_page_fetches_nothing_and_escapes_what_others_wrote(answer):
    page = (answer[1] / "validation.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in html.unescape(page)
    assert not re.search(r"(src|href)=\"(https?:)?//", page)
    assert " style=" not in page  # the policy would drop it
    assert "One session of a pen &lt;b&gt;" in page
    assert "Nobody 2024" in page


def test_progress_is_told_by_stage_and_ends(answer):
    stages = answer[2]
    assert {stage for stage, _ in stages} == {"virtual trials", "founding case"}
    assert max(share for stage, share in stages if stage == "virtual trials") == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_bytes(answer, tmp_path):
    folder = folder_with(tmp_path / "studies", outsider=STUDY)
    out = tmp_path / "out"
    validate(ValidationRequest((folder,), out, trials=40, only_given=True))
    again = json.loads((out / "validation.json").read_text(encoding="utf-8"))
    first = json.loads((answer[1] / "validation.json").read_text(encoding="utf-8"))
    assert again["rows"] == first["rows"]
    assert again["founding_case"] == first["founding_case"]


def test_a_study_marked_for_fitting_is_held_out_until_it_was_fitted_to(tmp_path):
    marked = STUDY.replace('grade = "A"', 'grade = "A"\nrole = "fit"')
    folder = folder_with(tmp_path / "studies", outsider=marked)
    request = ValidationRequest((folder,), trials=20, only_given=True)
    assert {r.finding.role for r in validate(request).validation.rows} == {Role.HELD_OUT}
    prior = load_parameters(calibrated=False)
    fitted = prior.with_parameter(
        replace(prior["healing.erythema.mediator_gain"], fitted_to=("outsider",))
    )
    rows = validate(request, parameters=fitted).validation.rows
    assert {r.finding.role for r in rows} == {Role.FIT}


def test_another_parameter_set_is_compared_with_the_one_before_calibration(tmp_path):
    folder = folder_with(tmp_path / "studies", outsider=STUDY)
    paler = load_parameters(calibrated=False).with_values({"healing.erythema.mediator_gain": 0.01})
    request = ValidationRequest((folder,), tmp_path / "out", trials=40, only_given=True)
    found = validate(request, parameters=paler).validation
    red = found.rows[0]
    assert red.baseline is not None
    assert red.prediction.median < red.baseline.median
    compared = found.verdicts["held_out"].comparison
    assert compared is not None
    assert compared.rows == 2
    page = (tmp_path / "out" / "validation.html").read_text(encoding="utf-8")
    assert "the same before calibration" in page


@pytest.mark.parametrize("trials", [0, 19, 5001])
def test_a_number_of_trials_out_of_range_is_refused(trials):
    with pytest.raises(MicropenError, match="--trials"):
        ValidationRequest(trials=trials)


def test_only_given_needs_a_folder():
    with pytest.raises(MicropenError, match="--studies"):
        ValidationRequest(only_given=True)


@pytest.mark.parametrize("make", [False, True])
def test_a_missing_or_empty_folder_is_refused_and_nothing_written(tmp_path, make):
    folder, out = tmp_path / "studies", tmp_path / "out"
    if make:
        folder.mkdir()
    with pytest.raises(StudyError, match="studies"):
        validate(ValidationRequest((folder,), out))
    assert not out.exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "letter.txt").write_text("mine", encoding="utf-8")
    folder = folder_with(tmp_path / "studies", outsider=STUDY)
    with pytest.raises(OutputError, match=r"letter\.txt"):
        validate(ValidationRequest((folder,), out))
    assert [p.name for p in out.iterdir()] == ["letter.txt"]


@pytest.mark.slow
def test_the_programs_own_studies_can_all_be_simulated():
    found = validate(ValidationRequest(trials=20))
    assert not found.validation.not_used
    assert found.validation.verdicts["held_out"].model.studies >= 5
    assert found.validation.verdicts["fit"].model.studies >= 10
