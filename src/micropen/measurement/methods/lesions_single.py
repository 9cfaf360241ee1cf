"""Count of red spots on each photograph alone."""

from __future__ import annotations

import math

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.measurement.lesions import lesions_of_photo
from micropen.measurement.lesions.counting import counts, zone_refusals
from micropen.measurement.method import Method, Reading, ZoneReading
from micropen.measurement.pair import Pair

# Creases, nostrils and lip edges that pass for a spot on one photograph, per zone: about .2 on the
# rendered head beside its one true mark.
_FALSE_VARIANCE = 0.2


def read(pair: Pair) -> Reading:
    """Count red spots per zone on the later photograph, and how many the baseline has."""
    parameters = load_parameters()
    refusals = zone_refusals(pair, parameters, aligned=False)
    if len(refusals) == len(ZONES):
        return Reading({zone: ZoneReading.refused(refusals[zone]) for zone in ZONES})
    after = counts(lesions_of_photo(pair.after, pair, parameters), parameters)
    before = counts(lesions_of_photo(pair.before, pair, parameters), parameters)
    zones: dict[str, ZoneReading] = {}
    for zone in ZONES:
        if zone in refusals:
            zones[zone] = ZoneReading.refused(refusals[zone])
            continue
        (number, sd, none_sd), (was, was_sd, was_none_sd) = after[zone], before[zone]
        no_change = math.sqrt(none_sd**2 + was_none_sd**2 + _FALSE_VARIANCE)
        change_sd = math.sqrt(sd**2 + was_sd**2 + _FALSE_VARIANCE)
        zones[zone] = ZoneReading(
            float(number),
            math.sqrt(sd**2 + 0.5 * _FALSE_VARIANCE),
            float(number - was),
            change_sd,
            no_change,
            {"false finds": no_change},
        )
    return Reading(zones)


LESION_COUNT_SINGLE = Method(
    name="lesion_count_single",
    sign="lesions",
    unit="count",
    label="red spots",
    summary=(
        "Number of round red spots on the photograph alone: lasting marks, moles with red in them "
        "and some creases count too. For the state of a face; for what is new, see "
        "lesion_count_new."
    ),
    better="lower",
    sources=("micropen-findings",),
    parameters=(
        "measurement.lesions.single_score_middle",
        "measurement.lesions.mottle_sd",
        "measurement.lesions.counted_probability",
    ),
    main=False,
    read=read,
)
