from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from micropen.errors import OutputError
from micropen.report.folder import check_place, file_digests, new_folder


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
