"""Punctures: what a session does to the skin, zone by zone."""

from micropen.punctures.channel import (
    breached_fraction,
    layer_profile_mm2,
    layer_volume_mm3,
    overlap_factor,
    surface_area_mm2,
)
from micropen.punctures.density import pen_density_cm2, roller_density_cm2, stamp_density_cm2
from micropen.punctures.depth import depth_nodes, mean_depth_mm, over_nodes
from micropen.punctures.pain import drive_of_score, needle_drive, visual_analogue_scale
from micropen.punctures.session_wound import wound, wounds
from micropen.punctures.vessels import bleeding_share, vessels_cut
from micropen.punctures.wound import Wound

__all__ = [
    "Wound",
    "bleeding_share",
    "breached_fraction",
    "depth_nodes",
    "drive_of_score",
    "layer_profile_mm2",
    "layer_volume_mm3",
    "mean_depth_mm",
    "needle_drive",
    "over_nodes",
    "overlap_factor",
    "pen_density_cm2",
    "roller_density_cm2",
    "stamp_density_cm2",
    "surface_area_mm2",
    "vessels_cut",
    "visual_analogue_scale",
    "wound",
    "wounds",
]
