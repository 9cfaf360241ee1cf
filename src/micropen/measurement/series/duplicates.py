"""The same picture twice: the same bytes, or saved again smaller or with more compression.

A copy must not count as a repeat: it would make every error look like zero. Two exposures differ
by their sensor's noise even on a tripod; a copy carries the noise of its original. So the noise
of the flattest parts is compared.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.errors import PhotoError
from micropen.evidence import ParameterSet
from micropen.measurement.series.entry import SetAside
from micropen.measurement.series.look import Look
from micropen.portrait.decoding import decode
from micropen.portrait.orientation import apply_tag

_LONGEST_PX: Final = 1600
_FINE_SD: Final = 1.0  # px; noise between these two blurs survives JPEG better than finer noise
_COARSE_SD: Final = 3.0
_BLOCKS: Final = 200  # along each side: a block of a face that fills the picture has about 1 mm
_LEAST_BLOCK_PX: Final = 8  # noise must average out
_FLAT_SHARE: Final = 0.3
_DARK, _BRIGHT = 8.0, 247.0  # codes: beyond, noise is cut off
_LEAST_FLAT_PX: Final = 500
_LEAST_NOISE: Final = 0.02  # codes: less is no noise to compare
_ASPECT_TOLERANCE: Final = 0.02


def set_copies_aside(
    files: list[tuple[Path, str, Look]], parameters: ParameterSet
) -> tuple[list[tuple[Path, str, Look]], list[SetAside]]:
    """Keep the first of each picture.

    Parameters
    ----------
    files
        Path, name and look of every readable file.
    parameters
        Supplies ``measurement.series.*``.

    Returns
    -------
    kept, aside
        In the order given.
    """
    kept: list[tuple[Path, str, Look]] = []
    aside: list[SetAside] = []
    for path, name, look in files:
        why = ""
        for other_path, other_name, other in kept:
            if look.sha256 == other.sha256:
                why = f"{name} holds the same bytes as {other_name}; only that one is used."
            elif _alike(look, other, parameters) and is_copy(path, other_path, parameters):
                why = (
                    f"{name} is the same picture as {other_name}, saved again; only that one is "
                    "used (a copy is no repeat)."
                )
            if why:
                break
        if why:
            aside.append(SetAside(path, name, why))
        else:
            kept.append((path, name, look))
    return kept, aside


def _alike(a: Look, b: Look, parameters: ParameterSet) -> bool:
    """Whether the thumbnails are so alike that the pixels are worth a look."""
    if a.taken_at and b.taken_at and abs((a.taken_at - b.taken_at).total_seconds()) > 1.5:
        return False
    if abs(a.aspect / b.aspect - 1.0) > _ASPECT_TOLERANCE:
        return False
    most = parameters.value("measurement.series.copy_thumbnail_codes")
    return float(np.abs(a.thumbnail - b.thumbnail).mean()) < most


def is_copy(first: Path, second: Path, parameters: ParameterSet) -> bool:
    """Whether two files hold one exposure, by what compression leaves alone.

    The means of all small blocks must agree, and the noise of the flattest parts.
    """
    try:
        a, b = _grey(first), _grey(second)
    except PhotoError:
        return False
    longest = min(max(a.shape), max(b.shape), _LONGEST_PX)
    scale = longest / max(a.shape)
    size = (max(1, round(a.shape[1] * scale)), max(1, round(a.shape[0] * scale)))
    a, b = (cv2.resize(x, size, interpolation=cv2.INTER_AREA) for x in (a, b))
    if largest_block_change(a, b) > parameters.value("measurement.series.copy_block_codes"):
        return False
    return noise_correlation(a, b) > parameters.value("measurement.series.copy_noise_correlation")


def largest_block_change(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Largest difference of the means of small blocks of two pictures ``(h, w)``, codes.

    Compression keeps the means of its blocks; a papule, a flake or a blush does not.
    """
    size = tuple(max(1, min(_BLOCKS, side // _LEAST_BLOCK_PX)) for side in a.shape[::-1])
    means = (cv2.resize(x, size, interpolation=cv2.INTER_AREA) for x in (a, b))
    return float(np.abs(np.subtract(*means)).max())


def noise_correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Correlation of the fine residue of two pictures ``(h, w)`` where both are flattest, codes.

    0 where there is nothing to compare.
    """
    mean = (a + b) / 2
    smooth = cv2.GaussianBlur(mean, (0, 0), _COARSE_SD)
    slope = np.hypot(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1))
    flat = (slope <= np.quantile(slope, _FLAT_SHARE)) & (smooth > _DARK) & (smooth < _BRIGHT)
    if flat.sum() < _LEAST_FLAT_PX:
        return 0.0
    x, y = (_residue(image)[flat] for image in (a, b))
    if min(float(x.std()), float(y.std())) < _LEAST_NOISE:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def _residue(image: NDArray[np.float32]) -> NDArray[np.float32]:
    fine = cv2.GaussianBlur(image, (0, 0), _FINE_SD)
    return np.asarray(fine - cv2.GaussianBlur(image, (0, 0), _COARSE_SD), np.float32)


def _grey(path: Path) -> NDArray[np.float32]:
    decoded = decode(path.read_bytes(), path.name)
    codes = apply_tag(decoded.codes, decoded.metadata.orientation)
    scale = 257.0 if codes.dtype == np.uint16 else 1.0
    return np.asarray(codes[..., 1].astype(np.float32) / scale, np.float32)
