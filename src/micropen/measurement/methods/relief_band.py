"""Relief: by how much the contrast of fine shading (0.3-2 mm) went down under the same light."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.face_view import Array, FaceView
from micropen.measurement.method import Method, Reading, ZoneReading, spread_over
from micropen.measurement.pair import Pair

_DARKEST: Final = 0.004  # keeps ln finite on black, below any skin
_LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722], np.float32)  # of linear sRGB
# How much softer a picture is made to see what softness does to its contrast.
_PROBE: Final = 1.15


@dataclass(frozen=True, slots=True)
class _Contrast:
    """Fine contrast of one photograph on the baseline's view.

    Parameters
    ----------
    value
        ``(zone,)`` root mean square of the band, ln units.
    per_blur
        ``(zone,)`` d ln(value) / d ln(point spread): negative.
    noise
        ``(zone,)`` variance of the sensor's noise within the band.
    """

    value: NDArray[np.float64]
    per_blur: NDArray[np.float64]
    noise: NDArray[np.float64]


def read_relief(pair: Pair) -> Reading:
    """Read the relative reduction of fine contrast in every zone.

    Parameters
    ----------
    pair
        Two aligned photographs.

    Returns
    -------
    Reading
        Refused where light or sharpness differ: fine shading then differs without the skin.
    """
    parameters = load_parameters()
    reason = _refusal(pair, parameters)
    if reason:
        return Reading(dict.fromkeys(ZONES, ZoneReading.refused(reason)))
    before = _contrast(pair, pair.baseline, parameters)
    after = _contrast(pair, pair.later, parameters)
    area = pair.zone_weight / pair.px_per_mm**2
    least = parameters.value("measurement.relief.least_area_mm2")
    zones, values = {}, np.full(len(ZONES), np.nan)
    for k, zone in enumerate(ZONES):
        if area[k] < least or not (before.value[k] > 0.0 and after.value[k] > 0.0):
            zones[zone] = ZoneReading.refused(
                f"Only {area[k] / 100.0:.1f} cm² of bare skin can be compared here; "
                f"{least / 100.0:.1f} cm² are needed: keep hair and hands away."
            )
            continue
        zones[zone] = _reading(pair, before, after, k, parameters)
        values[k] = zones[zone].change
    return Reading(zones, spread_over(pair, values))


def _reading(
    pair: Pair, before: _Contrast, after: _Contrast, k: int, parameters: ParameterSet
) -> ZoneReading:
    ratio = float(after.value[k] / before.value[k])
    slope = 0.5 * abs(float(before.per_blur[k] + after.per_blur[k]))
    stated = parameters.value("measurement.relief.blur_ratio_sd")
    unlike = math.log(_blur_mm(pair.later) / _blur_mm(pair.baseline))
    energy = float(before.value[k]) ** 2
    errors = {
        "noise": 0.5 * abs(float(after.noise[k] - before.noise[k])) / energy,
        "sharpness": slope * math.hypot(stated, unlike),
        "pose": parameters.value("measurement.relief.per_degree") * _turn_deg(pair),
        "surface": parameters.value("measurement.relief.least_sd"),
    }
    sd = math.hypot(*errors.values())
    return ZoneReading(math.nan, math.nan, 1.0 - ratio, ratio * sd, sd, errors)


def _contrast(pair: Pair, view: FaceView, parameters: ParameterSet) -> _Contrast:
    """Read the band on the photograph's own pixels; only its energy is laid over the baseline.

    Resampling a picture blurs it, which would look like smoother skin.
    """
    finest = view.mm(parameters.value("rendering.relief.finest_mm"))
    coarsest = view.mm(parameters.value("rendering.relief.coarsest_mm"))
    limit = np.float32(parameters.value("rendering.relief.limit"))
    log = np.log(view.linear @ _LUMINANCE + np.float32(_DARKEST))
    own = max(_blur_mm(view) * view.px_per_mm, 0.3)
    softer = cv2.GaussianBlur(log, (0, 0), own * math.sqrt(_PROBE**2 - 1.0))
    planes = [_limited(_band(image, finest, coarsest), limit) ** 2 for image in (log, softer)]
    planes.append(_noise_energy(log, finest))
    energy = np.stack(planes, -1)
    if view is not pair.baseline:
        energy = np.asarray(pair.alignment.warp(energy), np.float32)
    mean = np.maximum(pair.zone_mean(energy), 0.0)
    drop = np.log(np.maximum(mean[:, 1], 1e-12) / np.maximum(mean[:, 0], 1e-12))
    return _Contrast(np.sqrt(mean[:, 0]), 0.5 * drop / math.log(_PROBE), mean[:, 2])


def _band(log: Array, finest: float, coarsest: float) -> Array:
    fine = cv2.GaussianBlur(log, (0, 0), finest) if finest > 0.3 else log
    return np.asarray(fine - cv2.GaussianBlur(log, (0, 0), coarsest), np.float32)


def _limited(band: Array, limit: np.float32) -> Array:
    """Let small contrasts through; moles, hairs and edges fall back to nothing."""
    return np.asarray(band / (1.0 + (band / limit) ** 2), np.float32)


def _noise_energy(log: Array, finest: float) -> Array:
    """Variance of white noise within the band, from what no optics resolves (Immerkaer 1996)."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6.0
    variance = cv2.filter2D(log, cv2.CV_32F, kernel) ** 2
    passed = 1.0 / (4.0 * math.pi * max(finest, 0.3) ** 2)
    return np.asarray(min(passed, 1.0) * variance, np.float32)


def _refusal(pair: Pair, parameters: ParameterSet) -> str:
    """Return why fine contrast cannot be compared at all, or nothing."""

    def limit(name: str) -> float:
        return parameters.value(f"measurement.relief.{name}")

    if not pair.light.controlled:
        return (
            "Light or camera differ between the photographs, and fine shading follows the light; "
            "use the same lamp, place and camera."
        )
    if _turn_deg(pair) > limit("most_turn_deg"):
        return (
            f"The head is turned by {_turn_deg(pair):.0f}° against the baseline (at most "
            f"{limit('most_turn_deg'):.0f}°), so that light grazes the skin differently."
        )
    coarse = min(pair.baseline.px_per_mm, pair.later.px_per_mm)
    if coarse < limit("least_px_per_mm"):
        return (
            f"The photographs have {coarse:.1f} px/mm; {limit('least_px_per_mm'):.1f} are needed "
            "to see fine relief: go nearer or use the better camera."
        )
    soft = sorted((_blur_mm(pair.baseline), _blur_mm(pair.later)))
    if soft[1] > limit("most_blur_mm"):
        return (
            f"A photograph is too soft for fine relief (about {soft[1]:.2f} mm on the skin, at "
            f"most {limit('most_blur_mm'):.2f} mm): focus on the face and hold still."
        )
    if soft[1] / soft[0] > limit("most_blur_ratio"):
        return (
            f"One photograph is {soft[1] / soft[0]:.1f} times as soft as the other, which looks "
            "like smoother skin; use photographs of the same sharpness."
        )
    return ""


def _blur_mm(view: FaceView) -> float:
    return view.portrait.sharpness_px / view.portrait.px_per_mm


def _turn_deg(pair: Pair) -> float:
    one, other = pair.baseline.portrait.quality, pair.later.portrait.quality
    return math.hypot(other.yaw_deg - one.yaw_deg, other.pitch_deg - one.pitch_deg)


RELIEF_BAND: Final = Method(
    name="relief_band",
    sign="relief",
    unit="1",
    label="smoothness",
    summary=(
        "One minus the ratio of the root mean square of ln luminance between 0.12 and 0.85 mm "
        "(standard deviations of Gaussians), photograph over baseline, each on its own pixels. "
        "Only under the same light and at the same sharpness; flakes count as relief."
    ),
    better="higher",
    sources=("micropen-findings",),
    parameters=(
        "rendering.relief.finest_mm",
        "rendering.relief.coarsest_mm",
        "measurement.relief.blur_ratio_sd",
        "measurement.relief.per_degree",
    ),
    main=True,
    read=read_relief,
)
