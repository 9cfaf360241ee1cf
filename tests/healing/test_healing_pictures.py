"""The pictures of docs/model.md: each process has one, each is there and is small."""

import re
from pathlib import Path

import pytest
from PIL import Image

from micropen.healing.processes import PROCESSES

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = re.findall(
    r"!\[([^\]]+)\]\((images/model/[\w.]+)\)", (DOCS / "model.md").read_text(encoding="utf-8")
)
DRAWN = {Path(path).stem for _, path in PICTURES}


@pytest.mark.parametrize(("alternative_text", "path"), PICTURES, ids=[path for _, path in PICTURES])
def test_picture_is_there_readable_and_small(alternative_text, path):
    file = DOCS / path
    with Image.open(file) as picture:
        assert picture.width == 800
    assert file.stat().st_size < 60 * 1024
    assert len(alternative_text) > 30


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_each_process_has_a_picture(process):
    assert process.name in DRAWN


def test_no_picture_lies_about_unused():
    assert {file.stem for file in (DOCS / "images" / "model").iterdir()} == DRAWN
