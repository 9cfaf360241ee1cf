"""Which way is up: the EXIF tag proposes, the face detector decides."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.portrait.detector import detect

_LOOK_SIDE: Final = 640  # px: enough to find a face, fast enough to look four times
# The detector must see the face clearly better than where the tag puts it: a tilted head may
# score a little higher sideways.
_MARGIN: Final = 0.03

# EXIF orientation -> (mirrored left to right first, quarter turns counter-clockwise after).
_TAGS: Final = {
    1: (False, 0),
    2: (True, 0),
    3: (False, 2),
    4: (True, 2),
    5: (True, 1),
    6: (False, 3),
    7: (True, 3),
    8: (False, 1),
}


def apply_tag(codes: NDArray[Any], tag: int) -> NDArray[Any]:
    """Turn a stored picture as its EXIF orientation tag (1-8) says."""
    mirrored, turns = _TAGS[tag]
    turned = codes[:, ::-1] if mirrored else codes
    return np.ascontiguousarray(np.rot90(turned, turns))


def turned_tag(tag: int, turns: int) -> int:
    """Return the tag (1-8) that says: as `tag`, then `turns` quarter turns counter-clockwise."""
    mirrored, own = _TAGS[tag]
    wanted = (mirrored, (own + turns) % 4)
    return next(name for name, what in _TAGS.items() if what == wanted)


def best_turn(image: NDArray[np.uint8]) -> tuple[int, tuple[float, float, float, float]]:
    """Find the rotation in which the face detector is surest.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB, turned as its tag says.

    Returns
    -------
    turns
        Quarter turns counter-clockwise still needed; 0 where no face is found or no turn is
        clearly better than none.
    scores
        The detector's score after 0, 1, 2 and 3 quarter turns.
    """
    shrink = min(1.0, _LOOK_SIDE / max(image.shape[:2]))
    size = (max(1, round(image.shape[1] * shrink)), max(1, round(image.shape[0] * shrink)))
    small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    scores = [_score(np.ascontiguousarray(np.rot90(small, turns))) for turns in range(4)]
    best = int(np.argmax(scores))
    turns = best if scores[best] > scores[0] + _MARGIN else 0
    return turns, (scores[0], scores[1], scores[2], scores[3])


def _score(image: NDArray[np.uint8]) -> float:
    found = detect(image)
    return found[0].score if found else 0.0
