"""The bundled portrait as it is, enlarged, and at 16 bits; the founding course."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

from micropen.healing import Course, forecast
from micropen.portrait import Photo, Portrait, read_photo
from micropen.treatment import Treatment


@pytest.fixture(scope="session")
def portrait(demo_portrait_file: Path) -> Portrait:
    return Portrait.read(demo_portrait_file)


@pytest.fixture(scope="session")
def fine_portrait(demo_portrait_file: Path) -> Portrait:
    """The face alone, enlarged until flakes and points are resolved, and declared sharp."""
    photo = read_photo(demo_portrait_file)
    x, y = Portrait.from_photo(photo).face.landmarks[:468, :2].T
    left, right = int(x.min()) - 20, int(x.max()) + 20
    top, bottom = int(y.min()) - 50, int(y.max()) + 15
    crop = np.ascontiguousarray(photo.encoded[max(top, 0) : bottom, max(left, 0) : right])
    large = cv2.resize(crop, None, fx=6, fy=6, interpolation=cv2.INTER_CUBIC)
    found = Portrait.from_photo(dataclasses.replace(photo, encoded=large))
    return dataclasses.replace(found, quality=dataclasses.replace(found.quality, sharpness_px=0.8))


@pytest.fixture(scope="session")
def deep_portrait(portrait: Portrait) -> Portrait:
    """The same photograph with 16 bits a channel."""
    photo: Photo = portrait.photo
    codes = photo.encoded.astype(np.uint16) * 257
    return dataclasses.replace(
        portrait, photo=dataclasses.replace(photo, encoded=codes, bit_depth=16)
    )


@pytest.fixture(scope="session")
def course(founding_case_file: Path) -> Course:
    return forecast(Treatment.read(founding_case_file), days=60, draws=20, seed=2)


@pytest.fixture(scope="session")
def truth() -> Path:
    folder = Path(__file__).parents[3] / "shared" / "photos"
    if not folder.is_dir():
        pytest.skip("the truth photographs (../shared/photos) are not on this machine")
    return folder
