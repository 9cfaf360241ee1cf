"""The catalogue: the program's studies, a folder's, and what of them cannot be used."""

import shutil
from pathlib import Path

import pytest

from micropen.errors import StudyError
from micropen.evidence import sources
from micropen.observation import scales
from micropen.studies import Role, load_studies
from micropen.studies.catalogue import package_folder

SMALL = Path(__file__).parent / "data" / "small2024.toml"


@pytest.fixture(scope="module")
def package():
    return load_studies()


def test_every_study_of_the_program_can_be_simulated(package):
    assert not [problem.sentence for problem in package.problems]
    files = {path.stem for path in package_folder().glob("*.toml")}
    timelines = {"practice_timelines", "practice_timelines_held_out"}
    assert {study.key for study in package.studies} == files | timelines


def test_findings_have_names_of_their_own_and_known_scales(package):
    keys = [finding.key for study in package.studies for finding in study.findings]
    assert len(keys) == len(set(keys))
    known = scales()
    assert not {f.scale for s in package.studies for f in s.findings} - set(known)


def test_something_is_held_out_and_something_is_left_to_fit(package):
    roles = [finding.role for study in package.studies for finding in study.findings]
    assert roles.count(Role.FIT) > 20
    assert roles.count(Role.HELD_OUT) > 20


def test_a_folder_adds_to_the_program(tmp_path, package):
    shutil.copy(SMALL, tmp_path)
    (tmp_path / "notes.txt").write_text("no study")
    found = load_studies([tmp_path])
    assert [study.key for study in found.studies][-1] == "small2024"
    assert len(found.studies) == len(package.studies) + 1
    assert found.problems == package.problems


def test_what_is_wrong_with_one_file_does_not_stop_the_others(tmp_path, package):
    shutil.copy(SMALL, tmp_path)
    text = SMALL.read_text(encoding="utf-8").replace("small2024", "other")
    (tmp_path / "other.toml").write_text(text.replace('"mf8"', '"laser"'))
    (tmp_path / "a_wrong_one.toml").write_text(text)
    (tmp_path / "broken.toml").write_text("format =")
    (tmp_path / "folder.toml").mkdir()
    found = load_studies([tmp_path])
    new = found.problems[len(package.problems) :]
    assert [(p.study, p.arm) for p in new] == [
        ("a_wrong_one", ""),
        ("broken", ""),
        ("folder", ""),
        ("other", "roller"),
    ]
    assert all(str(problem.path) in problem.sentence for problem in new)
    assert {"small2024", "other"} <= {study.key for study in found.studies}


def test_a_key_that_is_taken(tmp_path, package):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        shutil.copy(SMALL, tmp_path / name)
    found = load_studies([tmp_path / "one", tmp_path / "two"])
    (problem,) = found.problems[len(package.problems) :]
    assert "'small2024' is taken by" in problem.sentence
    assert [s.path.parent.name for s in found.studies if s.key == "small2024"] == ["one"]


def test_folders_that_are_none(tmp_path):
    with pytest.raises(StudyError, match="does not exist"):
        load_studies([tmp_path / "missing"])
    with pytest.raises(StudyError, match="holds no study file"):
        load_studies([tmp_path])
    with pytest.raises(StudyError, match="is no folder"):
        load_studies([SMALL])
    with pytest.raises(StudyError, match="does not exist"):
        load_studies(["a\0b"])


def test_a_study_of_the_program_cites_its_source(tmp_path, monkeypatch):
    shutil.copy(SMALL, tmp_path)
    monkeypatch.setattr("micropen.studies.catalogue.package_folder", lambda: tmp_path)
    (problem,) = load_studies().problems
    assert "source is missing" in problem.sentence
    assert "practice-timelines" in sources()
