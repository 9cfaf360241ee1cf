"""Peeling as the mean excess of white over what the baseline shows."""

from __future__ import annotations

import numpy as np

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.measurement.method import Method, Reading, ZoneReading
from micropen.measurement.pair import Pair
from micropen.measurement.scaling import cover_readings, flake_cover
from micropen.measurement.scaling.reading import refusal_of_all


def read(pair: Pair) -> Reading:
    """Read the cover of new white flakes per zone; the overlay is the cover of each place."""
    parameters = load_parameters()
    refused = refusal_of_all(pair, parameters)
    if refused:
        return Reading({zone: ZoneReading.refused(refused) for zone in ZONES})
    flakes = flake_cover(pair, parameters)
    zones = cover_readings(pair, flakes, parameters)
    shown = np.isin(pair.labels, [i for i, zone in enumerate(ZONES) if not zones[zone].reason])
    overlay = np.where(
        shown & (flakes.skin > 0.0), np.clip(flakes.cover, 0.0, 1.0), np.float32(np.nan)
    )
    return Reading(zones, np.asarray(overlay, np.float32))


SCALING_EXCESS = Method(
    name="scaling_excess",
    sign="scaling",
    unit="1",
    label="peeling",
    summary=(
        "Share of the zone covered by new white flakes of .3-3 mm: each place is solved for a "
        "layer of white over what the aligned baseline shows, light and redness taken out; the "
        "mean excess counts, not an area above a threshold. How opaque the flakes are is read from "
        "the clear ones, else assumed; only the change against the baseline is known."
    ),
    better="lower",
    sources=("micropen-findings",),
    parameters=(
        "measurement.scaling.opacity",
        "measurement.scaling.opacity_spread",
        "measurement.scaling.opacity_whole",
        "measurement.scaling.white_green",
        "measurement.scaling.lost_share",
        "measurement.scaling.threshold_sd",
    ),
    main=True,
    read=read,
)
