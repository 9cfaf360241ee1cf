"""Photographs for the tests: the bundled public-domain portrait, and what is made of it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from micropen.portrait import Photo, Portrait, read_photo

TRUTH = Path(__file__).parents[2] / ".." / "shared" / "photos"


@pytest.fixture(scope="session")
def portrait_path() -> Path:
    return Path(str(files("micropen.workflows") / "data" / "demo" / "portrait.png"))


@pytest.fixture(scope="session")
def codes(portrait_path: Path) -> NDArray[np.uint8]:
    with Image.open(portrait_path) as image:
        return np.asarray(image.convert("RGB")).copy()


@pytest.fixture(scope="session")
def photo(portrait_path: Path) -> Photo:
    return read_photo(portrait_path)


@pytest.fixture(scope="session")
def portrait(photo: Photo) -> Portrait:
    return Portrait.from_photo(photo)


@pytest.fixture(scope="session")
def truth() -> Path:
    if not TRUTH.is_dir():
        pytest.skip("the truth photographs (../shared/photos) are not on this machine")
    return TRUTH
