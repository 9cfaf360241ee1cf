"""Redness: how much blood was added, by unmixing the change of log RGB below the shine."""

from __future__ import annotations

import numpy as np

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.measurement.method import Method, Reading
from micropen.measurement.pair import Pair
from micropen.measurement.unmixing import unmix
from micropen.measurement.unmixing.amounts import erythema, erythema_per_density
from micropen.measurement.unmixing.readings import readings

_Z_95 = 1.96
_DOUBLING = float(np.log(2.0))


def read_blood(pair: Pair) -> Reading:
    """Read ``ln(1 + added blood / resting blood)`` of every zone.

    Parameters
    ----------
    pair
        Two photographs, aligned, light taken out.

    Returns
    -------
    Reading
        The number that a forecast calls erythema. Not measurable where even a doubling would be
        missed, beyond the range of the colour table, and by the rules on tone and light (own
        findings on erythema, section 6).
    """
    parameters = load_parameters()
    unmixed = unmix(pair)
    value, cells = erythema(unmixed, parameters)
    resting = erythema_per_density(unmixed, np.zeros_like(value))
    errors = {name: part * resting for name, part in unmixed.blood.errors.items()}
    person = parameters.value("measurement.unmixing.person_optics_sd")
    change_sd = np.hypot(
        unmixed.blood.change_sd * erythema_per_density(unmixed, value), person * np.abs(value)
    )
    still = unmixed.blood.no_change_sd * resting
    largest = parameters.value("measurement.unmixing.largest_erythema")
    refused = []
    for k in range(len(ZONES)):
        reason = unmixed.refusals.colour[k]
        if not reason and abs(value[k]) > largest:
            reason = (
                f"the change of redness {value[k]:+.1f} lies beyond what the colour model can tell "
                f"(±{largest:.1f}); check that both photographs show the same bare skin"
            )
        if not reason and _Z_95 * still[k] > _DOUBLING:
            reason = (
                f"even twice the redness would not show against an error of {still[k]:.2f}; use "
                "the same camera and lamp, best with a colour chart or cross-polarised light"
            )
        refused.append(reason)
    return readings(value, change_sd, errors, refused, overlay=unmixed.overlay(cells))


BLOOD_LOG_RGB = Method(
    name="blood_log_rgb",
    sign="erythema",
    unit="1",
    label="redness",
    summary=(
        "ln(1 + added blood / resting facial blood). The change of ln RGB of the light from below "
        "the shine is split into blood, melanin and surface reflection by least squares with "
        "priors; the blood's part is led back through the colour table on this person's own skin."
    ),
    better="lower",
    sources=("micropen-findings",),
    parameters=(
        "measurement.unmixing.surface_reflection",
        "measurement.unmixing.surface_relative_sd",
        "measurement.unmixing.blood_red_sd",
        "measurement.unmixing.blood_blue_sd",
        "measurement.unmixing.inflamed_saturation",
        "measurement.unmixing.person_optics_sd",
    ),
    main=True,
    read=read_blood,
)
