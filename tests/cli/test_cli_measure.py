"""``micropen measure``: what is printed, how wide, and the exit code."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from PIL import Image

from micropen.anatomy import ZONES
from micropen.cli import main as command_line
from micropen.cli.measurement import angle_of
from micropen.measurement.methods import METHODS
from micropen.measurement.result import PhotoRecord, Row, SeriesMeasurement, Verdict
from micropen.treatment.person import typology_angle_of_phototype
from micropen.workflows import measure as job

NAN = math.nan
LONG = "ein sehr langer Dateiname mit Ümläuten und Leerzeichen vom Tag eins.jpg"


def run(monkeypatch, capsys, *arguments: str | Path) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["micropen", "measure", *(str(a) for a in arguments)])
    with pytest.raises(SystemExit) as stopped:
        command_line.main()
    out, err = capsys.readouterr()
    return int(stopped.value.code or 0), out, err


def row(zone: str, method, verdict: Verdict, reason: str = "") -> Row:
    status = "not measurable" if reason else "measured"
    change = NAN if reason else 0.4
    return Row(LONG, None, 1.0, zone, method.sign, method.name, method.unit, NAN, NAN, status,
               reason, change, 0.1, 0.2, verdict)  # fmt: skip


def found(*_arguments, **_options) -> SeriesMeasurement:
    main = [m for m in METHODS if m.main]
    rows = [row(z, main[0], Verdict.NO_CHANGE) for z in ZONES if not z.startswith("cheek")]
    rows += [row(f"cheek_{side}", main[0], Verdict.INCREASED) for side in ("left", "right")]
    reason = "Only 0.9 cm² of bare skin can be compared here; 1.5 cm² are needed: hold hair back."
    rows += [row(z, m, Verdict.CANNOT_TELL, reason) for m in main[1:] for z in ZONES]
    photos = (
        PhotoRecord("vorher.jpg", None, "", 0.0, "", True, is_baseline=True),
        PhotoRecord(LONG, None, "", 1.0, "", True, warnings=("The photograph is soft.",)),
        PhotoRecord("x.jpg", None, "", NAN, "", False, ("No face was found; take another.",)),
    )
    return SeriesMeasurement(photos, tuple(rows), (), (), "vorher.jpg", (), ("A note.",))


@pytest.fixture
def photos(demo_portrait_file, tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(job, "measure_series", found)
    folder = tmp_path / "photos"
    folder.mkdir()
    with Image.open(demo_portrait_file) as image:
        image.convert("RGB").save(folder / "a.png")
        image.convert("RGB").transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "b.png")
    return folder


def test_what_changed_is_printed_in_80_columns(monkeypatch, capsys, photos, tmp_path):
    code, out, _ = run(monkeypatch, capsys, photos, "-o", tmp_path / "out")
    assert code == 0
    lines = out.splitlines()
    assert max(len(line) for line in lines if not line.startswith("Page: ")) <= 80
    for words in ("both cheeks", "baseline", "not used", "not measurable", "A note.", "soft"):
        assert words in out
    assert lines[-1] == f"Page: {(tmp_path / 'out' / 'measurement.html').resolve()}"


def test_json_stays_clean(monkeypatch, capsys, photos, tmp_path):
    code, out, _ = run(monkeypatch, capsys, photos, "-o", tmp_path / "out", "--json")
    record = json.loads(out, parse_constant=pytest.fail)
    assert code == 0
    assert Path(record["page"]).is_file()
    assert record["readings"][0]["verdict"] in {v.value for v in Verdict}


def test_an_empty_folder_is_one_sentence_and_exit_code_2(monkeypatch, capsys, tmp_path):
    (tmp_path / "leer").mkdir()
    code, out, err = run(monkeypatch, capsys, tmp_path / "leer", "-o", tmp_path / "out")
    assert code == 2
    assert not out
    assert err.strip().splitlines()[-1].startswith("micropen: There is no photograph")
    assert not (tmp_path / "out").exists()


def test_output_that_cannot_be_written(monkeypatch, capsys, photos, tmp_path):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    code, _, err = run(monkeypatch, capsys, photos, "-o", tmp_path / "file" / "out")
    assert code == 2
    assert "micropen: " in err


@pytest.mark.parametrize("words", ["VII", "0", "brown", "I-II-III", "nan"])
def test_a_wrong_phototype_is_one_sentence(monkeypatch, capsys, photos, tmp_path, words):
    code, _, err = run(monkeypatch, capsys, photos, "-o", tmp_path / "out", "--phototype", words)
    assert code == 2
    assert f"--phototype is {words!r}; it must be I to VI" in err


def test_phototypes_as_people_write_them():
    assert angle_of("iv") == angle_of("4") == typology_angle_of_phototype(4)
    assert angle_of("II-III") == angle_of("2.5") == typology_angle_of_phototype(2.5)


def test_an_interrupted_run_says_so_and_leaves_nothing(monkeypatch, capsys, photos, tmp_path):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "measure_series", interrupted)
    code, out, err = run(monkeypatch, capsys, photos, "-o", tmp_path / "out")
    assert code == 130
    assert not out.strip()
    assert err.strip().splitlines()[-1] == "micropen: interrupted; nothing was written."
    assert {p.name for p in tmp_path.iterdir()} == {photos.name}


def test_a_missing_treatment_file(monkeypatch, capsys, photos, tmp_path):
    code, _, err = run(
        monkeypatch, capsys, photos, "-o", tmp_path / "out", "--treatment", tmp_path / "none.toml"
    )
    assert code == 2
    assert "none.toml" in err
