"""From found lesions to a count per zone with its error, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from micropen.anatomy import ZONES
from micropen.anatomy import label as zone_label
from micropen.evidence import ParameterSet
from micropen.measurement.lesions.found import FoundLesion
from micropen.measurement.pair import Pair


def zone_refusals(pair: Pair, parameters: ParameterSet, *, aligned: bool) -> dict[str, str]:
    """Say per zone why lesions cannot be counted; only zones where they cannot.

    Parameters
    ----------
    pair
        The photographs.
    parameters
        ``measurement.lesions.*``.
    aligned
        Whether the count rests on the alignment.
    """
    whole = _refusal_of_all(pair, parameters)
    if whole:
        return dict.fromkeys(ZONES, whole)
    inside = pair.labels >= 0
    full = np.bincount(pair.labels[inside], minlength=len(ZONES))
    share = pair.zone_weight / np.maximum(full, 1)
    least = parameters.value("measurement.lesions.least_usable_share")
    most = parameters.value("measurement.lesions.most_alignment_error_mm")
    refusals: dict[str, str] = {}
    for index, zone in enumerate(ZONES):
        error = pair.alignment.zone_error_mm.get(zone, float("nan"))
        if not share[index] >= least:
            refusals[zone] = (
                f"Only {share[index]:.0%} of the {zone_label(zone)} is bare, evenly lit skin in "
                f"both photographs ({least:.0%} are needed): keep hair and highlights off it."
            )
        elif aligned and not error <= most:
            refusals[zone] = (
                f"The {zone_label(zone)} could only be laid over the baseline to {error:.1f} mm "
                f"(at most {most:.1f} mm), so a new spot cannot be told from an old mark: take the "
                f"photograph in the baseline's pose."
            )
    return refusals


def _refusal_of_all(pair: Pair, parameters: ParameterSet) -> str:
    least = parameters.value("measurement.lesions.least_px_per_mm")
    seen = min(pair.baseline.portrait.px_per_mm, pair.later.portrait.px_per_mm)
    if seen < least:
        return (
            f"The photographs show {seen:.1f} px per mm of skin ({least:.1f} are needed to see "
            f"papules): come closer or use more megapixels."
        )
    darkest = parameters.value("measurement.lesions.darkest_ita_deg")
    if pair.ita_deg < darkest:
        return (
            f"At an individual typology angle of {pair.ita_deg:.0f} degrees (read down to "
            f"{darkest:.0f}) shine outweighs redness: use cross-polarised light and look."
        )
    return ""


def counts(
    lesions: Sequence[FoundLesion], parameters: ParameterSet
) -> dict[str, tuple[int, float, float]]:
    """Count lesions per zone.

    Parameters
    ----------
    lesions
        With their probabilities, doubtful ones included.
    parameters
        ``measurement.lesions.*``.

    Returns
    -------
    dict
        Zone to count, its standard deviation, and the standard deviation it would have if there
        were none: each spot is a draw with its probability, some papules are missed, and a
        false one comes up now and then.
    """
    counted = parameters.value("measurement.lesions.counted_probability")
    false = parameters.value("measurement.lesions.false_per_zone")
    missed = parameters.value("measurement.lesions.missed_share")
    result: dict[str, tuple[int, float, float]] = {}
    for zone in ZONES:
        chances = np.array([f.probability for f in lesions if f.zone == zone])
        number = int((chances >= counted).sum())
        none_variance = false + float((chances * (1.0 - chances)).sum())
        result[zone] = (
            number,
            float(np.sqrt(none_variance + missed * number)),
            float(np.sqrt(none_variance)),
        )
    return result
