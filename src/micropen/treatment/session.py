"""One session: when, with which device, and how deep in which zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from micropen.toml_files import Table
from micropen.treatment.device import Device


class Anaesthetic(StrEnum):
    """How the skin was numbed."""

    NONE = "none"
    TOPICAL = "topical"
    NEEDLING_ASSISTED = "needling-assisted topical"
    NERVE_BLOCK = "nerve block"


class Aftercare(StrEnum):
    """What lies on the skin in the first day."""

    NONE = "none"
    BLAND = "bland"
    HYDROGEL = "hydrogel"
    OCCLUSIVE = "occlusive"


class ZoneSetting(Table):
    """How one zone is needled.

    Parameters
    ----------
    needle_length_mm
        Set needle length.
    passes
        Passes of a pen, turns of a roller or presses of a stamp over each spot.
    """

    needle_length_mm: Annotated[float, Field(gt=0)]
    passes: Annotated[float, Field(gt=0, le=100)]


class Session(Table):
    """One session of needling.

    Parameters
    ----------
    date, time_of_day
        When it ends.
    day
        Days since the end of the first session, 0 for the first.
    device
        The device.
    anaesthetic
        How the skin was numbed.
    aftercare
        What lies on the skin in the first day.
    zones
        Settings by zone; only treated zones are present.
    strike_rate_hz, hand_speed_mm_per_s
        As used in this session; 0 for a device without a motor.
    """

    date: date
    time_of_day: time
    day: Annotated[float, Field(ge=0)]
    device: Device
    anaesthetic: Anaesthetic
    zones: Mapping[str, ZoneSetting]
    strike_rate_hz: float
    hand_speed_mm_per_s: float
    aftercare: Aftercare = Aftercare.BLAND

    @property
    def moment(self) -> datetime:
        """Date and time of day together."""
        return datetime.combine(self.date, self.time_of_day)

    @property
    def deepest_mm(self) -> float:
        """Longest needle length set in any zone, mm."""
        return max(setting.needle_length_mm for setting in self.zones.values())
