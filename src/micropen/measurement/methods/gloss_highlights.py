"""Gloss and shine: the light that the surface of the skin mirrors."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES, label
from micropen.evidence import load_parameters
from micropen.measurement.method import Method, Reading
from micropen.measurement.pair import Pair
from micropen.measurement.unmixing import unmix
from micropen.measurement.unmixing.readings import readings
from micropen.measurement.unmixing.unmixed import Unmixed, shine_of

FloatArray = NDArray[np.float64]

_PARAMETERS: Final = (
    "measurement.unmixing.surface_reflection",
    "measurement.unmixing.highlight_texture",
    "measurement.unmixing.gloss_relative_sd",
    "measurement.unmixing.gloss_repeat_sd",
    "measurement.unmixing.gloss_uncontrolled_sd",
    "measurement.unmixing.gloss_pose_sd_per_mm",
)


def read_gloss(pair: Pair) -> Reading:
    """Read the relative change of surface reflection of every zone.

    Parameters
    ----------
    pair
        Two photographs, aligned, light taken out.
    """
    unmixed = unmix(pair)
    gloss = unmixed.gloss
    return readings(
        gloss.value,
        gloss.change_sd,
        gloss.errors,
        _refused(unmixed),
        overlay=unmixed.overlay(_even(unmixed, gloss.value)),
    )


def read_shine(pair: Pair) -> Reading:
    """Read which share of each zone's light the surface mirrored, and its change.

    Parameters
    ----------
    pair
        Two photographs, aligned, light taken out.
    """
    unmixed = unmix(pair)
    before, after = shine_of(unmixed)
    gloss = unmixed.gloss
    errors = {name: after * part for name, part in gloss.errors.items()}
    relative = unmixed.cells.zone_mean(unmixed.surface.relative_sd)
    return readings(
        after - before,
        after * gloss.change_sd,
        errors,
        _refused(unmixed),
        value=after,
        value_sd=after * np.hypot(relative, gloss.change_sd),
    )


def _refused(unmixed: Unmixed) -> tuple[str, ...]:
    """Reasons of the skin, of the lamp, and where highlights are not resolved."""
    moved = (
        ""
        if unmixed.pair.light.controlled
        else "light, camera or compression differ between the two photographs, and highlights "
        "follow the light; keep all three the same"
    )
    least = load_parameters().value("measurement.unmixing.highlight_px_per_mm")
    found = min(unmixed.pair.px_per_mm, unmixed.pair.later.px_per_mm)
    coarse = (
        f"highlights are not resolved at {found:.1f} pixels per mm (at least {least:.1f}); come "
        "closer or use the full size of the photograph"
        if found < least
        else ""
    )
    few = tuple(
        ""
        if np.isfinite(unmixed.gloss.value[k])
        else f"the {label(zone)} shows too little bare skin for its highlights to be compared; "
        "face the camera as in the first photograph"
        for k, zone in enumerate(ZONES)
    )
    return tuple(
        skin or moved or coarse or small
        for skin, small in zip(unmixed.refusals.skin, few, strict=True)
    )


def _even(unmixed: Unmixed, values: FloatArray) -> NDArray[np.float32]:
    return unmixed.cells.spread(np.nan_to_num(values))


GLOSS_HIGHLIGHTS = Method(
    name="highlight_growth",
    sign="gloss",
    unit="1",
    label="glow",
    summary=(
        "Relative change of the light that the surface mirrors, from the growth of fine white "
        "spots (0.6-6 mm) after the change of blood and melanin was taken out; zones are drawn "
        "together as far as their errors ask for it."
    ),
    better="higher",
    sources=("micropen-findings",),
    parameters=_PARAMETERS,
    main=True,
    read=read_gloss,
)

SHINE = Method(
    name="shine_share",
    sign="shine",
    unit="1",
    label="shine",
    summary=(
        "Share of the zone's light that the surface mirrored on that photograph, from brightness, "
        "whiteness and the tone of the person; it depends on the light, unlike gloss."
    ),
    better="",
    sources=("micropen-findings",),
    parameters=_PARAMETERS,
    main=True,
    read=read_shine,
)
