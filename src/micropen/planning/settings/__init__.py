"""Settings: how deep and how often labels, charts and evidence allow, and why not deeper."""

from micropen.planning.settings.groups import ZONE_GROUPS, ZoneGroup
from micropen.planning.settings.limits import ZoneLimit, skin_thickness_mm, zone_limits
from micropen.planning.settings.options import (
    GroupOptions,
    LeftOut,
    Options,
    needle_lengths,
    options,
    pass_choices,
    why_not_deeper,
)

__all__ = [
    "ZONE_GROUPS",
    "GroupOptions",
    "LeftOut",
    "Options",
    "ZoneGroup",
    "ZoneLimit",
    "needle_lengths",
    "options",
    "pass_choices",
    "skin_thickness_mm",
    "why_not_deeper",
    "zone_limits",
]
