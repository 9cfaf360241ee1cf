"""The quality gate: what is refused, what is only remarked, always in words one can act on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from micropen.anatomy.zones import ZONES
from micropen.errors import FaceError
from micropen.evidence import load_parameters
from micropen.portrait import Photo, Portrait
from micropen.portrait.quality import Measures, assess
from micropen.portrait.sharpness import point_spread_sd

GOOD = Measures(
    iris_distance_px=400.0,
    px_per_mm=6.3,
    sharpness_px=0.8,
    clipped_share=0.0,
    brightness=0.3,
    colourfulness=0.5,
    yaw_deg=2.0,
    pitch_deg=-3.0,
    roll_deg=1.0,
    zone_status=dict.fromkeys(ZONES, "good"),
)


def changed(photo: Photo, change: Callable[[np.ndarray], np.ndarray]) -> Photo:
    return replace(photo, encoded=np.ascontiguousarray(change(photo.encoded)))


def test_a_good_photograph_has_nothing_to_say() -> None:
    quality = assess(GOOD, load_parameters())
    assert quality.usable
    assert quality.measurable
    assert quality.reasons == ()
    assert quality.warnings == ()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"iris_distance_px": 30.0}, "too small"),
        ({"yaw_deg": -40.0}, "turned 40° to the side"),
        ({"pitch_deg": 35.0}, "looks 35° up"),
        ({"pitch_deg": -35.0}, "looks 35° down"),
        ({"sharpness_px": 20.0}, "blurred"),
        ({"clipped_share": 0.3}, "30% of the skin is overexposed"),
        ({"brightness": 0.005}, "too dark"),
        ({"colourfulness": 0.0}, "no colour"),
        ({"zone_status": dict.fromkeys(ZONES, "not visible")}, "13 of 13 zones"),
    ],
)
def test_refusals_say_why(change: dict[str, object], says: str) -> None:
    quality = assess(replace(GOOD, **change), load_parameters())
    assert not quality.usable
    assert not quality.measurable
    assert len(quality.reasons) == 1
    assert says in quality.reasons[0]
    assert "; " in quality.reasons[0]  # ... and what to do


@pytest.mark.parametrize(
    ("change", "says", "measurable"),
    [
        ({"yaw_deg": 24.0}, "far cheek", False),
        ({"pitch_deg": -24.0}, "forehead and chin", False),
        ({"clipped_share": 0.08}, "8% of the skin", False),
        ({"brightness": 0.02}, "dark", False),
        ({"sharpness_px": 8.0}, "soft", False),
        ({"px_per_mm": 2.0}, "2.0 px/mm", True),
        ({"zone_status": {**GOOD.zone_status, "jaw_left": "not visible"}}, "jaw left", True),
        ({"zone_status": {**GOOD.zone_status, "chin": "partly covered"}}, "chin", True),
    ],
)
def test_warnings_say_what_suffers(
    change: dict[str, object], says: str, *, measurable: bool
) -> None:
    quality = assess(replace(GOOD, **change), load_parameters(), ("Turned.",))
    assert quality.usable
    assert quality.measurable is measurable
    assert quality.warnings[0] == "Turned."
    assert any(says in warning for warning in quality.warnings[1:])


def test_bundled_portrait_passes_with_its_limits_named(portrait: Portrait) -> None:
    assert portrait.quality.usable
    assert portrait.quality.px_per_mm == pytest.approx(0.68, abs=0.06)
    assert any("0.7 px/mm" in warning for warning in portrait.quality.warnings)
    assert portrait.quality.zone_status["cheek_left"] == "good"
    assert portrait.quality.zone_status["nose"] == "good"


def test_blurred_dark_clipped_and_grey_photographs_are_refused(photo: Photo) -> None:
    def blurred(codes: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(codes, (0, 0), 3.0)

    def dark(codes: np.ndarray) -> np.ndarray:
        return (codes * 0.08).astype(np.uint8)

    def clipped(codes: np.ndarray) -> np.ndarray:
        return np.clip(codes * 1.45, 0, 255).astype(np.uint8)

    def grey(codes: np.ndarray) -> np.ndarray:
        return np.repeat(codes[..., 1:2], 3, axis=2)

    for change, says in (
        (blurred, "blurred"),
        (dark, "too dark"),
        (clipped, "overexposed"),
        (grey, "no colour"),
    ):
        quality = Portrait.from_photo(changed(photo, change)).quality
        assert not quality.usable
        assert any(says in reason for reason in quality.reasons), (says, quality)


def test_small_face_is_refused(photo: Photo, tmp_path: Path) -> None:
    small = cv2.resize(photo.encoded, (384, 384), interpolation=cv2.INTER_AREA)
    Image.fromarray(small).save(tmp_path / "small.png")
    with pytest.raises(FaceError, match="too small"):
        Portrait.read(tmp_path / "small.png")


def test_covered_zones_are_seen(photo: Photo) -> None:
    masked = photo.encoded.copy()
    masked[136:185, 170:280] = (40, 90, 160)  # a blue cloth over mouth and chin
    faces = Portrait.from_photo(replace(photo, encoded=masked))
    status = faces.quality.zone_status
    assert status["chin"] == "not visible"
    assert not faces.masks.support[145:180, 190:255].any()


@pytest.mark.parametrize("sd", [1.0, 1.5, 2.5, 4.0])
@pytest.mark.parametrize("quality", [None, 90])
def test_point_spread_of_known_blur(sd: float, quality: int | None) -> None:
    rng = np.random.default_rng(7)
    sharp = np.full((240, 240), 180, np.uint8)
    for _ in range(40):
        x, y, r = (int(v) for v in rng.integers((20, 20, 6), (220, 220, 24)))
        cv2.circle(sharp, (x, y), r, int(rng.integers(20, 230)), -1)
    picture = cv2.GaussianBlur(sharp, (0, 0), sd)
    if quality is not None:
        ok, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        assert ok
        picture = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    assert point_spread_sd(picture) == pytest.approx(sd, rel=0.25)


def test_blurring_the_portrait_adds_in_quadrature(photo: Photo) -> None:
    eyes = np.ascontiguousarray(photo.encoded[60:220, 160:290, 1])
    before = point_spread_sd(eyes)
    for sd in (1.5, 3.0):
        after = point_spread_sd(cv2.GaussianBlur(eyes, (0, 0), sd))
        assert after == pytest.approx(float(np.hypot(before, sd)), rel=0.3)
