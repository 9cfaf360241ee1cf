"""Glasses and stubble: found without a baseline, because they are often on every photograph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from micropen.evidence import ParameterSet
from micropen.measurement.gate.face_map import FaceMap, FaceShape
from micropen.measurement.gate.findings import Finding
from micropen.measurement.gate.seen import Seen
from micropen.portrait import landmark_indices as at

_BEHIND_GLASSES: Final = ("periorbital_left", "periorbital_right", "nose")
# The bridge of the nose from between the brows to its middle: a frame crosses it as a dark bar.
_BETWEEN_BROWS: Final = 9
_MID_NOSE: Final = 197
_HALF_WIDTH: Final = 5  # cells of 1 mm
_BAR_MM: Final = (1.0, 5.0)  # a bar is thicker than the first and thinner than the second blur
_BELOW_BROWS: Final = 2
_HAIR_MM: Final = 1.5  # hairs are finer
_DARKEST: Final = 2e-3


def worn_findings(seen: Seen, parameters: ParameterSet) -> Iterator[Finding]:
    """Find glasses (zones behind them are not measured) and stubble (a warning)."""
    bar = glasses_bar(seen)
    most = parameters.value("measurement.gate.glasses_bar")
    if bar > most:
        yield Finding(
            f"Glasses seem to be worn: a dark bar crosses the bridge of the nose (ln contrast "
            f"{bar:.2f}, at most {most:.2f} is skin); take them off.",
            zones=_BEHIND_GLASSES,
        )
    lip, chin = stubble(seen)
    limits = [parameters.value(f"measurement.gate.stubble_{n}") for n in ("upper_lip", "chin")]
    if lip > limits[0] and chin > limits[1]:
        yield Finding(
            f"Stubble or a beard seems to cover upper lip and chin ({lip:.1f} and {chin:.1f} times "
            f"as rough as the cheek, up to {limits[0]:.1f} and {limits[1]:.1f} is skin): readings "
            "there are less sure; shave the evening before each photograph."
        )


def glasses_bar(seen: Seen) -> float:
    """Depth of the darkest line across the bridge of the nose, ln of luminance; 0 for none."""
    shape = FaceShape.of(seen)
    luminance = np.ascontiguousarray(FaceMap.of(seen, shape).log.mean(-1))
    thin, thick = (cv2.GaussianBlur(luminance, (0, 0), sd) for sd in _BAR_MM)
    top = int(shape.points[_BETWEEN_BROWS, 1]) + _BELOW_BROWS
    bottom = int(shape.points[_MID_NOSE, 1])
    middle = int(shape.points[at.NOSE_BRIDGE, 0])
    strip = (thin - thick)[top:bottom, middle - _HALF_WIDTH : middle + _HALF_WIDTH + 1]
    return max(0.0, -float(strip.mean(1).min())) if strip.size else 0.0


def stubble(seen: Seen) -> tuple[float, float]:
    """Fine roughness of upper lip and chin over the cheeks'; NaN where too little is bare."""
    luminance = np.log(np.maximum(seen.linear, _DARKEST)).mean(-1)
    smooth = cv2.GaussianBlur(luminance, (0, 0), _HAIR_MM * seen.grid.px_per_mm)
    rough = np.abs(luminance - smooth)
    cheeks = [seen.zone_median(rough, zone) for zone in ("cheek_left", "cheek_right")]
    known = [value for value in cheeks if np.isfinite(value)]
    cheek = max(float(np.mean(known)), 1e-4) if known else float("nan")
    return seen.zone_median(rough, "upper_lip") / cheek, seen.zone_median(rough, "chin") / cheek
