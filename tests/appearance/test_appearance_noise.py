"""Band-limited noise: unit variance, in its band, the same for the same stream."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.appearance.noise import band_noise
from micropen.evidence import stream


@given(
    height=st.integers(20, 90),
    width=st.integers(20, 90),
    px_per_mm=st.floats(0.7, 6.0),
    slope=st.floats(0.0, 2.5),
)
def test_mean_zero_and_unit_sd_whatever_the_raster(height, width, px_per_mm, slope):
    field = band_noise((height, width), px_per_mm, (3.0, 20.0), slope, stream(1, "noise"))
    assert field.shape == (height, width)
    assert field.dtype == np.float32
    assert abs(float(field.mean())) < 1e-4
    assert float(field.std()) == pytest.approx(1.0, abs=1e-3)


def test_energy_lies_in_the_band():
    px_per_mm, shortest, longest = 4.0, 2.0, 10.0
    field = band_noise((400, 400), px_per_mm, (shortest, longest), 0.5, stream(2, "noise"))
    power = np.abs(np.fft.fft2(field)) ** 2
    frequency = np.hypot(*np.meshgrid(*[np.fft.fftfreq(400) * px_per_mm] * 2))
    inside = (frequency > 0.8 / longest) & (frequency < 1.25 / shortest)
    assert power[inside].sum() > 0.95 * power.sum()


def test_nothing_where_the_raster_cannot_carry_the_band():
    assert not band_noise((50, 50), 0.7, (0.4, 1.4), 1.0, stream(1, "noise")).any()


def test_same_stream_same_bytes():
    first, second = (band_noise((60, 70), 2.0, (2.0, 20.0), 1.0, stream(9, "n")) for _ in range(2))
    assert first.tobytes() == second.tobytes()
    other = band_noise((60, 70), 2.0, (2.0, 20.0), 1.0, stream(10, "n"))
    assert not np.array_equal(first, other)
