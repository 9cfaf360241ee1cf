"""Published models of wound healing, as their authors wrote them: references, never a forecast.

Each answers with a `PublishedCourse`: named curves, units, source, and what of it was verified.
"""

from micropen.healing.published.adler_2020 import adler, adler_threshold_days
from micropen.healing.published.course import PublishedCourse
from micropen.healing.published.full_thickness import WOUND_SHAPES, full_thickness_wound
from micropen.healing.published.waugh_sherratt_2006 import waugh_sherratt

__all__ = [
    "WOUND_SHAPES",
    "PublishedCourse",
    "adler",
    "adler_threshold_days",
    "full_thickness_wound",
    "waugh_sherratt",
]
