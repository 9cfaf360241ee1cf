"""A needling device, each of its numbers with source and grade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from micropen.evidence import Grade
from micropen.toml_files import Table

Kind = Literal["pen", "roller", "stamp"]


class DeviceNumber(Table):
    """One number of a device.

    Parameters
    ----------
    value, unit
        The number and its unit.
    source
        Key in the bibliography.
    grade
        Evidence grade of this number.
    note
        What was seen, and what was not.
    """

    value: Annotated[float, Field(ge=0)]
    unit: str
    source: str
    grade: Grade
    note: str


class Device(Table):
    """One device of the catalogue.

    A quantity that the kind of device does not have is zero: a roller has no strike rate, a pen
    no drum.

    Parameters
    ----------
    name, label, maker, kind
        Key, printed name, maker; ``"pen"``, ``"roller"`` or ``"stamp"``.
    aliases
        Other names under which a treatment file may ask for it.
    indication
        What it is labelled for, as far as seen.
    needle_count
        Needles on the tip, drum or plate.
    needle_diameter_mm
        Diameter of a needle's shaft.
    needle_taper_mm
        Length over which a needle widens from its tip to its full diameter.
    needle_length_min_mm, needle_length_max_mm, needle_length_step_mm
        Settings; equal minimum and maximum are a fixed length, step 0.
    evaluated_length_max_mm
        Longest setting with evaluated safety or effectiveness.
    strike_rate_hz, strike_rate_min_hz, strike_rate_max_hz
        Strokes per second of a pen: usual, slowest, fastest.
    tip_width_mm, hand_speed_mm_per_s
        Width of skin that a pen sweeps, and how fast it is moved.
    drum_diameter_mm, drum_width_mm
        Drum of a roller.
    plate_area_cm2
        Plate of a stamp.
    minimum_age_years
        Youngest age on the label; 0 where none was seen.
    evidence
        Every number above with its source and grade, by its name without the unit.
    """

    name: str
    label: str
    maker: str
    kind: Kind
    aliases: tuple[str, ...]
    indication: str
    needle_count: Annotated[int, Field(gt=0)]
    needle_diameter_mm: Annotated[float, Field(gt=0)]
    needle_taper_mm: Annotated[float, Field(gt=0)]
    needle_length_min_mm: Annotated[float, Field(gt=0)]
    needle_length_max_mm: Annotated[float, Field(gt=0)]
    evaluated_length_max_mm: Annotated[float, Field(gt=0)]
    needle_length_step_mm: float = 0.0
    strike_rate_hz: float = 0.0
    strike_rate_min_hz: float = 0.0
    strike_rate_max_hz: float = 0.0
    tip_width_mm: float = 0.0
    hand_speed_mm_per_s: float = 0.0
    drum_diameter_mm: float = 0.0
    drum_width_mm: float = 0.0
    plate_area_cm2: float = 0.0
    minimum_age_years: float = 0.0
    evidence: Mapping[str, DeviceNumber]

    @property
    def fixed_length(self) -> bool:
        """Whether the needle length cannot be set."""
        return self.needle_length_min_mm == self.needle_length_max_mm

    @property
    def grade(self) -> Grade:
        """Lowest evidence grade among the device's numbers."""
        return max((n.grade for n in self.evidence.values()), key=lambda grade: grade.value)

    @property
    def source_keys(self) -> tuple[str, ...]:
        """Bibliography keys of all its numbers, each once."""
        return tuple(dict.fromkeys(n.source for n in self.evidence.values()))
