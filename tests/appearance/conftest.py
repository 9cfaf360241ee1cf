"""The bundled portrait and its canvas."""

from __future__ import annotations

from pathlib import Path

import pytest

from micropen.appearance import Canvas, canvas_of
from micropen.portrait import Portrait


@pytest.fixture(scope="session")
def portrait(demo_portrait_file: Path) -> Portrait:
    return Portrait.read(demo_portrait_file)


@pytest.fixture(scope="session")
def canvas(portrait: Portrait) -> Canvas:
    return canvas_of(portrait, seed=3)
