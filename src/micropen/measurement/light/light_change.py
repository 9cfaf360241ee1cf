"""What light and camera changed between two aligned photographs of one face."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.alignment import Alignment
from micropen.measurement.face_view import CLIPPED_CODE, Array, FaceView
from micropen.measurement.light.cells import Cells, make_cells, spread
from micropen.measurement.light.describe import name_reference, warn_of
from micropen.measurement.light.directions import Directions, directions
from micropen.measurement.light.light_field import LightField, fit_light_field
from micropen.measurement.light.misfit import zone_covariance
from micropen.measurement.light.reference_skin import reference_skin
from micropen.measurement.light.scene import surroundings

_BLACK: float = 0.004


@dataclass(frozen=True, eq=False)
class LightChange:
    """Gain of light and camera from the baseline to the photograph, with what is not known of it.

    Parameters
    ----------
    log_gain
        ``(h, w, 3)`` float32: ln of the gain per channel, on the baseline's view.
    covariance
        ``(zone, 3, 3)`` of the error of the zone's mean ln gain, in the order of ZONES; moved
        highlights, which no smooth gain can follow, are part of it.
    reference
        In words, what it was read from: ``"untreated skin (neck, ears)"``, ...
    controlled
        Whether camera and light can be called the same in both photographs.
    warning
        One sentence for the reader where the light differs much; empty where it does not.
    """

    log_gain: Array = field(repr=False)
    covariance: NDArray[np.float64] = field(repr=False)
    reference: str
    controlled: bool
    warning: str = ""


def light_change(
    baseline: FaceView,
    later: FaceView,
    after: Array,
    usable: Array,
    alignment: Alignment,
    ita_deg: float,
    *,
    treated: Collection[str] | None = None,
    parameters: ParameterSet | None = None,
) -> LightChange:
    """Estimate what lamp and camera changed, so that what remains is the skin's change.

    Untreated skin outside the zones (neck, ears, scalp, upper eyelids) tells the change of colour;
    squares of treated skin add what blood cannot imitate. Where the surroundings show that lamp
    and camera were the same, nothing is taken out.

    Parameters
    ----------
    baseline, later
        The two views, colours already corrected by a chart where there was one. A chart does not
        make this step needless: chart and face see different light.
    after
        ``(h, w, 3)`` linear sRGB: the later view on the baseline's.
    usable
        ``(h, w)`` in 0-1: bare skin that both show.
    alignment
        From the baseline to the later view.
    ita_deg
        Individual typology angle of the person, degrees.
    treated
        Names of treated zones where that is known; without it every zone may have changed.
    parameters
        Supplies ``measurement.light.*``.
    """
    chosen = parameters or load_parameters()
    toward = directions(ita_deg, chosen)
    shown = _shown(baseline, later, after, alignment)
    reference = reference_skin(baseline, later, usable, alignment) * shown
    cells = make_cells(
        baseline, after, usable, reference, chosen.value("measurement.light.cell_mm")
    )
    same = surroundings(baseline, later).same(chosen)
    light = None
    if not same:
        changed = np.array([treated is None or zone in treated for zone in ZONES])
        light = fit_light_field(cells, toward, changed, chosen)
    log_gain, shading = _gain(baseline.shape, cells, light, toward, chosen)
    return LightChange(
        log_gain,
        zone_covariance(cells, light, toward, chosen),
        name_reference(cells, baseline, chosen, same=same),
        controlled=same,
        warning=warn_of(cells, shading, light),
    )


def _shown(baseline: FaceView, later: FaceView, after: Array, alignment: Alignment) -> Array:
    """Where both photographs show something that is neither clipped nor black, 0 or 1."""
    fullest = np.maximum(baseline.fullest, np.asarray(alignment.warp(later.fullest)))
    good = (fullest < CLIPPED_CODE) & (alignment.visible > 0.5)
    for image in (baseline.linear, after):
        for channel in range(3):  # far faster than the least of the last axis
            good &= image[..., channel] > _BLACK
    kernel = np.ones((3, 3), np.uint8)
    return np.asarray(cv2.erode(good.astype(np.uint8), kernel), np.float32)


def _gain(
    shape: tuple[int, int],
    cells: Cells,
    light: LightField | None,
    toward: Directions,
    parameters: ParameterSet,
) -> tuple[Array, Array]:
    """Gain (ln) on the view ``(h, w, 3)`` and the shading in it on the grid ``(gh, gw)``."""
    grid = (cells.mode_maps.shape[0], cells.mode_maps.shape[1])
    if light is None or not len(cells.kind):
        return np.zeros((*shape, 3), np.float32), np.zeros(grid, np.float32)
    left = cells.change - cells.modes @ light.colour
    # Skin that reddens also darkens: that part of the brightness belongs to the skin.
    coloured = toward.blood - toward.blood.mean()
    blood = left @ coloured / (coloured @ coloured)
    brightness = left.mean(-1) - blood * toward.blood.mean()
    reach = parameters.value("measurement.light.shading_mm") / parameters.value(
        "measurement.light.cell_mm"
    )
    shading = spread(cells.place, cells.fill, brightness[:, None], grid, reach)[..., 0]
    gain = np.asarray(cells.mode_maps @ light.colour + shading[..., None], np.float32)
    size = (grid[1] * cells.size, grid[0] * cells.size)
    full = cv2.resize(gain, size, interpolation=cv2.INTER_LINEAR)[: shape[0], : shape[1]]
    return np.ascontiguousarray(full), shading
