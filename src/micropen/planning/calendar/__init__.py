"""The calendar: days on which a session may take place, and what it leaves on the days after it."""

from micropen.planning.calendar.allowed_from import AllowedFrom, clear_from
from micropen.planning.calendar.appointments import Appointments
from micropen.planning.calendar.chances import (
    DaysAfter,
    clear_limits,
    day_windows,
    first_clear_day,
    noticed_by_lag,
    spots_by_lag,
    stays_clear,
    work_days_by_offset,
)
from micropen.planning.calendar.closed_days import sun_wait
from micropen.planning.calendar.events import (
    chances_on,
    event_chance,
    over,
    percent,
    still_possible,
    wanted_of,
)

__all__ = [
    "AllowedFrom",
    "Appointments",
    "DaysAfter",
    "chances_on",
    "clear_from",
    "clear_limits",
    "day_windows",
    "event_chance",
    "first_clear_day",
    "noticed_by_lag",
    "over",
    "percent",
    "spots_by_lag",
    "stays_clear",
    "still_possible",
    "sun_wait",
    "wanted_of",
    "work_days_by_offset",
]
