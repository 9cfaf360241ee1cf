"""Following a case: what is written, what is refused, what is kept, and kind answers to little."""

from __future__ import annotations

import csv
import json
import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from made_up_following import (
    AFTERWARDS,
    FIRST_DAYS,
    SESSION,
    Measured,
    add_lines,
    add_photos,
    case_with,
    draw_photo,
    few_draws,
    snapshot,
)

from micropen.case import Case, kept
from micropen.errors import MicropenError, OutputError
from micropen.estimation.result import FACE, Axis, Followed
from micropen.report.folder import PROVENANCE, file_digests
from micropen.workflows import follow as job
from micropen.workflows.follow import FollowRequest, follow

TABLES = ("bands.csv", "readings.csv", "follow.json", "course.parquet")
PHOTOS = {"pre.png": -1.0, "day 0.png": 0.1, "day 1.png": 1.0, "day 2.png": 2.0}


@pytest.fixture
def quick(monkeypatch):
    few_draws(monkeypatch)


@pytest.fixture
def measured(monkeypatch, quick) -> Measured:
    stand_in = Measured()
    monkeypatch.setattr(job, "measure_series", stand_in)
    return stand_in


def run(folder: Path, output: Path, now: datetime = AFTERWARDS, progress=None):
    return follow(FollowRequest(folder, output, now=now, pictures=False), progress)


def kept_names(folder: Path) -> set[str]:
    return set(kept(Case.open(folder, AFTERWARDS)).contents)


def band(followed: Followed, key: str, axis: Axis, whose: str = "personal"):
    return next(b for b in getattr(followed, whose) if (b.key, b.axis, b.zone) == (key, axis, FACE))


# What is written.


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A case of check-ins only, followed for real, twice."""
    work = tmp_path_factory.mktemp("alone")
    folder = case_with(work / "my case ä", *FIRST_DAYS)
    first = run(folder, work / "first")
    return folder, first, run(folder, work / "second")


def test_check_ins_alone_are_learned_from(alone):
    _, answer, _ = alone
    followed = answer.followed
    assert followed.fit.converged
    assert followed.today_day == pytest.approx(46.0 / 24.0)
    assert [p.source for p in followed.readings] == ["check-in"] * 9
    assert any("no photographs yet" in note for note in followed.notes)
    # Who marks 8, 5 and 3 is redder than most: the forecast of the marks follows.
    own, anybody = (band(followed, "redness", Axis.DIARY, w) for w in ("personal", "population"))
    at = int(abs(own.days - 3.0).argmin())
    assert own.high[at] - own.low[at] < 0.7 * (anybody.high[at] - anybody.low[at])


def test_the_files_are_whole_and_name_no_person_and_no_place(alone):
    folder, answer, _ = alone
    names = {p.name for p in answer.folder.iterdir()}
    assert names == {*TABLES, "follow.html", PROVENANCE}
    record = json.loads((answer.folder / PROVENANCE).read_text(encoding="utf-8"))
    digests = file_digests(answer.folder)
    assert record["files"] == {k: v for k, v in digests.items() if k != PROVENANCE}
    assert (record["check_ins"], record["photographs"]) == (3, 0)
    text = (answer.folder / PROVENANCE).read_text(encoding="utf-8")
    for private in (str(folder.parent), "Fräulein"):
        assert private not in text


def test_tables_can_be_read_by_machines(alone):
    _, answer, _ = alone
    text = (answer.folder / "follow.json").read_text(encoding="utf-8")
    found = json.loads(text, parse_constant=pytest.fail)
    assert found["fit"]["method"] == answer.followed.fit.method
    assert len(found["findings"]) == len(answer.followed.findings)
    with (answer.folder / "bands.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["whose"] for r in rows} == {"people like you", "you"}
    assert all(float(r["low_5"]) <= float(r["median"]) <= float(r["high_95"]) for r in rows)
    with (answer.folder / "readings.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert sorted((r["key"], float(r["value"])) for r in read if r["key"] == "redness") == [
        ("redness", 3.0), ("redness", 5.0), ("redness", 8.0)]  # fmt: skip


def test_nothing_new_gives_the_same_bytes_and_keeps_one_forecast(alone):
    folder, first, second = alone
    for name in TABLES:
        assert (first.folder / name).read_bytes() == (second.folder / name).read_bytes(), name
    assert len(kept_names(folder)) == 1
    assert not second.followed.record.scores


# Learning day by day.


def test_a_new_check_in_keeps_another_forecast_and_judges_the_first(quick, tmp_path):
    folder = case_with(tmp_path / "case", *FIRST_DAYS)
    run(folder, tmp_path / "out")
    add_lines(folder, *FIRST_DAYS, "2026-05-04 09:00,2,0,2", "2026-05-05 09:00,1,0,2")
    followed = run(folder, tmp_path / "out").followed
    assert len(kept_names(folder)) == 2
    (score,) = followed.record.scores
    assert score.readings == 6
    assert score.data_until_day == pytest.approx(46.0 / 24.0)
    add_lines(folder, *FIRST_DAYS, "2026-05-04 09:00,2,0,2", "2026-05-05 09:00,1,0,2",
              "2026-05-09 09:00,0,0,0")  # fmt: skip
    scores = run(folder, tmp_path / "out").followed.record.scores
    assert [s.readings for s in scores] == [9, 3]


def test_what_is_new_is_what_the_newest_forecast_did_not_know(quick, tmp_path, monkeypatch):
    known = []
    expectation = job.expectation

    def seen(before, latest, known_until_day):
        known.append((known_until_day, before.problem.readings.count))
        return expectation(before, latest, known_until_day)

    monkeypatch.setattr(job, "expectation", seen)
    folder = case_with(tmp_path / "case", *FIRST_DAYS)
    run(folder, tmp_path / "out")  # all but the last visit
    add_lines(folder, *FIRST_DAYS, "2026-05-04 09:00,2,0,2", "2026-05-05 09:00,1,0,2")
    run(folder, tmp_path / "out")  # all that the kept forecast knew
    assert known[0][0] < 46.0 / 24.0
    assert known[0][1] == 6
    assert known[1] == (pytest.approx(46.0 / 24.0), 9)


def test_photographs_are_measured_once_and_again_when_one_has_changed(measured, tmp_path):
    folder = case_with(tmp_path / "case", *FIRST_DAYS)
    add_photos(folder, PHOTOS)
    first = run(folder, tmp_path / "out").followed
    sources = {p.source for p in first.readings}
    assert sources == {"check-in", "day 0.png", "day 1.png", "day 2.png"}
    again = run(folder, tmp_path / "out").followed
    assert len(measured.asked) == 1
    assert again.readings == first.readings
    assert again.notes == first.notes
    draw_photo(folder / "photos" / "day 1.png", "another")
    run(folder, tmp_path / "out")
    assert len(measured.asked) == 2
    add_photos(folder, PHOTOS | {"day 3.png": 3.0})
    run(folder, tmp_path / "out")
    assert len(measured.asked) == 3
    assert "day 3.png" in measured.asked[-1]


def test_another_treatment_measures_again(measured, tmp_path):
    folder = case_with(tmp_path / "case")
    add_photos(folder, PHOTOS)
    run(folder, tmp_path / "out")
    file = folder / "treatment.toml"
    file.write_text(file.read_text(encoding="utf-8") + "[session.zones]\nchin = false\n", "utf-8")
    run(folder, tmp_path / "out")
    assert len(measured.asked) == 2


def test_a_kept_measurement_that_was_changed_is_measured_again_and_named(measured, tmp_path):
    folder = case_with(tmp_path / "case")
    add_photos(folder, PHOTOS)
    first = run(folder, tmp_path / "out").followed
    file = folder / "micropen" / "measured.json"
    file.write_bytes(file.read_bytes().replace(b"0.45", b"0.95"))
    again = run(folder, tmp_path / "out").followed
    assert len(measured.asked) == 2
    assert any("measured.json" in note for note in again.notes)
    assert again.readings == first.readings
    assert not any("measured.json" in n for n in run(folder, tmp_path / "out").followed.notes)


def test_a_kept_forecast_that_was_damaged_is_named_and_the_rest_goes_on(quick, tmp_path):
    folder = case_with(tmp_path / "case", *FIRST_DAYS)
    run(folder, tmp_path / "out")
    (file,) = (folder / "micropen" / "forecasts").iterdir()
    file.write_bytes(file.read_bytes()[:-100])
    (file.parent / "mine.txt").write_text("mine", encoding="utf-8")
    add_lines(folder, *FIRST_DAYS, "2026-05-06 09:00,1,0,1")
    followed = run(folder, tmp_path / "out").followed
    assert not followed.record.scores
    for name in (file.name, "mine.txt"):
        (note,) = (n for n in followed.notes if name in n)
        assert str(tmp_path) not in note
    assert (file.parent / "mine.txt").read_text(encoding="utf-8") == "mine"


# Little to go on.


def test_an_empty_case_is_forecast_as_anybody(quick, tmp_path, monkeypatch):
    monkeypatch.undo()
    folder = case_with(tmp_path / "case")
    followed = run(folder, tmp_path / "out").followed
    assert followed.fit.method == "prior"
    assert (followed.readings, followed.alerts, followed.findings) == ((), (), ())
    assert followed.dates
    assert kept_names(folder) == set()
    own, anybody = (band(followed, "erythema", Axis.SIGN, w) for w in ("personal", "population"))
    assert own.median[3] == pytest.approx(anybody.median[3], rel=0.15)


@pytest.mark.parametrize("missing", [True, False])
def test_a_folder_without_photographs(quick, tmp_path, missing):
    folder = case_with(tmp_path / "case", *FIRST_DAYS)
    shutil.rmtree(folder / "photos")
    if not missing:
        (folder / "photos").mkdir()
        (folder / "photos" / "notes.txt").write_text("no picture", encoding="utf-8")
    followed = run(folder, tmp_path / "out").followed
    assert sum("no photographs yet" in note for note in followed.notes) == 1


def test_a_single_photograph_is_a_note_and_no_error(quick, tmp_path):
    folder = case_with(tmp_path / "case", *FIRST_DAYS)
    add_photos(folder, {"day 1.png": 1.0})
    followed = run(folder, tmp_path / "out").followed
    assert any("Two photographs at least" in note for note in followed.notes)
    assert len(followed.readings) == 9


@pytest.mark.slow
def test_photographs_without_a_face_are_a_note_and_no_error(quick, tmp_path):
    folder = case_with(tmp_path / "case", *FIRST_DAYS)
    add_photos(folder, PHOTOS)
    followed = run(folder, tmp_path / "out").followed
    assert any("photograph" in note for note in followed.notes)
    assert len(followed.readings) == 9
    assert "measured.json" not in kept_names(folder)


def test_photographs_from_before_the_session_only(measured, tmp_path):
    folder = case_with(tmp_path / "case")
    add_photos(folder, {"a.png": -2.0, "b.png": -1.0})
    followed = run(folder, tmp_path / "out").followed
    assert followed.fit.method == "prior"
    assert followed.readings == ()
    assert followed.today_day == 0.0
    assert any("before the first session" in note for note in followed.notes)


def test_a_session_still_to_come_is_a_kind_page(quick, tmp_path):
    folder = case_with(tmp_path / "case", "2026-04-27 09:00,1,0,3")
    followed = run(folder, tmp_path / "out", datetime(2026, 4, 28)).followed
    assert followed.today_day == 0.0
    assert followed.dates
    assert not followed.alerts
    assert followed.notes[0].startswith("Your first session is planned for Friday 1 May 2026")
    assert "people like you" in followed.notes[0]


def test_the_next_session_still_to_come_changes_nothing_today(quick, tmp_path):
    second = '[[session]]\ndate = 2026-06-12\ndevice = "SkinPen Precision"\n' + (
        "face = { needle_length_mm = 0.75, passes = 4 }\n"
    )
    folder = case_with(tmp_path / "case", *FIRST_DAYS)
    file = folder / "treatment.toml"
    file.write_text(file.read_text(encoding="utf-8") + second, encoding="utf-8")
    followed = run(folder, tmp_path / "out", datetime(2026, 5, 4)).followed
    assert len(followed.session_days) == 2
    assert followed.personal[0].days[-1] > followed.session_days[1] + 30.0
    assert not any("planned" in note for note in followed.notes)


def test_a_session_planned_for_after_more_than_a_year_is_no_error(quick, tmp_path):
    folder = case_with(tmp_path / "case", *FIRST_DAYS)
    file = folder / "treatment.toml"
    first = file.read_text(encoding="utf-8")
    later = first[first.index("[[session]]") :].replace("2026-05-01", "2027-07-01")
    file.write_text(f"{first}{later}", encoding="utf-8")
    followed = run(folder, tmp_path / "out", datetime(2026, 5, 4)).followed
    assert followed.session_days == (0.0, 426.0)
    assert len(followed.readings) == 9
    assert followed.personal[0].days[-1] == 400.0


def test_a_check_in_after_more_than_a_year_is_no_error(quick, tmp_path):
    folder = case_with(tmp_path / "case", *FIRST_DAYS, "2027-09-01 09:00,0,0,0")
    followed = run(folder, tmp_path / "out", datetime(2027, 9, 2)).followed
    assert any("400" in note for note in followed.notes)
    assert len(followed.readings) == 9
    assert followed.personal[0].days[-1] > followed.today_day


def test_a_reading_late_in_the_year_still_has_a_forecast_to_keep(quick, tmp_path):
    folder = case_with(tmp_path / "case", "2027-06-04 11:00,0,0,0")
    followed = run(folder, tmp_path / "out", datetime(2027, 6, 6)).followed
    assert followed.today_day == 399.0
    assert len(kept_names(folder)) == 1


# Where the result may stand.


def places(folder: Path) -> dict[str, Path]:
    return {
        "the case": folder,
        "its photographs": folder / "photos",
        "among its photographs": folder / "photos" / "out",
        "what is kept": folder / "micropen",
        "below what is kept": folder / "micropen" / "forecasts",
        "the folder of the case": folder.parent,
        "its check-ins": folder / "checkins.csv",
        "below its check-ins": folder / "checkins.csv" / "out",
    }


@pytest.mark.parametrize("place", list(places(Path())))
@pytest.mark.parametrize("linked", [False, True])
def test_the_result_never_takes_the_place_of_the_case(quick, tmp_path, place, linked):
    folder = case_with(tmp_path / "home" / "case", *FIRST_DAYS)
    add_photos(folder, PHOTOS)
    shutil.rmtree(folder / "micropen")
    os.symlink(tmp_path / "home", tmp_path / "link")
    named = tmp_path / "link" / "case" if linked else folder
    before = snapshot(tmp_path / "home")
    with pytest.raises(MicropenError):
        run(named, places(folder)[place])
    assert snapshot(tmp_path / "home") == before
    assert not (folder / "photos" / "out").exists()


@pytest.mark.parametrize("name", ["a\0b", "~nobody-of-this-name/out", "x" * 300])
def test_what_is_no_name_of_a_folder_is_refused(quick, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError):
        run(case_with(tmp_path / "case"), Path(name))


def test_a_result_inside_the_case_is_replaced_there(quick, tmp_path):
    folder = case_with(tmp_path / "case", *FIRST_DAYS)
    for _ in range(2):
        answer = run(folder, folder / "result")
        assert answer.page == folder / "result" / "follow.html"
        assert answer.page.is_file()


def test_a_folder_of_something_else_is_left_alone(quick, tmp_path):
    folder = case_with(tmp_path / "case", *FIRST_DAYS)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"mine\.txt"):
        run(folder, tmp_path / "out")
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"mine.txt"}


def test_a_second_run_at_the_same_time_is_sent_away(quick, tmp_path):
    folder = case_with(tmp_path / "case", *FIRST_DAYS)

    def progress(stage: str, _share: float) -> None:
        if stage != "learning":
            return
        with pytest.raises(MicropenError, match="Another run"):
            run(folder, tmp_path / "other")

    run(folder, tmp_path / "out", progress=progress)
    assert not (tmp_path / "other").exists()


# Progress.


def test_progress_never_goes_back_and_ends_whole(measured, tmp_path):
    folder = case_with(tmp_path / "case", *FIRST_DAYS)
    add_photos(folder, PHOTOS)
    told: dict[str, list[float]] = {}
    run(folder, tmp_path / "out", progress=lambda s, x: told.setdefault(s, []).append(x))
    assert list(told) == ["files", "learning", "tables and page"]
    for shares in told.values():
        assert shares[0] == 0.0
        assert shares[-1] == 1.0
        assert shares == sorted(shares)
    assert len(told["learning"]) >= 5


def test_days_count_from_the_session(measured, tmp_path):
    folder = case_with(tmp_path / "case")
    add_photos(folder, PHOTOS)
    followed = run(folder, tmp_path / "out").followed
    assert followed.first_session == SESSION
    days = {p.source: round(p.day, 6) for p in followed.readings}
    assert days == {k: v for k, v in PHOTOS.items() if v >= 0.0}
