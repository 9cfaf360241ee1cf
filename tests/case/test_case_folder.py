"""The case folder: made whole or not at all, read, written to."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from micropen.case import COLUMNS, Added, Answer, Case, CheckIn, add_check_in, new_case, writing
from micropen.case.locks import file_lock
from micropen.errors import CaseError, MicropenError, OutsideEvidenceError, TreatmentError

NOW = datetime(2026, 6, 1)
root = getattr(os, "geteuid", lambda: 1)() == 0


def everything(folder: Path) -> dict[str, bytes | None]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() if p.is_file() else None
        for p in folder.rglob("*")
    }


def test_a_new_case_is_whole(make_case_folder, founding_case_file):
    folder = make_case_folder()
    assert {p.name for p in folder.iterdir()} == {
        "README.txt",
        "checkins.csv",
        "micropen",
        "photos",
        "treatment.toml",
    }
    assert (folder / "treatment.toml").read_bytes() == founding_case_file.read_bytes()
    assert (folder / "checkins.csv").read_text("utf-8-sig") == ",".join(COLUMNS) + "\n"
    case = Case.open(folder, NOW)
    assert (case.check_ins, case.before, case.notes) == ((), (), ())
    assert case.title == "Founding case"
    assert case.photos.is_dir()
    assert case.kept_folder.is_dir()
    assert os.listdir(folder.parent) == [folder.name], "nothing is left beside it"


def test_days_count_from_the_end_of_the_first_session(make_case_folder):
    case = Case.open(make_case_folder("when,pain", "2026-05-09 22:00,3"), NOW)
    assert case.first_session == datetime(2026, 5, 8, 10, 0)
    assert [case.day_of(c.when) for c in case.check_ins] == [1.5]


def test_an_empty_folder_becomes_the_case(tmp_path, founding_case_file):
    (tmp_path / "there").mkdir()
    folder = new_case(tmp_path / "there", founding_case_file.read_text(encoding="utf-8"))
    assert Case.open(folder, NOW).check_ins == ()


def test_missing_parents_are_made(tmp_path, founding_case_file):
    folder = new_case(tmp_path / "a" / "b", founding_case_file.read_text(encoding="utf-8"))
    assert Case.open(folder, NOW).check_ins == ()


def test_new_folders_have_the_permissions_of_others(make_case_folder, tmp_path):
    (tmp_path / "other").mkdir()
    assert make_case_folder().stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_place_that_is_taken_is_left_alone(make_case_folder, tmp_path, monkeypatch):
    folder = make_case_folder()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x", encoding="utf-8")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "standing").mkdir()
    monkeypatch.chdir(tmp_path / "standing")
    before = everything(tmp_path)
    for place, says in (
        (folder, "is a case already"),
        (tmp_path / "full", r"holds something already \(letter.txt\)"),
        (tmp_path / "file", "is a file"),
        (tmp_path / "standing", "where you are working"),
        (tmp_path / "file" / "below", "cannot be made"),
        (tmp_path / ("long" * 100), "cannot be made"),
        (tmp_path / "zero\0", "cannot be made"),
        (Path("~nobody-of-this-name/case"), "cannot be made"),
    ):
        with pytest.raises(CaseError, match=says):
            new_case(place, "")
        assert everything(tmp_path) == before


@pytest.mark.parametrize(
    ("text", "error"),
    [("", TreatmentError), ("title = ", TreatmentError), ("[person]\nage = 3", TreatmentError)],
)
def test_a_wrong_treatment_leaves_nothing(tmp_path, text, error):
    with pytest.raises(error, match=r"deep.case.treatment\.toml") as refused:
        new_case(tmp_path / "deep" / "case", text)
    assert "unfinished" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_minor_is_refused(tmp_path, founding_case_file):
    text = founding_case_file.read_text(encoding="utf-8").replace("= 35", "= 17")
    with pytest.raises(MicropenError) as refused:
        new_case(tmp_path / "case", text)
    assert isinstance(refused.value, (OutsideEvidenceError, TreatmentError))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(root, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path, founding_case_file):
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(CaseError, match="cannot be made"):
        new_case(tmp_path / "closed" / "case", founding_case_file.read_text(encoding="utf-8"))


def test_what_is_no_case(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for place, says in (
        (tmp_path / "gone", "does not exist"),
        (tmp_path / "file", "is a file"),
        (tmp_path / "file" / "case", "Not a directory"),
        ("zero\0", "cannot be read as a folder"),
        (tmp_path, "holds no treatment.toml"),
    ):
        with pytest.raises(CaseError, match=says):
            Case.open(place)


def test_photos_and_check_ins_may_be_missing(make_case_folder):
    folder = make_case_folder()
    (folder / "checkins.csv").unlink()
    (folder / "photos").rmdir()
    (folder / "micropen").rmdir()
    assert Case.open(folder, NOW).check_ins == ()
    add_check_in(folder, CheckIn(datetime(2026, 5, 9), breakouts=3))
    assert Case.open(folder, NOW).check_ins[0].breakouts == 3


def test_check_ins_that_are_a_folder(make_case_folder):
    folder = make_case_folder()
    (folder / "checkins.csv").unlink()
    (folder / "checkins.csv").mkdir()
    with pytest.raises(CaseError, match="is a folder"):
        Case.open(folder, NOW)
    with pytest.raises(CaseError, match="is a folder"):
        add_check_in(folder, CheckIn(datetime(2026, 5, 9), breakouts=3))


def test_a_check_in_is_written_whatever_else_stands_in_the_file(make_case_folder):
    folder = make_case_folder("when,pain", "2026-05-09 22:00,unreadable")
    added = add_check_in(folder, CheckIn(datetime(2026, 5, 10), {"pain": Answer(3, 4, "")}))
    text = (folder / "checkins.csv").read_text(encoding="utf-8")
    assert text == "when,pain\n2026-05-09 22:00,unreadable\n2026-05-10 00:00,3-4\n"
    assert added == Added(folder / "checkins.csv", 3, ())


def test_columns_that_were_added_are_told(make_case_folder):
    folder = make_case_folder("when,pain", "2026-05-09 22:00,3")
    added = add_check_in(folder, CheckIn(datetime(2026, 5, 10), breakouts=2, note="x"))
    assert added.new_columns == ("breakouts", "note")
    assert Case.open(folder, NOW).check_ins[1].breakouts == 2


def test_a_check_in_into_a_table_that_cannot_be_told_changes_nothing(make_case_folder):
    folder = make_case_folder("pain,redness", "3,4")
    before = everything(folder)
    with pytest.raises(CaseError, match="no column is called when"):
        add_check_in(folder, CheckIn(datetime(2026, 5, 10), breakouts=1))
    assert {n: v for n, v in everything(folder).items() if not n.endswith(".lock")} == before


@pytest.mark.parametrize("note", ["", "  ", "\0", "\x07 \n"])
def test_a_check_in_that_says_nothing_is_not_written(make_case_folder, note):
    folder = make_case_folder()
    with pytest.raises(CaseError, match="without an answer"):
        add_check_in(folder, CheckIn(datetime(2026, 5, 10), note=note))


def test_letters_that_came_in_undecoded_and_control_signs_do_no_harm(make_case_folder):
    folder = make_case_folder()
    add_check_in(folder, CheckIn(datetime(2026, 5, 10), note="caf\udce9\0 \x1b[31mred"))
    assert Case.open(folder, NOW).check_ins[0].note == "caf? [31mred"


def test_permissions_and_links_stay(make_case_folder, tmp_path):
    folder = make_case_folder()
    real = tmp_path / "synced.csv"
    (folder / "checkins.csv").rename(real)
    (folder / "checkins.csv").symlink_to(real)
    real.chmod(0o640)
    add_check_in(folder, CheckIn(datetime(2026, 5, 10), breakouts=1))
    assert (folder / "checkins.csv").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert len(Case.open(folder, NOW).check_ins) == 1


def test_a_locked_case_waits_and_then_says_who_holds_it(make_case_folder, monkeypatch):
    folder = make_case_folder()
    monkeypatch.setattr(writing, "_LONGEST_WAIT_S", 0.05)
    lock = folder / "micropen" / ".checkins.lock"
    with (
        file_lock(lock, "writing a check-in"),
        pytest.raises(CaseError, match=rf"process {os.getpid()}\) is writing a check-in"),
    ):
        add_check_in(folder, CheckIn(datetime(2026, 5, 10), breakouts=1))
    add_check_in(folder, CheckIn(datetime(2026, 5, 10), breakouts=1))


def test_a_lock_file_that_a_dead_run_left_locks_nothing(make_case_folder):
    folder = make_case_folder()
    (folder / "micropen" / ".checkins.lock").write_text("1\n", encoding="utf-8")
    assert add_check_in(folder, CheckIn(datetime(2026, 5, 10), breakouts=1)).line == 2


def test_a_case_folder_where_micropen_is_a_file(make_case_folder):
    folder = make_case_folder()
    (folder / "micropen").rmdir()
    (folder / "micropen").write_text("", encoding="utf-8")
    with pytest.raises(CaseError, match="cannot be written"):
        add_check_in(folder, CheckIn(datetime(2026, 5, 10), breakouts=1))
