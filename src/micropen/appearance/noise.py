"""Band-limited fractal noise in millimetres: the raw material of every natural-looking map."""

from __future__ import annotations

from typing import Final

import numpy as np
import scipy.fft
from numpy.typing import NDArray

# Beyond this exponent the low-pass edge is zero in float32 anyway.
_FLAT: Final = 60.0


def band_noise(
    shape: tuple[int, int],
    px_per_mm: float,
    wavelengths_mm: tuple[float, float],
    slope: float,
    random: np.random.Generator,
) -> NDArray[np.float32]:
    """Gaussian noise between two wavelengths, mean 0 and sd 1.

    Parameters
    ----------
    shape
        Height and width, px.
    px_per_mm
        Pixels per mm.
    wavelengths_mm
        Shortest and longest wavelength, mm.
    slope
        Amplitude falls as frequency to the minus `slope`.
    random
        Stream to draw from.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` float32. All zero where the pixels are too coarse to carry the band.
    """
    shortest, longest = wavelengths_mm
    if longest * px_per_mm < 2.0:
        return np.zeros(shape, np.float32)
    padded = tuple(scipy.fft.next_fast_len(n, real=True) for n in shape)
    white = random.standard_normal(padded, dtype=np.float32)
    along_y = scipy.fft.fftfreq(padded[0])[:, None] * px_per_mm
    along_x = scipy.fft.rfftfreq(padded[1])[None, :] * px_per_mm
    squared = (along_x**2 + along_y**2 + 1e-12).astype(np.float32)
    high_pass = np.exp(-((longest**2 * squared) ** -2))
    low_pass = np.exp(-np.minimum(1.6 * (shortest**2 * squared) ** 2, _FLAT))
    amplitude = (squared ** (-0.5 * slope) * high_pass * low_pass).astype(np.float32)
    field = scipy.fft.irfft2(scipy.fft.rfft2(white) * amplitude, s=padded)
    field = field[: shape[0], : shape[1]]
    spread = max(float(field.std()), 1e-9)
    return np.asarray((field - field.mean()) / spread, dtype=np.float32)
