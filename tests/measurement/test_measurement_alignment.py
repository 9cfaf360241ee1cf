"""The alignment against known warps of the bundled portrait."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.measurement.alignment import align
from micropen.measurement.alignment.trust import zone_errors
from micropen.measurement.face_view import FaceView
from micropen.portrait import Portrait, read_photo

LESION_MM = 3.0


def view_of(photo, codes):
    return FaceView.of(Portrait.from_photo(replace(photo, encoded=np.ascontiguousarray(codes))))


@pytest.fixture(scope="module")
def photo(demo_portrait_file):
    return read_photo(demo_portrait_file)


@pytest.fixture(scope="module")
def baseline(photo):
    return view_of(photo, photo.encoded)


def turned(view, shape, degrees=3.0, scale=1.03, bend_mm=1.0):
    """Where each pixel of a new photograph comes from: roll, scale, shift and a smooth bend."""
    middle = view.to_photo(view.points[:468].mean(0))
    matrix = cv2.getRotationMatrix2D(tuple(map(float, middle)), degrees, scale)
    matrix[:, 2] += (6.0, -4.0)
    y, x = np.indices(shape, dtype=np.float32)
    long = 60.0 * view.portrait.px_per_mm
    bend = bend_mm * view.portrait.px_per_mm
    sx = x + bend * np.sin(y / long * 2.0)
    sy = y + bend * np.cos(x / long * 2.0)
    back = cv2.invertAffineTransform(matrix)
    source = np.stack([sx, sy], -1) @ back[:, :2].T + back[:, 2]
    return source.astype(np.float32)


def photographed(codes, source, *, quality=90, light=0.2, noise=2.0, seed=1):
    """Take a picture through a warp, in other light, with noise and JPEG."""
    image = cv2.remap(codes, source, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    across = np.linspace(-0.5, 0.5, image.shape[1])[None, :, None]
    lit = image * np.array([1.04, 0.97, 0.9]) * (1.0 + light * across)
    lit += np.random.default_rng(seed).normal(0.0, noise, lit.shape)
    lit = np.clip(lit, 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", lit[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(packed, cv2.IMREAD_COLOR)[..., ::-1]


def true_error_mm(baseline, moving, alignment, source):
    """Distance between where a place was found and where it is, mm, and where that is known."""
    found = moving.to_photo(alignment.place)
    came_from = cv2.remap(source, found, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    height, width = baseline.shape
    own = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1)
    # A distance in the baseline: the two scales differ by three per cent only.
    off = np.linalg.norm(came_from - baseline.to_photo(own), axis=-1)
    return off / baseline.portrait.px_per_mm, (baseline.skin > 0.5) & (alignment.visible > 0.5)


def with_lesions(codes, view, landmarks):
    """Red spots of 3 mm at some landmarks, as new papules are."""
    out = codes.astype(np.float32)
    radius = LESION_MM / 2 * view.portrait.px_per_mm
    y, x = np.indices(codes.shape[:2])
    for index in landmarks:
        column, row = view.portrait.face.landmarks[index, :2]
        spot = np.exp(-((((x - column) ** 2 + (y - row) ** 2) / radius**2) ** 2))[..., None]
        out *= 1.0 - spot * np.array([0.02, 0.3, 0.28])
    return np.clip(out, 0, 255).astype(np.uint8)


LESIONS = (50, 280, 205, 425, 151, 199)  # cheeks, forehead and chin


@pytest.fixture(scope="module")
def warped(photo, baseline):
    source = turned(baseline, photo.encoded.shape[:2])
    codes = with_lesions(photo.encoded, baseline, LESIONS)
    moving = view_of(photo, photographed(codes, source))
    return moving, align(baseline, moving), source


def test_a_photograph_lies_on_itself(baseline):
    alignment = align(baseline, baseline)
    y, x = np.indices(baseline.shape)
    off = np.hypot(alignment.place[..., 0] - x, alignment.place[..., 1] - y)
    skin = baseline.skin > 0.5
    assert off[skin].max() < 0.02
    assert np.median(alignment.error_mm[skin]) < 0.1
    assert alignment.visible[skin].min() > 0.99


def test_a_known_warp_in_other_light_is_found(baseline, warped):
    moving, alignment, source = warped
    off, seen = true_error_mm(baseline, moving, alignment, source)
    assert np.percentile(off[seen], 95) < 0.4
    assert seen.sum() > 0.9 * (baseline.skin > 0.5).sum()


def test_new_lesions_do_not_pull_the_skin_along(baseline, warped):
    moving, alignment, source = warped
    off, _ = true_error_mm(baseline, moving, alignment, source)
    columns, rows = np.rint(baseline.points[list(LESIONS)]).astype(int).T
    assert off[rows, columns].max() < 0.5


def test_the_stated_error_is_about_the_true_one(baseline, warped):
    moving, alignment, source = warped
    off, seen = true_error_mm(baseline, moving, alignment, source)
    ratio = np.sqrt(np.mean(off[seen] ** 2 / 2.0) / np.mean(alignment.error_mm[seen] ** 2))
    assert 0.25 < ratio < 2.0
    far_off = off[seen] > 3.0 * np.sqrt(2.0) * alignment.error_mm[seen]
    assert far_off.mean() < 0.03


def test_a_photograph_of_half_the_size_is_aligned(photo, baseline):
    source = turned(baseline, photo.encoded.shape[:2], bend_mm=0.0)
    full = photographed(photo.encoded, source, noise=0.0, quality=97)
    half = cv2.resize(full, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    moving = view_of(photo, half)
    alignment = align(baseline, moving)
    # Back to the coordinates of the full photograph.
    found = (moving.to_photo(alignment.place) + 0.5) * 2.0 - 0.5
    came_from = cv2.remap(source, found, None, cv2.INTER_LINEAR)
    y, x = np.indices(baseline.shape)
    off = np.linalg.norm(came_from - baseline.to_photo(np.stack([x, y], -1)), axis=-1)
    seen = (baseline.skin > 0.5) & (alignment.visible > 0.5)
    assert np.percentile(off[seen], 95) / baseline.portrait.px_per_mm < 0.6


def test_skin_outside_the_later_photograph_is_not_visible(photo, baseline):
    chin = int(baseline.portrait.face.landmarks[17, 1])  # below the lower lip
    cut = photo.encoded[:chin]
    moving = view_of(photo, cut)
    alignment = align(baseline, moving)
    below = baseline.to_photo(np.array([[0, baseline.shape[0] - 1]]))[0, 1] > chin + 40
    assert below
    assert alignment.visible[-1].max() == 0.0


def test_another_skin_is_said_to_be_lost(photo, baseline):
    """The same outlines, but none of the skin's own structure: the error must say so."""
    smooth = cv2.GaussianBlur(photo.encoded, (0, 0), 3.0 * baseline.portrait.px_per_mm)
    noise = np.random.default_rng(3).normal(0.0, 12.0, smooth.shape[:2]).astype(np.float32)
    grain = cv2.GaussianBlur(noise, (0, 0), 0.5 * baseline.portrait.px_per_mm)[..., None]
    other = np.clip(smooth + 4.0 * grain, 0, 255).astype(np.uint8)
    moving = replace(baseline, linear=replace(photo, encoded=other).linear[_window(baseline)])
    alignment = align(baseline, moving)
    skin = baseline.skin > 0.5
    assert np.median(alignment.error_mm[skin]) > 1.0
    assert alignment.zone_error_mm["cheek_left"] > 1.0


def _window(view):
    (left, top), (height, width) = view.origin, view.shape
    assert view.scale == 1.0
    return slice(top, top + height), slice(left, left + width)


def test_aligning_again_gives_the_same_bits(baseline, warped):
    moving, alignment, _ = warped
    again = align(baseline, moving)
    assert np.array_equal(again.place, alignment.place)
    assert np.array_equal(again.error_mm, alignment.error_mm)


def test_zone_errors_are_root_mean_squares_over_visible_skin(baseline):
    error = np.full(baseline.shape, 2.0, np.float32)
    visible = np.ones(baseline.shape, np.float32)
    nose = baseline.labels == list(ZONES).index("nose")
    visible[nose] = 0.0
    errors = zone_errors(baseline, error, visible)
    assert set(errors) == set(ZONES)
    assert np.isnan(errors["nose"])
    assert errors["forehead"] == pytest.approx(2.0)
