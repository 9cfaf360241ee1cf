"""Conversions at the door. Inside the program: mm, cm², cm⁻², mm³/cm², days, and names say so."""

from __future__ import annotations

from typing import Final

MM_PER_CM: Final = 10.0
MM2_PER_CM2: Final = 100.0
HOURS_PER_DAY: Final = 24.0
MINUTES_PER_DAY: Final = 1440.0


def hours_to_days(hours: float) -> float:
    """Convert hours to days."""
    return hours / HOURS_PER_DAY


def minutes_to_days(minutes: float) -> float:
    """Convert minutes to days."""
    return minutes / MINUTES_PER_DAY
