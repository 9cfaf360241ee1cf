"""Count of inflamed lesions that the baseline did not have."""

from __future__ import annotations

import math

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.measurement.lesions import new_lesions
from micropen.measurement.lesions.counting import counts, zone_refusals
from micropen.measurement.method import Method, Reading, ZoneReading
from micropen.measurement.pair import Pair


def read(pair: Pair) -> Reading:
    """Count new lesions per zone; each one found is handed over with its place and size."""
    parameters = load_parameters()
    refusals = zone_refusals(pair, parameters, aligned=True)
    if len(refusals) == len(ZONES):
        return Reading({zone: ZoneReading.refused(refusals[zone]) for zone in ZONES})
    lesions = tuple(f for f in new_lesions(pair, parameters) if f.zone not in refusals)
    zones: dict[str, ZoneReading] = {}
    for zone, (number, sd, none_sd) in counts(lesions, parameters).items():
        zones[zone] = (
            ZoneReading.refused(refusals[zone])
            if zone in refusals
            else ZoneReading(
                math.nan, math.nan, float(number), sd, none_sd, {"false finds": none_sd}
            )
        )
    return Reading(zones, sightings=lesions)


LESION_COUNT_NEW = Method(
    name="lesion_count_new",
    sign="lesions",
    unit="count",
    label="new breakouts",
    summary=(
        "Number of inflamed papules that the baseline does not show: round spots redder than the "
        "skin around by more than mottle and noise, of the colour of blood, after the old marks "
        "within the error of alignment are taken off. Counted from a probability of one half; "
        "only the change against the baseline is known."
    ),
    better="lower",
    sources=("micropen-findings",),
    parameters=(
        "measurement.lesions.new_score_middle",
        "measurement.lesions.mottle_sd",
        "measurement.lesions.diffuse_share",
        "measurement.lesions.counted_probability",
    ),
    main=True,
    read=read,
)
