"""Whether two photographs show one person: folds and features point by point, and proportions.

No network that knows faces is used: nothing is stored that could recognise a person elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.measurement.gate.expression import expression_distance
from micropen.measurement.gate.face_map import FaceMap, FaceShape
from micropen.measurement.gate.findings import Finding
from micropen.measurement.gate.pose import turn_between
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


def mirror_findings(
    maps: tuple[FaceMap, FaceMap, FaceMap], shape: FaceShape, parameters: ParameterSet
) -> Iterator[Finding]:
    """Find a photograph that was saved mirrored, left and right swapped.

    Parameters
    ----------
    maps
        Baseline, later photograph, and the later one with its sides swapped, on one shape.
    shape
        The shape.
    parameters
        Supplies ``measurement.gate.mirror_*``.
    """
    before, plain, swapped = (m.detail[shape.skin].astype(np.float64) for m in maps)
    if before.size < _LEAST_CELLS or min(before.std(), plain.std(), swapped.std()) < 1e-6:
        return
    as_it_is, turned_over = (float(np.corrcoef(before, m)[0, 1]) for m in (plain, swapped))
    least, gain = (parameters.value(f"measurement.gate.mirror_{n}") for n in ("least", "gain"))
    if turned_over > least and 1.0 - as_it_is > gain * (1.0 - turned_over):
        yield Finding(
            "It is mirrored against the baseline (front cameras do this): turn mirroring off or "
            f"flip it (likeness of the skin {turned_over:.2f} with the sides swapped, "
            f"{as_it_is:.2f} as it is).",
            refuses=True,
        )


def likeness_findings(
    score: float, faces: tuple[Seen, Seen], parameters: ParameterSet
) -> Iterator[Finding]:
    """Say what a score means; nothing for NaN.

    A middling score is one of the same person only where pose or expression explain it; where
    they do not, or the skin is of another tone, the photograph is refused.
    """
    least, good = (parameters.value(f"measurement.gate.{n}_likeness") for n in ("least", "good"))
    if score < least:
        yield _another_person(score, least, "")
    elif score < good:
        why = _nothing_explains(*faces, parameters)
        if why:
            yield _another_person(score, good, why)
        else:
            yield Finding(
                f"The face looks rather unlike the baseline's (likeness {score:.2f}, {good:.2f} or "
                "more would be good): check that it is the same person, with the same expression."
            )


def _another_person(score: float, needed: float, why: str) -> Finding:
    return Finding(
        f"The face does not look like the baseline's (likeness {score:.2f}, at least {needed:.2f} "
        f"is needed{why}): it may not be the same person, or light and expression are too "
        "different to compare. If it is the same person, take it again with the same pose and "
        "expression, or choose another baseline.",
        refuses=True,
    )


def _nothing_explains(baseline: Seen, seen: Seen, parameters: ParameterSet) -> str:
    """Why a middling likeness counts as another person; empty where it may be the same one."""
    far = parameters.value("measurement.gate.far_tone_deg")
    apart = abs(seen.tone_deg - baseline.tone_deg)
    if apart > far:
        return f" where the tones of the skin differ by {apart:.0f}°, more than {far:.0f}°"
    near = turn_between(seen, baseline) <= parameters.value("measurement.gate.most_turn_deg")
    calm = expression_distance(seen, baseline, parameters) <= parameters.value(
        "measurement.gate.calm_expression"
    )
    return " in so similar a pose and expression" if near and calm else ""
