"""Redness as instruments with a green band have it: optical density that blood added."""

from __future__ import annotations

from micropen.measurement.method import Method, Reading
from micropen.measurement.pair import Pair
from micropen.measurement.unmixing import unmix
from micropen.measurement.unmixing.readings import readings


def read_green_density(pair: Pair) -> Reading:
    """Read the change of green optical density (log10) that blood made in every zone.

    Parameters
    ----------
    pair
        Two photographs, aligned, light taken out.
    """
    unmixed = unmix(pair)
    blood = unmixed.blood
    return readings(
        blood.value,
        blood.change_sd,
        blood.errors,
        unmixed.refusals.colour,
        overlay=unmixed.overlay(unmixed.map_of(blood)),
    )


GREEN_OPTICAL_DENSITY = Method(
    name="green_optical_density",
    sign="erythema_optical_density",
    unit="1",
    label="redness (optical density)",
    summary=(
        "Change of -log10 of the green reflectance of the skin below its shine, as far as blood "
        "made it; the same unmixing as blood_log_rgb, before it is turned into blood."
    ),
    better="lower",
    sources=("micropen-findings",),
    parameters=(
        "measurement.unmixing.surface_reflection",
        "measurement.unmixing.surface_relative_sd",
        "measurement.unmixing.blood_red_sd",
        "measurement.unmixing.blood_blue_sd",
    ),
    main=False,
    read=read_green_density,
)
