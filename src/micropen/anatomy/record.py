"""What is known of one zone, in one record."""

from __future__ import annotations

from dataclasses import dataclass

from micropen.anatomy.zones import ZONES, label, unpaired
from micropen.evidence import Grade, ParameterSet


@dataclass(frozen=True, slots=True)
class ZoneRecord:
    """Typical anatomy of one zone.

    Parameters
    ----------
    name, label
        Name in the program and in words.
    area_cm2
        Surface, one side where paired.
    epidermis_mm, dermis_female_mm, dermis_male_mm
        Typical thickness.
    sebaceous_density
        Relative to the forehead.
    pain_sensitivity
        Relative to the cheek.
    bone_closeness
        How much of a pen's vibration is felt, 0-1.
    grade
        Lowest evidence grade among these numbers.
    """

    name: str
    label: str
    area_cm2: float
    epidermis_mm: float
    dermis_female_mm: float
    dermis_male_mm: float
    sebaceous_density: float
    pain_sensitivity: float
    bone_closeness: float
    grade: Grade


def zone_record(zone: str, parameters: ParameterSet) -> ZoneRecord:
    """Return the typical anatomy of one of `ZONES`."""
    group = f"anatomy.{unpaired(zone)}"
    dermis_scale = parameters.value("anatomy.dermis_scale")
    return ZoneRecord(
        name=zone,
        label=label(zone),
        area_cm2=parameters.value(f"{group}.area"),
        epidermis_mm=parameters.value("anatomy.epidermis_scale")
        * parameters.value(f"{group}.epidermis"),
        dermis_female_mm=dermis_scale * parameters.value(f"{group}.dermis_female"),
        dermis_male_mm=dermis_scale * parameters.value(f"{group}.dermis_male"),
        sebaceous_density=parameters.value(f"{group}.sebaceous_density"),
        pain_sensitivity=parameters.value(f"{group}.pain_sensitivity"),
        bone_closeness=parameters.value(f"{group}.bone_closeness"),
        grade=parameters.group(group).lowest_grade(),
    )


def zone_records(parameters: ParameterSet) -> tuple[ZoneRecord, ...]:
    """Return the records of all zones, in the order of `ZONES`."""
    return tuple(zone_record(zone, parameters) for zone in ZONES)
