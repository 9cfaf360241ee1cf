"""Brown spots: their share of the skin and their contrast, never a count alone.

A count says that a patch which broke into three has become worse; area and contrast do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Final
from weakref import WeakKeyDictionary

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.face_view import Array
from micropen.measurement.method import Method, Reading, ZoneReading
from micropen.measurement.pair import Pair
from micropen.optics import individual_typology_angle
from micropen.optics.skin import diffuse_rgb

FloatArray = NDArray[np.float64]

_DARKEST: Final = 2e-3
# Melanosome fractions over which the directions of the skin model are taken, and half steps.
_MELANIN: Final = (0.004, 0.5, 24)
_HALF_STEP: Final = 0.1


@dataclass(frozen=True, eq=False)
class _Maps:
    """Excess of melanin over the surroundings on both photographs, ``(h, w)`` each.

    Parameters
    ----------
    before, after
        ln units of the green channel; positive is browner.
    scatter
        ``(zone,)`` robust sd of their difference where there is no spot.
    offset_sd
        ``(zone,)`` sd of the contrast that averaging does not take away: light, and redness that
        the weights do not quite leave out.
    members
        Per zone the flat indices of its bare skin.
    """

    before: Array = field(repr=False)
    after: Array = field(repr=False)
    scatter: FloatArray
    offset_sd: FloatArray
    members: tuple[NDArray[np.int64], ...] = field(repr=False)


# Area and contrast are read from the same maps, one after the other.
_LAST: WeakKeyDictionary[Pair, _Maps] = WeakKeyDictionary()


def spot_weights(ita_deg: float, parameters: ParameterSet) -> tuple[FloatArray, FloatArray]:
    """Weights of ln(R), ln(G), ln(B) that follow melanin, and those that follow blood.

    Parameters
    ----------
    ita_deg
        Individual typology angle of the skin, degrees.
    parameters
        Supplies resting blood and saturation of the skin model.

    Returns
    -------
    melanin, blood
        ``(3,)`` each: the weighted sum of ln ratios is what added melanin (or blood) takes from
        ln(green), darker = positive. Each is blind to the other and to shading.
    """
    angle, melanin, blood = _directions(
        parameters.value("optics.erythema.reference_blood"),
        parameters.value("optics.erythema.reference_saturation"),
    )
    m, b = (
        np.array([np.interp(ita_deg, angle, column) for column in d.T]) for d in (melanin, blood)
    )
    inverse = np.linalg.inv(np.stack([m, b, np.ones(3)]))
    return -m[1] * inverse[:, 0], -b[1] * inverse[:, 1]


@cache
def _directions(blood: float, saturation: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Angle ``(n,)`` ascending; slopes of ln(rgb) by ln(melanin) and by ln(blood), ``(n, 3)``."""
    melanin = np.geomspace(*_MELANIN)
    bloods = blood * np.exp(np.array([0.0, _HALF_STEP, -_HALF_STEP]))
    rgb = diffuse_rgb(melanin, bloods, np.full(3, saturation), nodes=12)
    log = np.log(rgb)
    angle = np.asarray(individual_typology_angle(rgb[:, 0]))
    order = np.argsort(angle)
    by_melanin = np.gradient(log[:, 0], np.log(melanin), axis=0)
    by_blood = (log[:, 1] - log[:, 2]) / (2.0 * _HALF_STEP)
    return angle[order], by_melanin[order], by_blood[order]


def read_spot_area(pair: Pair) -> Reading:
    """Read the share of each zone that is a brown spot.

    Parameters
    ----------
    pair
        Two aligned photographs.
    """
    parameters = load_parameters()
    zones = _refusals(pair, parameters)
    if len(zones) == len(ZONES):
        return Reading(zones)
    maps = _maps(pair, parameters)
    least = parameters.value("measurement.spots.least_contrast")
    cell = parameters.value("measurement.spots.independent_mm2") * pair.px_per_mm**2
    for k, zone in enumerate(ZONES):
        if zone in zones:
            continue
        own = [m.ravel()[maps.members[k]] for m in (maps.before, maps.after)]
        first, second = (float(np.mean(m > least)) for m in own)
        # An error of the contrast moves the threshold, and with it what lies near it.
        moved = [np.mean(np.abs(m - least) < maps.offset_sd[k]) for m in own]
        unsure = float(np.mean([np.mean(np.abs(m - least) < maps.scatter[k]) for m in own]))
        errors = {
            "light": 0.5 * float(max(moved)),
            "noise": math.sqrt(0.5 * unsure * cell / max(own[0].size, cell)),
        }
        sd = max(math.hypot(*errors.values()), cell / own[0].size / 8.0)
        change = second - first
        zones[zone] = ZoneReading(second, sd / math.sqrt(2.0), change, sd, sd, errors)
    return Reading(zones)


def read_spot_contrast(pair: Pair) -> Reading:
    """Read the mean contrast of the brown spots of each zone.

    Parameters
    ----------
    pair
        Two aligned photographs.
    """
    parameters = load_parameters()
    zones = _refusals(pair, parameters)
    if len(zones) == len(ZONES):
        return Reading(zones)
    maps = _maps(pair, parameters)
    # A spot on the mean of both: chosen on one of them, its noise would look like fading.
    spot = 0.5 * (maps.before + maps.after) > parameters.value("measurement.spots.least_contrast")
    blurred = _as_misaligned(pair, maps.before, spot)
    for k, zone in enumerate(ZONES):
        if zone not in zones:
            zones[zone] = _contrast(pair, maps, spot, blurred, k, parameters)
    overlay = np.where(spot & (pair.usable > 0.5), maps.after - maps.before, np.float32(np.nan))
    return Reading(zones, overlay.astype(np.float32))


def _contrast(
    pair: Pair,
    maps: _Maps,
    spot: NDArray[np.bool_],
    blurred: Array,
    k: int,
    parameters: ParameterSet,
) -> ZoneReading:
    inside = maps.members[k][spot.ravel()[maps.members[k]]]
    area = inside.size / pair.px_per_mm**2
    least = parameters.value("measurement.spots.least_area_mm2")
    if area < least:
        return ZoneReading.refused(f"There are no brown spots of {least:.0f} mm² or more here.")
    first, second, lost = (
        float(m.ravel()[inside].mean()) for m in (maps.before, maps.after, blurred)
    )
    independent = parameters.value("measurement.spots.independent_mm2")
    errors = {
        "noise": float(maps.scatter[k]) * math.sqrt(independent / max(area, independent)),
        "light": float(maps.offset_sd[k]),
        "alignment": abs(lost - first),
    }
    sd = math.hypot(*errors.values())
    return ZoneReading(second, sd / math.sqrt(2.0), second - first, sd, sd, errors)


def _maps(pair: Pair, parameters: ParameterSet) -> _Maps:
    if pair not in _LAST:
        _LAST[pair] = _make_maps(pair, parameters)
    return _LAST[pair]


def _make_maps(pair: Pair, parameters: ParameterSet) -> _Maps:
    weights = np.stack(spot_weights(pair.ita_deg, parameters), -1).astype(np.float32)
    before, after = (
        _excess(pair, image, weights, parameters) for image in (pair.before, pair.after)
    )
    least = parameters.value("measurement.spots.least_contrast")
    labels = np.where(pair.usable > 0.5, pair.labels, np.int8(-1)).ravel()
    order = np.argsort(labels, kind="stable")
    edges = np.searchsorted(labels[order], np.arange(len(ZONES) + 1))
    members = tuple(order[start:end] for start, end in pairwise(edges))
    difference = (after - before).reshape(-1, 2)
    plain = (np.maximum(before, after)[..., 0] < least).ravel()
    leak = parameters.value("measurement.spots.blood_leak")
    floor = parameters.value("measurement.spots.contrast_sd")
    scatter, offset = np.zeros(len(ZONES)), np.full(len(ZONES), floor)
    for k, own in enumerate(members):
        skin = difference[own[plain[own]]]
        if skin.size:
            scatter[k], redness = 1.4826 * np.median(np.abs(skin - np.median(skin, 0)), 0)
            offset[k] = math.hypot(floor, leak * float(redness))
    return _Maps(before[..., 0], after[..., 0], scatter, offset, members)


def _excess(pair: Pair, image: Array, weights: Array, parameters: ParameterSet) -> Array:
    """Melanin and blood above the surroundings, ``(h, w, 2)``."""
    weight = np.clip(pair.usable, 0.0, 1.0)
    projected = np.log(np.maximum(image, np.float32(_DARKEST))) @ weights
    fine_px, wide_px = (
        parameters.value(f"measurement.spots.{name}_mm") * pair.px_per_mm
        for name in ("fine", "surround")
    )
    floor = np.float32(1e-3)
    total = np.concatenate([projected * weight[..., None], weight[..., None]], -1)
    fine = cv2.GaussianBlur(total, (0, 0), fine_px)
    wide = _wide(total, wide_px)
    skin = (weight > 0.0)[..., None]
    nearby, around = (m[..., :2] / np.maximum(m[..., 2:], floor) for m in (fine, wide))
    return np.asarray((nearby - around) * skin, np.float32)


def _wide(image: Array, sd_px: float) -> Array:
    """A wide Gaussian mean, taken on a smaller picture: it has no detail to lose."""
    step = max(1, int(sd_px / 4.0))
    height, width = image.shape[:2]
    size = (max(1, width // step), max(1, height // step))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sd_px / step)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))


def _as_misaligned(pair: Pair, excess: Array, spot: NDArray[np.bool_]) -> Array:
    """The baseline blurred by the error of the alignment: what that takes from its contrast."""
    seen = pair.alignment.error_mm[spot]
    error = float(np.median(seen)) * pair.px_per_mm if seen.size else 0.0
    return np.asarray(cv2.GaussianBlur(excess, (0, 0), error) if error > 0.3 else excess)


def _refusals(pair: Pair, parameters: ParameterSet) -> dict[str, ZoneReading]:
    """Zones where no spot can be read, and why."""

    def limit(name: str) -> float:
        return parameters.value(f"measurement.spots.{name}")

    if pair.ita_deg < limit("darkest_ita_deg"):
        reason = (
            f"In very dark skin (individual typology angle {pair.ita_deg:.0f}°) a photograph does "
            "not tell brown spots from shading; use cross-polarised light."
        )
        return dict.fromkeys(ZONES, ZoneReading.refused(reason))
    coarse = min(pair.baseline.px_per_mm, pair.later.px_per_mm)
    if coarse < limit("least_px_per_mm"):
        reason = (
            f"The photographs have {coarse:.1f} px/mm; {limit('least_px_per_mm'):.1f} are needed "
            "to see spots: go nearer or use the better camera."
        )
        return dict.fromkeys(ZONES, ZoneReading.refused(reason))
    area, least = pair.zone_weight / pair.px_per_mm**2, limit("least_skin_mm2")
    return {
        zone: ZoneReading.refused(
            f"Only {area[k] / 100.0:.1f} cm² of bare skin can be compared here; "
            f"{least / 100.0:.1f} cm² are needed: keep hair and hands away."
        )
        for k, zone in enumerate(ZONES)
        if area[k] < least
    }


_PARAMETERS: Final = (
    "measurement.spots.least_contrast",
    "measurement.spots.fine_mm",
    "measurement.spots.surround_mm",
    "measurement.spots.contrast_sd",
)

SPOT_AREA: Final = Method(
    name="spot_area",
    sign="spot_area",
    unit="1",
    label="brown spots, area",
    summary=(
        "Share of the zone's bare skin whose melanin optical density (weighted ln RGB, blind to "
        "blood and shading) exceeds its surroundings by the stated contrast."
    ),
    better="lower",
    sources=("micropen-findings",),
    parameters=_PARAMETERS,
    main=True,
    read=read_spot_area,
)

SPOT_CONTRAST: Final = Method(
    name="spot_contrast",
    sign="spot_contrast",
    unit="1",
    label="brown spots, contrast",
    summary=(
        "Mean excess of melanin optical density of the places that are a spot on the mean of "
        "both photographs."
    ),
    better="lower",
    sources=("micropen-findings",),
    parameters=_PARAMETERS,
    main=True,
    read=read_spot_contrast,
)
