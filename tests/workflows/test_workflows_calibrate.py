"""Calibrate and sensitivity as jobs: what they write, that they repeat, and what they recover."""

import json
from dataclasses import replace

import numpy as np
import pytest

from micropen.calibration.fit import fit
from micropen.calibration.free import free_space
from micropen.calibration.problem import Problem
from micropen.calibration.simulated import simulated_study
from micropen.calibration.target import transformed
from micropen.errors import MicropenError, OutputError
from micropen.evidence import prior_parameters, read_parameter_set
from micropen.studies import load_studies
from micropen.workflows.calibrate import FITTED, CalibrateRequest, calibrate
from micropen.workflows.sensitivity import SensitivityRequest, sensitivity

PAIN = ("punctures.pain.reference_drive", "punctures.pain.roller_factor")
TRIALS = ("elfakahany2016", "luz2017")
HELD_OUT = "hoesly2012"


def quick(folder=None, **changes):
    request = CalibrateRequest(folder, only=PAIN, processes=1, designs=False)
    return calibrate(replace(request, **changes))


@pytest.fixture(scope="module", autouse=True)
def two_trials():
    """Only the trials of pain and one held-out study: the whole fit takes minutes."""
    every = load_studies()
    few = tuple(s for s in every.studies if s.key in (*TRIALS, HELD_OUT))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "micropen.workflows.calibrate.load_studies",
            lambda _folders: replace(every, studies=few),
        )
        yield


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibration") / "out"
    return folder, quick(folder)


@pytest.mark.slow
def test_the_set_that_is_written_is_the_set_that_was_found(fitted):
    folder, answer = fitted
    parameters = read_parameter_set(folder / FITTED)
    for row in answer.numbers:
        assert parameters.value(row.free.parameter) == pytest.approx(row.value, rel=1e-5)
    assert {row.free.parameter for row in answer.numbers} >= set(PAIN)  # and what moved with them
    assert answer.cost <= answer.prior_cost
    assert {row.target.study for row in answer.findings} >= set(TRIALS)


@pytest.mark.slow
def test_the_report_says_what_moved_each_number(fitted):
    folder, answer = fitted
    record = json.loads((folder / "calibration.json").read_text())
    roller = next(row for row in record["numbers"] if row["parameter"].endswith("roller_factor"))
    assert "luz2017" in roller["moved_by"]
    assert 0.0 < roller["shrinkage"] < 1.0
    page = (folder / "calibration.html").read_text()
    assert answer.fitted.version in page
    assert "<script" not in page
    assert "http" not in page


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(fitted, tmp_path):
    folder, _ = fitted
    quick(tmp_path / "again", processes=2)
    for file in sorted(folder.iterdir()):
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name


@pytest.mark.slow
def test_a_held_out_study_is_never_fitted_to(fitted):
    _, answer = fitted
    roles = {f.key: f.role.value for s in load_studies().studies for f in s.findings}
    assert "held_out" in {role for key, role in roles.items() if key.startswith(HELD_OUT)}
    assert {roles[row.target.key] for row in answer.findings} == {"fit"}


@pytest.mark.slow
def test_findings_simulated_from_known_numbers_give_these_back():
    """Three numbers, eight worlds, 90 % intervals: 21.6 of 24 expected, binomial sd 1.5."""
    names = (*PAIN, "punctures.pain.needling_assisted")
    space = free_space(prior_parameters(), names)
    studies = [s for s in load_studies().studies if s.key in TRIALS]
    prepared = [simulated_study(study, space, 0)[0] for study in studies]
    covered = 0
    for world in range(8):
        rng = np.random.default_rng(world)
        truth = rng.normal(size=space.size)
        simulated = []
        for study in prepared:
            found = study.predict(space.parameters(truth))
            values = [
                transformed(t.transform, float(x), t.n) + t.sd * rng.normal()
                for t, x in zip(study.targets, found, strict=True)
            ]
            targets = tuple(
                replace(t, low=v, high=v) for t, v in zip(study.targets, values, strict=True)
            )
            simulated.append(replace(study, targets=targets))
        answer = fit(Problem(space, simulated))
        covered += int(np.sum(np.abs(answer.point - truth) <= 1.6449 * answer.standard_deviations))
    assert 17 <= covered <= 24


def test_nothing_to_fit_is_said():
    with pytest.raises(MicropenError, match="nothing to fit"):
        quick(only=())


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(OutputError, match=r"mine\.txt"):
        quick(tmp_path)
    with pytest.raises(OutputError, match=r"mine\.txt"):
        sensitivity(SensitivityRequest(tmp_path))


def test_too_few_points_are_refused():
    with pytest.raises(MicropenError, match="--draws is 3"):
        SensitivityRequest(None, 3)


@pytest.mark.slow
def test_sensitivity_writes_its_tables(tmp_path, monkeypatch):
    monkeypatch.setattr("micropen.workflows.sensitivity._PREFIXES", ("punctures.pain.",))
    answer = sensitivity(SensitivityRequest(tmp_path / "out", 64))
    record = json.loads((tmp_path / "out" / "sensitivity.json").read_text())
    pain = record["headlines"]["pain"]
    assert pain["inputs"][0]["parameter"].startswith("punctures.pain.")
    assert pain["not_known"] + pain["people_differ"] == pytest.approx(1.0, abs=0.25)
    assert record["headlines"]["flakes_day"]["sd"] == pytest.approx(0.0, abs=1e-9)
    assert (tmp_path / "out" / "sensitivity.csv").read_text().startswith("headline,parameter")
    assert len(answer.rows()) == len(answer.indices.inputs) * len(answer.indices.outputs)
