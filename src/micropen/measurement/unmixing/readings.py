"""From arrays by zone to a method's readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES, label
from micropen.measurement.face_view import Array
from micropen.measurement.method import Reading, ZoneReading

FloatArray = NDArray[np.float64]


def readings(
    change: FloatArray,
    change_sd: FloatArray,
    errors: Mapping[str, FloatArray],
    refused: Sequence[str],
    *,
    value: FloatArray | None = None,
    value_sd: FloatArray | None = None,
    overlay: Array | None = None,
) -> Reading:
    """Put arrays ``(zone,)`` together into readings.

    Parameters
    ----------
    change, change_sd
        Against the baseline.
    errors
        Parts of the error that there would be without any change; their root sum is
        ``no_change_sd``.
    refused
        Per zone why it is not measurable; empty where it is.
    value, value_sd
        State on the later photograph; NaN where only changes are known.
    overlay
        ``(h, w)`` map for the page.
    """
    nothing = np.full(len(ZONES), np.nan)
    still = np.sqrt(np.sum([part**2 for part in errors.values()], axis=0))
    state = nothing if value is None else value
    state_sd = nothing if value_sd is None else value_sd
    zones = {}
    for k, zone in enumerate(ZONES):
        reason = refused[k]
        if not reason and not (np.isfinite(change[k]) and np.isfinite(still[k])):
            reason = (
                f"the two photographs show too little of the {label(zone)} in common; keep hair "
                "and hands away and face the camera as in the first photograph"
            )
        zones[zone] = (
            ZoneReading.refused(reason)
            if reason
            else ZoneReading(
                float(state[k]),
                float(state_sd[k]),
                float(change[k]),
                float(max(change_sd[k], still[k])),
                float(still[k]),
                {name: float(part[k]) for name, part in errors.items()},
            )
        )
    return Reading(zones, overlay)
