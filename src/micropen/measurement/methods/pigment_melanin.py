"""Pigment: how much melanin changed, by unmixing the change of log RGB below the shine."""

from __future__ import annotations

from typing import Final

from micropen.measurement.method import Method, Reading
from micropen.measurement.pair import Pair
from micropen.measurement.unmixing import unmix
from micropen.measurement.unmixing.readings import readings

_PARAMETERS: Final = (
    "measurement.unmixing.melanin_sd",
    "measurement.unmixing.surface_reflection",
    "measurement.unmixing.gloss_relative_sd",
    "measurement.unmixing.blood_red_sd",
    "measurement.unmixing.blood_blue_sd",
)


def read_melanin(pair: Pair) -> Reading:
    """Read ``ln(melanin / resting)`` of every zone.

    Parameters
    ----------
    pair
        Two photographs, aligned, light taken out.
    """
    return _read(pair, 1.0 / float(unmix(pair).skin.melanin_density[1]))


def read_melanin_density(pair: Pair) -> Reading:
    """Read the change of green optical density (log10) that melanin made in every zone.

    Parameters
    ----------
    pair
        Two photographs, aligned, light taken out.
    """
    return _read(pair, 1.0)


def _read(pair: Pair, scale: float) -> Reading:
    unmixed = unmix(pair)
    melanin = unmixed.melanin
    return readings(
        melanin.value * scale,
        melanin.change_sd * scale,
        {name: part * scale for name, part in melanin.errors.items()},
        unmixed.refusals.colour,
        overlay=unmixed.overlay(unmixed.map_of(melanin)) * scale,
    )


MELANIN_LOG_RGB = Method(
    name="melanin_log_rgb",
    sign="pigment",
    unit="1",
    label="pigment",
    summary=(
        "ln(melanin / resting) of the zone's skin, from the same unmixing as blood_log_rgb: the "
        "part of the change that darkens blue more than green and green more than red, after the "
        "change of shine was taken out. Readings are drawn towards none where redness drowns them."
    ),
    better="lower",
    sources=("micropen-findings",),
    parameters=_PARAMETERS,
    main=True,
    read=read_melanin,
)

MELANIN_OPTICAL_DENSITY = Method(
    name="melanin_optical_density",
    sign="melanin_optical_density",
    unit="1",
    label="pigment (optical density)",
    summary=(
        "Change of -log10 of the green reflectance of the skin below its shine, as far as melanin "
        "made it."
    ),
    better="lower",
    sources=("micropen-findings",),
    parameters=_PARAMETERS,
    main=False,
    read=read_melanin_density,
)
