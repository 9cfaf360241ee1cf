from __future__ import annotations

import cv2
import numpy as np
import pytest

from micropen.report.film import write_film
from micropen.report.marks import DIGITAL_SOURCE_TYPE
from micropen.report.matroska import read_tags, tagged


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "film.webm"
    ramp = np.tile(np.linspace(0, 200, 96, dtype=np.uint8)[None, :, None], (128, 1, 3))
    write_film(path, [ramp, cv2.add(ramp, 30), ramp[::-1].copy()], "0.1.0")
    return path


def test_the_film_plays_with_all_stops(film):
    capture = cv2.VideoCapture(str(film))
    pictures = []
    while True:
        more, picture = capture.read()
        if not more:
            break
        pictures.append(picture)
    assert pictures[0].shape == (128, 96, 3)
    assert len(pictures) == 3 * 4 + 2 * 2
    assert abs(int(pictures[0][64, 48, 1]) - 100) < 12


def test_the_film_says_that_it_is_simulated(film):
    tags = read_tags(film.read_bytes())
    assert tags["DIGITAL_SOURCE_TYPE"] == DIGITAL_SOURCE_TYPE
    assert DIGITAL_SOURCE_TYPE in tags["XMP"]
    assert "ENCODER" in tags  # what the encoder wrote is still there
    assert DIGITAL_SOURCE_TYPE in film.with_suffix(".xmp").read_text(encoding="utf-8")


def test_the_same_pictures_give_the_same_bytes(film, tmp_path):
    again = tmp_path / "film.webm"
    ramp = np.tile(np.linspace(0, 200, 96, dtype=np.uint8)[None, :, None], (128, 1, 3))
    write_film(again, [ramp, cv2.add(ramp, 30), ramp[::-1].copy()], "0.1.0")
    assert again.read_bytes() == film.read_bytes()


def test_nothing_is_printed(film, capfd, tmp_path):
    write_film(tmp_path / "quiet.webm", [np.zeros((32, 32, 3), np.uint8)], "0.1.0")
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_an_unknown_layout_is_left_alone():
    for data in (b"", b"not a film at all", bytes(64)):
        assert tagged(data, {"TITLE": "x"}) == data
        assert read_tags(data) == {}
