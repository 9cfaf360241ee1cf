"""Day-by-day care before and after a session, chosen from rows that labels state."""

from micropen.planning.aftercare.care import Care, CareCondition, care_for
from micropen.planning.aftercare.days import CareDay
from micropen.planning.aftercare.lines import CareLine
from micropen.planning.aftercare.rows import CareRow, Kind, care_rows, day_number

__all__ = [
    "Care",
    "CareCondition",
    "CareDay",
    "CareLine",
    "CareRow",
    "Kind",
    "care_for",
    "care_rows",
    "day_number",
]
