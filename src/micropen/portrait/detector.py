"""Where the faces are: BlazeFace on the whole picture, then padded, then on tiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.portrait.networks import face_detector

# Properties of the network (BlazeFace short range), not of faces.
_INPUT: Final = 128
_ANCHOR_GRIDS: Final = ((16, 2), (8, 6))
_KEYPOINTS: Final = 6

_MIN_SCORE: Final = 0.5
_FURTHER_SCORE: Final = 0.7  # parts of a picture hold more that only resembles a face
_SAME_FACE_OVERLAP: Final = 0.3  # intersection over union above which two boxes are one face
_PAD_SHARE: Final = 0.35  # a close-up needs surroundings to be recognised as a face
_TILE_SHARES: Final = (0.5, 0.3)  # small faces: look at overlapping parts of the picture


@dataclass(frozen=True, slots=True)
class Detection:
    """One found face.

    Parameters
    ----------
    score
        0-1; falls when the face is turned away from upright.
    box
        ``(4,)``: left, top, right, bottom, px.
    keypoints
        ``(6, 2)``: picture-left eye, picture-right eye, nose, mouth, ears, px.
    """

    score: float
    box: NDArray[np.float64]
    keypoints: NDArray[np.float64]

    @property
    def width(self) -> float:
        """Width of the box, px."""
        return float(self.box[2] - self.box[0])

    def moved(self, dx: float, dy: float) -> Detection:
        """Return the same face in a picture whose origin lies elsewhere."""
        shift = np.array([dx, dy])
        return Detection(self.score, self.box + np.tile(shift, 2), self.keypoints + shift)

    def scaled(self, factor: float) -> Detection:
        """Return the same face in a picture enlarged by `factor`."""
        return Detection(self.score, self.box * factor, self.keypoints * factor)


def detect(image: NDArray[np.uint8]) -> list[Detection]:
    """Find faces in an RGB picture.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB, sRGB-encoded.

    Returns
    -------
    list of Detection
        Best score first; empty where no face is found.
    """
    found = _detect_once(image) or _detect_padded(image)
    if not found:
        found = _detect_tiles(image, _TILE_SHARES[0]) or _detect_tiles(image, _TILE_SHARES[1])
    return found


def detect_all(image: NDArray[np.uint8]) -> list[Detection]:
    """Find faces as `detect` does, and look for further ones on the parts of the picture.

    A second person who is small in the whole picture must not be overlooked.
    """
    found = detect(image)
    further = [d for d in _detect_tiles(image, _TILE_SHARES[0]) if d.score > _FURTHER_SCORE]
    return _without_repeats(found, further)


def _detect_tiles(image: NDArray[np.uint8], share: float) -> list[Detection]:
    found = [d.moved(x, y) for tile, x, y in _tiles(image, share) for d in _detect_once(tile)]
    return _without_repeats([], found)


def _detect_padded(image: NDArray[np.uint8]) -> list[Detection]:
    pad = int(_PAD_SHARE * max(image.shape[:2]))
    padded = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    return [d.moved(-pad, -pad) for d in _detect_once(np.asarray(padded, np.uint8))]


def _tiles(image: NDArray[np.uint8], share: float) -> Iterator[tuple[NDArray[np.uint8], int, int]]:
    height, width = image.shape[:2]
    side = max(int(max(height, width) * share), 16)
    for y in _starts(height, side):
        for x in _starts(width, side):
            yield image[y : y + side, x : x + side], x, y


def _starts(length: int, side: int) -> list[int]:
    """Half-overlapping tile origins along one axis."""
    count = max(1, int(np.ceil(2 * length / side)) - 1)
    return sorted({int(v) for v in np.linspace(0, max(0, length - side), count)})


def _detect_once(image: NDArray[np.uint8]) -> list[Detection]:
    canvas, scale, offset = _letterbox(image)
    boxes, logits = face_detector()(canvas)
    scores = 1.0 / (1.0 + np.exp(-np.clip(logits.reshape(-1), -80.0, 80.0)))
    keep = scores > _MIN_SCORE
    if not keep.any():
        return []
    rows = boxes.reshape(-1, 4 + 2 * _KEYPOINTS)[keep] / _INPUT
    anchors = _ANCHORS[keep]
    centre = rows[:, :2] + anchors
    corners = np.concatenate([centre - rows[:, 2:4] / 2, centre + rows[:, 2:4] / 2], axis=1)
    points = rows[:, 4:].reshape(-1, _KEYPOINTS, 2) + anchors[:, None, :]
    merged = _merge(scores[keep], corners, points)
    back = [
        Detection(
            d.score,
            ((d.box * _INPUT).reshape(2, 2) - offset).reshape(4) / scale,
            (d.keypoints * _INPUT - offset) / scale,
        )
        for d in merged
    ]
    return sorted(back, key=lambda d: -d.score)


def _letterbox(
    image: NDArray[np.uint8],
) -> tuple[NDArray[np.float32], float, NDArray[np.float64]]:
    height, width = image.shape[:2]
    scale = _INPUT / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    canvas = np.zeros((_INPUT, _INPUT, 3), np.float32)
    top, left = (_INPUT - size[1]) // 2, (_INPUT - size[0]) // 2
    canvas[top : top + size[1], left : left + size[0]] = small / 127.5 - 1.0
    return canvas, scale, np.array([left, top], dtype=np.float64)


def _merge(
    scores: NDArray[np.floating], boxes: NDArray[np.floating], points: NDArray[np.floating]
) -> list[Detection]:
    """Average overlapping boxes weighted by score: steadier than keeping only the best."""
    out: list[Detection] = []
    free = np.ones(len(scores), dtype=bool)
    for best in np.argsort(-scores):
        if not free[best]:
            continue
        group = free & (_overlap(boxes[best], boxes) > _SAME_FACE_OVERLAP)
        group[best] = True
        free &= ~group
        weight = scores[group] / scores[group].sum()
        box = (boxes[group] * weight[:, None]).sum(0).astype(np.float64)
        keypoints = (points[group] * weight[:, None, None]).sum(0).astype(np.float64)
        out.append(Detection(float(scores[best]), box, keypoints))
    return out


def _without_repeats(sure: list[Detection], more: list[Detection]) -> list[Detection]:
    """Add to `sure` what is not the same face, nor a part of one, best score first."""
    kept = list(sure)
    for one in sorted(more, key=lambda d: -d.score):
        if not any(_same(one, other) for other in kept):
            kept.append(one)
    return kept


def _same(one: Detection, other: Detection) -> bool:
    """Boxes overlap, or the centre of one lies in the other."""
    if _overlap(one.box, other.box[None])[0] > _SAME_FACE_OVERLAP:
        return True
    pairs = ((one.box, other.box), (other.box, one.box))
    return any(_inside((a[:2] + a[2:]) / 2, b) for a, b in pairs)


def _inside(point: NDArray[np.floating], box: NDArray[np.floating]) -> bool:
    return bool((point > box[:2]).all() and (point < box[2:]).all())


def _overlap(box: NDArray[np.floating], others: NDArray[np.floating]) -> NDArray[np.floating]:
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[2:], others[:, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1) + np.prod(box[2:] - box[:2])
    return np.asarray(shared / np.maximum(areas - shared, 1e-12))


def _anchors() -> NDArray[np.float64]:
    rows = []
    for cells, repeats in _ANCHOR_GRIDS:
        centre = (np.arange(cells) + 0.5) / cells
        y, x = np.meshgrid(centre, centre, indexing="ij")
        rows.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), repeats, axis=0))
    return np.concatenate(rows)


_ANCHORS: Final = _anchors()
