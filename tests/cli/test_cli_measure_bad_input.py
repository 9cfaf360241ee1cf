"""``micropen measure`` on what people really hand it: one sentence, exit code 2, nothing left."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from micropen.cli import main as command_line

GOOD = "vor der Behandlung – Größe ä 😀.jpg"
OTHER = "Tag 1 'nach'.jpg"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path) -> Path:
    place = tmp_path / "Fotos & Bilder 😀"
    place.mkdir()
    return place


@pytest.fixture
def run(monkeypatch, capsys, tmp_path, folder) -> Run:
    """Run the command; whatever happens, nothing may be left where the result would have been."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        before = sorted(tmp_path.iterdir())
        given = [folder, "-o", tmp_path / "out", *arguments]
        monkeypatch.setattr("sys.argv", ["micropen", "measure", *map(str, given)])
        with pytest.raises(SystemExit) as stopped:
            command_line.main()
        out, err = capsys.readouterr()
        assert sorted(tmp_path.iterdir()) == before
        sentences = [line for line in err.splitlines() if line.startswith("micropen: ")]
        assert len(sentences) == 1
        assert "Traceback" not in err
        return int(stopped.value.code or 0), out, sentences[0]

    return call


def picture(path: Path, seed: int = 0) -> Path:
    coarse = np.random.default_rng(seed).integers(0, 255, (40, 40, 3), dtype=np.uint8)
    Image.fromarray(coarse).resize((400, 400)).save(path, quality=90)
    return path


def truncated(path: Path) -> None:
    whole = picture(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: p.write_bytes(b""),
        lambda p: p.write_text("no picture", encoding="utf-8"),
        truncated,
        lambda p: p.symlink_to("gone.jpg"),
        lambda p: p.symlink_to(p.name),
    ],
    ids=["empty file", "text", "cut short", "link to nothing", "link to itself"],
)
def test_a_file_that_cannot_be_read_is_set_aside_beside_a_good_one(run, folder, spoil):
    picture(folder / GOOD)
    spoil(folder / "kaputt.jpg")
    code, out, said = run()
    assert code == 2
    assert not out
    assert f"only one ({GOOD}) can be used" in said
    assert "kaputt.jpg" in said


def test_a_folder_of_other_files_holds_no_photograph(run, folder):
    (folder / "readme.txt").write_text("x", encoding="utf-8")
    (folder / "ordner.jpg").mkdir()
    code, _, said = run()
    assert code == 2
    assert said.startswith("micropen: There is no photograph in")


def test_only_unreadable_files(run, folder):
    for name in ("a.jpg", "b.jpg"):
        (folder / name).write_text("no picture", encoding="utf-8")
    code, _, said = run()
    assert code == 2
    assert "none can be used" in said
    assert "a.jpg is not a photograph" in said


def test_the_same_file_twice_is_one_photograph(run, folder):
    picture(folder / GOOD)
    (folder / OTHER).write_bytes((folder / GOOD).read_bytes())
    code, _, said = run()
    assert code == 2
    assert "only one" in said
    assert "same bytes" in said


def test_a_link_to_a_photograph_is_the_photograph(run, folder):
    picture(folder / GOOD)
    (folder / "noch einmal.jpg").symlink_to(GOOD)
    code, _, said = run()
    assert code == 2
    assert "only one" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sesion = 2026-01-01", "unknown key 'sesion'; nearest: session"),
        ('session = "2026-01-01"', "without quotes"),
        ('[photo."gone.jpg"]\nday = 1', "photo names 'gone.jpg', which is no file of this series"),
        ('state = "drunk"', "does not know 'drunk'"),
        ("session = ", "is not valid TOML"),
        (f'repeats = [["{GOOD}"], ["{GOOD}"]]', "twice"),
    ],
)
def test_a_series_file_with_a_mistake(run, folder, text, said):
    picture(folder / GOOD)
    picture(folder / OTHER, seed=1)
    (folder / "series.toml").write_text(text, encoding="utf-8")
    code, _, sentence = run()
    assert code == 2
    assert said in sentence
    assert "series.toml" in sentence


def test_a_baseline_that_is_no_photograph_of_the_series(run, folder):
    picture(folder / GOOD)
    picture(folder / OTHER, seed=1)
    code, _, said = run("--baseline", "nothing.jpg")
    assert code == 2
    assert "'nothing.jpg' is no photograph of this series" in said
    assert GOOD in said


def test_a_treatment_file_that_is_none(run, folder):
    picture(folder / GOOD)
    picture(folder / OTHER, seed=1)
    (folder / "behandlung.toml").write_text("x = 1", encoding="utf-8")
    code, _, said = run("--treatment", folder / "behandlung.toml")
    assert code == 2
    assert "unknown key 'x'" in said


@pytest.mark.parametrize("place", ["photographs", "something else", "a file"])
def test_what_stands_where_the_result_shall_go_is_left_alone(run, folder, tmp_path, place):
    picture(folder / GOOD)
    picture(folder / OTHER, seed=1)
    target = folder if place == "photographs" else tmp_path / "mine"
    if place == "something else":
        target.mkdir()
        (target / "mine.txt").write_text("mine", encoding="utf-8")
    elif place == "a file":
        target.write_text("mine", encoding="utf-8")
    before = sorted(target.rglob("*")) if target.is_dir() else target.read_bytes()
    code, _, said = run("-o", target)
    assert code == 2
    assert "another" in said or "folder" in said
    assert before == (sorted(target.rglob("*")) if target.is_dir() else target.read_bytes())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_place_that_may_not_be_written(run, folder, tmp_path):
    picture(folder / GOOD)
    picture(folder / OTHER, seed=1)
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    code, _, said = run("-o", locked / "out")
    assert code == 2
    assert "cannot be written" in said
