"""The reference session, in which vascular injury and pain drive are 1 by definition.

SkinPen Precision, needle length and passes of ``punctures.reference.*``, on the cheek of a
woman, every parameter at its typical value.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from micropen.anatomy import zone_record
from micropen.evidence import ParameterSet
from micropen.punctures.channel import layer_profile_mm2
from micropen.punctures.density import pen_density_cm2
from micropen.punctures.depth import depth_nodes, mean_depth_mm, over_nodes
from micropen.punctures.vessels import vessels_cut
from micropen.treatment import device

REFERENCE_DEVICE: Final = "skinpen-precision"
REFERENCE_ZONE: Final = "cheek_left"


def reference_density_cm2(parameters: ParameterSet) -> float:
    """Return the puncture density of the reference session, per cm²."""
    used = device(REFERENCE_DEVICE)
    density = pen_density_cm2(
        parameters.value("punctures.reference.passes"),
        used.needle_count,
        used.strike_rate_hz,
        used.tip_width_mm,
        used.hand_speed_mm_per_s,
        effective_share=parameters.value("punctures.density.pen_effective_share"),
    )
    return float(density)


def reference_vessels_cut(parameters: ParameterSet) -> float:
    """Return what `vessels_cut` gives in the reference session."""
    used = device(REFERENCE_DEVICE)
    skin = zone_record(REFERENCE_ZONE, parameters)
    depth = depth_nodes(
        mean_depth_mm(
            parameters.value("punctures.reference.needle_length"),
            parameters.value("punctures.depth.pen_fraction"),
        ),
        parameters.value("punctures.depth.within_session_spread"),
    )
    top = skin.epidermis_mm
    middle = top + parameters.value("anatomy.papillary_thickness")
    bottom = top + skin.dermis_female_mm
    needle = (used.needle_diameter_mm, used.needle_taper_mm)
    cut = vessels_cut(
        reference_density_cm2(parameters),
        over_nodes(layer_profile_mm2(depth, top, middle, *needle)),
        over_nodes(layer_profile_mm2(depth, middle, bottom, *needle)),
        parameters.value("punctures.vessels.papillary_density"),
        parameters.value("punctures.vessels.reticular_density"),
    )
    return float(np.asarray(cut))
