"""The fused kernel: the same numbers as plain arithmetic, on every path, at both bit depths."""

from __future__ import annotations

import numpy as np
import pytest

from micropen.portrait.colour_encoding import encode_srgb, linear_from_codes
from micropen.rendering import kernel
from micropen.rendering.transfer import transfer_for

LOOK = np.array([0.2, 0.12, 0.15, 0.3, 1.14, 1.05, 0.97], np.float32)
TINT = np.array([-0.1, -0.4, -0.35], np.float32)
CODES = np.arange(256)
TABLES = np.stack([
    CODES * (0.5 / 255.0), (CODES - 128) * (3.2 / 127), (CODES - 128) * (0.12 / 127),
    CODES * (kernel.THICKEST / 255), (CODES - 128) / 127.0,
]).astype(np.float32)  # fmt: skip


class Case:
    """A random window with slow maps that change in its middle."""

    def __init__(self, shape, grid_shape, kind=np.uint8, seed=0):
        random = np.random.default_rng(seed)
        top = np.iinfo(kind).max
        self.pixels = random.integers(top // 10, top * 9 // 10, (*shape, 3)).astype(kind)
        self.surface, self.relief, self.tracks = (
            random.integers(0, 60 + 195 * (k > 0), shape).astype(np.uint8) for k in range(3)
        )
        self.support = np.ones(shape, bool)
        self.support[:, :3] = False
        h, w = grid_shape
        maps = np.repeat(kernel.NEUTRAL[:, None, None], h * w, 1).reshape(7, h, w)
        middle = (slice(None), slice(h // 4, 3 * h // 4), slice(w // 4, 3 * w // 4))
        spread = np.array([0.3, 0.3, 0.3, 0.3, 0.5, 0.02, 0.5])[:, None, None]
        maps[middle] += spread * random.random(maps[middle].shape) - 0.5 * spread
        maps[kernel.SHEEN] = np.maximum(maps[kernel.SHEEN], 0)
        self.maps = np.pad(maps, ((0, 0), (1, 1), (1, 1)), mode="edge").astype(np.float32)
        self.scale = (w / shape[1], h / shape[0])
        self.flakes = kernel.FlakePlanes(
            random.integers(0, 255, shape).astype(np.uint8),
            random.integers(0, 255, shape).astype(np.uint8),
        )

    def paint(self, flaky):
        out = self.pixels.copy()
        transfer = transfer_for(self.pixels.dtype)
        window = (slice(0, out.shape[0]), slice(0, out.shape[1]))
        kernel.paint(
            self.pixels,
            (self.surface, self.relief, self.tracks, self.support),
            self.flakes if flaky else None,
            TABLES,
            (transfer.decode, transfer.encode),
            self.maps,
            kernel.active_cells(self.maps, np.zeros_like(self.maps[0])),
            kernel.Sampling.of(window, self.scale),
            TINT,
            LOOK,
            out,
        )
        return out

    def interpolated(self):
        """Slow maps at every pixel."""
        shape = self.pixels.shape[:2]
        y = (np.arange(shape[0]) + 0.5) * self.scale[1] + 0.5
        x = (np.arange(shape[1]) + 0.5) * self.scale[0] + 0.5
        j, i = np.floor(y).astype(int), np.floor(x).astype(int)
        v, u = (y - j)[:, None], (x - i)[None, :]
        m = self.maps.astype(np.float64)

        def at(dj, di):
            return m[:, (j + dj)[:, None], (i + di)[None, :]]

        return (1 - v) * ((1 - u) * at(0, 0) + u * at(0, 1)) + v * (
            (1 - u) * at(1, 0) + u * at(1, 1)
        )

    def expected(self, flaky):
        """The same picture by the equations of docs/rendering.md, in float64."""
        light = linear_from_codes(self.pixels).astype(np.float64)
        gain, (track, gloss, sheen, relief) = self.interpolated()[:3], self.interpolated()[3:]
        surface, texture, band = (
            TABLES[k].astype(np.float64)[plane]
            for k, plane in ((0, self.surface), (1, self.tracks), (2, self.relief))
        )
        smooth = 1.0 - relief * band
        room = np.minimum(1.0, 2.5 * (1.0 - light.max(-1)))
        shine = surface * (gloss - 1.0) * smooth + sheen * np.maximum(0.15, 1.0 + 2.2 * band)
        extra = surface * smooth + np.where(shine > 0, shine * room, shine)
        rgb = np.stack([
            (light[..., c] - surface) * smooth * np.maximum(gain[c], 0.02)
            * (1.0 + texture * track * TINT[c])
            for c in range(3)
        ], -1)  # fmt: skip
        if flaky:
            cover = TABLES[3].astype(np.float64)[self.flakes.cover]
            edge = TABLES[4].astype(np.float64)[self.flakes.edge]
            white = LOOK[0] * cover + LOOK[1] * np.maximum(edge, 0)
            paper = (rgb[..., 0] + extra) * white
            rgb = rgb * (1 - white)[..., None] + paper[..., None] * LOOK[4:]
            rgb *= (1.0 + LOOK[2] * edge)[..., None]
            extra = extra * (1.0 - LOOK[3] * np.minimum(cover, 1.0))
        top = np.iinfo(self.pixels.dtype).max
        return encode_srgb(np.clip(rgb + extra[..., None], 0, 1)) * top


@pytest.mark.parametrize("flaky", [False, True])
@pytest.mark.parametrize(
    ("shape", "grid"),
    [((40, 600), (40, 600)), ((60, 90), (40, 60)), ((120, 150), (24, 30)), ((31, 47), (10, 9))],
)
def test_kernel_equals_plain_arithmetic(shape, grid, flaky):
    case = Case(shape, grid)
    painted = case.paint(flaky)
    active = kernel.active_cells(case.maps, np.zeros_like(case.maps[0]))
    assert active.any()
    difference = np.abs(painted.astype(float) - case.expected(flaky))
    changed = (painted != case.pixels).any(-1)
    assert changed.any()
    assert float(difference[changed].max()) <= 0.75


def test_sixteen_bits():
    case = Case((80, 100), (20, 25), np.uint16)
    painted = case.paint(flaky=False)
    changed = (painted != case.pixels).any(-1)
    difference = np.abs(painted.astype(float) - case.expected(False))[changed]
    assert painted.dtype == np.uint16
    assert float(difference.max()) < 8.0
    assert float(difference.mean()) < 1.5


def test_neutral_cells_and_pixels_off_the_support_are_untouched():
    case = Case((120, 150), (24, 30))
    painted = case.paint(flaky=True)
    assert np.array_equal(painted[:, :3], case.pixels[:, :3])
    assert np.array_equal(painted[:20], case.pixels[:20])
    assert np.array_equal(painted[:, 135:], case.pixels[:, 135:])


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_every_code_survives_decoding_and_encoding(kind):
    transfer = transfer_for(kind)
    codes = np.arange(np.iinfo(kind).max + 1)
    light = transfer.decode[codes]
    back = transfer.encode[(light * np.float32(transfer.encode.size - 1) + 0.5).astype(int)]
    assert np.abs(back.astype(int) - codes).max() <= (0 if kind is np.uint8 else 1)


def test_threads_change_nothing():
    case = Case((900, 600), (90, 60))
    assert case.paint(True).tobytes() == case.paint(True).tobytes()
    difference = np.abs(case.paint(True).astype(float) - case.expected(True))
    changed = (case.paint(True) != case.pixels).any(-1)
    assert float(difference[changed].max()) <= 0.75
