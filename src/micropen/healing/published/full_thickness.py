"""Shapes of full-thickness wounds over time: what a far larger injury looks like.

Not a model but rounded curves, each as a share of its own peak, compiled by others from animal
wounds. A yardstick of shape only: needling is a much smaller injury and should be faster.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import numpy as np

from micropen.errors import unknown_name
from micropen.evidence import Grade
from micropen.healing.published.course import PublishedCourse

WOUND_SHAPES: Final = ("neutrophil", "macrophage", "inflammation", "myofibroblast", "collagen")
_FILE: Final = "full_thickness_wound.csv"
_VERIFIED: Final = (
    "Rounded, schematic values attributed to papers that were not checked; a shape, not a size."
)


@cache
def _table() -> dict[str, list[tuple[float, float]]]:
    file = files("micropen.healing.published") / "data" / _FILE
    lines = [x for x in file.read_text(encoding="utf-8").splitlines() if not x.startswith("#")]
    table: dict[str, list[tuple[float, float]]] = {}
    for row in csv.DictReader(lines):
        table.setdefault(row["curve"], []).append((float(row["day"]), float(row["share_of_peak"])))
    return table


def full_thickness_wound(shape: str) -> PublishedCourse:
    """Return the course of one quantity in a full-thickness wound.

    Parameters
    ----------
    shape
        One of `WOUND_SHAPES`.

    Returns
    -------
    PublishedCourse
        One curve of that name, share of its peak, on the days that the compilation holds.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    if shape not in WOUND_SHAPES:
        raise unknown_name("wound shape", shape, WOUND_SHAPES)
    days, values = np.array(_table()[shape], dtype=np.float64).T
    return PublishedCourse(
        model="Full-thickness wound",
        days=days,
        curves=MappingProxyType({shape: values}),
        units=MappingProxyType({shape: "share of peak"}),
        source="skibidy",
        grade=Grade.D,
        verified=_VERIFIED,
        settings=MappingProxyType({}),
    )
