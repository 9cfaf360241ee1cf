"""What covers the skin: hair, glasses, a beard, a hand, a mask, a plaster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet
from micropen.measurement.gate.face_map import Array, FaceMap, FaceShape
from micropen.measurement.gate.findings import Finding, in_words
from micropen.measurement.gate.seen import Seen

_SIDES: Final = ("left", "right")
_DETAIL_MM: Final = 3.0
_ADVICE: Final = "tie hair back, take off glasses and keep hands and cloth away from the face"


def cover_findings(
    seen: Seen, baseline: Seen | None, parameters: ParameterSet
) -> Iterator[Finding]:
    """Find zones with too little bare skin, or much less than on the baseline."""
    shares = seen.bare_shares
    least = parameters.value("measurement.gate.least_bare_share")
    yield from _half_covered(dict(zip(ZONES, shares, strict=True)), parameters)
    for zone, share in zip(ZONES, shares, strict=True):
        if share < least:
            yield Finding(
                f"Only {share:.0%} of it is bare skin, at least {least:.0%} are needed: hair, a "
                f"beard, glasses or the picture's edge are in the way; {_ADVICE}.",
                zones=(zone,),
            )
    if baseline is not None:
        yield from _less_than_before(shares, baseline.bare_shares, parameters)


def _half_covered(shares: dict[str, np.float64], parameters: ParameterSet) -> Iterator[Finding]:
    """A face of which one side is hidden: its mesh is a guess, on the other side too."""
    hidden = parameters.value("measurement.gate.hidden_side_share")
    for side, other in (_SIDES, _SIDES[::-1]):
        neighbours = min(shares[f"temple_{side}"], shares[f"jaw_{side}"])
        cheek = shares[f"cheek_{side}"]
        if cheek < hidden and neighbours < hidden and shares[f"cheek_{other}"] > 2.0 * cheek:
            yield Finding(
                f"The {side} side of the face is covered or cut off ({cheek:.0%} of the cheek is "
                f"bare skin, at least {hidden:.0%} are needed), so that the face cannot be laid "
                f"over the baseline; {_ADVICE}.",
                refuses=True,
            )


def _less_than_before(
    now: NDArray[np.float64], before: NDArray[np.float64], parameters: ParameterSet
) -> Iterator[Finding]:
    most = parameters.value("measurement.gate.most_bare_share_drop")
    lost = (before - now) / np.maximum(before, 1.0)
    for zone, drop in zip(ZONES, lost, strict=True):
        if drop > most:
            yield Finding(
                f"{drop:.0%} of the skin that the baseline shows here is covered now, at most "
                f"{most:.0%} may be; {_ADVICE}.",
                zones=(zone,),
            )


def strange_cells(
    before: FaceMap, now: FaceMap, shape: FaceShape, parameters: ParameterSet
) -> NDArray[np.bool_]:
    """Cells that show something other than the baseline's skin ``(h, w)``.

    Redness after a session moves ln(R/G) by up to 0.3 and ln(G/B) by hardly anything, pigment by
    less; light changes brightness slowly over the face. What goes beyond, or has detail where the
    baseline has none, in one piece of at least some cm2, is something else.
    """
    change = now.colour - before.colour
    change = change - np.median(change[shape.skin], axis=0)
    redder, less_red, yellow, bright = (
        parameters.value(f"measurement.gate.strange_{n}")
        for n in ("redder", "less_red", "yellow", "brightness")
    )
    odd = (change[..., 0] > redder) | (change[..., 0] < -less_red)
    odd |= (np.abs(change[..., 1]) > yellow) | (np.abs(change[..., 2]) > bright)
    floor, factor = (
        parameters.value(f"measurement.gate.strange_detail_{n}") for n in ("floor", "factor")
    )
    odd |= _rough(now.detail) > floor + factor * _rough(before.detail)
    least = parameters.value("measurement.gate.strange_area_cm2") * 100.0  # cells of 1 mm2
    return _pieces(odd & shape.inner, least)


def _rough(detail: Array) -> Array:
    size = np.abs(detail)
    return np.asarray(cv2.GaussianBlur(size, (0, 0), _DETAIL_MM), np.float32)


def _pieces(odd: NDArray[np.bool_], least: float) -> NDArray[np.bool_]:
    """Keep connected pieces of at least some cells."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(odd.astype(np.uint8))
    large = stats[:, cv2.CC_STAT_AREA] >= least
    large[0] = False
    return np.asarray(large[labels])


def strange_findings(
    strange: NDArray[np.bool_], shape: FaceShape, parameters: ParameterSet
) -> Iterator[Finding]:
    """Name the zones that something strange covers."""
    inside = (shape.labels >= 0) & shape.inner
    total = np.bincount(shape.labels[inside], minlength=len(ZONES))
    odd = np.bincount(shape.labels[inside & strange], minlength=len(ZONES))
    share = odd / np.maximum(total, 1)
    most = parameters.value("measurement.gate.most_strange_share")
    zones = tuple(zone for zone, s in zip(ZONES, share, strict=True) if s > most)
    if zones:
        yield Finding(
            "Something that the baseline does not show (hair, glasses, a hand, a hard shadow, a "
            f"plaster, makeup or blood) covers up to {share.max():.0%} of a zone here "
            f"({in_words(zones)}); at most {most:.0%} may be; {_ADVICE}.",
            zones=zones,
        )
    elif strange.any():
        yield Finding(
            f"About {strange.sum() / 100.0:.1f} cm² of the face differ from the baseline more than "
            "skin does (a hair, a shadow, a plaster): look at that place before trusting it."
        )
