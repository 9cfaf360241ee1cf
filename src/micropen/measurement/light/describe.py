"""Words for the reader: what the light was read from, and how it differs."""

from __future__ import annotations

from typing import Final

import numpy as np

from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array, FaceView
from micropen.measurement.light.cells import Cells
from micropen.measurement.light.light_field import LightField
from micropen.portrait import landmark_indices as at

_PART: Final = 0.12  # share of the untreated squares that makes a part worth naming
_SIDE: Final = 0.25  # ln brightness per unit of the skin's direction: a lamp moved by some 20 deg
_COLOUR: Final = 0.10  # ln blue over red: lamps 500 K apart
_EXPOSURE: Final = 0.69  # ln: one stop


def name_reference(
    cells: Cells, baseline: FaceView, parameters: ParameterSet, *, same: bool
) -> str:
    """Say in words what the change of light was read from."""
    if same:
        return "background: light and camera are the same"
    count = float(cells.fill[cells.reference].sum())
    if count < parameters.value("measurement.light.least_references"):
        return "the face itself (little untreated skin in the picture): wide error"
    parts = _parts(cells, baseline)
    return f"untreated skin ({', '.join(parts)})" if parts else "untreated skin"


def _parts(cells: Cells, baseline: FaceView) -> list[str]:
    """Parts of the body with a good share of the untreated squares, largest first."""
    places = (cells.place[cells.reference] + 0.5) * cells.size
    weight = cells.fill[cells.reference]
    points = baseline.points
    brow = float(points[list(at.BROW_TOPS), 1].min())
    sides = np.sort(points[[at.LEFT_SIDE, at.RIGHT_SIDE], 0])
    beside = (places[:, 1] < sides[0]) | (places[:, 1] > sides[1])
    mouth = float(points[list(at.LIPS), 1].mean())
    where = {
        "neck": places[:, 0] > mouth,
        "scalp": places[:, 0] < brow,
        "ears": beside & (places[:, 0] >= brow) & (places[:, 0] <= mouth),
        "eyelids": ~beside & (places[:, 0] >= brow) & (places[:, 0] <= mouth),
    }
    shares = {name: float(weight[inside].sum() / weight.sum()) for name, inside in where.items()}
    return [n for n, s in sorted(shares.items(), key=lambda item: -item[1]) if s > _PART]


def warn_of(cells: Cells, shading: Array, light: LightField | None) -> str:
    """One sentence where lamp or camera differ much from the baseline, else nothing."""
    if light is None or not len(cells.kind):
        return ""
    here = shading[cells.place[:, 0], cells.place[:, 1]].astype(np.float64)
    design = np.column_stack([np.ones(len(here)), cells.modes[:, 1:3]])
    level, side, down = np.linalg.lstsq(design, here, rcond=None)[0]
    told = []
    if max(abs(side), abs(down)) > _SIDE:
        told.append(f"came more from {_from_where(side, down)}")
    colour = float(light.colour[0, 2] - light.colour[0, 0])
    if abs(colour) > _COLOUR:
        seen = "was bluer" if colour > 0 else "was yellower"
        told.append(f"{seen} (or the camera's white balance was)")
    if abs(level) > _EXPOSURE:
        told.append("was much brighter" if level > 0 else "was much dimmer")
    if not told:
        return ""
    words = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    return f"The light {words} than in the baseline photograph: small changes cannot be told."


def _from_where(side: float, down: float) -> str:
    if abs(side) >= abs(down):
        return "the right of the picture" if side > 0 else "the left of the picture"
    return "below" if down > 0 else "above"
