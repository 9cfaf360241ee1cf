"""Where the names of marks go, so that none lies on another mark or name on any screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

# Widths of the drawing in pixels for which places are checked: phone, tablet, desktop.
_WIDTHS: Final = (320.0, 540.0, 800.0)
# Pixels from a mark's middle to its name; of a letter; of half a line; from line to line.
GAP: Final = 18.0
_LETTER: Final = 7.6
_HALF_LINE: Final = 9.0
_STEP: Final = 19.0
_MOST_STEPS: Final = 8

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A mark that has a name: per cent across, pixels down, radius, letters of the name."""

    x: float
    y: float
    radius: float
    letters: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name goes: at the left or the right of its mark, and how far down its middle."""

    left: bool
    y: float


def name_places(anchors: Sequence[Anchor], top: float, bottom: float) -> list[Place]:
    """Place every name, in the order given.

    Parameters
    ----------
    anchors
        Marks that have a name.
    top, bottom
        Names stay between these pixels.

    Returns
    -------
    list of Place
        The first free place of each: beside its mark, else further up or down.
    """
    placed: list[Place] = []
    for k, anchor in enumerate(anchors):
        taken = list(zip(anchors[:k], placed, strict=True))
        free = (
            place
            for place in _candidates(anchor)
            if top <= place.y <= bottom and not _touches(k, place, anchors, taken)
        )
        placed.append(next(free, Place(anchor.x > 50.0, anchor.y)))
    return placed


def _candidates(anchor: Anchor) -> Iterator[Place]:
    first = anchor.x > 50.0
    for step in range(_MOST_STEPS):
        for way in (1.0, -1.0) if step else (1.0,):
            for left in (first, not first):
                yield Place(left, anchor.y + way * step * _STEP)


def _touches(
    k: int, place: Place, anchors: Sequence[Anchor], taken: Sequence[tuple[Anchor, Place]]
) -> bool:
    for width in _WIDTHS:
        box = _name_box(anchors[k], place, width)
        if box[0] < 0.0 or box[2] > width:
            return True
        marks = (_mark_box(other, width) for j, other in enumerate(anchors) if j != k)
        names = (_name_box(other, there, width) for other, there in taken)
        if any(_overlap(box, other) for other in (*marks, *names)):
            return True
    return False


def _name_box(anchor: Anchor, place: Place, width: float) -> Box:
    middle, long = anchor.x * width / 100.0, _LETTER * anchor.letters
    start = middle - GAP - long if place.left else middle + GAP
    return start, place.y - _HALF_LINE, start + long, place.y + _HALF_LINE


def _mark_box(anchor: Anchor, width: float) -> Box:
    middle, reach = anchor.x * width / 100.0, anchor.radius + 6.0
    return middle - reach, anchor.y - reach, middle + reach, anchor.y + reach


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
