"""Surface reflection: found where it is white and bright, not where skin is merely grey."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from micropen.evidence import load_parameters
from micropen.portrait.specular import even_veil, highlights, weighted_smooth

PARAMETERS = load_parameters()
PX_PER_MM = 2.0
SHAPE = (240, 240)
SKIN_COLOUR = np.array([0.55, 0.36, 0.27], np.float32)


def shaded_skin():
    """Even skin under a light that falls off to one side."""
    shade = np.linspace(1.1, 0.8, SHAPE[1], dtype=np.float32)[None, :, None]
    return np.broadcast_to(SKIN_COLOUR * shade, (*SHAPE, 3)).copy()


def spot(radius, amplitude):
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    squared = (x - 120) ** 2 + (y - 120) ** 2
    return (amplitude * np.exp(-squared / (2 * radius**2))).astype(np.float32)


def find(image):
    low = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    skin = np.ones(low.shape[:2], np.float32)
    return highlights(image, low, skin, PX_PER_MM, PARAMETERS)


@pytest.mark.parametrize("radius", [4.0, 12.0])
def test_a_white_highlight_is_found(radius):
    shine = spot(radius, 0.20)
    found = find(shaded_skin() + shine[..., None])
    peak = shine > 0.10
    assert float(found[peak].mean()) == pytest.approx(float(shine[peak].mean()), rel=0.15)
    assert float(found[shine < 1e-3].max()) < 0.02


def test_reddening_leaves_the_highlight():
    shine = spot(8.0, 0.15)
    red = np.array([0.95, 0.72, 0.80], np.float32)
    before = find(shaded_skin() + shine[..., None])
    after = find(shaded_skin() * red + shine[..., None])
    peak = shine > 0.08
    assert float(after[peak].mean()) == pytest.approx(float(before[peak].mean()), rel=0.08)


def test_grey_stubble_is_no_highlight():
    grey = shaded_skin()
    patch = spot(15.0, 1.0) > 0.3
    grey[patch] = 0.5 * grey[patch] + 0.5 * grey[patch].mean(-1, keepdims=True) * 0.7
    assert float(find(grey)[patch].mean()) < 0.02


def test_the_diffuse_part_stays_positive():
    noise = np.random.default_rng(1).normal(0, 0.05, (*SHAPE, 3)).astype(np.float32)
    image = np.clip(shaded_skin() + spot(10.0, 0.5)[..., None] + noise, 0.0, 1.0)
    found = find(image)
    assert float(found.min()) >= 0.0
    assert (found <= PARAMETERS.value("portrait.specular.cap") * image.min(-1) + 1e-6).all()


def test_nothing_is_found_off_skin():
    image = shaded_skin() + spot(10.0, 0.2)[..., None]
    low = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    found = highlights(image, low, np.zeros(low.shape[:2], np.float32), PX_PER_MM, PARAMETERS)
    assert not found.any()


def test_the_veil_weighs_more_on_dark_skin():
    light = np.full((40, 40), 0.1, np.float32)
    dark, fair = (
        even_veil(light * r, np.full((40, 40), r, np.float32), 1.25, 0.02) for r in (0.05, 0.40)
    )
    assert float(dark.mean()) / 0.05 > 4.0 * float(fair.mean()) / 0.40


def test_weighted_mean_ignores_what_has_no_weight():
    values = np.zeros((60, 60), np.float32)
    values[:, 30:] = 100.0
    weight = np.zeros((60, 60), np.float32)
    weight[:, :30] = 1.0
    assert float(np.abs(weighted_smooth(values, weight, 5.0)[:, :30]).max()) == 0.0
