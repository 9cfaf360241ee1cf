"""Zones, masks, geometry and grid: what must hold on any face, and what holds on a known one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from micropen.anatomy.zones import ZONES
from micropen.evidence import load_parameters
from micropen.portrait import Grid, Photo, Portrait, landmark_indices, read_photo
from micropen.portrait.colour_encoding import decode_srgb, encode_srgb, linear_from_codes
from micropen.portrait.face_frame import FaceFrame
from micropen.portrait.hairline import face_edge
from micropen.portrait.mixture import fit_mixture
from micropen.portrait.region import forehead_extension


def frame_of(portrait: Portrait) -> FaceFrame:
    return FaceFrame.of(portrait.face, portrait.grid)


@given(st.integers(20, 5000), st.integers(20, 5000), st.floats(0.3, 40.0, allow_nan=False))
def test_grid_is_never_finer_than_the_photo(height: int, width: int, scale: float) -> None:
    grid = Grid.over((height, width), scale)
    assert 1 <= grid.shape[0] <= height
    assert 1 <= grid.shape[1] <= width
    assert grid.px_per_mm <= scale * 1.0001
    points = np.array([[0.0, 0.0], [width - 1.0, height - 1.0]])
    assert np.allclose(grid.to_full(grid.from_full(points)), points, atol=1e-2)


@given(st.floats(0.0, 1.0))
def test_encoding_is_its_own_inverse(value: float) -> None:
    assert decode_srgb(encode_srgb(np.array(value))) == pytest.approx(value, abs=1e-12)


def test_linear_of_both_depths_agree() -> None:
    eight = np.arange(256, dtype=np.uint8)
    sixteen = eight.astype(np.uint16) * 257
    assert np.allclose(linear_from_codes(eight), linear_from_codes(sixteen), atol=1e-7)


def test_zone_weights_are_a_partition_of_unity(portrait: Portrait) -> None:
    zones = portrait.zones
    assert zones.weights.shape == (len(ZONES), *portrait.grid.shape)
    assert zones.weights.dtype == np.float32
    assert zones.weights.min() >= 0.0
    assert np.abs(zones.weights.sum(0) - 1.0).max() < 1e-5
    same = zones.spread(np.full(len(ZONES), 0.7))
    assert np.abs(same - 0.7).max() < 1e-5


def test_strict_zones_lie_under_their_weights(portrait: Portrait) -> None:
    zones = portrait.zones
    assert zones.labels.dtype == np.int8
    strict = zones.labels >= 0
    assert set(np.unique(zones.labels[strict])) == set(range(len(ZONES)))
    heaviest = zones.weights.argmax(0)
    assert (heaviest[strict] == zones.labels[strict]).mean() > 0.85


def test_left_and_right_are_the_subjects(portrait: Portrait) -> None:
    columns = np.arange(portrait.grid.shape[1])
    for name in ("temple", "periorbital", "cheek", "jaw"):
        left, right = (
            (columns * (portrait.zones.labels == ZONES.index(f"{name}_{side}")).sum(0)).sum()
            / (portrait.zones.labels == ZONES.index(f"{name}_{side}")).sum()
            for side in ("left", "right")
        )
        assert left > right + 10


def test_zone_mean_ignores_what_is_masked(portrait: Portrait) -> None:
    labels = portrait.zones.labels
    values = np.where(labels == 3, 2.0, 1.0)
    means = portrait.zones.mean(values, np.ones_like(values))
    assert means[3] == 2.0
    assert means[6] == 1.0
    assert np.isnan(portrait.zones.mean(values, np.zeros_like(values))).all()


def test_masks_are_fractions_on_the_grid(portrait: Portrait) -> None:
    for mask in (portrait.masks.colour, portrait.masks.texture, portrait.masks.bare):
        assert mask.dtype == np.float32
        assert mask.shape == portrait.grid.shape
        assert mask.min() >= 0.0
        assert mask.max() <= 1.0
        assert 0.02 < (mask > 0.5).mean() < 0.2


def test_support_holds_everything_that_may_change(portrait: Portrait) -> None:
    support = portrait.masks.support
    assert support.shape == portrait.photo.shape
    assert support.dtype == np.bool_
    for mask in (portrait.masks.colour, portrait.masks.texture):
        assert support[portrait.grid.enlarge(mask) > 0].all()
    # The suit, the flag and the top of the hair are far outside.
    assert not support[260:].any()
    assert not support[:30].any()


def test_eyes_lips_and_brows(portrait: Portrait) -> None:
    frame = frame_of(portrait)
    eyes = frame.hull(landmark_indices.RIGHT_EYE) > 0.9
    lips = frame.polygon(frame.points[list(landmark_indices.LIPS)]) > 0.99
    brows = frame.hull(landmark_indices.RIGHT_BROW) > 0.9
    assert portrait.masks.colour[eyes].max() < 0.2
    assert portrait.masks.texture[eyes | brows].max() < 0.05
    assert portrait.masks.texture[lips].max() < 0.05
    assert np.median(portrait.masks.colour[lips]) < 0.05
    assert np.median(portrait.masks.colour[brows]) > 0.3


def test_hair_is_left_alone(portrait: Portrait) -> None:
    # Places read off the photograph: fringe, hair left and right, ear, neck, background.
    for x, y in ((225, 45), (245, 65), (160, 90), (285, 100), (222, 187), (60, 60), (420, 100)):
        assert not portrait.masks.support[y, x]
    # And skin: mid forehead above the nose, both cheeks, chin.
    full = portrait.grid.enlarge(portrait.masks.texture)
    for x, y in ((222, 92), (195, 122), (252, 122), (222, 168)):
        assert full[y, x] > 0.8


def test_masks_do_not_change_from_run_to_run(photo: Photo, portrait: Portrait) -> None:
    again = Portrait.from_photo(photo)
    assert np.array_equal(again.masks.colour, portrait.masks.colour)
    assert np.array_equal(again.masks.texture, portrait.masks.texture)


def test_mask_follows_a_roll(photo: Photo, portrait: Portrait) -> None:
    turn = cv2.getRotationMatrix2D((225.0, 110.0), 25, 1.0)
    turned = cv2.warpAffine(photo.encoded, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    rolled = Portrait.from_photo(replace(photo, encoded=turned))
    expected = cv2.warpAffine(portrait.masks.bare, turn, (512, 512))
    inside = (expected > 0.5) & (rolled.masks.bare > 0.5)
    either = (expected > 0.5) | (rolled.masks.bare > 0.5)
    assert inside.sum() / either.sum() > 0.85


def test_normals_face_the_camera_and_curve_away(portrait: Portrait) -> None:
    normals = portrait.geometry.normals
    assert normals.shape == (*portrait.grid.shape, 3)
    assert np.abs(np.linalg.norm(normals, axis=-1) - 1.0).max() < 1e-4
    assert normals[..., 2].min() > 0
    labels = portrait.zones.labels
    left = normals[labels == ZONES.index("cheek_left"), 0].mean()
    right = normals[labels == ZONES.index("cheek_right"), 0].mean()
    assert left > 0.15
    assert right < -0.15
    assert np.linalg.norm(portrait.geometry.light) == pytest.approx(1.0, abs=1e-5)
    assert portrait.geometry.light[2] > 0


def test_light_comes_from_the_lit_side(photo: Photo) -> None:
    ramp = np.linspace(0.55, 1.0, 512)[None, :, None]
    lit = replace(photo, encoded=(photo.encoded * ramp).astype(np.uint8))
    other = replace(photo, encoded=(photo.encoded * ramp[:, ::-1]).astype(np.uint8))
    assert Portrait.from_photo(lit).geometry.light[0] > Portrait.from_photo(other).geometry.light[0]


def test_mixture_is_a_density() -> None:
    rng = np.random.default_rng(5)
    samples = np.concatenate([rng.normal(0, 1, (4000, 2)), rng.normal(8, 0.5, (2000, 2))])
    mixture = fit_mixture(samples, 3, np.array([0.05, 0.05]))
    assert mixture.weights.sum() == pytest.approx(1.0)
    x = np.stack(np.meshgrid(np.linspace(-8, 14, 300), np.linspace(-8, 14, 300)), -1)
    cell = (22 / 299) ** 2
    total = np.exp(mixture.log_density(x)).sum() * cell / (2 * np.pi)
    assert total == pytest.approx(1.0, abs=0.02)
    near, between = mixture.log_density(np.array([[8.0, 8.0], [4.5, 4.5]]))
    assert near > between + 3


@settings(max_examples=10, deadline=None)
@given(hairline_mm=st.floats(20.0, 55.0))
def test_edge_finds_a_drawn_hairline(portrait: Portrait, hairline_mm: float) -> None:
    frame = frame_of(portrait)
    height = frame.height_above((landmark_indices.NOSE_BRIDGE,))
    rng = np.random.default_rng(2)
    noise = rng.normal(0, 1.5, frame.shape).astype(np.float32)
    evidence = (np.where(height < hairline_mm, 2.0, -2.0) + noise).astype(np.float32)
    outline = np.ones(frame.shape, np.float32)
    edge = face_edge(frame, evidence, outline, np.zeros(frame.shape, np.float32))
    x, y = frame.points[landmark_indices.NOSE_BRIDGE]
    column = edge.inside_mm[: int(y), round(float(x))]
    found = (column > 0).sum() / frame.px_per_mm
    assert found == pytest.approx(hairline_mm, abs=4.0)


def test_forehead_goes_on_above_the_mesh(portrait: Portrait) -> None:
    frame = frame_of(portrait)
    above = forehead_extension(frame, load_parameters())
    top = frame.points[list(landmark_indices.OVAL_TOP)]
    rise = (above - top) @ frame.up / frame.px_per_mm
    assert rise[6] == pytest.approx(42.0, rel=0.05)
    assert rise.min() > 0


@pytest.mark.slow
@pytest.mark.parametrize("series", ["a_fixed", "c_light", "tone_dark", "tone_lightmedium"])
def test_mask_and_zones_of_a_known_head(truth: Path, series: str) -> None:
    portrait = Portrait.read(truth / series / "pre.jpg")
    with Image.open(truth / series / "pre_zones.png") as image:
        known = np.asarray(image.convert("L"))
    size = (portrait.grid.shape[1], portrait.grid.shape[0])
    known = cv2.resize(known, size, interpolation=cv2.INTER_NEAREST)
    clear = portrait.masks.texture > 0.5
    for code, least in ((1, 0.97), (2, 0.85), (3, 0.95), (4, 0.95), (5, 0.85), (6, 0.8)):
        assert clear[known == code].mean() > least
    assert (portrait.masks.texture[known == 0] > 0.3).sum() < 0.01 * clear.sum()
    names = {1: "forehead", 2: "nose", 3: "cheek_right", 4: "cheek_left", 6: "chin"}
    for code, name in names.items():
        strict = (portrait.zones.labels == ZONES.index(name)) & clear
        assert (known[strict] == code).mean() > 0.4  # the known zones are drawn smaller
        others = [c for c in names if c != code]
        assert np.isin(known[strict], others).mean() < 0.06


def test_portrait_reads_from_a_path(portrait_path: Path, portrait: Portrait) -> None:
    again = Portrait.read(portrait_path)
    assert again.px_per_mm == portrait.px_per_mm
    assert again.sharpness_px == portrait.sharpness_px
    assert read_photo(portrait_path).sha256 == again.photo.sha256
