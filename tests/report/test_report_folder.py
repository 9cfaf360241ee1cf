from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from micropen.errors import OutputError
from micropen.report.folder import check_place, file_digests, new_folder, sweep_abandoned


def fill(folder: Path, text: str = "page") -> None:
    (folder / "frames").mkdir()
    (folder / "frames" / "a.jpg").write_text(text)
    record = {"program": "micropen", "files": file_digests(folder)}
    (folder / "provenance.json").write_text(json.dumps(record))


def entries(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_report_appears_whole(tmp_path):
    with new_folder(tmp_path / "out") as work:
        fill(work)
        assert not (tmp_path / "out").exists()
    assert entries(tmp_path) == {"out"}
    assert entries(tmp_path / "out") == {"frames", "provenance.json"}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) & 0o700 == 0o700


def write_and_fail(place: Path, failure: BaseException) -> None:
    with new_folder(place) as work:
        fill(work, "new")
        raise failure


@pytest.mark.parametrize("failure", [RuntimeError("x"), KeyboardInterrupt(), OSError(28, "full")])
def test_a_failure_midway_leaves_nothing(tmp_path, failure):
    with pytest.raises((RuntimeError, KeyboardInterrupt, OutputError)):
        write_and_fail(tmp_path / "new" / "deeper" / "out", failure)
    assert entries(tmp_path) == set()


def test_a_failure_midway_keeps_the_earlier_report(tmp_path):
    place = tmp_path / "out"
    with new_folder(place) as work:
        fill(work, "old")
    with pytest.raises(RuntimeError):
        write_and_fail(place, RuntimeError())
    assert (place / "frames" / "a.jpg").read_text() == "old"
    assert entries(tmp_path) == {"out"}


def test_an_earlier_report_is_replaced(tmp_path):
    for text in ("old", "new"):
        with new_folder(tmp_path / "out") as work:
            fill(work, text)
    assert (tmp_path / "out" / "frames" / "a.jpg").read_text() == "new"
    assert entries(tmp_path) == {"out"}


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "out").mkdir()
    with new_folder(tmp_path / "out") as work:
        fill(work)
    assert (tmp_path / "out" / "provenance.json").is_file()


@pytest.mark.parametrize("record", [None, "not json", '{"program": "other", "files": {}}', "[]"])
def test_a_folder_of_something_else_is_never_touched(tmp_path, record):
    place = tmp_path / "holiday"
    place.mkdir()
    (place / "photo.jpg").write_text("dear")
    if record is not None:
        (place / "provenance.json").write_text(record)
    with pytest.raises(OutputError, match="not a report of micropen"), new_folder(place) as work:
        fill(work)
    assert (place / "photo.jpg").read_text() == "dear"


def test_a_report_with_a_note_added_is_not_thrown_away(tmp_path):
    place = tmp_path / "out"
    with new_folder(place) as work:
        fill(work)
    (place / "my notes.txt").write_text("ask about day 4")
    with pytest.raises(OutputError, match=r"my notes\.txt"):
        check_place(place)


def test_a_file_in_the_way_and_a_place_that_cannot_be(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        check_place(tmp_path / "out")
    with pytest.raises(OutputError), new_folder(tmp_path / "out" / "inside"):
        pass


def test_what_the_disk_refuses_is_one_sentence(tmp_path, monkeypatch):
    def full(self, *args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OutputError, match="No space left"), new_folder(tmp_path / "out") as work:
        fill(work)
    assert entries(tmp_path) == set()


def test_a_swap_that_fails_brings_the_earlier_report_back(tmp_path, monkeypatch):
    place = tmp_path / "out"
    with new_folder(place) as work:
        fill(work, "old")
    rename = Path.rename

    def stubborn(self, target):
        if self.suffix == ".partial":
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    with pytest.raises(OutputError, match="Input/output"), new_folder(place) as work:
        fill(work, "new")
    assert (place / "frames" / "a.jpg").read_text() == "old"
    assert entries(tmp_path) == {"out"}


def left_behind(parent: Path, name: str) -> Path:
    folder = parent / name
    (folder / "frames").mkdir(parents=True)
    (folder / "frames" / "face.jpg").write_text("face")
    return folder


def own_name(parent: Path) -> str:
    with new_folder(parent / "probe") as work:
        fill(work)
        return work.name


@pytest.mark.skipif(os.name != "posix", reason="a process can only be asked on POSIX")
def test_what_a_killed_run_left_is_swept_at_the_next_start(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine = own_name(tmp_path / "elsewhere").replace(".probe.", ".out.")
    assert f"-{os.getpid()}." in mine
    theirs = mine.replace(f"-{os.getpid()}.", f"-{gone.pid}.")
    alive, dead = left_behind(tmp_path, mine), left_behind(tmp_path, theirs)
    foreign = left_behind(tmp_path, ".out.4711.partial")
    aside = left_behind(tmp_path, theirs.replace(".partial", ".old"))
    with new_folder(tmp_path / "out") as work:
        assert not dead.exists()
        assert alive.exists()
        assert foreign.exists()
        assert aside.exists()  # the only copy of the earlier report
        fill(work)
    sweep_abandoned(tmp_path)
    assert not aside.exists()


def test_where_a_process_cannot_be_asked_age_decides(tmp_path):
    old = left_behind(tmp_path, ".out.micropen-00000000-1.abcd.partial")
    new = left_behind(tmp_path, ".out.micropen-00000000-2.abcd.partial")
    for path in (old, old / "frames"):
        os.utime(path, (1e9, 1e9))
    sweep_abandoned(tmp_path)
    assert not old.exists()
    assert new.exists()


@pytest.mark.parametrize("given", ["", ".", "..", "/"])
def test_the_working_folder_is_named_and_never_replaced(tmp_path, monkeypatch, given):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    full = str(Path(given).resolve())
    with pytest.raises(OutputError, match="give the name of a new folder") as caught:
        check_place(Path(given))
    assert full in str(caught.value)


def test_errors_name_the_full_path(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError) as caught, new_folder(tmp_path / "file" / "in" / "out"):
        pass
    assert str(tmp_path / "file") in str(caught.value)
    with pytest.raises(OutputError, match="another name"):
        check_place(Path("a\0b"))
