"""Bad input gets one clear sentence, exit code 2, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from micropen.cli import main as command_line


def run(monkeypatch, capsys, *arguments: str | Path) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["micropen", *(str(a) for a in arguments)])
    with pytest.raises(SystemExit) as stopped:
        command_line.main()
    out, err = capsys.readouterr()
    code = stopped.value.code
    return (0 if code is None else int(code)), out, err


def sentence_of(err: str) -> str:
    """The program's sentence, among the progress bars on the same stream."""
    lines = [line for line in err.splitlines() if line.startswith("micropen: ")]
    assert len(lines) == 1, err
    return lines[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("bad")


@pytest.fixture(scope="module")
def photos(folder, demo_portrait_file) -> dict[str, Path]:
    """Photographs that cannot be used, by what is wrong with them."""
    portrait = cv2.imread(str(demo_portrait_file))
    head = portrait[20:260, 120:340]
    pictures = {
        "no face": np.full((400, 400, 3), 127, np.uint8),
        "two faces": np.hstack([head, head]),
        "small face": cv2.resize(portrait, (120, 120), interpolation=cv2.INTER_AREA),
        "blurred": cv2.GaussianBlur(portrait, (0, 0), 6),
        "clipped": np.clip(portrait.astype(np.float32) * 1.7, 0, 255).astype(np.uint8),
        "dark": (portrait * 0.10).astype(np.uint8),
    }
    files = {}
    for name, picture in pictures.items():
        files[name] = folder / f"{name.replace(' ', '_')}.png"
        cv2.imwrite(str(files[name]), picture)
    whole = demo_portrait_file.read_bytes()
    for name, content in {
        "empty": b"",
        "text": b"this is not a photograph\n",
        "truncated": whole[: len(whole) // 2],
    }.items():
        files[name] = folder / f"{name}.png"
        files[name].write_bytes(content)
    files["missing"] = folder / "nowhere.jpg"
    files["folder"] = folder
    return files


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("missing", "nowhere.jpg"),
        ("folder", "folder"),
        ("empty", "empty"),
        ("text", "text.png"),
        ("truncated", "truncated"),
        ("no face", "face"),
        ("two faces", "faces"),
        ("small face", "small"),
        ("blurred", "blur"),
        ("clipped", "overexposed"),
        ("dark", "dark"),
    ],
)
def test_photograph_that_cannot_be_used(
    monkeypatch, capsys, tmp_path, photos, founding_case_file, wrong, words
):
    place = tmp_path / "report"
    code, out, err = run(
        monkeypatch, capsys, "forecast", photos[wrong], founding_case_file, "-o", place
    )
    assert code == 2
    assert words in sentence_of(err).lower()
    assert out == ""
    assert not list(tmp_path.iterdir())


GOOD_SESSION = """
[[session]]
date = 2026-05-08
device = "SkinPen Precision"
face = { needle_length_mm = 1.0, passes = 4 }
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[person\nage_years = 35\n", ("line",)),
        ("[person]\nage_years = 35\nphototype = 2\n", ("session",)),
        ("[person]\nage_years = 15\nphototype = 2\n" + GOOD_SESSION, ("18",)),
        (
            "[person]\nbirth_date = 2027-01-01\nphototype = 2\n" + GOOD_SESSION,
            ("birth",),
        ),
        (
            "[person]\nage_years = 35\nphototype = 2\n"
            + GOOD_SESSION.replace("SkinPen Precision", "SkinPan Precison"),
            ("SkinPan Precison", "skinpen-precision"),
        ),
        (
            "[person]\nage_years = 35\nphototype = 2\n"
            + GOOD_SESSION
            + "[session.zones]\nforhead = { needle_length_mm = 0.5 }\n",
            ("forhead", "forehead"),
        ),
        (
            "[person]\nage_years = 35\nphototype = 2\n"
            + GOOD_SESSION.replace("needle_length_mm = 1.0", "needle_length_mm = -1.0"),
            ("needle_length_mm", "-1"),
        ),
        (
            "[person]\nage_years = 35\nphototype = 2\n"
            + GOOD_SESSION.replace("needle_length_mm = 1.0", "needle_length_mm = 4.0"),
            ("4", "2.5"),
        ),
        (
            "[person]\nage_years = 35\nphototype = 2\n"
            + GOOD_SESSION.replace("2026-05-08", "2026-02-30"),
            ("line",),
        ),
        ("[person]\nage_years = 35\nphototype = 9\n" + GOOD_SESSION, ("phototype", "9")),
    ],
)
def test_treatment_that_cannot_be(monkeypatch, capsys, tmp_path, demo_portrait_file, text, words):
    file = tmp_path / "treatment.toml"
    file.write_text(text, encoding="utf-8")
    code, out, err = run(
        monkeypatch, capsys, "forecast", demo_portrait_file, file, "-o", tmp_path / "report"
    )
    assert code == 2
    for word in words:
        assert word in sentence_of(err)
    assert out == ""
    assert [p.name for p in tmp_path.iterdir()] == ["treatment.toml"]


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--days", "0", "--days"),
        ("--days", "401", "400"),
        ("--days", "nan", "--days"),
        ("--draws", "1", "20"),
        ("--face", "7", "Face 7"),
    ],
)
def test_option_outside_its_range(
    monkeypatch, capsys, tmp_path, demo_portrait_file, founding_case_file, option, value, words
):
    place = tmp_path / "report"
    code, _, err = run(
        monkeypatch, capsys, "forecast", demo_portrait_file, founding_case_file,
        "-o", place, option, value,
    )  # fmt: skip
    assert code == 2
    assert words in sentence_of(err)
    assert not place.exists()


def test_output_that_is_not_ours_is_left_alone(monkeypatch, capsys, tmp_path):
    place = tmp_path / "letters"
    place.mkdir()
    (place / "letter.txt").write_text("mine")
    code, _, err = run(monkeypatch, capsys, "demo", "-o", place)
    assert code == 2
    assert "letter.txt" in sentence_of(err)
    assert [p.name for p in place.iterdir()] == ["letter.txt"]


def test_output_that_is_a_file(monkeypatch, capsys, tmp_path):
    place = tmp_path / "report"
    place.write_text("mine")
    code, _, err = run(monkeypatch, capsys, "demo", "-o", place)
    assert code == 2
    assert "is a file" in sentence_of(err)
    assert place.read_text() == "mine"


def test_unknown_parameter_group_names_the_nearest(monkeypatch, capsys):
    code, _, err = run(monkeypatch, capsys, "parameters", "heeling")
    assert code == 2
    assert "healing" in sentence_of(err)


def test_fault_of_the_program_is_one_sentence(monkeypatch, capsys):
    def broken(as_json: bool) -> None:
        raise ZeroDivisionError("seven")

    monkeypatch.setattr("micropen.cli.catalogue.print_zones", broken)
    monkeypatch.delenv("MICROPEN_DEBUG", raising=False)
    code, _, err = run(monkeypatch, capsys, "zones")
    assert code == 1
    assert "ZeroDivisionError: seven" in sentence_of(err)
