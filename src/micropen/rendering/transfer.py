"""Tables between encoded pixels and linear light, for the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from micropen.portrait.colour_encoding import encode_srgb, linear_from_codes

# Entries of the way back. sRGB is steepest at black: 8 bit needs .0003 there, 16 bit 1e-6.
_ENCODING_STEPS: Final = {8: 1 << 14, 16: 1 << 20}


@dataclass(frozen=True, slots=True)
class Transfer:
    """sRGB transfer at one bit depth.

    Parameters
    ----------
    decode
        Linear light of each code, float32.
    encode
        Code of linear light ``i / (len - 1)``, in the pixels' own type.
    """

    decode: NDArray[np.float32]
    encode: NDArray[Any]


@cache
def _transfer(depth: int) -> Transfer:
    kind = np.dtype(np.uint8 if depth == 8 else np.uint16)
    codes = np.arange(1 << depth, dtype=kind)
    steps = np.arange(_ENCODING_STEPS[depth]) / (_ENCODING_STEPS[depth] - 1)
    encode = np.rint(encode_srgb(steps) * (len(codes) - 1)).astype(kind)
    return Transfer(linear_from_codes(codes), encode)


def transfer_for(kind: DTypeLike) -> Transfer:
    """Tables for uint8 or uint16 pixels."""
    return _transfer(8 * np.dtype(kind).itemsize)
