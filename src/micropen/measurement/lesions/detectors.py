"""The two detectors: red spots that are new since the baseline, and those of one photograph."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.face_view import Array
from micropen.measurement.lesions.contrast_map import WorkingGrid, red_green
from micropen.measurement.lesions.found import FoundLesion
from micropen.measurement.lesions.search import Redness, search
from micropen.measurement.pair import Pair

# The misplacement allowed for: this quantile of the skin's alignment error, times this factor
# (95 % of a normal distribution along one axis).
_ERROR_QUANTILE: Final = 0.75
_WITHIN: Final = 1.96


def new_lesions(pair: Pair, parameters: ParameterSet | None = None) -> tuple[FoundLesion, ...]:
    """Find red spots of the later photograph that the baseline does not have.

    A spot counts by the smaller of two contrasts: that of the change, and its own minus the
    reddest spot of the baseline within the error of alignment, so that a mole or a vein that lies
    a little aside is not new.

    Parameters
    ----------
    pair
        The aligned photographs.
    parameters
        ``measurement.lesions.*``.

    Returns
    -------
    tuple of FoundLesion
        Also doubtful ones (see `FoundLesion.probability`), surest first.
    """
    chosen = parameters or load_parameters()
    grid = _grid(pair, chosen)
    before, after = grid.log_colour(pair.before), grid.log_colour(pair.after)
    red_before, red_after = red_green(before), red_green(after)
    reach = misplacement_mm(pair, chosen) * grid.px_per_mm
    size = 2 * int(np.ceil(reach)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))

    def limit(diameter_px: float) -> Array:
        was = grid.means.spot_contrast(red_before, diameter_px)
        nearby = np.maximum(cv2.dilate(was, kernel), np.float32(0.0))
        now = grid.means.spot_contrast(red_after, diameter_px)
        return np.asarray(now - nearby, np.float32)

    share = chosen.value("measurement.lesions.diffuse_share")
    change = Redness(grid, red_after - red_before, after - before, "new", pair.ita_deg, share)
    return search(change, limit, chosen)


def lesions_of_photo(
    linear: Array, pair: Pair, parameters: ParameterSet | None = None
) -> tuple[FoundLesion, ...]:
    """Find red spots on one photograph alone; permanent red marks count too.

    Parameters
    ----------
    linear
        ``(h, w, 3)`` linear sRGB on the baseline's view: `Pair.before` or `Pair.after`.
    pair
        Gives skin, zones, scale and tone.
    parameters
        ``measurement.lesions.*``.
    """
    chosen = parameters or load_parameters()
    grid = _grid(pair, chosen)
    colour = grid.log_colour(linear)
    return search(
        Redness(grid, red_green(colour), colour, "single", pair.ita_deg, 0.0), None, chosen
    )


def misplacement_mm(pair: Pair, parameters: ParameterSet) -> float:
    """How far a permanent mark may seem to have moved, mm."""
    skin = (pair.labels >= 0) & (pair.usable > 0.0)
    error = float(np.quantile(pair.alignment.error_mm[skin], _ERROR_QUANTILE)) if skin.any() else 0
    return float(
        np.clip(
            _WITHIN * error,
            parameters.value("measurement.lesions.least_misplacement_mm"),
            parameters.value("measurement.lesions.most_misplacement_mm"),
        )
    )


def _grid(pair: Pair, parameters: ParameterSet) -> WorkingGrid:
    return WorkingGrid.over(
        pair.usable,
        pair.labels,
        pair.px_per_mm,
        parameters.value("measurement.lesions.working_px_per_mm"),
    )
