"""Which files are taken, which are set aside, and the sentence for every bad input."""

from __future__ import annotations

import os
import unicodedata
from datetime import datetime

import numpy as np
import pytest
from PIL import Image

from micropen.errors import PhotoError
from micropen.evidence import load_parameters
from micropen.measurement.series import read_series
from micropen.measurement.series.duplicates import (
    largest_block_change,
    noise_correlation,
    set_copies_aside,
)
from micropen.measurement.series.look import look_at

NOW = datetime(2027, 12, 1)


def scene(seed: int, shape=(240, 180), noise: float = 3.0) -> Image.Image:
    """Smooth shading, the same for every seed, with a noise of its own."""
    y, x = np.mgrid[: shape[0], : shape[1]] / max(shape)
    smooth = 120 + 60 * np.sin(3 * x) * np.cos(2 * y)
    rng = np.random.default_rng(seed)
    codes = smooth[..., None] + [30, 0, -20] + noise * rng.standard_normal((*shape, 3))
    return Image.fromarray(np.clip(codes, 0, 255).astype(np.uint8))


def other(seed: int, shape=(240, 180)) -> Image.Image:
    """A picture of something else for every seed."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(20, 230, (6, 5, 3)).astype(np.uint8))
    return small.resize(shape[::-1], Image.Resampling.BICUBIC)


def exif(when: str, orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x0132] = when
    return data


@pytest.fixture
def folder(tmp_path):
    for i, name in enumerate(("pre.jpg", "day00.jpg", "day03.jpg")):
        other(i).save(tmp_path / name)
    return tmp_path


def names(series):
    return [e.name for e in series.entries]


def test_a_folder_gives_its_photographs_and_nothing_else(folder):
    (folder / "notes.txt").write_text("x")
    other(8).save(folder / ".hidden.jpg")
    other(9).save(folder / "micropen-report.png")
    (folder / "more").mkdir()
    other(10).save(folder / "more" / "day05.jpg")
    (folder / "odd.jpg").mkdir()
    assert names(read_series(folder)) == ["pre.jpg", "day00.jpg", "day03.jpg"]


def test_spaces_umlauts_and_capital_endings(tmp_path):
    spelled = unicodedata.normalize("NFD", "Frau Müller tag 3.JPG")
    other(1).save(tmp_path / spelled, "JPEG")
    other(2).save(tmp_path / "vorher größe.png")
    (tmp_path / "series.toml").write_text(
        '[photo."Frau Müller tag 3.JPG"]\nstate = "clean"\n', encoding="utf-8"
    )
    series = read_series(tmp_path)
    assert names(series) == ["vorher größe.png", "Frau Müller tag 3.JPG"]
    assert series.entries[1].state == "clean"


def test_the_same_name_in_two_folders_keeps_its_folder(tmp_path):
    files = []
    for i, place in enumerate(("a", "b")):
        (tmp_path / place).mkdir()
        files.append(tmp_path / place / "day0.jpg")
        other(i).save(files[-1])
    assert names(read_series(files)) == ["a/day0.jpg", "b/day0.jpg"]


def test_a_file_given_twice_counts_once(folder):
    series = read_series([folder, folder / "pre.jpg"])
    assert len(series.entries) == 3
    assert not series.set_aside


def test_an_empty_folder(tmp_path):
    with pytest.raises(PhotoError, match="There is no photograph in"):
        read_series(tmp_path)


def test_a_missing_path(tmp_path):
    with pytest.raises(PhotoError, match=r"There is no file or folder .*nothing"):
        read_series([tmp_path / "nothing"])


def test_one_photograph_only(tmp_path):
    other(1).save(tmp_path / "pre.jpg")
    with pytest.raises(PhotoError, match=r"Two photographs at least .* only one \(pre.jpg\)"):
        read_series(tmp_path)


def test_a_corrupt_file_is_set_aside_and_the_rest_is_kept(folder):
    data = (folder / "day03.jpg").read_bytes()
    (folder / "day04.jpg").write_bytes(data[: len(data) // 2])
    (folder / "day05.jpg").write_bytes(b"no picture at all")
    (folder / "day06.jpg").write_bytes(b"")
    series = read_series(folder)
    assert names(series) == ["pre.jpg", "day00.jpg", "day03.jpg"]
    reasons = {a.name: a.reason for a in series.set_aside}
    assert "damaged or cut short" in reasons["day04.jpg"]
    assert "not a photograph" in reasons["day05.jpg"]
    assert "empty" in reasons["day06.jpg"]


def test_only_corrupt_files_say_why(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    (tmp_path / "b.jpg").write_bytes(b"none either")
    with pytest.raises(PhotoError, match=r"none can be used. a.jpg is not a photograph.*1 more"):
        read_series(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_set_aside(folder):
    (folder / "day00.jpg").chmod(0)
    assert "cannot be read" in read_series(folder).set_aside[0].reason


def test_the_same_bytes_are_set_aside(folder):
    (folder / "zz copy.jpg").write_bytes((folder / "pre.jpg").read_bytes())
    (aside,) = read_series(folder).set_aside
    assert aside.name == "zz copy.jpg"
    assert "same bytes as pre.jpg" in aside.reason


@pytest.mark.parametrize("how", ["compressed", "smaller"])
def test_a_picture_saved_again_is_a_copy_and_no_repeat(tmp_path, how):
    first = scene(1, (960, 720))
    first.save(tmp_path / "pre.png")
    again = first if how == "compressed" else first.resize((480, 640), Image.Resampling.LANCZOS)
    again.save(tmp_path / "shared.jpg", quality=85)
    other(3).save(tmp_path / "day03.jpg")
    (aside,) = read_series(tmp_path).set_aside
    assert aside.name == "shared.jpg"
    assert "saved again" in aside.reason


def test_a_tripod_repeat_is_no_copy(tmp_path):
    for i in (1, 2):
        scene(i, (960, 720)).save(tmp_path / f"{i}.jpg", quality=92)
    files = [(p, p.name, look_at(p)) for p in sorted(tmp_path.iterdir())]
    assert np.abs(files[0][2].thumbnail - files[1][2].thumbnail).mean() < 1.0
    kept, aside = set_copies_aside(files, load_parameters())
    assert len(kept) == 2
    assert not aside


def test_a_change_of_one_spot_is_no_copy_even_with_the_same_noise(tmp_path):
    first = np.asarray(scene(1, (960, 720))).copy()
    spotted = first.copy()
    spotted[400:424, 300:324, 1] -= 20
    Image.fromarray(first).save(tmp_path / "pre.png")
    Image.fromarray(spotted).save(tmp_path / "post.png")
    assert not read_series(tmp_path).set_aside
    a, b = first[..., 1].astype(np.float32), spotted[..., 1].astype(np.float32)
    assert noise_correlation(a, b) > 0.9
    assert largest_block_change(a, b) == pytest.approx(20.0, abs=0.5)


def test_noise_correlation_is_that_of_the_noise():
    rng = np.random.default_rng(0)
    shared, own_a, own_b = rng.standard_normal((3, 400, 400)).astype(np.float32)
    a, b = 128 + shared + own_a, 128 + shared + own_b
    assert noise_correlation(a, b) == pytest.approx(0.5, abs=0.02)
    assert noise_correlation(a, 128 + own_b) == pytest.approx(0.0, abs=0.02)
    assert noise_correlation(np.full_like(a, 255.0), np.full_like(a, 255.0)) == 0.0


def test_mixed_sizes_orientations_and_formats(tmp_path):
    other(1, (300, 200)).save(tmp_path / "2027-06-01.jpg")
    turned = other(2, (300, 200)).transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / "2027-06-02.jpg", exif=exif("2027:06:02 10:00:00", 6))
    other(3, (100, 90)).convert("L").save(tmp_path / "2027-06-03.png")
    other(4, (90, 100)).save(tmp_path / "2027-06-04.webp")
    Image.fromarray(np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)).save(
        tmp_path / "2027-06-05.png"
    )
    assert len(read_series(tmp_path, now=NOW).entries) == 5
    assert look_at(tmp_path / "2027-06-02.jpg").aspect == pytest.approx(200 / 300)


def test_a_thumbnail_is_all_that_is_kept(folder):
    look = look_at(folder / "pre.jpg")
    assert look.thumbnail.shape == (64, 64, 3)
    assert not [
        v for v in vars(look).values() if isinstance(v, np.ndarray) and v.size > 64 * 64 * 3
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_set_aside_and_not_waited_for(folder):
    os.mkfifo(folder / "day09.jpg")
    series = read_series(folder)
    assert names(series) == ["pre.jpg", "day00.jpg", "day03.jpg"]
    (aside,) = series.set_aside
    assert aside.reason.startswith("day09.jpg is no regular file")


def test_unknown_endings_are_counted_in_one_note(folder):
    for name in ("a.BMP", "b.bmp", "c.dng", "notes.txt", "series.toml", ".hidden.bmp"):
        (folder / name).write_text("")
    (note,) = [n for n in read_series(folder).notes if "passed over" in n]
    assert note.startswith("3 files were passed over")
    assert "(2 × .bmp, 1 × .dng)" in note
    named = [folder / "pre.jpg", folder / "day00.jpg"]
    assert not any("passed over" in n for n in read_series(named).notes)


def test_a_folder_of_unknown_endings_says_which(tmp_path):
    (tmp_path / "a.dng").write_text("")
    with pytest.raises(PhotoError, match=r"no photograph in .*One file was .*1 × \.dng"):
        read_series(tmp_path)
