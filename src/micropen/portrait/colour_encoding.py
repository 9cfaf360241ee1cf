"""Between encoded and linear sRGB (IEC 61966-2-1)."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray


def decode_srgb(encoded: NDArray[np.floating]) -> NDArray[np.float64]:
    """Linear light of encoded sRGB values in 0-1."""
    value = np.asarray(encoded, dtype=np.float64)
    return np.asarray(np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4))


def encode_srgb(linear: NDArray[np.floating]) -> NDArray[np.float64]:
    """Encoded sRGB values of linear light, both clipped to 0-1."""
    value = np.clip(np.asarray(linear, dtype=np.float64), 0.0, 1.0)
    return np.asarray(
        np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)
    )


@cache
def _decoding_table(codes: int) -> NDArray[np.float32]:
    table = decode_srgb(np.arange(codes) / (codes - 1)).astype(np.float32)
    table.setflags(write=False)
    return table


def linear_from_codes(codes: NDArray[np.uint8] | NDArray[np.uint16]) -> NDArray[np.float32]:
    """Linear sRGB, float32 in 0-1, of 8- or 16-bit codes of any shape."""
    table = _decoding_table(int(np.iinfo(codes.dtype).max) + 1)
    if codes.dtype == np.uint8 and codes.ndim == 3 and codes.shape[2] == 3 and codes.size:
        # The same values, four times as fast as indexing.
        return np.asarray(cv2.LUT(codes, table), np.float32)
    return table[codes]
