"""Anatomy: facial zones, thickness of their layers, glands and sensitivity.

Landmarks of a zone belong to `micropen.portrait`: they need a photograph.
"""

from micropen.anatomy.layers import Layers, Sex, layers, per_zone
from micropen.anatomy.record import ZoneRecord, zone_record, zone_records
from micropen.anatomy.zones import UNPAIRED_ZONES, ZONES, expand_zone, label, unpaired

__all__ = [
    "UNPAIRED_ZONES",
    "ZONES",
    "Layers",
    "Sex",
    "ZoneRecord",
    "expand_zone",
    "label",
    "layers",
    "per_zone",
    "unpaired",
    "zone_record",
    "zone_records",
]
