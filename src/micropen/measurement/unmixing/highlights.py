"""By how much the surface reflection changed: read off the bright spots of skin relief.

A smooth change of white light and a mixture of less blood with less melanin have nearly the same
colour, so gloss cannot be read from a zone's mean. It can from fine bright spots: they are white,
and they stay where they are while blood and melanin change smoothly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array
from micropen.measurement.pair import Pair
from micropen.measurement.unmixing.cells import FINE_MM, LUMINANCE, Cells
from micropen.measurement.unmixing.directions import PersonSkin
from micropen.measurement.unmixing.noise import turned_mm

FloatArray = NDArray[np.float64]

_BAND_MM: Final = (0.6, 6.0)  # highlights of pores and furrows, not of the shape of the face
_LIGHT_MM: Final = 10.0
_BRIGHTEST: Final = 0.05  # share of the cells that are the bright spots
_FEWEST: Final = 400  # cells of a zone: 20 bright spots
_CHANGE_WEIGHT: Final = (
    4.0  # texture that changed is kept out of "white" above texture that did not
)
_TINTED: Final = 0.03  # green optical density of blood
_ANY: Final = 0.3
_LEAST, _MOST = -0.95, 4.0


@dataclass(frozen=True, eq=False)
class GlossChange:
    """Relative change of surface reflection.

    Parameters
    ----------
    value, change_sd
        ``(zone,)``; NaN where the zone has too little skin.
    errors
        Parts of the error had nothing changed, each ``(zone,)``.
    likely, likely_sd
        ``(zone,)`` the best guess everywhere: the face's where the zone itself says nothing.
    """

    value: FloatArray
    change_sd: FloatArray
    errors: Mapping[str, FloatArray]
    likely: FloatArray
    likely_sd: FloatArray

    @classmethod
    def unknown(cls, zones: int) -> GlossChange:
        """Before anything was looked at: none, give or take a good deal."""
        none, any_sd = np.zeros(zones), np.full(zones, _ANY)
        return cls(none, any_sd, {}, none, any_sd)


@dataclass(frozen=True, eq=False)
class BrightSpots:
    """Fine contrast of both photographs, per zone, over the local light.

    Parameters
    ----------
    before, after
        Per zone ``(n, 3)``: cells of the zone; empty where it has too little skin.
    area_mm2
        ``(zone,)`` skin of the zone.
    """

    before: tuple[Array, ...]
    after: tuple[Array, ...]
    area_mm2: FloatArray

    @classmethod
    def of(cls, pair: Pair, usable: Array) -> BrightSpots:
        """Take the fine contrast of a pair on its usable skin."""
        fine = Cells.of(pair, FINE_MM, usable)
        light = np.maximum(fine.smooth(fine.before @ LUMINANCE, _LIGHT_MM), 1e-3)[..., None]
        before, after = _band(fine, fine.before) / light, _band(fine, fine.after) / light
        first, second = [], []
        for zone in range(len(ZONES)):
            inside = (fine.labels == zone) & (fine.weight > 0.9)
            if inside.sum() < _FEWEST:
                inside[:] = False
            first.append(before[inside])
            second.append(after[inside])
        return cls(tuple(first), tuple(second), fine.zone_area_mm2)


def gloss_change(
    spots: BrightSpots,
    transmission: FloatArray,
    blood: FloatArray,
    amounts: FloatArray,
    skin: PersonSkin,
    pair: Pair,
    parameters: ParameterSet,
) -> GlossChange:
    """Measure the relative change of surface reflection of every zone.

    Parameters
    ----------
    spots
        Fine contrast of the pair.
    transmission
        ``(zone, 3)``: factor of the diffuse light, after over before, from blood and melanin.
    blood
        ``(3,)`` colour of added blood (optical density).
    amounts
        ``(zone,)`` green optical density of added blood.
    skin
        The person's skin, for how much texture of colour there is among the bright spots.
    pair
        Supplies how far the face has turned and whether light was controlled.
    parameters
        ``measurement.unmixing.*``.
    """
    known = np.where(np.isfinite(transmission), transmission, 1.0)
    texture = parameters.value("measurement.unmixing.highlight_texture") * float(skin.rgb[1])
    least = parameters.value("measurement.unmixing.highlight_px_per_mm")
    resolved = min(pair.px_per_mm, pair.later.px_per_mm) >= least
    raw = np.full(len(ZONES), np.nan)
    for zone, (before, after) in enumerate(zip(spots.before, spots.after, strict=True)):
        if len(before) and resolved:
            raw[zone] = _zone_change(
                before,
                after,
                known[zone],
                blood,
                float(np.nan_to_num(amounts[zone])),
                1.0 / (1.0 + texture),
            )
    return _with_errors(raw, spots.area_mm2, pair, parameters)


def _band(cells: Cells, picture: Array) -> Array:
    narrow, wide = _BAND_MM
    return cells.smooth(picture, narrow) - cells.smooth(picture, wide)


def _zone_change(
    before: Array,
    after: Array,
    transmission: FloatArray,
    blood: FloatArray,
    amount: float,
    mirrored: float,
) -> float:
    """Growth of the brightest white spots of one zone, cells ``(n, 3)``."""
    first, second = before.astype(np.float64), after / transmission
    moved = second - first
    spread = (first.T @ first + _CHANGE_WEIGHT * moved.T @ moved) / len(first)
    spread += 1e-9 * np.trace(spread) * np.eye(3)
    # Taking the change of the diffuse light out tints the mirrored light by its inverse: where
    # blood changed by more than `_TINTED`, that tint must not pass either.
    tinted = min((amount / _TINTED) ** 6, 1e3)
    spread += tinted * np.trace(spread) * np.outer(blood, blood)
    # The combination that passes white and as little as possible of all else (Capon 1969).
    weight = np.linalg.solve(spread, np.ones(3))
    weight /= weight.sum()
    white, later = first @ weight, second @ weight
    # Chosen on both pictures alike: spots chosen on one alone would always shrink in the other.
    both = white + later
    bright = both > np.quantile(both, 1.0 - _BRIGHTEST)
    growth = later[bright].sum() / max(float(white[bright].sum()), 1e-12)
    tint = max(float((weight / transmission).sum()), 0.2)
    return float(np.clip((growth - (1.0 - mirrored)) / mirrored / tint - 1.0, _LEAST, _MOST))


def _with_errors(
    raw: FloatArray, area_mm2: FloatArray, pair: Pair, parameters: ParameterSet
) -> GlossChange:
    """Draw zones together as far as their errors ask for it."""

    def value(name: str) -> float:
        return parameters.value(f"measurement.unmixing.{name}")

    uncontrolled = 0.0 if pair.light.controlled else value("gloss_uncontrolled_sd")
    few = 1.0 + value("gloss_repeat_area_cm2") * 100.0 / np.maximum(area_mm2, 1.0)
    errors = {
        "noise": value("gloss_repeat_sd") * np.sqrt(few),
        "pose": np.full_like(raw, value("gloss_pose_sd_per_mm") * turned_mm(pair)),
        "light": np.full_like(raw, uncontrolled),
    }
    still = np.sqrt(np.sum([part**2 for part in errors.values()], axis=0))
    own = np.hypot(still, value("gloss_relative_sd") * np.nan_to_num(raw))
    weight = np.where(np.isfinite(raw), area_mm2 / own**2, 0.0)
    mean = float((weight * np.nan_to_num(raw)).sum() / max(weight.sum(), 1e-12))
    between = value("gloss_between_zones_sd")
    trust = between**2 / (between**2 + own**2)
    drawn = mean + trust * (raw - mean)
    change_sd = np.hypot(still, value("gloss_relative_sd") * np.abs(drawn))
    seen = np.isfinite(raw)
    face_sd = float(np.hypot(between, change_sd[seen].mean())) if seen.any() else _ANY
    # What is taken out of the colours is drawn to none as far as it is unsure.
    sure = _ANY**2 / (_ANY**2 + still**2)
    return GlossChange(
        drawn,
        change_sd,
        errors,
        np.where(seen, drawn, mean) * sure,
        np.sqrt(sure) * np.where(seen, change_sd, face_sd),
    )
