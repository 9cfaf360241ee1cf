"""Relief and brown spots on made-up skin whose change is known."""

from __future__ import annotations

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.measurement.alignment import Alignment
from micropen.measurement.face_view import FaceView
from micropen.measurement.light import LightChange
from micropen.measurement.methods.relief_band import read_relief
from micropen.measurement.methods.spots import read_spot_area, read_spot_contrast, spot_weights
from micropen.measurement.pair import Pair

SIDE, PX_PER_MM, ITA = 220, 5.0, 40.0
SKIN = np.array([0.60, 0.36, 0.27], np.float32)


def view(linear: np.ndarray, sharpness_px: float = 1.0, yaw: float = 0.0) -> FaceView:
    portrait = SimpleNamespace(
        sharpness_px=sharpness_px,
        px_per_mm=PX_PER_MM,
        quality=SimpleNamespace(yaw_deg=yaw, pitch_deg=0.0),
    )
    fullest = np.full(linear.shape[:2], 200, np.uint8)
    made = FaceView(
        portrait, linear.astype(np.float32), fullest, np.zeros((478, 2), np.float32), PX_PER_MM,
        1.0, (0, 0),
    )  # fmt: skip
    made.__dict__["labels"] = np.full(linear.shape[:2], ZONES.index("forehead"), np.int8)
    made.__dict__["skin"] = np.ones(linear.shape[:2], np.float32)
    return made


def pair(before: np.ndarray, after: np.ndarray, controlled: bool = True, **later) -> Pair:
    one, other = view(before), view(after, **later)
    height, width = one.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    even = np.ones((height, width), np.float32)
    alignment = Alignment(
        np.stack([columns, rows], -1), 0.1 * even, even, dict.fromkeys(ZONES, 0.1)
    )
    light = LightChange(np.zeros_like(one.linear), np.zeros((13, 3, 3)), "none", controlled)
    return Pair(one, other, alignment, light, other.linear, even, ITA)


def texture(strength: float, seed: int = 0) -> np.ndarray:
    """Skin with fine shading, ``(h, w, 3)``."""
    noise = np.random.default_rng(seed).normal(size=(SIDE, SIDE)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 2.0)
    return SKIN * np.exp(strength * noise / noise.std())[..., None]


def spotted(melanin: float, blood: float = 0.0) -> np.ndarray:
    """Skin with three round spots of 6 mm; melanin and blood in ln green of the skin model."""
    from micropen.measurement.methods import spots as module  # noqa: PLC0415

    parameters = load_parameters()
    angle, by_melanin, by_blood = module._directions(
        parameters.value("optics.erythema.reference_blood"),
        parameters.value("optics.erythema.reference_saturation"),
    )
    m, b = (np.array([np.interp(ITA, angle, c) for c in d.T]) for d in (by_melanin, by_blood))
    image = np.zeros((SIDE, SIDE), np.float32)
    for x, y in ((60, 60), (160, 70), (110, 160)):
        cv2.circle(image, (x, y), 15, 1.0, -1)
    taken = melanin * m / -m[1] + blood * b / -b[1]
    return SKIN * np.exp(image[..., None] * taken.astype(np.float32))


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, -0.3])
def test_relief_reads_the_share_that_was_taken_away(share):
    reading = read_relief(pair(texture(0.03), texture(0.03 * (1.0 - share)))).zones["forehead"]
    # Large contrasts are limited, which takes a little from rougher skin.
    assert reading.change == pytest.approx(share, abs=0.025)
    assert reading.no_change_sd < 0.06


def test_relief_refuses_what_would_look_like_smoother_skin():
    base = texture(0.03)
    soft = read_relief(pair(base, base, sharpness_px=1.6)).zones["forehead"]
    lit = read_relief(pair(base, base, controlled=False)).zones["forehead"]
    turned = read_relief(pair(base, base, yaw=12.0)).zones["forehead"]
    assert "1.6 times as soft" in soft.reason
    assert "Light or camera differ" in lit.reason
    assert "12°" in turned.reason


def test_relief_of_a_zone_that_is_not_there():
    assert "0.0 cm²" in read_relief(pair(texture(0.03), texture(0.03))).zones["nose"].reason


def test_more_noise_is_told_in_the_error():
    rough = texture(0.03)
    noisy = rough * np.exp(np.random.default_rng(1).normal(0, 0.03, rough.shape[:2]))[..., None]
    clean = read_relief(pair(rough, rough)).zones["forehead"]
    grainy = read_relief(pair(rough, noisy)).zones["forehead"]
    assert grainy.errors["noise"] > 10.0 * clean.errors["noise"]
    assert abs(grainy.change) < 1.96 * grainy.no_change_sd


def test_weights_follow_melanin_and_are_blind_to_blood_and_shading():
    melanin, blood = spot_weights(ITA, load_parameters())
    assert melanin.sum() == pytest.approx(0.0, abs=1e-9)
    assert blood.sum() == pytest.approx(0.0, abs=1e-9)
    assert melanin[2] < 0.0 < melanin[1]  # a melanin spot takes more blue than green
    assert blood[1] < 0.0 < blood[0]


@pytest.mark.parametrize("after", [0.3, 0.2, 0.15])
def test_contrast_of_spots_is_read(after):
    reading = read_spot_contrast(pair(spotted(0.3), spotted(after))).zones["forehead"]
    # The mean of the surroundings holds a part of the spot itself.
    assert reading.change == pytest.approx(0.85 * (after - 0.3), abs=0.02)


def test_area_of_spots_is_their_share_of_the_skin():
    reading = read_spot_area(pair(spotted(0.0), spotted(0.4))).zones["forehead"]
    true = 3.0 * np.pi * 15.0**2 / SIDE**2
    assert reading.value == pytest.approx(true, rel=0.15)
    assert reading.change == pytest.approx(true, rel=0.15)


def test_redness_and_shade_are_no_brown_spots():
    red = read_spot_area(pair(spotted(0.0), spotted(0.0, blood=0.4))).zones["forehead"]
    assert abs(red.change) < 0.01
    lit = read_spot_area(pair(spotted(0.3), 0.5 * spotted(0.3))).zones["forehead"]
    assert abs(lit.change) < 1e-3


def test_no_spots_is_said_instead_of_a_contrast():
    reading = read_spot_contrast(pair(spotted(0.0), spotted(0.0))).zones["forehead"]
    assert "no brown spots" in reading.reason
