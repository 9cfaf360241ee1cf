"""Embedded colour profiles: everything becomes sRGB at the door."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from micropen.errors import PhotoError
from micropen.portrait.colour_encoding import encode_srgb

# Linear sRGB from XYZ under D50, the connection space of ICC profiles (Bradford-adapted).
_SRGB_FROM_XYZ_D50: Final = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)
_HEADER: Final = 128


@dataclass(frozen=True, slots=True)
class MatrixProfile:
    """A colour space given by three primaries and three tone curves.

    Parameters
    ----------
    to_xyz
        ``(3, 3)``: XYZ (D50) of linear device RGB.
    curves
        Three tables that map encoded 0-1, evenly spaced, to linear 0-1.
    """

    to_xyz: NDArray[np.float64]
    curves: tuple[NDArray[np.float64], ...]

    def to_srgb(self, encoded: NDArray[np.float64]) -> NDArray[np.float64]:
        """Encoded sRGB of encoded device RGB, both 0-1, ``(..., 3)``; clipped to the gamut."""
        linear = np.stack(
            [
                np.interp(encoded[..., i], np.linspace(0, 1, len(curve)), curve)
                for i, curve in enumerate(self.curves)
            ],
            axis=-1,
        )
        return encode_srgb(linear @ (_SRGB_FROM_XYZ_D50 @ self.to_xyz).T)


def profile_name(profile: bytes) -> str:
    """Return the description that a profile carries."""
    try:
        return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip()
    except (OSError, ImageCms.PyCMSError, ValueError):
        return "unreadable"


def is_srgb(name: str) -> bool:
    """Whether a profile's description says sRGB: then the codes are kept as they are."""
    return name.lower().startswith(("srgb", "c2")) or "iec61966-2.1" in name.lower()


def image_to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert an 8-bit picture (RGB, CMYK or grey) to sRGB by its own profile.

    Raises
    ------
    PhotoError
        Where the profile does not fit the picture or cannot be read.
    """
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    converted = ImageCms.profileToProfile(
        image,
        source,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
    )
    if converted is None:
        raise PhotoError("The photograph's colour profile cannot be applied; save it as sRGB.")
    return converted


def read_matrix_profile(profile: bytes) -> MatrixProfile | None:
    """Read a matrix profile (Display P3, Adobe RGB, ProPhoto …); None for any other kind.

    Pillow's colour engine works on 8 bits, so 16-bit photographs are converted with this.
    """
    try:
        tags = _tags(profile)
        columns = [_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
        curves = tuple(_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC"))
    except (KeyError, struct.error, ValueError):
        return None
    return MatrixProfile(np.stack(columns, axis=1), curves)


def _tags(profile: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, _HEADER)
    tags = {}
    for i in range(min(count, 200)):
        name, start, size = struct.unpack_from(">4sII", profile, _HEADER + 4 + 12 * i)
        tags[name] = profile[start : start + size]
    return tags


def _xyz(tag: bytes) -> NDArray[np.float64]:
    return np.array(struct.unpack_from(">3i", tag, 8)) / 65536.0


def _curve(tag: bytes) -> NDArray[np.float64]:
    kind = tag[:4]
    if kind == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        if count == 0:
            return np.array([0.0, 1.0])
        values = np.array(struct.unpack_from(f">{count}H", tag, 12), dtype=np.float64)
        if count == 1:
            return _grid() ** (values[0] / 256.0)
        return values / 65535.0
    if kind == b"para":
        return _parametric(tag)
    raise ValueError(f"unknown curve type {kind!r}")


def _parametric(tag: bytes) -> NDArray[np.float64]:
    """Parametric curves of ICC.1, types 0-4."""
    (function,) = struct.unpack_from(">H", tag, 8)
    count = (1, 3, 4, 5, 7)[function] if function < 5 else 0
    if count == 0:
        raise ValueError(f"unknown parametric curve {function}")
    p = np.zeros(7)
    p[:count] = np.array(struct.unpack_from(f">{count}i", tag, 12)) / 65536.0
    gamma, a, b, c, d, e, f = p
    x = _grid()
    if function == 0:
        return x**gamma
    if function in (1, 2):
        offset = c if function == 2 else 0.0
        return np.where(x >= -b / a, np.maximum(a * x + b, 0.0) ** gamma + offset, offset)
    return np.where(x >= d, np.maximum(a * x + b, 0.0) ** gamma + e, c * x + f)


def _grid() -> NDArray[np.float64]:
    return np.linspace(0.0, 1.0, 4096)
