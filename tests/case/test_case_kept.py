"""What the program keeps in a case."""

from __future__ import annotations

import math
from datetime import datetime

import pytest

from micropen.case import Case, case_lock, keep, kept
from micropen.errors import CaseError, OutputError


@pytest.fixture
def case(make_case_folder) -> Case:
    return Case.open(make_case_folder(), datetime(2026, 6, 1))


def test_bytes_and_mappings_come_back(case):
    history = {"made_at": "2026-05-09", "bands": [1.5, 2.0], "ä": {"b": None}}
    path = keep(case, "forecasts/2026-05-09.json", history)
    keep(case, "posterior.bin", b"\0\xff\r\nmicropen")
    assert path == case.kept_folder / "forecasts" / "2026-05-09.json"
    assert kept(case).contents == {
        "forecasts/2026-05-09.json": history,
        "posterior.bin": b"\0\xff\r\nmicropen",
    }
    assert list(kept(case, "forecasts/*.json").contents) == ["forecasts/2026-05-09.json"]
    assert kept(case).notes == ()


def test_a_later_one_takes_the_place(case):
    keep(case, "a.json", {"n": 1})
    keep(case, "a.json", {"n": 2})
    assert kept(case).contents == {"a.json": {"n": 2}}


def test_one_that_cannot_be_kept_leaves_the_earlier(case):
    keep(case, "a.json", {"n": 1})
    with pytest.raises(ValueError, match="Out of range"):
        keep(case, "a.json", {"n": math.nan})
    assert kept(case).contents == {"a.json": {"n": 1}}


@pytest.mark.parametrize("name", ["", "..", "../a", "/a", "a/../b", ".a", "a/.b", "a b", "a/"])
def test_names_stay_below_the_folder(case, name):
    with pytest.raises(ValueError, match="cannot be the name"):
        keep(case, name, b"")


def test_foreign_and_spoiled_files_are_named_and_left_alone(case):
    keep(case, "whole.json", {"n": 1})
    changed, cut = keep(case, "changed.json", {"n": 1}), keep(case, "cut.bin", b"12345")
    changed.write_bytes(changed.read_bytes().replace(b"1}", b"2}").replace(b": 1", b": 2"))
    cut.write_bytes(cut.read_bytes()[:-1])
    (case.kept_folder / "holiday.jpg").write_bytes(b"\xff\xd8")
    (case.kept_folder / "empty.json").write_bytes(b"")
    found = kept(case)
    assert found.contents == {"whole.json": {"n": 1}}
    assert found.notes == (
        "Left alone: micropen/changed.json, which was changed or cut short after it was written.",
        "Left alone: micropen/cut.bin, which was changed or cut short after it was written.",
        "Left alone: micropen/empty.json, which this program did not write.",
        "Left alone: micropen/holiday.jpg, which this program did not write.",
    )
    assert (case.kept_folder / "holiday.jpg").exists()


def test_a_case_without_the_folder_keeps_nothing_yet(case):
    case.kept_folder.rmdir()
    assert kept(case).contents == {}
    keep(case, "a.json", {})
    assert kept(case).contents == {"a.json": {}}


def test_a_folder_that_cannot_be_made(case):
    keep(case, "a", b"")
    with pytest.raises(OutputError, match="Cannot write"):
        keep(case, "a/b", b"")


def test_one_run_at_a_time_and_the_rest_of_a_killed_one_goes(case):
    rest = case.kept_folder / ".a.part.json"
    rest.write_bytes(b"half")
    with case_lock(case):
        assert not rest.exists()
        with pytest.raises(CaseError, match=r"is following the case in .*wait"), case_lock(case):
            pass
    with case_lock(case):
        pass
    assert kept(case).contents == {}
