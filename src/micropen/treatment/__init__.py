"""Treatment: person, devices, sessions; the treatment file; limits and contraindications."""

from micropen.treatment.catalogue import device, devices
from micropen.treatment.device import Device, DeviceNumber
from micropen.treatment.people import ACNE_STEPS, People
from micropen.treatment.person import (
    Condition,
    Medication,
    Person,
    phototype_of_typology_angle,
    typology_angle_of_phototype,
)
from micropen.treatment.session import Aftercare, Anaesthetic, Session, ZoneSetting
from micropen.treatment.treatment import Treatment

__all__ = [
    "ACNE_STEPS",
    "Aftercare",
    "Anaesthetic",
    "Condition",
    "Device",
    "DeviceNumber",
    "Medication",
    "People",
    "Person",
    "Session",
    "Treatment",
    "ZoneSetting",
    "device",
    "devices",
    "phototype_of_typology_angle",
    "typology_angle_of_phototype",
]
