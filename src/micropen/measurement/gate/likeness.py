"""Whether two photographs show one person: folds and features point by point, and proportions.

No network that knows faces is used: nothing is stored that could recognise a person elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.measurement.gate.face_map import FaceMap, FaceShape
from micropen.measurement.gate.findings import Finding
from micropen.measurement.gate.seen import Seen
from micropen.measurement.gate.shape import shape_difference

_LEAST_CELLS: int = 1500  # mm2; less skin in common says nothing about the person


def likeness(
    maps: tuple[FaceMap, FaceMap],
    shape: FaceShape,
    faces: tuple[Seen, Seen],
    strange: NDArray[np.bool_],
    parameters: ParameterSet,
) -> float:
    """Score how alike two faces are.

    Parameters
    ----------
    maps
        Baseline and later photograph on one shape.
    shape
        The shape.
    faces
        Baseline and later photograph.
    strange
        ``(h, w)`` cells that something covers. They are left out where they are few: a fringe is
        no other person; where they are many, they speak against the person.
    parameters
        Supplies the weight of proportions.

    Returns
    -------
    float
        Correlation of the details of the skin, less the weighted difference of proportions; at
        most 1, NaN where too little skin is in common.
    """
    skin = shape.skin
    few = (strange & skin).sum() < parameters.value("measurement.gate.cover_share") * skin.sum()
    where = skin & ~strange if few else skin
    if where.sum() < _LEAST_CELLS:
        return float("nan")
    a, b = (m.detail[where].astype(np.float64) for m in maps)
    if min(a.std(), b.std()) < 1e-6:
        return float("nan")
    weight = parameters.value("measurement.gate.proportion_weight")
    apart = shape_difference(faces[0].face, faces[1].face)
    return float(np.corrcoef(a, b)[0, 1]) - weight * apart


def likeness_findings(score: float, parameters: ParameterSet) -> Iterator[Finding]:
    """Say what a score means; nothing for NaN."""
    least, good = (parameters.value(f"measurement.gate.{n}_likeness") for n in ("least", "good"))
    if score < least:
        yield Finding(
            f"The face does not look like the baseline's (likeness {score:.2f}, at least "
            f"{least:.2f} is needed): it may not be the same person, or expression and light are "
            "too different to compare; take it out, or choose another baseline.",
            refuses=True,
        )
    elif score < good:
        yield Finding(
            f"The face looks rather unlike the baseline's (likeness {score:.2f}, {good:.2f} or "
            "more would be good): check that it is the same person, with the same expression."
        )
