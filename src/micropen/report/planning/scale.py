"""Where values lie on the drawings of this page: across in per cent, down in pixels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from micropen.report.axis import Axis

# Per cent of a figure's width; the rest belongs to the numbers at its right.
SPAN: Final = 88.0
TOP: Final = 20.0


@dataclass(frozen=True, slots=True)
class Scale:
    """A figure's two axes.

    Parameters
    ----------
    x, y
        Values across and up.
    height
        Of the field of values, in pixels; `TOP` lies above it.
    """

    x: Axis
    y: Axis
    height: float

    def across(self, value: float) -> float:
        """Per cent of the figure's width."""
        return round(SPAN * self.x.at(value) / 100.0, 2)

    def down(self, value: float) -> float:
        """Pixels from the top of the figure."""
        return round(TOP + self.height * (1.0 - self.y.at(value) / 100.0), 1)

    def path(self, points: Iterable[tuple[float, float]]) -> str:
        """Path data through points, in a box of 1000 by `height`."""
        placed = (
            f"{10.0 * self.x.at(x):.0f} {self.height * (1.0 - self.y.at(y) / 100.0):.1f}"
            for x, y in points
        )
        line = "L".join(placed)
        return f"M{line}" if line else ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A round value with its place and its words."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Stop:
    """What a drawing says where it is pointed at."""

    at: float
    left: float
    width: float
    say: str
    more: str


def stops(places: Sequence[float], said: Sequence[tuple[str, str]]) -> list[Stop]:
    """Strips that reach half way to their neighbours, so that a finger meets one everywhere."""
    edges = [0.0, *((a + b) / 2.0 for a, b in pairwise(places)), SPAN]
    return [
        Stop(at, round(edges[k], 2), round(edges[k + 1] - edges[k], 2), *said[k])
        for k, at in enumerate(places)
    ]
