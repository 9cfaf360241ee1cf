"""Cover per zone with its error, or the reason why there is none."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.anatomy import label as zone_label
from micropen.anatomy.zones import unpaired
from micropen.evidence import ParameterSet
from micropen.measurement.method import ZoneReading
from micropen.measurement.pair import Pair
from micropen.measurement.scaling.flake_cover import FlakeCover

# Step of the coarse look at the displacement, px, and the fewest places that tell a turn.
_COARSE = 16
_FEWEST = 12


def refusal_of_all(pair: Pair, parameters: ParameterSet) -> str:
    """Say why no zone's flakes can be read from these photographs; empty where they can."""

    def value(name: str) -> float:
        return parameters.value(f"measurement.scaling.{name}")

    views = (pair.baseline, pair.later)
    seen = min(view.portrait.px_per_mm for view in views)
    blur = max(view.portrait.sharpness_px / view.portrait.px_per_mm for view in views)
    if seen < value("least_px_per_mm"):
        return (
            f"The photographs show {seen:.1f} px per mm of skin ({value('least_px_per_mm'):.1f} "
            f"are needed to see flakes): come closer or use more megapixels."
        )
    if blur > value("most_blur_mm"):
        return (
            f"The photographs are blurred over {blur:.2f} mm of skin (at most "
            f"{value('most_blur_mm'):.2f} mm to see flakes): focus on the face and hold still."
        )
    if pair.ita_deg < value("darkest_ita_deg"):
        return (
            f"At an individual typology angle of {pair.ita_deg:.0f} degrees (read down to "
            f"{value('darkest_ita_deg'):.0f}) shine and flakes look alike: use cross-polarised "
            f"light and look."
        )
    return ""


def cover_readings(
    pair: Pair, flakes: FlakeCover, parameters: ParameterSet
) -> dict[str, ZoneReading]:
    """Read the mean cover of each zone.

    Parameters
    ----------
    pair
        The aligned photographs.
    flakes
        From `flake_cover`.
    parameters
        ``measurement.scaling.*``.

    Returns
    -------
    dict
        Zone to reading; `ZoneReading.change` is a share 0-1. It may come out slightly negative
        where there are no flakes: that is the noise.
    """
    means = _zone_sum(flakes.cover, pair, flakes) / _area(pair, flakes)
    parts = _errors(pair, flakes, parameters)
    opacity = flakes.opacity.relative_sd
    readings: dict[str, ZoneReading] = {}
    for index, zone in enumerate(ZONES):
        refused = _refusal(pair, index, parameters)
        if refused or not math.isfinite(means[index]):
            readings[zone] = ZoneReading.refused(refused or f"No skin of the {zone_label(zone)}.")
            continue
        errors = {name: float(part[index]) for name, part in parts.items()}
        none = math.sqrt(sum(e * e for e in errors.values()))
        change = float(means[index])
        readings[zone] = ZoneReading(
            math.nan, math.nan, change, math.hypot(none, opacity * change), none, errors
        )
    return readings


def _errors(
    pair: Pair, flakes: FlakeCover, parameters: ParameterSet
) -> dict[str, NDArray[np.float64]]:
    """Named standard deviations of the zones' mean covers, each ``(zone,)``."""

    def value(name: str) -> float:
        return parameters.value(f"measurement.scaling.{name}")

    area = _area(pair, flakes)
    # What passes the threshold on the negative side is noise; as much of it is on the other.
    below = np.minimum(flakes.cover, np.float32(0.0))
    patch = (value("structure_mm") * pair.px_per_mm) ** 2
    noise = np.sqrt(2.0 * patch * _zone_sum(below * below, pair, flakes)) / area
    steep = np.sqrt(_zone_sum(flakes.texture**2, pair, flakes) / area)
    border = _zone_sum(flakes.border, pair, flakes) / area
    moved = np.array([pair.alignment.zone_error_mm.get(zone, math.nan) for zone in ZONES])
    # What light and noise feign is as white as it is, and passes for the more cover the less
    # opaque flakes are.
    per_white = 1.0 / flakes.opacity.value
    # The eye's hollow throws shadows that move with lamp and pose.
    hollow = np.array([unpaired(zone) == "periorbital" for zone in ZONES])
    light = np.where(hollow, value("eye_light_sd"), value("light_sd"))
    return {
        "noise": np.hypot(noise, value("floor_sd") * per_white),
        "alignment": value("misplacement_share") * steep * np.nan_to_num(moved),
        "surface": value("border_share") * border,
        "light": (_turned(pair) if pair.light.controlled else 1.0) * light * per_white,
    }


def _turned(pair: Pair) -> float:
    """Share 0-1 of a change of light that turning the head under a steady lamp makes.

    From how far the skin's displacement is from a mere shift, turn in the picture and scale:
    from 1 mm on, a turned head counts as another light.
    """
    rows, columns = np.nonzero(pair.labels[::_COARSE, ::_COARSE] >= 0)
    if len(rows) < _FEWEST:
        return 1.0
    here = (columns + 1j * rows) * _COARSE
    place = pair.alignment.place[rows * _COARSE, columns * _COARSE].astype(np.float64)
    there = place[:, 0] + 1j * place[:, 1]
    here, there = here - here.mean(), there - there.mean()
    similar = (np.conj(here) @ there) / (np.conj(here) @ here)
    rest = np.sqrt(np.mean(np.abs(there - similar * here) ** 2)) / pair.px_per_mm
    return float(np.clip(rest, 0.0, 1.0))


def _refusal(pair: Pair, zone: int, parameters: ParameterSet) -> str:
    """Say why one zone cannot be read; empty where it can."""
    name = ZONES[zone]
    full = int((pair.labels == zone).sum())
    share = float(pair.zone_weight[zone]) / max(full, 1)
    least = parameters.value("measurement.scaling.least_usable_share")
    if share < least:
        return (
            f"Only {share:.0%} of the {zone_label(name)} is bare, evenly lit skin in both "
            f"photographs ({least:.0%} are needed): keep hair, beard, hands and highlights off it."
        )
    error = pair.alignment.zone_error_mm.get(name, math.nan)
    most = parameters.value("measurement.scaling.most_alignment_error_mm")
    if not error <= most:
        return (
            f"The {zone_label(name)} could only be laid over the baseline to {error:.1f} mm (at "
            f"most {most:.1f} mm), so its own pattern would pass for flakes: take the photograph "
            f"in the baseline's pose."
        )
    return ""


def _area(pair: Pair, flakes: FlakeCover) -> NDArray[np.float64]:
    """Skin that counts in each zone, px; NaN where there is none."""
    area = _zone_sum(np.ones_like(flakes.skin), pair, flakes)
    return np.where(area > 0.0, area, np.nan)


def _zone_sum(values: NDArray[np.floating], pair: Pair, flakes: FlakeCover) -> NDArray[np.float64]:
    """Sum of a map over the skin of each zone ``(zone,)``."""
    inside = pair.labels >= 0
    weighted = (values[inside] * flakes.skin[inside]).astype(np.float64)
    return np.asarray(np.bincount(pair.labels[inside], weighted, len(ZONES)), np.float64)
